//! Settlements and the credits that pay them, after imports in any order.

use proptest::prelude::*;
use rust_decimal::Decimal;
use vama::inside::lab::month::{GeneratedFile, Month};
use vama::inside::lab::statement::Movement;
use vama::inside::road::report::{FileReport, Status};
use vama::inside::store;

use crate::world::{Company, told};

/// A month in which two borderouri are paid by one credit, two of equal sums each by its own, and the
/// last one not at all; its statement comes in three pieces.
struct Closing {
    files: Vec<GeneratedFile>,
    /// How many settlements are paid when all files are in.
    paid: i64,
}

/// The days on which the pieces of the statement begin and end.
const PIECES: [std::ops::Range<usize>; 3] = [0..9, 9..11, 11..22];

impl Closing {
    fn invent(seed: u64) -> Self {
        let mut month = Month::invent(seed, 2026, 4).unwrap();
        let total = |month: &Month, at: usize| -> Decimal {
            month.borderouri[at].parcels.iter().map(|it| it.amount).sum()
        };
        // The borderou of the eighth day is made as large as that of the twelfth.
        let difference = total(&month, 11) - total(&month, 7);
        let larger = if difference > Decimal::ZERO { 7 } else { 11 };
        month.borderouri[larger].parcels[0].amount += difference.abs();
        let of_gls = |it: &Movement| it.text.contains("TRANSFER RAMBURS");
        for day in 0..month.days.len() {
            let sum = total(&month, day);
            let movements = &mut month.days[day].movements;
            movements.iter_mut().filter(|it| of_gls(it)).for_each(|it| it.amount = sum);
        }
        // The fifth day's money comes with that of the sixth, the last one's has not come.
        let fifth = total(&month, 4);
        for day in [4, month.days.len() - 1] {
            month.days[day].movements.retain(|it| !of_gls(it));
        }
        let sixth = month.days[5].movements.iter_mut().filter(|it| of_gls(it));
        sixth.for_each(|it| it.amount += fifth);
        let paid = (month.borderouri.len() + month.batches.len()) as i64 - 1;
        let mut files: Vec<GeneratedFile> =
            PIECES.map(|piece| month.statement_of(piece).unwrap()).to_vec();
        let borderouri = month.borderouri.iter().map(|borderou| GeneratedFile {
            folder: "gls",
            name: borderou.file_name(),
            bytes: vama::inside::lab::borderou::write(borderou).unwrap(),
        });
        files.extend(borderouri);
        files.extend(month.files.iter().filter(|it| it.folder == "netopia").cloned());
        Self { files, paid }
    }
}

/// A tie as somebody sees it: the settlement's kind and key, the credit, the amount, the rule.
type Row = (String, String, String, Decimal, String);

async fn ties(company: &mut Company) -> Vec<Row> {
    company
        .rows(
            "select settlement_kind, settlement_key, transaction_hash, amount, rule \
             from settlement_payments order by 1, 2, 3",
        )
        .await
}

async fn states(company: &mut Company) -> Vec<(String, i64)> {
    company.rows("select state, count(*) from settlements group by 1 order by 1").await
}

/// Says how many borderouri and batches do not say of themselves what the view says of them.
async fn contradictions(company: &mut Company) -> i64 {
    let rows: Vec<(i64,)> = company
        .rows(
            "select count(*) from settlements s \
             left join gls_borderouri g on s.kind = 'gls' and g.borderou_hash = s.key \
             left join netopia_batches n on s.kind = 'netopia' and n.batch_id = s.key \
             where coalesce(g.op_matched, n.op_matched) is distinct from (s.state = 'paid') \
                or coalesce(g.op_reference, n.op_reference) is distinct from s.op_reference \
                or coalesce(g.op_date, n.op_date) is distinct from s.paid_on",
        )
        .await;
    rows[0].0
}

async fn import_all(company: &mut Company, files: &[&GeneratedFile]) -> Vec<FileReport> {
    let mut reports = Vec::new();
    for file in files {
        let report = company.import_file(file).await;
        assert_eq!(report.status, Status::Imported, "{}: {}", file.name, told(&report));
        reports.push(report);
    }
    reports
}

#[tokio::test]
async fn every_settlement_is_tied_to_the_credit_that_pays_it() {
    let closing = Closing::invent(21);
    let mut company = Company::new("ties").await;
    let files: Vec<&GeneratedFile> = closing.files.iter().collect();
    import_all(&mut company, &files).await;
    let expected = [("open".to_owned(), 1), ("paid".to_owned(), closing.paid)];
    assert_eq!(states(&mut company).await, expected);
    let rules: Vec<(String, i64)> =
        company.rows("select rule, count(*) from settlement_payments group by 1 order by 1").await;
    let batches = closing.files.iter().filter(|it| it.folder == "netopia").count() as i64;
    let exact = closing.paid - batches - 2;
    let expected = [("exact", exact), ("named", batches), ("sum", 2)];
    assert_eq!(rules, expected.map(|(rule, count)| (rule.to_owned(), count)));
    assert_eq!(contradictions(&mut company).await, 0);
    let used_twice: Vec<(String,)> = company
        .rows(
            "select p.transaction_hash from settlement_payments p \
             join bank_transactions t using (transaction_hash) \
             group by 1, t.amount having sum(p.amount) <> t.amount",
        )
        .await;
    assert_eq!(used_twice, []);
}

#[tokio::test]
async fn what_an_undone_import_was_tied_to_is_free_and_tied_anew() {
    let closing = Closing::invent(22);
    let mut company = Company::new("ties-undo").await;
    let files: Vec<&GeneratedFile> = closing.files.iter().collect();
    let reports = import_all(&mut company, &files).await;
    let all = ties(&mut company).await;
    for at in [0, 5, files.len() - 1] {
        let (slug, number) = (company.slug.clone(), reports[at].import.unwrap());
        store::undo(&mut company.session, &slug, number).await.unwrap();
        assert!(ties(&mut company).await.len() < all.len());
        assert_eq!(contradictions(&mut company).await, 0);
        let orphans: Vec<(String,)> = company
            .rows(
                "select settlement_key from settlement_payments p where not exists \
                 (select from bank_transactions t where t.transaction_hash = p.transaction_hash) \
                 or not exists (select from settlements s where s.key = p.settlement_key)",
            )
            .await;
        assert_eq!(orphans, []);
        company.import_file(files[at]).await;
        assert_eq!(ties(&mut company).await, all);
    }
}

#[tokio::test]
async fn a_borderou_of_the_total_and_day_of_a_paid_one_is_open() {
    let mut month = Month::invent(23, 2026, 4).unwrap();
    let mut company = Company::new("ties-same").await;
    company.import_file(&month.statement_of(0..1).unwrap()).await;
    let borderou = &mut month.borderouri[0];
    for name in ["a.xlsx", "b.xlsx"] {
        let bytes = vama::inside::lab::borderou::write(borderou).unwrap();
        let report = company.import(name, &bytes).await;
        assert_eq!(report.status, Status::Imported, "{}", told(&report));
        // The other one has other parcels and the same total.
        borderou.parcels.iter_mut().for_each(|it| it.number += 1_000_000);
    }
    let told: Vec<(String, Option<Decimal>)> =
        company.rows("select state, paid from settlements order by 1").await;
    assert_eq!((told[0].0.as_str(), told[0].1), ("open", None));
    assert_eq!(told[1].0, "paid");
    assert_eq!(contradictions(&mut company).await, 0);
}

#[tokio::test]
async fn rows_of_others_keep_no_tie_from_being_made() {
    let closing = Closing::invent(24);
    let mut company = Company::new("ties-others").await;
    company
        .execute(
            "insert into bank_transactions (transaction_hash, transaction_date, amount, currency, \
             source, account_iban) values ('odd', '2026-04-01', 'NaN', 'RON', 'GLS', null), \
             ('', 'infinity', 10, '', 'gls', ''), ('o''dd \\', '2026-04-02', 1, 'ron', null, null)",
        )
        .await;
    company
        .execute(
            "insert into netopia_batches (batch_id, paid_on, net_amount) values \
             ('none', null, null), ('odd', '-infinity', 'NaN'), ('0', '2026-04-02', 0)",
        )
        .await;
    let files: Vec<&GeneratedFile> = closing.files.iter().collect();
    import_all(&mut company, &files).await;
    let paid: Vec<(i64,)> =
        company.rows("select count(*) from settlements where state = 'paid' and amount > 0").await;
    assert_eq!(paid, [(closing.paid,)]);
}

#[tokio::test]
async fn a_payment_that_names_a_stored_invoice_of_its_total_is_tied_to_it() {
    let mut company = Company::new("ties-invoice").await;
    let entries = [
        ("2604150415", 137_762, "NONREF//A", "c/v fact. seria FNT nr 24172 CLIENT FICTIV SRL"),
        ("2604160416", 100, "NONREF//B", "c/v fact. seria FNT nr 24173 CLIENT FICTIV SRL"),
    ];
    company
        .execute(
            "insert into invoices (oblio_id, series_name, invoice_number, currency, total) values \
             ('FNT24172', 'FNT', '24172', 'RON', 1377.62), ('FNT24173', 'FNT', '24173', 'RON', 5)",
        )
        .await;
    let text = crate::same_rows::statement(1, crate::same_rows::IBAN, "RON", &entries);
    company.import("a.sta", text.as_bytes()).await;
    let ties = ties(&mut company).await;
    assert_eq!(ties.len(), 1, "{ties:?}");
    assert_eq!((ties[0].0.as_str(), ties[0].1.as_str()), ("invoice", "FNT24172"));
}

#[tokio::test]
async fn a_payment_that_names_a_proforma_is_tied_to_its_order_whatever_came_first() {
    let entries = [
        ("2604150415", 137_762, "NONREF//A", "PROFORMA 231544 CLIENT FICTIV SRL"),
        ("2604160416", 5_000, "NONREF//B", "prof NR TTPF231745"),
        ("2604170417", 100, "NONREF//C", "PROFORMA 231546"),
        ("2604180418", 700, "NONREF//D", "PROFORMA 231547"),
    ];
    let orders = "insert into orders (channel, order_number, total, invoice_series, invoice_number) values \
                  ('gomag', '3116401170', 1377.62, 'TTPF', '231544'), \
                  ('gomag', '3116401171', 50, 'FNT', '24172'), \
                  ('gomag', '3116401172', 2, 'TTPF', '231546'), \
                  ('gomag', '3116401173', 7, 'TTPF', '231547')";
    // What an older export said of the second one; the fourth one's number is a stored invoice of another
    // total.
    let proforma = "insert into order_states (state_hash, channel, order_number, total, currency, \
                    invoice_series, invoice_number) \
                    values ('s', 'gomag', '3116401171', 50, 'RON', 'TTPF', '0231745')";
    let invoices = "insert into invoices (oblio_id, series_name, invoice_number, currency, total) values \
                    ('i', 'FNT', '24172', 'RON', 49), ('j', 'TTPF', '231547', 'RON', 8)";
    let text = crate::same_rows::statement(1, crate::same_rows::IBAN, "RON", &entries);
    let mut found = Vec::new();
    for is_statement_first in [true, false] {
        let mut company = Company::new("ties-proforma").await;
        if is_statement_first {
            company.import("a.sta", text.as_bytes()).await;
        }
        company.execute(orders).await;
        company.execute(proforma).await;
        company.execute(invoices).await;
        company.import("a.sta", text.as_bytes()).await;
        let slug = company.slug.clone();
        store::tie(&mut company.session, &slug, std::time::Duration::ZERO).await.unwrap();
        let facts = store::month_facts(&mut company.session, &slug, None).await.unwrap().unwrap();
        let pays = facts.credits.into_iter().filter_map(|it| it.pays);
        assert_eq!(pays.collect::<Vec<_>>(), ["order 3116401170", "FNT 24172"]);
        found.push(ties(&mut company).await);
        company.session.close().await;
    }
    let keys: Vec<&str> = found[0].iter().map(|(_, key, ..)| key.as_str()).collect();
    assert_eq!(keys, ["gomag|3116401170", "gomag|3116401171"]);
    assert_eq!(found[0], found[1]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_imports_and_undos_gives_the_same_ties(
        order in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle(),
        undone in prop::collection::vec(0..8_usize, 2),
    ) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let closing = Closing::invent(25);
            // The three pieces of the statement, the borderouri of the special days, a batch.
            let picked: Vec<&GeneratedFile> = [0, 1, 2, 7, 8, 10, 14, closing.files.len() - 1]
                .map(|at| &closing.files[at])
                .to_vec();
            let mut company = Company::new("ties-any").await;
            import_all(&mut company, &picked).await;
            let expected = ties(&mut company).await;
            assert!(expected.len() > 4);
            company.session.close().await;

            let mut other = Company::new("ties-any").await;
            let shuffled: Vec<&GeneratedFile> = order.iter().map(|at| picked[*at]).collect();
            let reports = import_all(&mut other, &shuffled).await;
            let slug = other.slug.clone();
            for at in undone {
                if store::undo(&mut other.session, &slug, reports[at].import.unwrap()).await.is_ok() {
                    other.import_file(shuffled[at]).await;
                }
            }
            assert_eq!(ties(&mut other).await, expected);
            assert_eq!(contradictions(&mut other).await, 0);
        });
    }
}
