//! What was held back, until nothing is.

use vama::inside::road::Options;
use vama::inside::road::report::{ExitStatus, Status};
use vama::inside::store;

use crate::same_rows::{IBAN, statement};
use crate::world::{Company, told};

impl Company {
    /// Returns the kinds of the held rows that nobody has settled.
    async fn open(&mut self) -> Vec<String> {
        let open = store::open_rows(&mut self.session, &self.slug, 100).await.unwrap();
        open.into_iter().map(|row| row.kind).collect()
    }
}

#[tokio::test]
async fn entries_that_were_not_booked_yet_are_settled_by_the_statement_over_their_days() {
    let mut company = Company::new("held-interim").await;
    let interim = format!(
        ":20:A\n:25:{IBAN}\n:28C:1/1\n:34F:RON0,\n:13D:2603071200+0200\n\
         :61:2603070307C55,00NTRFNONREF\n:86:Incasare\n:90D:0RON0,\n:90C:1RON55,00\n"
    );
    let report = company.import("i.sta", interim.as_bytes()).await;
    assert_eq!((report.interim, company.open().await.len()), (1, 1), "{}", told(&report));
    // A statement of other days settles nothing.
    let other = statement(1, IBAN, "RON", &[("2603050305", 100, "NONREF//A", "x")]);
    company.import("a.sta", other.replace("C260331", "C260306").as_bytes()).await;
    assert_eq!(company.open().await, ["interim"]);

    let booked = [("2603060306", 100, "NONREF//B", "x"), ("2603070307", 5500, "NONREF//C", "x")];
    let booked = statement(2, IBAN, "RON", &booked);
    let report = company.import("b.sta", booked.as_bytes()).await;
    assert_eq!((report.inserted, company.open().await.len()), (2, 0), "{}", told(&report));

    // Undone, it has settled nothing.
    let (slug, number) = (company.slug.clone(), report.import.unwrap());
    store::undo(&mut company.session, &slug, number).await.unwrap();
    assert_eq!(company.open().await, ["interim"]);
}

/// Writes a statement of one day in March, with one entry.
fn of_day(number: u32, day: u32, opening: i64, amount: &str, closing: i64) -> String {
    format!(
        ":20:S{number}\n:25:{IBAN}\n:28C:{number}/1\n:60F:C2603{day:02}RON{opening},00\n\
         :61:2603{day:02}C{amount}NTRFNONREF//R{number}\n:86:x\n:62F:C2603{day:02}RON{closing},00\n"
    )
}

/// Writes an interim report with an entry of each of these days in March.
fn interim_of(days: &[u32]) -> String {
    let entries = days.iter().map(|day| format!(":61:2603{day:02}C5,00NTRFNONREF\n:86:Incasare\n"));
    let entries: String = entries.collect();
    format!(":20:A\n:25:{IBAN}\n:28C:1/1\n:34F:RON0,\n:13D:2603011200+0200\n{entries}")
}

#[tokio::test]
async fn each_entry_that_was_not_booked_yet_is_settled_by_the_statement_over_its_own_day() {
    let mut company = Company::new("held-days").await;
    let report = company.import("i.sta", interim_of(&[6, 8, 9, 12]).as_bytes()).await;
    assert_eq!((report.interim, company.open().await.len()), (4, 4), "{}", told(&report));
    company.import("a.sta", of_day(1, 6, 100, "5,00", 105).as_bytes()).await;
    assert_eq!(company.open().await.len(), 3);
    // The statement of the ninth goes on where that of the sixth ended: the eighth had no movements.
    company.import("b.sta", of_day(2, 9, 105, "5,00", 110).as_bytes()).await;
    assert_eq!(company.open().await.len(), 1);
    // What is missing before the fourteenth may have it.
    company.import("c.sta", of_day(4, 14, 115, "5,00", 120).as_bytes()).await;
    assert_eq!(company.open().await.len(), 1);
    company.import("d.sta", of_day(3, 12, 110, "5,00", 115).as_bytes()).await;
    assert_eq!(company.open().await.len(), 0);
}

#[tokio::test]
async fn an_interim_report_that_comes_after_its_statement_leaves_nothing_open() {
    let mut company = Company::new("held-late").await;
    let booked = company.import("a.sta", of_day(1, 6, 100, "5,00", 105).as_bytes()).await;
    let report = company.import("i.sta", interim_of(&[6, 7]).as_bytes()).await;
    assert_eq!((report.held, report.interim), (2, 2), "{}", told(&report));
    assert_eq!(company.open().await, ["interim"], "the seventh is not here yet");
    let (slug, number) = (company.slug.clone(), booked.import.unwrap());
    store::undo(&mut company.session, &slug, number).await.unwrap();
    assert_eq!(company.open().await.len(), 2);
}

#[tokio::test]
async fn a_damaged_entry_of_a_long_file_is_settled_by_the_statement_of_its_day_alone() {
    let mut company = Company::new("held-long").await;
    let days =
        |second: &str| [of_day(1, 6, 100, "5,00", 105), of_day(2, 7, 105, second, 110)].concat();
    let report = company.import("a.sta", days("5,O0").as_bytes()).await;
    assert_eq!((report.inserted, report.held), (1, 1), "{}", told(&report));
    let interim = company.import("i.sta", interim_of(&[7]).as_bytes()).await;
    assert_eq!(interim.interim, 1);
    company.import("b.sta", of_day(1, 6, 100, "5,00", 105).as_bytes()).await;
    assert_eq!(
        company.open().await,
        ["malformed", "interim"],
        "its statement did not come in whole"
    );
    company.import("c.sta", of_day(2, 7, 105, "5,00", 110).as_bytes()).await;
    assert_eq!(company.open().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_damaged_entry_is_settled_by_the_same_statement_come_in_whole() {
    let mut company = Company::new("held-damaged").await;
    let entries = [("2603060306", 100, "NONREF//B", "x"), ("2603070307", 5550, "NONREF//C", "x")];
    let whole = statement(2, IBAN, "RON", &entries);
    let damaged = whole.replace("55,50", "55,5O");
    let report = company.import("a.sta", damaged.as_bytes()).await;
    assert_eq!((report.inserted, report.held), (1, 1), "{}", told(&report));
    assert_eq!(company.open().await, ["malformed"]);
    let report = company.import("b.sta", whole.as_bytes()).await;
    assert_eq!((report.inserted, report.duplicates), (1, 1), "{}", told(&report));
    assert_eq!(company.open().await, Vec::<String>::new());
    // The damaged file, given again: nobody has to do anything about it any more.
    let again = company.import("a.sta", damaged.as_bytes()).await;
    assert_eq!((again.status, again.exit()), (Status::AlreadyImported, ExitStatus::Done));
    assert_eq!(again.read, again.duplicates + again.held);
}

#[tokio::test]
async fn a_statement_of_another_day_with_the_same_balances_settles_nothing() {
    let mut company = Company::new("held-sweep").await;
    let swept = |day: &str, sum: &str| {
        format!(
            ":20:S\n:25:{IBAN}\n:28C:1/1\n:60F:C2603{day}RON0,\n:61:2603{day}C5,00NTRFNONREF//{day}A\n\
             :61:2603{day}D{sum}NTRFNONREF//{day}B\n:62F:C2603{day}RON0,\n"
        )
    };
    let report = company.import("a.sta", swept("02", "5,O0").as_bytes()).await;
    assert_eq!((report.inserted, report.held), (1, 1), "{}", told(&report));
    let report = company.import("b.sta", swept("03", "5,00").as_bytes()).await;
    assert_eq!((report.inserted, report.held), (2, 0), "{}", told(&report));
    assert_eq!(company.open().await, ["malformed"]);
    let report = company.import("c.sta", swept("02", "5,00").as_bytes()).await;
    assert_eq!((report.inserted, report.duplicates), (1, 1), "{}", told(&report));
    assert_eq!(company.open().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_discarded_record_is_held_no_longer_and_still_counted() {
    let mut company = Company::new("held-discarded").await;
    let first = statement(1, IBAN, "RON", &[("2603010301", 100, "X", "Unul")]);
    company.import("a.sta", first.as_bytes()).await;
    let second = statement(2, IBAN, "RON", &[("2603010301", 100, "X", "Altul")]);
    let report = company.import("b.sta", second.as_bytes()).await;
    assert_eq!(report.exit(), ExitStatus::Held);
    let (slug, number) = (company.slug.clone(), report.import.unwrap());
    let (record, stored) =
        store::held_record(&mut company.session, &slug, (number, 1)).await.unwrap();
    assert!(record.raw.contains("Altul"), "{}", record.raw);
    assert!(stored.unwrap().stored.to_string().contains("Unul"));

    assert!(store::discard(&mut company.session, &slug, (number, 1), "twice").await.unwrap());
    assert!(!store::discard(&mut company.session, &slug, (number, 1), "twice").await.unwrap());
    let again = company.import("b.sta", second.as_bytes()).await;
    assert_eq!((again.read, again.duplicates, again.held, again.discarded), (1, 0, 1, 1));
    assert_eq!(again.exit(), ExitStatus::Done, "somebody has settled it");
}

#[tokio::test]
async fn a_conflict_is_settled_when_the_books_say_the_same() {
    let mut company = Company::new("held-conflict").await;
    let first = statement(1, IBAN, "RON", &[("2603010301", 100, "X", "Unul")]);
    let wrong = company.import("a.sta", first.as_bytes()).await;
    let second = statement(2, IBAN, "RON", &[("2603010301", 100, "X", "Altul")]);
    company.import("b.sta", second.as_bytes()).await;
    assert_eq!(company.open().await, ["conflict"]);
    let (slug, number) = (company.slug.clone(), wrong.import.unwrap());
    store::undo(&mut company.session, &slug, number).await.unwrap();
    assert_eq!(company.open().await, ["conflict"], "the row is not there yet");
    // Another file brings the row.
    let third = statement(
        3,
        IBAN,
        "RON",
        &[("2603010301", 100, "X", "Altul"), ("2603020302", 100, "Y", "z")],
    );
    let report = company.import("c.sta", third.as_bytes()).await;
    assert_eq!((report.inserted, report.held), (2, 0), "{}", told(&report));
    assert_eq!(company.open().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_file_that_does_not_add_up_never_brings_a_stored_reference_with_another_amount() {
    let mut company = Company::new("contradicted").await;
    let entries = [("2603010301", 100, "NONREF//A1", "x"), ("2603020302", 500, "NONREF//A2", "y")];
    let stored = company.import("a.sta", statement(1, IBAN, "RON", &entries).as_bytes()).await;
    let altered = statement(1, IBAN, "RON", &entries).replace("C5,00", "C5,70");
    let unbalanced = Options { accept_unbalanced: true, ..Options::default() };
    let report = company.import_with("b.sta", altered.as_bytes(), unbalanced.clone()).await;
    assert_eq!((report.status, report.inserted), (Status::Refused, 0), "{}", told(&report));
    let message = report.error.unwrap().message;
    let expected =
        format!("stored with 5.00 (import #{}), and has 5.70 here", stored.import.unwrap());
    assert!(message.ends_with(&expected), "{message}");
    assert_eq!(company.count("bank_transactions").await, 2);
    // A further entry under the same flag comes in.
    let further = [entries[0], entries[1], ("2603030303", 900, "NONREF//A3", "z")];
    let further = statement(1, IBAN, "RON", &further).replace("C9,00", "C9,70");
    let report = company.import_with("c.sta", further.as_bytes(), unbalanced).await;
    assert_eq!((report.inserted, report.duplicates), (1, 2), "{}", told(&report));
}
