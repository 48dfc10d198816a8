//! The order and the invoice behind each line of a settlement, and what a month tells of them.

use rust_decimal::Decimal;
use vama::inside::month::{Facts, InvoiceLine, Month};
use vama::inside::store;

use crate::world::Company;

/// The settlements that the lines of these tests are of, a day each in April 2026.
const SETTLEMENTS: &str = "
insert into %S.gls_borderouri (borderou_hash, borderou_date, currency, total_amount, parcels_count)
values ('g', '2026-04-01', 'RON', 100, 1), ('g-may', '2026-05-04', 'RON', 100, 1);
insert into %S.courier_borderouri (borderou_hash, courier, borderou_date, currency, total_amount,
    parcels_count)
values ('s', 'sameday', '2026-04-02', 'RON', 100, 1), ('f', 'fan', '2026-04-02', 'RON', 100, 1);
insert into %S.netopia_batches (batch_id, paid_on, currency, net_amount)
values ('n', '2026-04-03', 'RON', 100);
insert into %S.emag_documents (document_hash, kind, document_id, seller_id, made_on, net, lines)
values ('e', 'dp', '1', '186001', '2026-04-04', 100, 1), ('c', 'dc', '2', '186001', '2026-04-04', 5, 1)";

/// A company with these rows beside the settlements.
async fn company(name: &str, rows: &str) -> Company {
    let mut company = Company::new(name).await;
    company.as_owner(SETTLEMENTS).await;
    company.as_owner(rows).await;
    company
}

/// Returns the statement that puts a parcel of GLS into a borderou.
fn gls(borderou: &str, parcel: &str, reference: &str, amount: &str) -> String {
    format!(
        "insert into %S.gls_borderou_parcels (parcel_hash, borderou_id, parcel_number, cod_reference, \
         cod_amount, currency, source_line) select gen_random_uuid()::text, id, \
         '{parcel}', {reference}, {amount}, 'RON', 7 from %S.gls_borderouri \
         where borderou_hash = '{borderou}';\n"
    )
}

/// Returns the statement that puts a parcel of another courier into a borderou.
fn courier(borderou: &str, awb: &str, reference: &str, amount: &str) -> String {
    format!(
        "insert into %S.courier_borderou_parcels (parcel_hash, borderou_id, awb_number, cod_reference, \
         cod_amount, currency) select gen_random_uuid()::text, id, '{awb}', {reference}, {amount}, 'RON' \
         from %S.courier_borderouri where borderou_hash = '{borderou}';\n"
    )
}

/// Returns the statement that puts an operation into the batch.
fn netopia(id: &str, kind: &str, order: &str, amount: &str) -> String {
    format!(
        "insert into %S.netopia_transactions (transaction_id, batch_id, netopia_id, kind, \
         transaction_date, amount, fee, vat, net_amount, currency, order_id) values ('{id}-{kind}', \
         'n', '{id}', '{kind}', '2026-04-02', {amount}, 0, 0, {amount}, 'RON', {order});\n"
    )
}

/// Returns the statement that puts a line into a document of eMag.
fn emag(document: &str, order: &str, kind: &str, amount: &str) -> String {
    format!(
        "insert into %S.emag_lines (line_hash, document_id, order_id, kind, amount) \
         select gen_random_uuid()::text, id, {order}, '{kind}', {amount} \
         from %S.emag_documents where document_hash = '{document}';\n"
    )
}

/// Returns the statement that puts an order in; its invoice is `FNT` and the number.
fn order(channel: &str, number: &str, awb: &str, invoice: &str) -> String {
    format!(
        "insert into %S.orders (channel, order_number, total, awb_number, invoice_series, \
         invoice_number, status, ordered_at) values ('{channel}', '{number}', 1, {awb}, 'FNT', \
         {invoice}, 'Livrata', '2026-03-20');\n"
    )
}

/// Returns the statement that puts an invoice in.
fn invoice(series: &str, number: &str, total: &str, kind: &str) -> String {
    format!(
        "insert into %S.invoices (oblio_id, series_name, invoice_number, issue_date, currency, total, \
         invoice_type, client_name) values ('{series}{number}{kind}', '{series}', '{number}', \
         '2026-04-10', 'RON', {total}, '{kind}', 'Client');\n"
    )
}

/// A line: what it is called, its order, its invoice, the difference, why there is no invoice.
type Line = (String, Option<String>, Option<String>, Option<Decimal>, Option<String>);

async fn lines(company: &mut Company) -> Vec<Line> {
    company
        .rows(
            "select name, \"order\", invoice, difference, reason from settlement_lines \
             order by dated, kind, name, difference",
        )
        .await
}

/// Returns the lines as a text each: `P1 101 FNT1 0.00`, or with the reason in the place of the rest.
async fn told(company: &mut Company) -> Vec<String> {
    let told = |(name, order, invoice, difference, reason): Line| {
        let difference = difference.map(|it| format!("{it:.2}"));
        let all = [Some(name), order, invoice, difference, reason];
        all.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    lines(company).await.into_iter().map(told).collect()
}

async fn facts(company: &mut Company, month: &str) -> Facts {
    let (slug, month) = (company.slug.clone(), month.parse().unwrap());
    store::month_facts(&mut company.session, &slug, Some(month)).await.unwrap().unwrap()
}

async fn page(company: &mut Company, month: &str) -> Month {
    Month::of(facts(company, month).await, &[])
}

fn names(lines: &[InvoiceLine]) -> Vec<&str> {
    lines.iter().map(|it| it.name.as_str()).collect()
}

#[tokio::test]
async fn a_parcel_of_gls_is_found_by_its_reference_then_by_its_number() {
    let rows = [
        order("gomag", "Comanda 1", "null", "1"),
        order("gomag", "1", "null", "2"),
        order("gomag", "3", "'6003'", "3"),
        order("gomag", "4", "null", "4"),
        gls("g", "P1", "' Comanda 1 '", "1"),
        gls("g", "P2", "'#1'", "1"),
        gls("g", "0006003", "null", "1"),
        gls("g", "6003", "'1'", "1"),
        gls("g", "P5", "'1 si 4'", "1"),
        gls("g", "P6", "'9'", "1"),
        gls("g", "P7", "'  '", "1"),
    ];
    let mut company = company("lines-gls", &rows.concat()).await;
    let expected = [
        "0006003 3 FNT3",
        "6003 1 FNT2",
        "P1 Comanda 1 FNT1",
        "P2 1 FNT2",
        "P5 1 si 4 order_not_here",
        "P6 9 order_not_here",
        "P7 no_order",
    ];
    assert_eq!(told(&mut company).await, expected);
}

#[tokio::test]
async fn a_parcel_of_sameday_is_found_without_its_piece_then_by_its_reference() {
    let rows = [
        order("gomag", "1", "'1ONB528'", "1"),
        order("gomag", "2", "'1ONB529002'", "2"),
        order("gomag", "3", "'528'", "3"),
        courier("s", "1ONB528001", "'FNOUA 3'", "1"),
        courier("s", "1 ONB 528002", "null", "1"),
        courier("s", "1ONB529002", "null", "1"),
        courier("s", "1ONB530001", "'FNOUA 3'", "1"),
        courier("s", "1ONB531001", "null", "1"),
        courier("f", "1ONB528003", "null", "1"),
    ];
    let mut company = company("lines-sameday", &rows.concat()).await;
    let expected = [
        "1ONB528003 no_order",
        "1 ONB 528002 1 FNT1",
        "1ONB528001 1 FNT1",
        "1ONB529002 2 FNT2",
        "1ONB530001 3 FNT3",
        "1ONB531001 no_order",
    ];
    assert_eq!(told(&mut company).await, expected, "only Sameday counts pieces");
}

#[tokio::test]
async fn payments_and_refunds_are_lines_and_fees_are_none() {
    let rows = [
        order("gomag", "1", "null", "1"),
        order("easysales", "2", "null", "2"),
        netopia("11", "payment", "'1'", "10.50000"),
        netopia("11", "refund", "'1'", "-10.5"),
        netopia("12", "payout_fee", "null", "-1"),
        emag("e", "'2'", "CO Cashing", "20"),
        emag("e", "'2'", "Refund CO", "-20"),
        emag("c", "'2'", "dc", "5"),
        invoice("FNT", "1", "10.50", "Normala"),
        invoice("FNT", "2", "25", "Normala"),
    ];
    let mut company = company("lines-kinds", &rows.concat()).await;
    let expected = ["11 1 FNT1 0.00", "11 1 FNT1 0.00", "2 2 FNT2 -5.00", "2 2 FNT2 5.00"];
    assert_eq!(told(&mut company).await, expected);
    let keys: Vec<(String, String, String)> = company
        .rows("select distinct kind, key, amount::text from settlement_lines order by 1, 2, 3")
        .await;
    let expected = [
        ("emag", "186001|2026-04-04", "-20.00"),
        ("emag", "186001|2026-04-04", "20.00"),
        ("netopia", "n", "-10.50"),
        ("netopia", "n", "10.50"),
    ];
    let expected = expected.map(|(kind, key, amount)| (kind.into(), key.into(), amount.into()));
    assert_eq!(keys, expected);
}

#[tokio::test]
async fn of_two_channels_the_one_with_an_invoice_counts_then_the_settlements_own() {
    let rows = [
        order("gomag", "1", "null", "1"),
        order("easysales", "1", "null", "2"),
        order("gomag", "2", "null", "null"),
        order("easysales", "2", "null", "4"),
        order("gomag", "3", "null", "5"),
        order("easysales", "3", "null", "'0'"),
        order("Gomag", "4", "null", "'0'"),
        order("easysales", "4", "null", "null"),
        gls("g", "P1", "'1'", "1"),
        gls("g", "P2", "'2'", "1"),
        emag("e", "'1'", "CO", "1"),
        emag("e", "'3'", "CO", "1"),
        gls("g", "P4", "'4'", "1"),
    ];
    let mut company = company("lines-channels", &rows.concat()).await;
    let expected = ["P1 1 FNT1", "P2 2 FNT4", "P4 4 order_without_invoice", "1 1 FNT2", "3 3 FNT5"];
    assert_eq!(told(&mut company).await, expected);
    let channels: Vec<(String, String)> =
        company.rows("select name, channel from settlement_lines where name = 'P4'").await;
    assert_eq!(channels, [("P4".to_owned(), "Gomag".to_owned())]);
}

#[tokio::test]
async fn an_invoice_is_known_by_series_and_number_however_they_are_written() {
    let rows = [
        "insert into %S.orders (channel, order_number, total, invoice_series, invoice_number) values \
         ('gomag', '1', 7, ' fnt', '0024001'), ('gomag', '2', 7, 'FNT', '24002'), \
         ('gomag', '3', 7, null, '24003'), ('gomag', '4', 7, 'TTP', '24001');\n"
            .to_owned(),
        invoice("FNT", "24001", "10", "Normala"),
        invoice("", "24003", "10", "Normala"),
        gls("g", "P1", "'1'", "10"),
        gls("g", "P2", "'2'", "10"),
        gls("g", "P3", "'3'", "11"),
        gls("g", "P4", "'4'", "10"),
    ];
    let mut company = company("lines-invoices", &rows.concat()).await;
    let expected = ["P1 1 FNT24001 0.00", "P2 2 FNT24002", "P3 3 24003 1.00", "P4 4 TTP24001"];
    assert_eq!(told(&mut company).await, expected, "an order's total is no invoice's");
}

#[tokio::test]
async fn the_lines_of_an_order_pay_its_invoice_together() {
    let rows = [
        order("gomag", "1", "'A1'", "1"),
        order("gomag", "2", "null", "2"),
        order("gomag", "3", "null", "3"),
        order("gomag", "4", "null", "4"),
        invoice("FNT", "1", "100", "Normala"),
        invoice("FNT", "2", "100", "Normala"),
        invoice("FNT", "3", "-100", "Storno"),
        "insert into %S.invoices (oblio_id, series_name, invoice_number, total, currency) \
         values ('FNT4', 'FNT', '4', 20, 'EUR');\n"
            .to_owned(),
        courier("s", "A1001", "null", "60"),
        courier("s", "A1002", "null", "45.50"),
        gls("g", "P1", "'1'", "100"),
        gls("g", "P2", "'2'", "100"),
        netopia("13", "payment", "'2'", "100"),
        netopia("13", "refund", "'2'", "-99"),
        netopia("14", "refund", "'3'", "-100"),
        netopia("15", "payment", "'4'", "100"),
    ];
    let mut company = company("lines-together", &rows.concat()).await;
    let expected = [
        "P1 1 FNT1 0.00",
        "P2 2 FNT2 0.00",
        "A1001 1 FNT1 5.50",
        "A1002 1 FNT1 0.00",
        "13 2 FNT2 0.00",
        "13 2 FNT2 1.00",
        "14 3 FNT3 0.00",
        "15 4 FNT4",
    ];
    assert_eq!(told(&mut company).await, expected, "EUR is not compared with RON");
    let page = page(&mut company, "2026-04").await;
    let differing = &page.lines.lines_that_differ;
    let told: Vec<_> = differing
        .iter()
        .map(|it| (&*it.name, it.amount.to_string(), it.difference.unwrap().to_string()))
        .collect();
    let expected = [("A1001", "105.50", "5.50"), ("13", "-99.00", "1.00")];
    assert_eq!(told, expected.map(|(name, paid, by)| (name, paid.to_owned(), by.to_owned())));
}

#[tokio::test]
async fn a_line_is_one_row_whatever_orders_and_invoices_are_stored() {
    let rows = "
insert into %S.orders (channel, order_number, total, awb_number, invoice_series, invoice_number)
select 'c' || n % 3, (n / 3 % 5)::text, 1, 'A' || n % 2, 'FNT', (n % 4)::text
  from generate_series(0, 14) n;
insert into %S.invoices (oblio_id, series_name, invoice_number, total)
select n::text, case when n % 2 = 0 then 'FNT' else 'fnt' end, (n % 4)::text, n from generate_series(1, 20) n;
insert into %S.gls_borderou_parcels (parcel_hash, borderou_id, parcel_number, cod_reference, cod_amount,
    currency)
select n::text, b.id, 'A' || n % 3, nullif((n % 7)::text, '6'), 1, 'RON'
  from %S.gls_borderouri b, generate_series(1, 50) n where borderou_hash = 'g'";
    let mut company = company("lines-once", rows).await;
    let counts: Vec<(i64, i64)> =
        company.rows("select count(*), count(distinct line_id) from settlement_lines").await;
    assert_eq!(counts, [(50, 50)]);
    let facts = facts(&mut company, "2026-04").await;
    assert_eq!(facts.lines.len(), 50);
}

#[tokio::test]
async fn rows_and_types_of_the_platform_stop_no_month() {
    let rows = [
        order("gomag", "1", "'6001'", "24001"),
        invoice("FNT", "24001", "10", "Normala"),
        gls("g", "6001", "'1'", "10"),
        "insert into %S.invoices (oblio_id, series_name, invoice_number, total, issue_date) values \
         ('a', null, null, null, '2026-04-10'), ('b', 'FNT', '24001', null, null), \
         ('c', 'FNT', null, 'NaN', '2026-04-10');\n\
         insert into %S.orders (channel, order_number, total, awb_number, invoice_number) values \
         ('', '', 0, '', ''), ('x', '2', 'NaN', null, 'no number');\n\
         insert into %S.netopia_batches (batch_id) values ('odd');\n\
         insert into %S.netopia_transactions (transaction_id, batch_id, kind, transaction_date, amount, \
         fee, vat, net_amount, currency) values ('odd', 'odd', 'payment', '2026-04-01', 'NaN', 0, 0, 0, '')\
         ;\n\
         insert into %S.settlement_payments (settlement_kind, settlement_key, transaction_hash, amount, \
         rule) values ('invoice', 'none', 'none', 1, 'by_hand'), ('order', '', 'none', 1, 'exact')"
            .to_owned(),
    ];
    let mut company = company("lines-odd", &rows.concat()).await;
    let mut both = Vec::new();
    for as_they_are in [true, false] {
        if !as_they_are {
            // As a platform may have its columns; the views come back over them.
            let views = include_str!("../../migrations/company/0012_settlement_lines.sql");
            let other = "
drop view %S.settlement_lines, %S.line_orders, %S.settlements;
drop index %S.orders_invoice_idx;
drop index %S.invoices_number_idx;
alter table %S.invoices alter series_name type varchar(20),
    alter invoice_number type integer using nullif(invoice_number, '')::integer,
    alter total type numeric, alter currency type char(5);
alter table %S.orders alter awb_number type varchar(40), alter order_number type varchar(40),
    alter invoice_number type varchar(40), alter channel type varchar(10);
alter table %S.gls_borderou_parcels alter parcel_number type bigint using parcel_number::bigint,
    alter cod_reference type varchar(40), alter currency type varchar(3);
set local search_path = %S";
            let settlements = include_str!("../../migrations/company/0010_settlement_view.sql");
            let rights =
                "grant select on %S.settlements, %S.line_orders, %S.settlement_lines to public";
            let all = format!("{other};\n{settlements};\n{views};\n{rights}");
            company.as_owner(&all).await;
        }
        let facts = facts(&mut company, "2026-04").await;
        let month = Month::of(facts.clone(), &[]);
        let line = &facts.lines[0];
        let told =
            (line.order.clone(), line.invoice.clone(), line.difference.map(|it| it.to_string()));
        both.push((told, facts.lines.len(), names(&month.invoices.invoices_not_paid).len()));
    }
    let told = (Some("1".to_owned()), Some("FNT24001".to_owned()), Some("0.00".to_owned()));
    assert_eq!(both, [(told.clone(), 1, 0), (told, 1, 0)]);
}

#[tokio::test]
async fn a_month_looks_at_what_came_for_its_invoices_in_all_months() {
    let rows = [
        order("gomag", "1", "null", "1"),
        order("gomag", "2", "null", "2"),
        order("gomag", "3", "null", "3"),
        order("gomag", "4", "null", "4"),
        order("gomag", "5", "null", "5"),
        invoice("FNT", "1", "100", "Normala"),
        invoice("FNT", "2", "100", "Normala"),
        invoice("FNT", "3", "100", "Normala"),
        invoice("FNT", "4", "100", "Stornata"),
        invoice("FNT", "9", "-100", "Storno"),
        invoice("FNT", "5", "100", "Normala"),
        // Paid in May; paid in both months; never; taken back and paid; by the customer.
        gls("g-may", "P1", "'1'", "100"),
        gls("g", "P2", "'2'", "100"),
        gls("g-may", "P3", "'Comanda 2'", "100"),
        gls("g", "P4", "'4'", "100"),
        "insert into %S.bank_transactions (transaction_hash, transaction_date, amount, currency, \
         account_iban) values ('t', '2026-05-02', 100, 'RON', 'RO49AAAA1B31007593840000');\n\
         insert into %S.settlement_payments (settlement_kind, settlement_key, transaction_hash, amount, \
         rule) values ('order', 'gomag|5', 't', 100, 'exact')"
            .to_owned(),
    ];
    let mut company = company("lines-months", &rows.concat()).await;
    let april = page(&mut company, "2026-04").await.invoices;
    assert_eq!(names(&april.invoices_not_paid), ["FNT3"]);
    assert_eq!(names(&april.invoices_paid_twice), ["FNT2"]);
    assert_eq!(names(&april.cancelled_invoices_paid), ["FNT4"]);
    assert_eq!(april.cancelled_invoices_paid[0].storno.as_deref(), Some("FNT9"));
    assert_eq!(april.storno_pairs, 1);
    let may = page(&mut company, "2026-05").await.invoices;
    assert_eq!(names(&may.invoices_not_paid), [""; 0], "they are of April");
    assert_eq!(names(&may.invoices_paid_twice), ["FNT2"]);
    let twice = &may.invoices_paid_twice[0];
    assert_eq!((twice.paid.to_string(), twice.order.as_deref()), ("200.00".into(), Some("2")));
    assert_eq!(names(&may.cancelled_invoices_paid), [""; 0]);

    // The parcel of the one that is not paid yet has arrived, whatever the order says.
    company.as_owner("update %S.orders set status = 'Expediata', awb_number = '6003'").await;
    assert!(page(&mut company, "2026-04").await.invoices.invoices_not_paid.is_empty());
    company
        .as_owner("insert into %S.gls_parcels (parcel_number, is_delivered) values ('6003', true)")
        .await;
    let april = page(&mut company, "2026-04").await.invoices;
    assert_eq!(names(&april.invoices_not_paid), ["FNT3"]);
}
