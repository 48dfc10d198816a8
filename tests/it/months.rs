//! A month of files, in any order and as often as one likes.

use vama::inside::road::report::Status;

use crate::world::{Company, month, told};

#[tokio::test]
async fn a_month_goes_in_whole_and_a_second_time_adds_nothing() {
    let month = month();
    let mut company = Company::new("month-twice").await;
    for file in &month.files {
        let report = company.import_file(file).await;
        assert_eq!(report.status, Status::Imported, "{}", told(&report));
        assert_eq!(report.held, 0, "{}", told(&report));
    }
    let expected = month.expected;
    let operations = expected.operations();
    for (table, rows) in [
        ("bank_transactions", expected.bank_transactions),
        ("gls_borderouri", expected.borderouri),
        ("gls_borderou_parcels", expected.parcels),
        ("gls_parcels", expected.parcels),
        ("netopia_batches", expected.batches),
        ("netopia_transactions", operations),
        ("held_rows", 0),
    ] {
        assert_eq!(company.count(table).await, rows as i64, "{table}");
    }
    for file in &month.files {
        let report = company.import_file(file).await;
        assert_eq!(report.status, Status::AlreadyImported, "{}", told(&report));
        assert_eq!(report.inserted, 0);
    }
}

#[tokio::test]
async fn the_order_of_the_files_does_not_matter() {
    let month = month();
    let mut forwards = Company::new("forwards").await;
    for file in &month.files {
        forwards.import_file(file).await;
    }
    let one = forwards.bank_rows().await;
    drop(forwards);
    let mut backwards = Company::new("backwards").await;
    for file in month.files.iter().rev() {
        let report = backwards.import_file(file).await;
        assert_eq!(report.held, 0, "{}", told(&report));
    }
    assert_eq!(one, backwards.bank_rows().await);
}

#[tokio::test]
async fn every_settlement_of_the_month_is_paid_on_the_statement() {
    let month = month();
    let mut company = Company::new("settlements").await;
    for file in &month.files {
        company.import_file(file).await;
    }
    let states: Vec<(String, i64)> =
        company.rows("select state, count(*) from settlements group by 1").await;
    let expected = month.expected.borderouri + month.expected.batches;
    assert_eq!(states, [("paid".to_owned(), expected as i64)]);
}
