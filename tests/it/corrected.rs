//! A settlement that comes again with other lines.

use rust_decimal::Decimal;
use vama::inside::lab::batch::{self, Batch};
use vama::inside::lab::borderou::{self, Borderou};
use vama::inside::lab::month::Month;
use vama::inside::road::Options;
use vama::inside::road::report::{ExitStatus, FileReport, Status};
use vama::inside::store::{self, Accepted, StoreError};

use crate::world::{Company, month, told};

impl Company {
    async fn borderou(&mut self, name: &str, borderou: &Borderou) -> FileReport {
        self.import(name, &borderou::write(borderou).unwrap()).await
    }

    /// Returns how many parcels the borderouri list, and their sum.
    async fn listed(&mut self) -> (i64, String) {
        let sum = "select count(*), coalesce(sum(cod_amount), 0)::text from gls_borderou_parcels";
        self.rows(sum).await.remove(0)
    }

    async fn accept(&mut self, report: &FileReport, place: i64) -> Result<Accepted, StoreError> {
        let slug = self.slug.clone();
        store::accept(&mut self.session, &slug, (report.import.unwrap(), place)).await
    }

    async fn open_held(&mut self) -> i64 {
        let open = "select count(*) from held_rows where resolved_at is null";
        self.rows::<(i64,)>(open).await[0].0
    }
}

/// Returns a borderou of a shop that no other test knows: on a server an account has one company.
fn borderou_of(shop: u64) -> Borderou {
    let month = Month::invent(shop, 2026, 3).unwrap();
    month.borderouri.into_iter().find(|it| it.parcels.len() > 2).unwrap()
}

#[tokio::test]
async fn a_corrected_borderou_is_held_with_both_amounts_and_no_parcel_counts_twice() {
    let mut company = Company::new("corrected").await;
    let first = borderou_of(9101);
    let report = company.borderou("a.xlsx", &first).await;
    let (count, sum) = company.listed().await;
    let mut corrected = first.clone();
    corrected.parcels[1].amount += Decimal::ONE;

    let held = company.borderou("b.xlsx", &corrected).await;
    assert_eq!((held.inserted, held.held), (0, 1), "{}", told(&held));
    assert_eq!(held.read, held.duplicates + held.held);
    assert_eq!(held.exit(), ExitStatus::Held);
    assert_eq!(company.listed().await, (count, sum.clone()));
    let reasons: Vec<&str> = held.held_rows.iter().map(|it| it.reason.as_str()).collect();
    let both = format!(
        "{} in the books from import #{}, {} here",
        first.parcels[1].amount,
        report.import.unwrap(),
        corrected.parcels[1].amount
    );
    assert!(reasons.contains(&both.as_str()), "{reasons:?}");
    assert!(reasons.iter().any(|it| it.contains("1 line with another amount")), "{reasons:?}");

    // The way back: the first one goes, the corrected one comes.
    let (slug, number) = (company.slug.clone(), report.import.unwrap());
    store::undo(&mut company.session, &slug, number).await.unwrap();
    let again = company.borderou("b.xlsx", &corrected).await;
    assert_eq!((again.inserted, again.held), (count.unsigned_abs(), 0), "{}", told(&again));
    assert_eq!(company.open_held().await, 0);
}

#[tokio::test]
async fn an_accepted_borderou_takes_the_place_of_the_stored_one() {
    let mut company = Company::new("accepted").await;
    let first = borderou_of(9102);
    let stored = company.borderou("a.xlsx", &first).await;
    let (count, sum) = company.listed().await;
    let mut corrected = first.clone();
    corrected.parcels[0].amount += Decimal::ONE;
    corrected.parcels.remove(2);
    let held = company.borderou("b.xlsx", &corrected).await;
    assert_eq!((held.inserted, held.held), (0, 1), "{}", told(&held));

    // Any of its held records stands for the whole.
    let accepted = company.accept(&held, 2).await.unwrap();
    assert_eq!(accepted.replaced, [stored.import.unwrap()]);
    let listed = company.listed().await;
    assert_eq!(listed, (count - 1, corrected.total().to_string()), "not {sum}");
    assert_eq!(company.count("gls_borderouri").await, 1);
    assert_eq!(company.count("gls_parcels").await, count - 1);
    assert_eq!(company.open_held().await, 0);
    assert!(company.accept(&held, 1).await.unwrap().was_settled);

    // Given again, both tell what is so now.
    let again = company.borderou("b.xlsx", &corrected).await;
    let became = (again.status, again.duplicates, again.held);
    assert_eq!(became, (Status::AlreadyImported, again.read, 0), "{}", told(&again));
    let again = company.borderou("a.xlsx", &first).await;
    assert_eq!((again.inserted, again.exit()), (0, ExitStatus::Held), "{}", told(&again));
    assert_eq!(company.listed().await, listed);

    // Undone, the accepted one is out, and nothing of it stays.
    let (slug, number) = (company.slug.clone(), held.import.unwrap());
    store::undo(&mut company.session, &slug, number).await.unwrap();
    assert_eq!((company.listed().await.0, company.count("gls_parcels").await), (0, 0));
    let again = company.borderou("a.xlsx", &first).await;
    assert_eq!(again.inserted, count.unsigned_abs(), "{}", told(&again));
}

#[tokio::test]
async fn borderouri_of_one_run_correct_each_other_as_those_of_two_runs_do() {
    let mut company = Company::new("corrected-run").await;
    let first = borderou_of(9103);
    let mut later = first.clone();
    later.date = later.date.succ_opt().unwrap();
    company.borderou("a.xlsx", &first).await;
    let held = company.borderou("b.xlsx", &later).await;
    let became = (held.inserted, held.duplicates, held.held, held.exit());
    assert_eq!(became, (0, held.read, 0, ExitStatus::Held), "{}", told(&held));
    assert!(held.held_rows[0].reason.contains(&later.date.to_string()), "{:?}", held.held_rows);
    // Other parcels of the same day and sum are another borderou.
    let mut other = first.clone();
    other.parcels.iter_mut().for_each(|it| it.number += 5_000_000);
    let report = company.borderou("c.xlsx", &other).await;
    assert_eq!((report.inserted, report.exit()), (report.read, ExitStatus::Done));
}

fn batch_of_the_month() -> Batch {
    month().batches.into_iter().find(|it| it.payments.len() > 2).unwrap()
}

#[tokio::test]
async fn a_batch_that_comes_again_with_other_lines_is_held_until_it_is_accepted() {
    let mut company = Company::new("corrected-batch").await;
    let first = batch_of_the_month();
    let stored = company.import(&first.file_name(), &batch::write(&first)).await;
    assert_eq!(stored.held, 0, "{}", told(&stored));
    let operations = company.count("netopia_transactions").await;

    let mut other = first.clone();
    let mut further = other.payments[0].clone();
    further.id += 100_000;
    other.payments.push(further);
    let held = company.import(&other.file_name(), &batch::write(&other)).await;
    assert_eq!((held.inserted, held.held), (0, 1), "{}", told(&held));
    assert_eq!(company.count("netopia_transactions").await, operations);
    company.accept(&held, 1).await.unwrap();
    assert_eq!(company.count("netopia_transactions").await, operations + 1);
    let net = "select net_amount::text from netopia_batches";
    let net: Vec<(String,)> = company.rows(net).await;
    assert_eq!(net, [(other.net().to_string(),)]);

    // One operation less than is stored is another batch too.
    other.payments.remove(0);
    let held = company.import(&other.file_name(), &batch::write(&other)).await;
    assert_eq!((held.inserted, held.exit()), (0, ExitStatus::Held), "{}", told(&held));
}

#[tokio::test]
async fn operations_of_a_batch_that_somebody_deleted_come_in_again() {
    let mut company = Company::new("batch-deleted").await;
    let first = batch_of_the_month();
    company.import(&first.file_name(), &batch::write(&first)).await;
    let operations = company.count("netopia_transactions").await;
    company
        .execute(
            "delete from netopia_transactions \
             where id = (select id from netopia_transactions order by id limit 1)",
        )
        .await;
    let again = company.import(&first.file_name(), &batch::write(&first)).await;
    assert_eq!((again.inserted, again.held), (1, 0), "{}", told(&again));
    assert_eq!(company.count("netopia_transactions").await, operations);
}

#[tokio::test]
async fn an_accepted_entry_is_a_further_twin() {
    use crate::same_rows::{IBAN, statement};
    let mut company = Company::new("accepted-entry").await;
    let first = statement(1, IBAN, "RON", &[("2603010301", 100, "X", "Unul")]);
    company.import("a.sta", first.as_bytes()).await;
    let second = statement(2, IBAN, "RON", &[("2603010301", 100, "X", "Altul")]);
    let held = company.import("b.sta", second.as_bytes()).await;
    assert_eq!(held.held, 1, "{}", told(&held));
    let accepted = company.accept(&held, 1).await.unwrap();
    assert_eq!((accepted.rows.len(), accepted.replaced.len()), (1, 0));
    let keys: Vec<(bool,)> = company
        .rows(
            "select transaction_hash = md5('2026-03-01|X' || case details when 'Unul' then '' \
             else '#2' end || '|1.00') from bank_transactions",
        )
        .await;
    assert_eq!(keys, [(true,), (true,)]);
    let again = company.import("b.sta", second.as_bytes()).await;
    assert_eq!((again.duplicates, again.exit()), (1, ExitStatus::Done), "{}", told(&again));
    let (slug, number) = (company.slug.clone(), held.import.unwrap());
    store::undo(&mut company.session, &slug, number).await.unwrap();
    assert_eq!(company.count("bank_transactions").await, 1);
}

#[tokio::test]
async fn what_could_not_be_read_is_not_accepted() {
    use crate::same_rows::{IBAN, statement};
    let mut company = Company::new("accepted-damaged").await;
    let entries = [("2603010301", 100, "X", "Unul"), ("2603010301", 155, "Y", "Altul")];
    let file = statement(1, IBAN, "RON", &entries);
    let damaged = company.import("a.sta", file.replace("1,55", "1,O5").as_bytes()).await;
    assert_eq!((damaged.inserted, damaged.held), (1, 1), "{}", told(&damaged));
    let error = company.accept(&damaged, 1).await.unwrap_err();
    assert!(error.to_string().contains("could not be read"), "{error}");
}

#[tokio::test]
async fn a_borderou_with_a_parcel_that_could_not_be_read_is_completed_by_the_repaired_one() {
    let mut company = Company::new("completed").await;
    let first = borderou_of(9104);
    let damaged = damaged(&borderou::write(&first).unwrap(), first.parcels[0].number);
    let unbalanced = Options { accept_unbalanced: true, ..Options::default() };
    let held = company.import_with("a.xlsx", &damaged, unbalanced.clone()).await;
    assert_eq!((held.inserted + 1, held.held), (held.read, 1), "{}", told(&held));
    let whole = company.borderou("a.xlsx", &first).await;
    assert_eq!((whole.inserted, whole.held), (whole.read, 0), "{}", told(&whole));
    assert_eq!(company.listed().await.1, first.total().to_string());
    assert_eq!((company.open_held().await, company.count("gls_borderouri").await), (0, 1));
    // Undone, the held record is open again, and the first file comes in again.
    let (slug, number) = (company.slug.clone(), whole.import.unwrap());
    store::undo(&mut company.session, &slug, number).await.unwrap();
    assert_eq!((company.listed().await.0, company.open_held().await), (0, 1));
    let again = company.import_with("a.xlsx", &damaged, unbalanced).await;
    assert_eq!((again.inserted, again.held), (held.inserted, 1), "{}", told(&again));
}

/// Returns the workbook with a number of a parcel that is none.
fn damaged(workbook: &[u8], number: u64) -> Vec<u8> {
    use std::io::{Cursor, Read as _, Write as _};
    let mut from = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut into = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        let name = part.name().unwrap().into_owned();
        into.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        let number = number.to_string();
        into.write_all(text.replace(&number, "12.5").as_bytes()).unwrap();
    }
    into.finish().unwrap().into_inner()
}
