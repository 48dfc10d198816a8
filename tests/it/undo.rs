//! Taking an import out again.

use proptest::prelude::*;
use rust_decimal::Decimal;
use vama::inside::lab::borderou;
use vama::inside::lab::month::Month;
use vama::inside::road::report::{ExitStatus, FileReport, Status};
use vama::inside::store::{self, StoreError, Undoing};

use crate::properties::on_database;
use crate::same_rows::{IBAN, statement};
use crate::world::{Company, seed, told};

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

/// A file given, an import undone, or a conflict let in.
#[derive(Debug, Clone)]
enum Step {
    Import(prop::sample::Index),
    Undo(prop::sample::Index),
    Accept(prop::sample::Index),
}

/// An entry of a generated statement: its day, its reference, its text, and whether its amount cannot
/// be read. Few of each, so that twins and conflicts are common.
type Entry = (u32, usize, usize, bool);

/// References as a statement has them, and as the books do: another text under the bank's own is the
/// same entry reworded, under the customer's it is a conflict.
const REFERENCES: [(&str, &str); 3] = [("NONREF//R1", "R1"), ("X", "X"), ("Y", "Y")];

/// A file that may be given, and the day and reference of each entry that the books have once it was
/// given.
struct Given {
    name: String,
    bytes: Vec<u8>,
    entries: Vec<String>,
}

fn generated(number: u32, entries: &[Entry]) -> Given {
    let date = |(day, ..): &Entry| format!("2603{day:02}03{day:02}");
    let dates: Vec<String> = entries.iter().map(date).collect();
    let fields = entries.iter().zip(&dates).map(|((_, at, text, is_damaged), date)| {
        let bani = if *is_damaged { 155 } else { 100 };
        (date.as_str(), bani, REFERENCES[*at].0, ["Unul", "Altul"][*text])
    });
    let text = statement(number, IBAN, "RON", &fields.collect::<Vec<_>>());
    let bytes = text.replace("C1,55", "C1,O5").into_bytes();
    let read = entries.iter().filter(|(.., is_damaged)| !is_damaged);
    let read = read.map(|(day, at, ..)| format!("2026-03-{day:02} {}", REFERENCES[*at].1));
    Given { name: format!("{number}.sta"), bytes, entries: read.collect() }
}

/// Writes a borderou as it came first, with a corrected amount, and without its last parcel; and the
/// statement whose credit pays the first one.
fn borderou_and_its_corrections() -> Vec<Given> {
    let month = Month::invent(seed(), 2026, 3).unwrap();
    let first = month.borderouri.iter().find(|it| it.parcels.len() > 2).unwrap();
    let (mut corrected, mut shorter) = (first.clone(), first.clone());
    corrected.parcels[0].amount += Decimal::ONE;
    shorter.parcels.pop();
    let borderouri = [("first.xlsx", first), ("amount.xlsx", &corrected), ("short.xlsx", &shorter)];
    let borderouri = borderouri.map(|(name, it)| (name.to_owned(), borderou::write(it).unwrap()));
    let statement = month.statement_of(0..month.days.len()).unwrap();
    let all = borderouri.into_iter().chain([(statement.name, statement.bytes)]);
    all.map(|(name, bytes)| Given { name, bytes, entries: Vec::new() }).collect()
}

/// Lets in one of the conflicts that nobody has settled, if there is one.
async fn accept_one(company: &mut Company, which: &prop::sample::Index) {
    let open = store::open_rows(&mut company.session, &company.slug, 100).await.unwrap();
    let open: Vec<_> = open.iter().filter(|it| it.kind == "conflict").collect();
    if !open.is_empty() {
        let place = (which.get(&open).number, which.get(&open).place);
        let accepted = store::accept(&mut company.session, &company.slug, place).await.unwrap();
        assert!(!accepted.was_settled);
    }
}

/// Asserts what holds at each moment: the log adds up, and no parcel counts twice.
async fn assert_adds_up(company: &mut Company) {
    let off: Vec<(i64,)> = company
        .rows(
            "select number from sync_logs \
             where records_processed <> records_inserted + records_skipped + records_failed",
        )
        .await;
    assert_eq!(off, []);
    let twice: Vec<(String,)> = company
        .rows("select parcel_number from gls_borderou_parcels group by 1 having count(*) > 1")
        .await;
    assert_eq!(twice, []);
}

/// Gives the file twice; returns the report where it went in. The books have what it is said to have
/// there, and the second time is said to be as the first.
async fn give(company: &mut Company, file: &Given) -> Option<FileReport> {
    let report = company.import(&file.name, &file.bytes).await;
    let again = company.import(&file.name, &file.bytes).await;
    for report in [&report, &again] {
        let sum = report.inserted + report.duplicates + report.held;
        assert_eq!(report.read, sum, "{}: {}", file.name, told(report));
    }
    assert_eq!(again.status, Status::AlreadyImported, "{}: {}", file.name, told(&again));
    assert_eq!((again.read, again.held), (report.read, report.held), "{}", told(&report));
    let stored = "select transaction_date || ' ' || op_reference from bank_transactions";
    let stored: Vec<(String,)> = company.rows(stored).await;
    for entry in &file.entries {
        assert!(stored.contains(&(entry.clone(),)), "{entry} of {} is missing", file.name);
    }
    (report.status == Status::Imported).then_some(report)
}

/// Statements with twins, conflicts and damaged entries, a borderou with its corrections and the
/// statement that pays it: given, undone and let in, in any order.
#[test]
fn in_any_order_of_imports_undos_and_accepts_each_file_adds_up_and_in_the_end_nothing_is_left() {
    let entry = (1_u32..3, 0..REFERENCES.len(), 0_usize..2, prop::bool::weighted(0.2));
    let statements = prop::collection::vec(prop::collection::vec(entry, 1..6), 3);
    let step = prop_oneof![
        3 => any::<prop::sample::Index>().prop_map(Step::Import),
        1 => any::<prop::sample::Index>().prop_map(Step::Undo),
        1 => any::<prop::sample::Index>().prop_map(Step::Accept),
    ];
    let steps = prop::collection::vec(step, 8..20);
    on_database(6, (statements, steps), async |(statements, steps)| {
        let mut company = Company::new("undo-any").await;
        let mut files = borderou_and_its_corrections();
        files.extend(statements.iter().zip(1..).map(|(it, number)| generated(number, it)));
        // The statement that pays is there first: a tie comes and goes with its borderou then, too.
        let paying = files.iter().find(|it| it.name.ends_with(".txt")).unwrap();
        let mut imports: Vec<FileReport> = Vec::from_iter(give(&mut company, paying).await);
        for step in &steps {
            match step {
                Step::Import(which) => {
                    imports.extend(give(&mut company, which.get(&files)).await);
                }
                Step::Undo(which) if !imports.is_empty() => {
                    let report = imports.remove(which.index(imports.len()));
                    company.undo(&report).await;
                }
                Step::Undo(_) => {}
                Step::Accept(which) => accept_one(&mut company, which).await,
            }
            assert_adds_up(&mut company).await;
        }
        for report in &imports {
            company.undo(report).await;
        }
        assert_eq!(filled(&mut company).await, []);
    });
}
