//! What was held back, until nothing is.

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
    company.import("a.sta", other.as_bytes()).await;
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
