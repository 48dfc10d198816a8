//! A month as the command line shows it, and ties by hand.

use serde_json::Value;
use vama::inside::value::slug::schema_of;

use crate::common::own::Own;
use crate::program::{Books, Run};

/// Returns the last month of the books' company as the command shows it.
fn month(books: &Books) -> Value {
    shown(books.run(&["month", "-c", &books.slug, "--json"]))
}

/// Returns a month of the books' company as the command shows it.
fn month_of(books: &Books, month: &str) -> Value {
    shown(books.run(&["month", month, "-c", &books.slug, "--json"]))
}

/// Returns the one month that was shown.
fn shown(run: Run) -> Value {
    let told = run.ends(0).json();
    assert_eq!((&told["schema"], &told["left_out"]), (&1.into(), &Value::Array(Vec::new())));
    told["months"][0].clone()
}

/// Imports the month without one borderou; returns the name of that file.
fn import_all_but_a_borderou(books: &Books) -> String {
    let mut files = books.put_month();
    let at = files.iter().position(|name| name.ends_with("_RON_04032026.xlsx")).unwrap();
    let left_out = files.remove(at);
    let mut arguments = vec!["import"];
    arguments.extend(files.iter().map(String::as_str));
    books.run(&arguments).ends(0);
    left_out
}

/// Returns the settlement of that name.
fn settlement<'m>(month: &'m Value, name: &str) -> &'m Value {
    let all = month["settlements"].as_array().unwrap();
    all.iter().find(|it| it["name"] == name).unwrap_or_else(|| panic!("{name}: {all:?}"))
}

#[test]
fn a_month_says_what_keeps_it_from_being_closed() {
    let books = Books::new("closing");
    let left_out = import_all_but_a_borderou(&books);
    let told = month(&books);
    assert_eq!((&told["month"], &told["is_closed"]), (&"2026-03".into(), &false.into()));
    let settlements = told["settlements"].as_array().unwrap();
    let expected = &books.month.expected;
    assert_eq!(settlements.len(), expected.borderouri + expected.batches - 1);
    assert!(settlements.iter().all(|it| it["state"] == "paid"), "{settlements:?}");
    let missing = told["missing"].as_array().unwrap();
    assert_eq!(missing.iter().filter(|it| it["sender"] == "GLS").count(), 1);
    let of_gls = missing.iter().find(|it| it["sender"] == "GLS").unwrap();
    assert_eq!((&of_gls["day"], &of_gls["document"]), (&"2026-03-04".into(), &"a borderou".into()));
    assert!(told["customers"].as_array().unwrap().iter().all(|it| it["sender"] == "a customer"));

    let page = books.run(&["month", "2026-03", "-c", &books.slug]).ends(0).stdout;
    for part in [
        "March 2026, ",
        "2–31 March",
        "GLS      paid            21",
        "Netopia  paid             5",
        "Money came, and its document is missing: ",
        "2026-03-04  GLS ",
        "March 2026 is not closed: ",
    ] {
        assert!(page.contains(part), "{part:?} is not in {page}");
    }
    assert!(!page.contains("Not paid"), "{page}");
    let csv = books.run(&["month", "-c", &books.slug, "--csv"]).ends(0).stdout;
    assert!(csv.starts_with("company,month,what,name,sender,day,amount,currency,state,"), "{csv}");
    assert!(csv.contains(",2026-03,missing,"), "{csv}");

    books.run(&["import", &left_out]).ends(0);
    let told = month(&books);
    let missing = told["missing"].as_array().unwrap();
    assert!(missing.iter().all(|it| it["sender"] != "GLS"), "{missing:?}");
    let empty = books.run(&["month", "2025-01", "-c", &books.slug]).ends(0).stdout;
    assert!(empty.contains("January 2025 is not closed: no statement is here."), "{empty}");
    books.run(&["month", "April"]).ends(2).says("2026-04");
}

#[test]
fn all_companies_have_a_line_each() {
    let own = Own::new("months");
    let (books, other) = (Books::alone(&own, "months-a"), Books::alone(&own, "months-b"));
    for books in [&books, &other] {
        books.create_with_its_accounts();
    }
    books.run(&["month"]).ends(0).says("nothing was imported yet");
    for books in [&books, &other] {
        let file = books.put(&books.month.files[0]);
        books.run(&["import", &file]).ends(0);
    }
    let told = books.run(&["month"]).ends(0).stdout;
    for slug in [&books.slug, &other.slug] {
        let line = told.lines().find(|line| line.starts_with(slug.as_str())).unwrap();
        assert!(line.contains("  2026-03  ") && line.contains("documents are missing"), "{line}");
    }
    books.run(&["tie", "gls/2026-03-02", "X1"]).ends(2).says("-c SLUG");
}

#[test]
fn what_is_said_by_hand_stays_until_it_is_taken_back() {
    let books = Books::new("by-hand");
    import_all_but_a_borderou(&books);
    let paid = "gls/2026-03-05";
    let credit = settlement(&month(&books), paid)["credit"].as_str().unwrap().to_owned();
    let run = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["-c", &books.slug]);
        books.run(&all)
    };
    let told = run(&["untie", paid]).ends(0).stdout;
    assert!(told.contains(&credit), "{told}");
    run(&["untie", paid]).ends(2).says("not tied to any credit");
    for _ in 0..2 {
        let month = month(&books);
        assert_eq!(settlement(&month, paid)["state"], "late");
        let missing = month["missing"].as_array().unwrap();
        assert!(missing.iter().any(|it| it["name"] == credit.as_str()), "{missing:?}");
        // No import ties them again.
        let file = books.put(&books.month.files[1]);
        books.run(&["import", &file]).ends(0);
    }

    // The credit whose borderou is missing has another amount: the difference shows.
    let page = month(&books);
    let missing = page["missing"].as_array().unwrap().iter();
    let other = missing.clone().find(|it| it["day"] == "2026-03-04").unwrap();
    run(&["tie", paid, other["name"].as_str().unwrap(), "--json"]).ends(0).json();
    let now = month(&books);
    let state = &settlement(&now, paid)["state"];
    assert!(state == "differs" || state == "paid", "{state}");

    run(&["untie", paid]).ends(0);
    run(&["tie", paid, &credit]).ends(0);
    assert_eq!(settlement(&month(&books), paid)["state"], "paid");
    assert!(run(&["tie", paid, &credit]).ends(0).stdout.contains("nothing was changed"));
}

#[test]
fn a_tie_by_hand_that_contradicts_is_refused() {
    let books = Books::new("contradiction");
    import_all_but_a_borderou(&books);
    let schema = schema_of(&books.slug).unwrap();
    let account = &books.month.shop.account_iban;
    books.sql(&format!(
        "insert into {schema}.bank_transactions (transaction_hash, transaction_date, amount, \
         currency, account_iban, op_reference) values \
         ('e', '2026-03-05', 100, 'EUR', '{account}', 'EURO1'), \
         ('o', '2026-03-05', 100, 'RON', 'RO49AAAA1B31007593840000', 'OTHER1')"
    ));
    let tie =
        |settlement: &str, credit: &str| books.run(&["tie", settlement, credit, "-c", &books.slug]);
    tie("gls/2026-03-05", "EURO1").ends(2).says("is in EUR, expected RON");
    tie("gls/2026-03-05", "OTHER1").ends(2).says("on another account").hides(account);
    tie("gls/2026-03-05", "NONE1").ends(2).says("no credit is called NONE1").says("vama month");
    tie("gls/2026-01-01", "EURO1")
        .ends(2)
        .says("no settlement, invoice or order is called gls/2026-01-01");
    assert_eq!(settlement(&month(&books), "gls/2026-03-05")["state"], "paid");
}

/// A borderou of April and one of May, and the orders and invoices that they pay for.
const PAID_FOR: &str = "
insert into gls_borderouri (borderou_hash, borderou_date, currency, total_amount, parcels_count, file_name)
values ('g', '2026-04-01', 'RON', 1560.5, 15, 'april.xlsx'), ('m', '2026-05-04', 'RON', 100, 1, 'may.xlsx');
insert into gls_borderou_parcels (parcel_hash, borderou_id, parcel_number, cod_reference, cod_amount, currency,
    source_line)
select n::text, id, 'P' || n, case when n < 12 then (100 + n)::text end, case n when 2 then 105.5 else 100 end,
       'RON', n
  from gls_borderouri, generate_series(1, 15) n where borderou_hash = 'g';
insert into gls_borderou_parcels (parcel_hash, borderou_id, parcel_number, cod_reference, cod_amount, currency)
select 'may', id, 'P99', '104', 100, 'RON' from gls_borderouri where borderou_hash = 'm';
insert into orders (channel, order_number, total, status, ordered_at, invoice_series, invoice_number)
select 'gomag', (100 + n)::text, 100, 'Comanda Finalizata (Facturata)', '2026-03-20', 'FNT',
       case n when 10 then null else n::text end
  from generate_series(1, 13) n where n <> 11;
insert into invoices (oblio_id, series_name, invoice_number, issue_date, currency, total, invoice_type,
    client_name)
select 'FNT' || n, 'FNT', n::text, date '2026-04-01' + n, 'RON', 100,
       case n when 3 then 'Stornata' else 'Normala' end, 'Client ' || n
  from generate_series(1, 13) n where n not in (5, 10, 11);
insert into invoices (oblio_id, series_name, invoice_number, issue_date, currency, total, invoice_type,
    client_name) values ('FNT90', 'FNT', '90', '2026-04-29', 'RON', -100, 'Storno', 'Client 3')";

#[test]
fn a_month_tells_what_its_settlements_pay_for() {
    let books = Books::new("pays-for");
    let schema = schema_of(&books.slug).unwrap();
    books.sql(&format!("set local search_path = {schema}; {PAID_FOR}"));
    let told = books.run(&["month", "2026-04", "-c", &books.slug]).ends(0).stdout;
    insta::assert_snapshot!(told.replace(&books.slug, "SLUG"), @r"
    April 2026, SLUG

    sender  state  settlements          sum  difference
    GLS     open             1  1560.50 RON

    Not paid, or not to the ban: 1
    settlement           amount  came  state  document
    gls/2026-04-01  1560.50 RON     –  open   april.xlsx

    sender  lines  invoice  not compared  no order  order missing  no invoice
    GLS        15        9             1         4              1           1
    not compared: the order names an invoice, or a proforma, that was not imported

    Lines without an invoice: 6
    line  settlement          amount  order  why
    P10   gls/2026-04-01  100.00 RON  110    order without invoice
    P11   gls/2026-04-01  100.00 RON  111    order not imported
    P12   gls/2026-04-01  100.00 RON         names no order
    P13   gls/2026-04-01  100.00 RON         names no order
    P14   gls/2026-04-01  100.00 RON         names no order
    P15   gls/2026-04-01  100.00 RON         names no order

    Lines that pay another amount than their invoice: 1
    line  settlement      invoice        paid  difference
    P2    gls/2026-04-01  FNT2     105.50 RON       +5.50

    Delivered, and not paid: 2
    invoice  issued           total  order
    FNT12    2026-04-13  100.00 RON  112
    FNT13    2026-04-14  100.00 RON  113

    Paid twice: 1
    invoice  issued           total        paid  payments
    FNT4     2026-04-05  100.00 RON  200.00 RON         2

    Cancelled, and paid: 1
    invoice  state          total        paid  taken back by
    FNT3     Stornata  100.00 RON  100.00 RON  FNT90

    1 storno takes back an invoice that is known

    April 2026 is not closed: no statement is here; 1 settlement is not paid.
    ");

    let told = month_of(&books, "2026-04");
    assert_eq!(told["lines_without_invoice"].as_array().unwrap().len(), 6);
    assert_eq!(told["lines_that_differ"][0]["difference"], "5.50");
    assert_eq!(told["storno_pairs"], 1);
    let csv = books.run(&["month", "2026-04", "-c", &books.slug, "--csv"]).ends(0).stdout;
    for part in [
        ",line_without_invoice,P10,GLS,2026-04-01,100.00,RON,order_without_invoice,100.00,,110",
        ",line_that_differs,P2,GLS,2026-04-01,100.00,RON,,105.50,,FNT2",
        ",invoice_paid_twice,FNT4,,2026-04-05,100.00,RON,,200.00,,104",
        ",cancelled_invoice_paid,FNT3,,2026-04-04,100.00,RON,Stornata,100.00,,FNT90",
    ] {
        assert!(csv.contains(part), "{part} is not in {csv}");
    }
}

/// Returns how many the undo of the import counts: ties by rules, and those by hand, with their names.
fn ties_that_go(books: &Books, import: &str) -> (Value, Value) {
    let told =
        books.run(&["undo", import, "--dry-run", "--json", "-c", &books.slug]).ends(0).json();
    (told["import"]["ties_by_rule"].clone(), told["import"]["ties_by_hand"].clone())
}

#[test]
fn a_tie_by_hand_waits_while_its_import_is_undone_and_counts_again_when_that_is_back() {
    let books = Books::new("by-hand-undone");
    let (statement, borderou) = (books.put(&books.month.files[0]), "gls/2026-03-05");
    let file = books.put_month().into_iter().find(|it| it.ends_with("_RON_05032026.xlsx")).unwrap();
    books.run(&["import", &statement, &file]).ends(0);
    let run = |arguments: &[&str]| books.run(&[arguments, &["-c", &books.slug]].concat());
    let credit = settlement(&month(&books), borderou)["credit"].as_str().unwrap().to_owned();
    let told = run(&["tie", borderou, &credit]).ends(0).stdout;
    assert!(told.contains("(by hand)") && !told.contains("by_hand"), "{told}");

    for (import, file) in [("2", &file), ("1", &statement)] {
        let (by_rule, by_hand) = ties_that_go(&books, import);
        let (amount, paid) = (by_hand[0]["amount"].clone(), &by_hand[0]["settlement"]);
        assert_eq!((&by_rule, paid), (&0.into(), &borderou.into()), "{by_hand}");
        let undone = run(&["undo", import, "--yes"]).ends(0).says("1 tie made by hand will wait");
        let line = format!("{credit} pays {} of {borderou}", amount.as_str().unwrap());
        assert!(undone.stderr.contains(&line), "{line} is not in {}", undone.stderr);
        assert!(undone.stdout.contains("; 1 tie by hand waits for it"), "{}", undone.stdout);

        let page = run(&["month", "2026-03"]).ends(0).stdout;
        assert!(page.contains("1 tie by hand waits for a row that was undone"), "{page}");
        let without = month(&books);
        let settlements = without["settlements"].as_array().unwrap();
        assert!(settlements.iter().all(|it| it["state"] != "paid"), "{settlements:?}");
        let is_missing =
            without["missing"].as_array().unwrap().iter().any(|it| it["name"] == *credit);
        assert_eq!(is_missing, import == "2");

        books.run(&["import", file]).ends(0);
        let back = month(&books);
        assert_eq!(
            (&back["waiting"], &settlement(&back, borderou)["state"]),
            (&0.into(), &"paid".into())
        );
        // The numbers of the imports go on.
        assert_eq!(ties_that_go(&books, "3").1.as_array().unwrap().len(), 1);
        if import == "2" {
            assert!(run(&["untie", borderou]).ends(0).stdout.contains("the rules decide again"));
            assert!(run(&["untie", borderou]).ends(0).stdout.contains("does not pay"));
            run(&["tie", &credit, borderou]).ends(0);
        }
    }
}

#[test]
fn a_customers_transfer_is_tied_by_hand_to_a_stored_invoice() {
    let books = Books::new("invoice-by-hand");
    books.run(&["import", &books.put(&books.month.files[0])]).ends(0);
    let schema = schema_of(&books.slug).unwrap();
    let account = &books.month.shop.account_iban;
    books.sql(&format!(
        "insert into {schema}.invoices (oblio_id, series_name, invoice_number, currency, total, is_canceled) \
         values ('a', 'FNT', '024172', 'RON', 100, false), ('b', 'FNT', '24173', 'EUR', 100, false), \
         ('c', 'FNT', '24174', 'RON', 100, true), ('d', null, null, null, null, false); \
         insert into {schema}.bank_transactions (transaction_hash, transaction_date, amount, \
         currency, account_iban, op_reference, source) values \
         ('p', '2026-03-05', 60, 'RON', '{account}', 'PART1', 'Altul')"
    ));
    let run = |arguments: &[&str]| books.run(&[arguments, &["-c", &books.slug]].concat());
    run(&["tie", "PART1", "FNT24173"]).ends(2).says("is in RON, expected EUR");
    run(&["tie", "PART1", "FNT 24174"]).ends(2).says("FNT 24174 is cancelled");
    run(&["tie", "PART1", "d"]).ends(2).says("d states no total");
    run(&["tie", "PART1", "FNT24175"]).ends(2).says("is called PART1");
    let told = run(&["tie", "PART1", "FNT24172"]).ends(0).stdout;
    assert_eq!(told, "PART1 pays 60.00 of FNT 024172 (by hand)\n");
    let paid = &month(&books)["customers_paid"];
    assert_eq!((&paid[0]["name"], &paid[0]["document"]), (&"PART1".into(), &"FNT 024172".into()));
    books.sql(&format!(
        "insert into {schema}.orders (channel, order_number, total, invoice_series, invoice_number) \
         values ('gomag', '3116401170', 50, 'TTPF', '231544')"
    ));
    run(&["tie", "PART1", "TTPF231544"]).ends(2).says("tied by hand to something else");
    let told = run(&["untie", "FNT 24172"]).ends(0).stdout;
    assert_eq!(told, "PART1 pays FNT 024172 no more by hand; the rules decide again\n");
    run(&["untie", "FNT24172"]).ends(2).says("not tied to any credit");
    let told = run(&["tie", "PART1", "3116401170"]).ends(0).stdout;
    assert_eq!(told, "PART1 pays 50.00 of order 3116401170 (by hand)\n");
}

#[test]
fn a_late_borderou_and_an_open_credit_that_have_only_each_other_are_told_as_perhaps() {
    let books = Books::new("perhaps");
    import_all_but_a_borderou(&books);
    let missing = month(&books)["missing"].clone();
    let missing = missing.as_array().unwrap();
    let credit = missing.iter().find(|it| it["sender"] == "GLS").unwrap();
    let (name, amount) = (credit["name"].as_str().unwrap(), credit["amount"].as_str().unwrap());
    let schema = schema_of(&books.slug).unwrap();
    let account = &books.month.shop.account_iban;
    let add = |key: &str, more: &str| {
        books.sql(&format!(
            "insert into {schema}.gls_borderouri (borderou_hash, borderou_date, account_iban, currency, \
             total_amount, parcels_count) values ('{key}', '2026-03-04', '{account}', 'RON', \
             {amount} + {more}, 1)"
        ));
    };
    add("corrected", "12.30");
    let told = month(&books);
    let late = settlement(&told, "gls/2026-03-04");
    assert_eq!((&late["state"], &late["perhaps"]["name"]), (&"late".into(), &name.into()));
    assert_eq!(late["perhaps"]["difference"], "-12.30");
    let page = books.run(&["month", "2026-03", "-c", &books.slug]).ends(0).stdout;
    for part in [
        format!("gls/2026-03-04: perhaps credit {name}, 12.30 less"),
        format!("{name}: perhaps gls/2026-03-04, which states 12.30 more"),
    ] {
        assert!(page.contains(&part), "{part:?} is not in {page}");
    }
    // Said not to belong together, or with a second one near: nothing is told.
    add("another", "1");
    let told = month(&books);
    let all =
        told["settlements"].as_array().unwrap().iter().chain(told["missing"].as_array().unwrap());
    assert!(all.clone().all(|it| it["perhaps"].is_null()), "{told}");
}

#[test]
fn a_payout_without_its_list_is_missing_and_one_that_is_not_paid_says_what_others_have() {
    let books = Books::new("payouts");
    books.run(&["import", &books.put(&books.month.files[0])]).ends(0);
    let schema = schema_of(&books.slug).unwrap();
    let document = |(kind, day): (&str, &str)| {
        format!("('{kind}{day}', '{kind}', '{kind}{day}', '7', '{day}', 100, 0, 1)")
    };
    let documents = [
        ("dc", "2026-03-02"),
        ("dccd", "2026-03-02"),
        ("dp", "2026-03-05"),
        ("dp", "2026-02-17"),
        ("dc", "2026-02-17"),
    ];
    books.sql(&format!(
        "insert into {schema}.emag_documents (document_hash, kind, document_id, seller_id, made_on, net, \
         vouchers, lines) values {}",
        documents.map(document).join(", ")
    ));
    let told = month(&books);
    let payouts = told["payouts"].as_array().unwrap();
    assert_eq!(payouts.len(), 2, "{payouts:?}");
    assert_eq!(payouts[0]["here"], serde_json::json!(["dc", "dccd"]));
    let missing = serde_json::json!([
        { "kind": "dc", "here": 0, "others": 2, "of": 2 },
        { "kind": "dccd", "here": 0, "others": 1, "of": 2 },
    ]);
    assert_eq!((&payouts[1]["has_list"], &payouts[1]["missing"]), (&true.into(), &missing));
    let page = books.run(&["month", "2026-03", "-c", &books.slug]).ends(0).stdout;
    for part in [
        "the payout list (dp) of 2 March; dc, dccd are here",
        "eMag of 5 March: perhaps missing: dc (2 of 2 others have it), dccd (1 of 2 others have it)",
        "are missing",
    ] {
        assert!(page.contains(part), "{part:?} is not in {page}");
    }
    let csv = books.run(&["month", "2026-03", "-c", &books.slug, "--csv"]).ends(0).stdout;
    assert!(csv.contains(",payout,emag/2026-03-02,eMag,2026-03-02,"), "{csv}");
}

#[test]
fn a_company_without_statements_is_listed_with_its_settlements() {
    let own = Own::new("unstated");
    let books = Books::alone(&own, "unstated");
    books.create_with_its_accounts();
    let file = books.put_month().into_iter().find(|it| it.ends_with("_RON_05032026.xlsx")).unwrap();
    books.run(&["import", &file]).ends(0);
    let told = books.run(&["month"]).ends(0).stdout;
    for part in ["March 2026", "no statement is here", "1 settlement is not paid"] {
        assert!(told.contains(part), "{part:?} is not in {told}");
    }
}
