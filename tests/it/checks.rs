//! Does a file add up? What is refused, what is only odd.

use std::fmt::Write as _;

use vama::inside::lab::month::Month;
use vama::inside::lab::{batch, borderou};
use vama::inside::road::Options;
use vama::inside::road::prepare::check_source;
use vama::inside::road::report::FileReport;

use crate::world::{only_source, told};

fn check(name: &str, bytes: &[u8]) -> FileReport {
    check_source(&only_source(name, bytes), &Options::default())
}

/// Returns what the check says of a text, warnings included.
fn says(text: &str) -> String {
    let report = check("a.sta", text.as_bytes());
    let mut said = told(&report);
    for warning in &report.warnings {
        write!(said, "\n{warning}").unwrap();
    }
    said
}

/// Writes a message without entries that opens and closes with these balances.
fn message(number: &str, opening: &str, closing: &str) -> String {
    format!(":20:A\n:25:RO49AAAA1B31007593840000\n:28C:{number}\n:60{opening}\n:62{closing}\n")
}

#[test]
fn a_gap_between_two_statements_names_the_missing_days() {
    let text = message("1/1", "F:C260302RON100,00", "F:C260302RON100,00")
        + &message("2/1", "F:C260306RON150,00", "F:C260306RON150,00");
    insta::assert_snapshot!(says(&text), @r"
    Checked: 0 read, 0 inserted, 0 duplicates, 0 held
    line 6: 3–5 March are missing: 100.00 → 150.00
    ");
}

#[test]
fn days_without_movements_are_no_gap() {
    let text = message("1/1", "F:C260306RON100,00", "F:C260306RON100,00")
        + &message("2/1", "F:C260309RON100,00", "F:C260309RON100,00");
    insta::assert_snapshot!(says(&text), @"Checked: 0 read, 0 inserted, 0 duplicates, 0 held");
}

#[test]
fn statements_from_the_newest_to_the_oldest_have_no_gap() {
    let text = message("2/1", "F:C260303RON100,00", "F:C260303RON100,00")
        + &message("1/1", "F:C260302RON100,00", "F:C260302RON100,00");
    insta::assert_snapshot!(says(&text), @"Checked: 0 read, 0 inserted, 0 duplicates, 0 held");
}

#[test]
fn currencies_of_one_iban_are_accounts_of_their_own() {
    let text = message("1/1", "F:C260302RON100,00", "F:C260302RON100,00")
        + &message("1/1", "F:C260305EUR7,00", "F:C260305EUR7,00");
    insta::assert_snapshot!(says(&text), @"Checked: 0 read, 0 inserted, 0 duplicates, 0 held");
}

#[test]
fn a_page_opens_with_what_the_page_before_closed_with() {
    let good = message("1/1", "F:C260302RON100,00", "M:C260302RON100,00")
        + &message("1/2", "M:C260302RON100,00", "F:C260302RON100,00");
    insta::assert_snapshot!(says(&good), @"Checked: 0 read, 0 inserted, 0 duplicates, 0 held");
    let broken = good.replace("60M:C260302RON100,00", "60M:C260302RON90,00");
    let broken = broken.replace("62F:C260302RON100,00", "62F:C260302RON90,00");
    insta::assert_snapshot!(says(&broken), @"Refused: 0 read, 0 inserted, 0 duplicates, 0 held (line 9: opening of a page, which line 5 closes: stated 90.00, computed 100.00, difference -10.00)");
}

#[test]
fn a_last_page_that_is_not_here_is_told() {
    let text = message("1/1", "F:C260302RON100,00", "M:C260302RON100,00");
    insta::assert_snapshot!(says(&text), @r"
    Checked: 0 read, 0 inserted, 0 duplicates, 0 held
    line 5: the statement goes on with a page that is not here
    ");
}

#[test]
fn a_statement_cut_short_is_refused() {
    let whole = message("1/1", "F:C260302RON100,00", "F:C260302RON100,00");
    let cut = &whole[..whole.find(":62F:").unwrap()];
    insta::assert_snapshot!(says(cut), @"Refused: 0 read, 0 inserted, 0 duplicates, 0 held (line 1: no closing balance (:62F:): the statement may be cut short)");
}

#[test]
fn an_interim_report_is_proven_by_its_sums() {
    let good = ":20:A\n:25:RO49AAAA1B31007593840000\n:28C:1/1\n:34F:RON0,\n:13D:2603021200+0200\n\
         :61:2603020302D12,50NTRFX\n:61:2603020302C5,NTRFY\n:90D:1RON12,50\n:90C:1RON5,00\n";
    insta::assert_snapshot!(says(good), @r"
    Checked: 2 read, 0 inserted, 0 duplicates, 0 held
    line 1: an interim report (MT942): its entries are not booked yet, and wait until a statement has them
    ");
    let miscounted = good.replace(":90C:1RON5,00", ":90C:2RON5,00");
    insta::assert_snapshot!(told(&check("a.sta", miscounted.as_bytes())), @"Refused: 2 read, 0 inserted, 0 duplicates, 0 held (line 9: sum of credits (:90C:), 2 stated, 1 read: stated 5.00, computed 5.00, difference 0.00)");
}

#[test]
fn a_borderou_that_lost_a_parcel_is_refused_with_the_difference() {
    let month = Month::invent(3, 2026, 3).unwrap();
    let whole = &month.borderouri[0];
    let bytes = borderou::write(whole).unwrap();
    assert_eq!(check(&whole.file_name(), &bytes).error.map(|it| it.message), None);
    // The total of all parcels, but only a part of the parcels: as a script that loses rows would
    // write it.
    let mut part = whole.clone();
    let lost = part.parcels.pop().unwrap();
    let sheet = borderou::write(&part).unwrap();
    let shorter = rewrite(&sheet, &part.total().to_string(), &whole.total().to_string());
    let report = check(&whole.file_name(), &shorter);
    let error = report.error.unwrap();
    assert_eq!(error.kind, "unbalanced", "{}", error.message);
    assert!(error.message.ends_with(&format!("difference {}", lost.amount)), "{}", error.message);
}

/// Puts another text in the place of one in the sheet of a workbook.
fn rewrite(workbook: &[u8], from: &str, to: &str) -> Vec<u8> {
    use std::io::{Cursor, Read as _, Write as _};
    let mut old = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut member = old.by_index(index).unwrap();
        let name = member.name().unwrap().into_owned();
        let mut text = String::new();
        member.read_to_string(&mut text).unwrap();
        new.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(text.replace(&format!(">{from}<"), &format!(">{to}<")).as_bytes()).unwrap();
    }
    new.finish().unwrap().into_inner()
}

#[test]
fn a_borderou_with_a_row_that_cannot_be_read_is_refused_whole() {
    let month = Month::invent(3, 2026, 3).unwrap();
    let whole = &month.borderouri[0];
    let number = whole.parcels[0].number.to_string();
    let bytes = rewrite(&borderou::write(whole).unwrap(), &number, "12.5");
    let error = check(&whole.file_name(), &bytes).error.unwrap();
    assert_eq!(error.kind, "unproven", "{}", error.message);
    assert!(error.message.contains("goes in with all its parcels"), "{}", error.message);
}

#[test]
fn quotation_marks_that_swallow_a_payment_are_found() {
    let month = Month::invent(3, 2026, 3).unwrap();
    let one = &month.batches[0];
    let csv = String::from_utf8(batch::write(one)).unwrap();
    let open = "\"Comanda nr.";
    let starts: Vec<usize> = csv.match_indices(open).map(|(at, _)| at + 1).collect();
    // Two lines of two payments lose the closing mark: together they have as many cells as one.
    let mut broken = csv.clone();
    for at in [starts[4], starts[3]] {
        let close = at + broken[at..].find('"').unwrap();
        broken.remove(close);
    }
    let report = check(&one.file_name(), broken.as_bytes());
    let error = report.error.unwrap();
    assert!(error.message.contains("quotation mark"), "{}", error.message);
}

#[test]
fn a_batch_file_names_one_batch() {
    let month = Month::invent(3, 2026, 3).unwrap();
    let one = &month.batches[0];
    let csv = String::from_utf8(batch::write(one)).unwrap();
    assert_eq!(check(&one.file_name(), csv.as_bytes()).error.map(|it| it.message), None);
    let renamed = check("batchId.1.2.csv", csv.as_bytes());
    assert_eq!(renamed.error.unwrap().kind, "unreadable");
    let last = csv.trim_end().rfind('\n').unwrap() + 1;
    let strayed = format!("{}{}", &csv[..last], csv[last..].replacen(&one.id.to_string(), "77", 1));
    let report = check(&one.file_name(), strayed.as_bytes());
    let error = report.error.unwrap();
    assert!(error.message.contains("batch 77, expected"), "{}", error.message);
}
