//! What makes two rows the same row: twins, overlaps, collisions.

use vama::inside::road::Options;
use vama::inside::road::report::{ExitStatus, Status};

use crate::world::{Company, told};

pub const IBAN: &str = "RO49AAAA1B31007593840000";

/// Writes one statement: opening 100.00, the entries, the closing that they make.
pub fn statement(
    number: u32,
    iban: &str,
    currency: &str,
    entries: &[(&str, i64, &str, &str)],
) -> String {
    let mut bani = 10_000;
    let money = |bani: i64| format!("{},{:02}", bani.abs() / 100, bani.abs() % 100);
    let mut text = format!(":20:S{number}\n:25:{iban}\n:28C:{number}/1\n");
    text.push_str(&format!(":60F:C260301{currency}{}\n", money(bani)));
    for (date, amount, reference, narrative) in entries {
        bani += amount;
        let mark = if *amount < 0 { 'D' } else { 'C' };
        text.push_str(&format!(":61:{date}{mark}{}NTRF{reference}\n", money(*amount)));
        text.push_str(&format!(":86:{narrative}\n"));
    }
    let mark = if bani < 0 { 'D' } else { 'C' };
    text.push_str(&format!(":62F:{mark}260331{currency}{}\n", money(bani)));
    text
}

fn parking() -> (&'static str, i64, &'static str, &'static str) {
    ("2603070307", -1250, "NONREF", "Parcare")
}

#[tokio::test]
async fn two_parking_tickets_of_one_day_are_two_rows() {
    let mut company = Company::new("twins").await;
    let twice = statement(1, IBAN, "RON", &[parking(), parking()]);
    let report = company.import("a.sta", twice.as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 2 read, 2 inserted, 0 duplicates, 0 held");
    let keys: Vec<(String,)> =
        company.rows("select transaction_hash from bank_transactions order by source_line").await;
    assert_eq!(keys.len(), 2);
}

#[tokio::test]
async fn the_table_has_as_many_twins_as_the_file_with_the_most() {
    let mut company = Company::new("union").await;
    for (count, expected) in [(1, 1), (3, 3), (2, 3), (3, 3), (4, 4)] {
        let entries = vec![parking(); count];
        // Another number each time, so that the bytes are never the same.
        let number = 10 + company.count("bank_transactions").await as u32 * 10 + count as u32;
        let text = statement(number, IBAN, "RON", &entries);
        let report = company.import("a.sta", text.as_bytes()).await;
        assert_eq!(report.held, 0, "{}", told(&report));
        assert_eq!(company.count("bank_transactions").await, expected, "after {count}");
    }
}

#[tokio::test]
async fn twins_survive_in_another_order_with_their_texts() {
    let mut company = Company::new("twin-order").await;
    let one = ("2603070307", -1250, "NONREF", "Parcare Piata Unirii");
    let two = ("2603070307", -1250, "NONREF", "Parcare Gara");
    company.import("a.sta", statement(1, IBAN, "RON", &[one, two]).as_bytes()).await;
    let report = company.import("b.sta", statement(2, IBAN, "RON", &[two, one]).as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 2 read, 0 inserted, 2 duplicates, 0 held");
}

#[tokio::test]
async fn only_the_second_of_stored_twins_is_in_the_file() {
    let mut company = Company::new("second-twin").await;
    let one = ("2603070307", -1250, "NONREF", "Parcare Piata Unirii");
    let two = ("2603070307", -1250, "NONREF", "Parcare Gara");
    company.import("a.sta", statement(1, IBAN, "RON", &[one, two]).as_bytes()).await;
    let report = company.import("b.sta", statement(2, IBAN, "RON", &[two]).as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 1 read, 0 inserted, 1 duplicates, 0 held");
}

#[tokio::test]
async fn a_statement_that_repeats_in_a_file_is_counted_as_there_already() {
    let mut company = Company::new("repeat").await;
    let text = statement(1, IBAN, "RON", &[parking(), ("2603080308", 500, "X//B1", "Incasare")]);
    let report = company.import("a.sta", format!("{text}{text}").as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 4 read, 2 inserted, 2 duplicates, 0 held");
}

#[tokio::test]
async fn pages_of_one_statement_count_their_twins_together() {
    let mut company = Company::new("pages").await;
    let text = ":20:A\n:25:RO49AAAA1B31007593840000\n:28C:7/1\n:60F:C260301RON100,00\n\
         :61:2603070307D12,50NTRFNONREF\n:86:Parcare\n:62M:C260307RON87,50\n\
         :20:A\n:25:RO49AAAA1B31007593840000\n:28C:7/2\n:60M:C260307RON87,50\n\
         :61:2603070307D12,50NTRFNONREF\n:86:Parcare\n:62F:C260307RON75,00\n";
    let report = company.import("a.sta", text.as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 2 read, 2 inserted, 0 duplicates, 0 held");
}

#[tokio::test]
async fn the_same_fee_on_two_accounts_is_two_rows() {
    let mut company = Company::new("two-accounts").await;
    let other = "RO66AAAA1B31007593840001";
    let text = format!(
        "{}{}",
        statement(1, IBAN, "RON", &[parking()]),
        statement(1, other, "RON", &[parking()])
    );
    let report = company.import("a.sta", text.as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 2 read, 2 inserted, 0 duplicates, 0 held");
}

#[tokio::test]
async fn the_bank_may_reword_what_carries_its_reference() {
    let mut company = Company::new("reworded").await;
    let first = ("2603070307", 5000, "NONREF//OP1", "Incasare factura 7");
    let again = ("2603070307", 5000, "NONREF//OP1", "INCASARE FACT. 7 / CLIENT");
    company.import("a.sta", statement(1, IBAN, "RON", &[first]).as_bytes()).await;
    let report = company.import("b.sta", statement(2, IBAN, "RON", &[again]).as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 1 read, 0 inserted, 1 duplicates, 0 held");
    assert_eq!(report.reworded, 1);
    let details: Vec<(Option<String>,)> =
        company.rows("select details from bank_transactions").await;
    assert_eq!(details, [(Some("Incasare factura 7".to_owned()),)]);
}

#[tokio::test]
async fn another_text_without_a_reference_is_held_and_the_stored_row_stays() {
    let mut company = Company::new("conflict").await;
    let first = ("2603070307", -1250, "NONREF", "Parcare");
    let again = ("2603070307", -1250, "NONREF", "Taxa drum");
    company.import("a.sta", statement(1, IBAN, "RON", &[first]).as_bytes()).await;
    let before = company.bank_rows().await;
    let report = company.import("b.sta", statement(2, IBAN, "RON", &[again]).as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 1 read, 0 inserted, 0 duplicates, 1 held");
    assert_eq!(company.bank_rows().await, before);
    let held: Vec<(String, String, String, String, i32)> =
        company.rows("select kind, table_name, reason, raw, source_line from held_rows").await;
    insta::assert_debug_snapshot!(held, @r#"
    [
        (
            "conflict",
            "bank_transactions",
            "a row with this key is there already and differs in: text",
            ":61:2603070307D12,50NTRFNONREF\n:86:Taxa drum",
            5,
        ),
    ]
    "#);
}

#[tokio::test]
async fn another_account_under_the_same_bank_reference_is_held() {
    let mut company = Company::new("other-account").await;
    let entry = ("2603070307", 5000, "NONREF//OP1", "Incasare");
    company.import("a.sta", statement(1, IBAN, "RON", &[entry]).as_bytes()).await;
    let other = statement(1, "RO66AAAA1B31007593840001", "RON", &[entry]);
    let report = company.import("b.sta", other.as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 1 read, 0 inserted, 0 duplicates, 1 held");
    assert_eq!(
        report.held_rows[0].reason,
        "a row with this key is there already and differs in: account"
    );
}

#[tokio::test]
async fn an_old_row_with_empty_columns_counts_as_equal() {
    let mut company = Company::new("old-row").await;
    let entry = ("2603070307", 5000, "NONREF//OP1", "Incasare");
    company.import("a.sta", statement(1, IBAN, "RON", &[entry]).as_bytes()).await;
    company
        .execute(
            "update bank_transactions set account_iban = null, booking_date = null, details = null",
        )
        .await;
    let report = company.import("b.sta", statement(2, IBAN, "RON", &[entry]).as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 1 read, 0 inserted, 1 duplicates, 0 held");
    assert_eq!(report.reworded, 0);
}

#[tokio::test]
async fn a_reference_that_looks_like_a_twin_is_held_not_lost() {
    let mut company = Company::new("like-a-twin").await;
    let plain = ("2603070307", 5000, "NONREF//OP", "Incasare");
    let odd = ("2603070307", 5000, "NONREF//OP#2", "Altceva");
    let text = statement(1, IBAN, "RON", &[plain, plain, odd]);
    let report = company.import("a.sta", text.as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 3 read, 2 inserted, 0 duplicates, 1 held");
    assert_eq!(company.count("held_rows").await, 1);
}

#[tokio::test]
async fn a_damaged_entry_is_held_and_the_rest_goes_in() {
    let mut company = Company::new("damaged").await;
    let text = statement(1, IBAN, "RON", &[parking(), ("2603080308", 500, "X//B1", "Incasare")])
        .replace(":61:2603080308C5,00", ":61:2603080308C5,0O,");
    let report = company.import("a.sta", text.as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 2 read, 1 inserted, 0 duplicates, 1 held");
    insta::assert_debug_snapshot!(report.warnings, @r#"
    [
        "line 9: stated 92.50, the entries that could be read make 87.50: the difference of 5.00 is in the held rows",
    ]
    "#);
}

#[tokio::test]
async fn a_dry_run_shows_exact_numbers_and_leaves_nothing() {
    let mut company = Company::new("dry-run").await;
    let text = statement(1, IBAN, "RON", &[parking(), parking()]);
    let options = Options { dry_run: true, ..Options::default() };
    let report = company.import_with("a.sta", text.as_bytes(), options).await;
    insta::assert_snapshot!(told(&report), @"DryRun: 2 read, 2 inserted, 0 duplicates, 0 held");
    assert_eq!(company.count("bank_transactions").await, 0);
    let logged: Vec<(i64,)> = company.rows("select count(*) from sync_logs").await;
    assert_eq!(logged, [(0,)]);
    let report = company.import("a.sta", text.as_bytes()).await;
    assert_eq!(report.status, Status::Imported);
}

#[tokio::test]
async fn a_bank_that_writes_no_reference_behind_the_slashes_has_given_none() {
    let mut company = Company::new("noref").await;
    let one = ("2603070307", 7970, "01916//NONREF", "Client unu");
    let two = ("2603070307", 7970, "01917//NONREF", "Client doi");
    company.import("a.sta", statement(1, IBAN, "RON", &[one]).as_bytes()).await;
    let report = company.import("b.sta", statement(2, IBAN, "RON", &[two]).as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 1 read, 0 inserted, 0 duplicates, 1 held");
}

#[tokio::test]
async fn an_export_without_the_text_says_nothing_else_in_either_order() {
    let full = ("2603070307", -1250, "NONREF", "Parcare");
    let lean = ("2603070307", -1250, "NONREF", "");
    for (first, second) in [(full, lean), (lean, full)] {
        let mut company = Company::new("lean").await;
        company.import("a.sta", statement(1, IBAN, "RON", &[first]).as_bytes()).await;
        let report = company.import("b.sta", statement(2, IBAN, "RON", &[second]).as_bytes()).await;
        assert_eq!((report.inserted, report.duplicates), (0, 1), "{}", told(&report));
    }
}

#[tokio::test]
async fn nothing_of_an_interim_report_is_booked() {
    let mut company = Company::new("interim").await;
    let interim = ":20:A\n:25:RO49AAAA1B31007593840000\n:28C:1/1\n:34F:RON0,\n\
         :61:2603070307C55,00NTRFNONREF\n:86:Incasare\n\
         :61:2603070307C7,00NTRFNONREF//OP7\n:86:Incasare\n:90C:2RON62,00\n";
    let report = company.import("i.sta", interim.as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 2 read, 0 inserted, 0 duplicates, 2 held");
    assert_eq!((report.interim, report.exit()), (2, ExitStatus::Done), "nobody has to do anything");
    let booked = [
        ("2603070307", 5500, "NONREF//BT123", "Incasare"),
        // Booked a day later: another key.
        ("2603080308", 700, "NONREF//OP7", "Incasare"),
    ];
    let report = company.import("b.sta", statement(1, IBAN, "RON", &booked).as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 2 read, 2 inserted, 0 duplicates, 0 held");
    // The report again, with one entry more: what is booked by now is there, the rest waits.
    let report = company
        .import("i2.sta", interim.replace("7,00", "8,00").replace("62,", "63,").as_bytes())
        .await;
    assert_eq!((report.inserted, report.held, report.interim), (0, 2, 2), "{}", told(&report));
    assert_eq!(company.count("bank_transactions").await, 2);
}

#[tokio::test]
async fn the_same_parcel_twice_is_the_same_in_another_order() {
    use vama::inside::lab::{borderou, month::Month};
    let mut company = Company::new("parcel-twice").await;
    let month = Month::invent(5, 2026, 3).unwrap();
    let mut spec = month.borderouri[1].clone();
    spec.parcels[1].number = spec.parcels[0].number;
    let name = spec.file_name();
    let report = company.import(&name, &borderou::write(&spec).unwrap()).await;
    assert_eq!(report.inserted as usize, spec.parcels.len(), "{}", told(&report));
    spec.parcels.reverse();
    let report = company.import(&name, &borderou::write(&spec).unwrap()).await;
    assert_eq!(report.duplicates as usize, spec.parcels.len(), "{}", told(&report));
}

#[tokio::test]
async fn a_booked_entry_goes_in_although_an_interim_report_stands_before_it() {
    let mut company = Company::new("interim-first").await;
    let interim = ":20:A\n:25:RO49AAAA1B31007593840000\n:28C:1/1\n:34F:RON0,\n\
         :61:2603070307C55,00NTRFNONREF\n:86:Incasare\n\
         :61:2603070307C9,00NTRFNONREF\n:86:Altceva\n:90C:2RON64,00\n";
    let booked = ("2603070307", 5500, "NONREF", "Incasare");
    let text = format!("{interim}{}", statement(2, IBAN, "RON", &[booked]));
    let report = company.import("a.sta", text.as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 3 read, 1 inserted, 1 duplicates, 1 held");
    assert_eq!(company.count("bank_transactions").await, 1);
}

#[tokio::test]
async fn an_entry_that_is_not_booked_yet_is_nothing_that_others_are_known_by() {
    let report = |account: &str, reference: &str, narrative: &str| {
        format!(
            ":20:A\n:25:{account}\n:28C:1/1\n:34F:RON0,00\n:13D:2603011200+0200\n\
             :61:2603010301C5,00NTRF{reference}\n:86:{narrative}\n:90D:0RON0,00\n:90C:1RON5,00\n-\n"
        )
    };
    for (name, account) in [("same", IBAN), ("other", "RO09BCYP0000001234567890")] {
        let mut company = Company::new(&format!("interim-{name}")).await;
        let text = report(IBAN, "X", "Incasare") + &report(account, "NONREF//X", "Incasare client");
        let report = company.import("a.sta", text.as_bytes()).await;
        assert_eq!((report.read, report.inserted, report.held), (2, 0, 2), "{}", told(&report));
        assert_eq!(company.count("bank_transactions").await, 0);
    }
}

#[tokio::test]
async fn of_many_held_rows_all_are_kept_and_the_first_are_reported_by_their_lines() {
    let mut company = Company::new("many-held").await;
    let references: Vec<String> = (0..1_500).map(|k| format!("R{k}")).collect();
    let narrative = |word: &str| word.repeat(40);
    let entries = |word: &'static str| -> String {
        let text = narrative(word);
        let entries: Vec<_> =
            references.iter().map(|it| ("2603070307", 100, it.as_str(), text.as_str())).collect();
        statement(u32::from(word == "Altul "), IBAN, "RON", &entries)
    };
    let first = company.import("a.sta", entries("Unul ").as_bytes()).await;
    assert_eq!((first.inserted, first.held_rows_more), (1_500, 0), "{}", told(&first));
    let report = company.import("b.sta", entries("Altul ").as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Imported: 1500 read, 0 inserted, 0 duplicates, 1500 held");
    let lines: Vec<u32> = report.held_rows.iter().map(|held| held.line).collect();
    // Three lines of the statement, the opening, then two lines an entry.
    assert_eq!(lines, (0..20).map(|k| 5 + 2 * k).collect::<Vec<_>>());
    assert_eq!(report.held_rows_more, 1_480);
    let kept: Vec<(i64, i64, Option<i32>, Option<i32>)> = company
        .rows(
            "select count(distinct row_key), count(distinct raw), min(source_line), \
             max(source_line) from held_rows \
             where reason = 'a row with this key is there already and differs in: text'",
        )
        .await;
    assert_eq!(kept, [(1_500, 1_500, Some(5), Some(3_003))]);
}
