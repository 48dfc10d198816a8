//! Taking an import out again.

use proptest::prelude::*;
use vama::inside::lab::month::Month;
use vama::inside::road::report::{ExitStatus, FileReport, Status};
use vama::inside::store::{self, StoreError, Undoing};

use crate::same_rows::{IBAN, statement};
use crate::world::{Company, told};

impl Company {
    async fn undo(&mut self, report: &FileReport) -> Undoing {
        store::undo(&mut self.session, &self.slug, report.import.unwrap()).await.unwrap()
    }
}

/// Tables that imports write, with how many rows each has; those without are left out.
async fn filled(company: &mut Company) -> Vec<(String, i64)> {
    let details = store::details(&mut company.session, &company.slug).await.unwrap();
    let filled =
        details.counts.into_iter().filter(|(table, rows)| table != "sync_logs" && *rows > 0);
    filled.collect()
}

fn entries(days: std::ops::Range<u32>) -> Vec<(String, i64, String, String)> {
    let entry =
        |day| (format!("2603{day:02}03{day:02}"), 100, format!("NONREF//R{day}"), "x".to_owned());
    days.map(entry).collect()
}

fn of_days(number: u32, days: std::ops::Range<u32>) -> String {
    let entries = entries(days);
    let entries: Vec<(&str, i64, &str, &str)> =
        entries.iter().map(|(a, b, c, d)| (a.as_str(), *b, c.as_str(), d.as_str())).collect();
    statement(number, IBAN, "RON", &entries)
}

#[tokio::test]
async fn what_an_import_put_in_goes_and_nothing_else() {
    let mut company = Company::new("undo").await;
    let first = company.import("a.sta", of_days(1, 1..11).as_bytes()).await;
    let second = company.import("b.sta", of_days(2, 6..16).as_bytes()).await;
    assert_eq!((second.inserted, second.duplicates), (5, 5), "{}", told(&second));

    let undone = company.undo(&first).await;
    assert_eq!(undone.rows.get("bank_transactions"), Some(&10));
    let later: Vec<_> = undone.later.iter().map(|it| (Some(it.number), it.duplicates)).collect();
    assert_eq!(later, [(second.import, 5)], "the other file is to be given again");
    assert_eq!(company.count("bank_transactions").await, 5);

    // The later file is not said to be there while five of its rows are gone.
    let again = company.import("b.sta", of_days(2, 6..16).as_bytes()).await;
    let became = (again.status, again.inserted, again.duplicates);
    assert_eq!(became, (Status::Imported, 5, 5), "{}", told(&again));
    assert!(again.warnings[0].contains("gone from the tables"), "{:?}", again.warnings);
    let again = company.import("a.sta", of_days(1, 1..11).as_bytes()).await;
    assert_eq!((again.status, again.inserted, again.duplicates), (Status::Imported, 5, 5));
    assert_eq!(company.count("bank_transactions").await, 15);
}

#[tokio::test]
async fn borderouri_and_batches_go_whole_with_what_they_held() {
    let mut company = Company::new("undo-month").await;
    let month = Month::invent(11, 2026, 3).unwrap();
    let mut reports = Vec::new();
    for file in &month.files {
        reports.push(company.import_file(file).await);
    }
    for report in reports.iter().rev() {
        company.undo(report).await;
    }
    assert_eq!(filled(&mut company).await, []);
    let log: Vec<(String, i64)> =
        company.rows("select status, count(*) from sync_logs group by 1").await;
    assert_eq!(log, [("undone".to_owned(), month.files.len() as i64)]);
}

#[tokio::test]
async fn a_file_that_only_contradicted_what_is_undone_goes_in_then() {
    let mut company = Company::new("undo-wrong").await;
    let wrong = statement(1, IBAN, "RON", &[("2603010301", 100, "X", "Gresit")]);
    let right = statement(1, IBAN, "RON", &[("2603010301", 100, "X", "Corect")]);
    let first = company.import("a.sta", wrong.as_bytes()).await;
    let second = company.import("b.sta", right.as_bytes()).await;
    assert_eq!((second.inserted, second.held), (0, 1), "{}", told(&second));
    let undone = company.undo(&first).await;
    assert_eq!(undone.later.len(), 1);
    let again = company.import("b.sta", right.as_bytes()).await;
    assert_eq!((again.status, again.inserted, again.held), (Status::Imported, 1, 0));
}

#[tokio::test]
async fn held_rows_of_a_batch_and_of_its_operations_are_counted_as_the_records_they_are() {
    let mut company = Company::new("undo-batch").await;
    let month = Month::invent(12, 2026, 3).unwrap();
    let batch = month.files.iter().find(|it| it.folder == "netopia").unwrap();
    let first = company.import_file(batch).await;
    assert_eq!(first.status, Status::Imported, "{}", told(&first));
    company
        .as_owner(
            "update %S.netopia_transactions set amount = amount + 1;\n\
             update %S.netopia_batches set net_amount = net_amount + 1;\n\
             truncate %S.sync_logs cascade",
        )
        .await;
    let second = company.import_file(batch).await;
    assert_eq!((second.inserted, second.held), (0, second.read), "{}", told(&second));
    let again = company.import_file(batch).await;
    assert_eq!((again.status, again.exit()), (Status::AlreadyImported, ExitStatus::Held));
    assert_eq!((again.duplicates, again.held), (0, again.read), "{}", told(&again));
}

#[tokio::test]
async fn nothing_is_undone_twice_and_no_other_import_in_its_place() {
    let mut company = Company::new("undo-twice").await;
    let report = company.import("a.sta", of_days(1, 1..3).as_bytes()).await;
    company.undo(&report).await;
    let (slug, number) = (company.slug.clone(), report.import.unwrap());
    let error = store::undo(&mut company.session, &slug, number).await.unwrap_err();
    assert!(matches!(error, StoreError::NotIn { .. }), "{error}");
    let error = store::undo(&mut company.session, &slug, number + 1).await.unwrap_err();
    assert!(matches!(error, StoreError::NoImport { .. }), "{error}");
}

#[tokio::test]
async fn a_file_with_held_rows_tells_them_again_until_its_import_is_undone() {
    let mut company = Company::new("undo-held").await;
    let taken = statement(1, IBAN, "RON", &[("2603010301", 100, "X", "Unul")]);
    let first = company.import("a.sta", taken.as_bytes()).await;
    let other = statement(
        2,
        IBAN,
        "RON",
        &[("2603010301", 100, "X", "Altul"), ("2603020302", 200, "Y", "x")],
    );
    let second = company.import("b.sta", other.as_bytes()).await;
    assert_eq!((second.inserted, second.held), (1, 1), "{}", told(&second));

    let again = company.import("b.sta", other.as_bytes()).await;
    assert_eq!(again.status, Status::AlreadyImported);
    assert_eq!((again.read, again.duplicates, again.held), (2, 1, 1), "{}", told(&again));
    assert_eq!(again.exit(), ExitStatus::Held);
    assert_eq!(again.held_rows.len(), 1);
    assert_eq!(again.held_rows[0].reason, second.held_rows[0].reason);

    company.undo(&second).await;
    company.undo(&first).await;
    assert_eq!(filled(&mut company).await, []);
    let anew = company.import("b.sta", other.as_bytes()).await;
    assert_eq!((anew.status, anew.inserted, anew.held), (Status::Imported, 2, 0));
}

#[tokio::test]
async fn a_file_whose_rows_somebody_deleted_is_read_again() {
    let mut company = Company::new("deleted").await;
    company.import("a.sta", of_days(1, 1..6).as_bytes()).await;
    company.as_owner("delete from %S.bank_transactions where op_reference = 'R3'").await;
    let again = company.import("a.sta", of_days(1, 1..6).as_bytes()).await;
    let became = (again.status, again.inserted, again.duplicates);
    assert_eq!(became, (Status::Imported, 1, 4), "{}", told(&again));
    assert!(again.warnings[0].contains("gone from the tables"), "{:?}", again.warnings);
    let known = company.import("a.sta", of_days(1, 1..6).as_bytes()).await;
    assert_eq!((known.status, known.import), (Status::AlreadyImported, again.import));
}

/// A file given, or an import undone.
#[derive(Debug, Clone)]
enum Step {
    Import(usize),
    Undo(usize),
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    /// Statements over days that overlap, given and undone in any order.
    #[test]
    fn in_any_order_of_imports_and_undos_each_file_adds_up_and_in_the_end_nothing_is_left(
        ranges in prop::collection::vec((1_u32..20, 1_u32..9), 3),
        steps in prop::collection::vec(
            prop_oneof![(0_usize..3).prop_map(Step::Import), (0_usize..3).prop_map(Step::Undo)],
            1..10,
        ),
    ) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let mut company = Company::new("undo-any").await;
            let files: Vec<String> = ranges
                .iter()
                .zip(1..)
                .map(|((from, days), number)| of_days(number, *from..from + days))
                .collect();
            let mut imports: Vec<Vec<FileReport>> = vec![Vec::new(); files.len()];
            for step in steps {
                match step {
                    Step::Import(file) => {
                        let report = company.import("a.sta", files[file].as_bytes()).await;
                        assert_eq!(report.read, report.inserted + report.duplicates + report.held);
                        if report.status == Status::Imported {
                            imports[file].push(report);
                        }
                        // What a file is said to have in the tables is there.
                        let days = ranges[file].1;
                        let there = (0..days).map(|day| format!("R{}", ranges[file].0 + day));
                        let rows: Vec<(String,)> =
                            company.rows("select op_reference from bank_transactions").await;
                        for reference in there {
                            assert!(rows.contains(&(reference.clone(),)), "{reference} is missing");
                        }
                    }
                    Step::Undo(file) => {
                        if let Some(report) = imports[file].pop() {
                            company.undo(&report).await;
                        }
                    }
                }
            }
            for report in imports.iter().flatten() {
                company.undo(report).await;
            }
            assert_eq!(filled(&mut company).await, []);
        });
    }
}
