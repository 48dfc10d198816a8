//! Files of one company that go in together: one transaction, and no file that takes others down.

use std::sync::Arc;

use vama::inside::lab::month::GeneratedFile;
use vama::inside::road::Options;
use vama::inside::road::land::land;
use vama::inside::road::meter::{Meter, Stage};
use vama::inside::road::prepare::prepare;
use vama::inside::road::report::{FileReport, Status};

use crate::world::{Company, month, only_source, told};

/// Brings the files in as one group.
async fn land_all(company: &mut Company, files: &[&GeneratedFile]) -> Vec<FileReport> {
    land_all_with(company, files, &Options::default()).await
}

async fn land_all_with(
    company: &mut Company,
    files: &[&GeneratedFile],
    options: &Options,
) -> Vec<FileReport> {
    let meter = Meter::default();
    let ready = files.iter().map(|file| {
        let source = Arc::new(only_source(&file.name, &file.bytes));
        prepare(&source, options, &meter).unwrap()
    });
    let ready = ready.collect();
    let slug = company.slug.clone();
    let reports = land(&mut company.session, &slug, ready, options, &meter).await;
    assert_eq!(reports.len(), files.len());
    assert!(!meter.spent(Stage::Load).wall.is_zero());
    reports
}

fn statuses(reports: &[FileReport]) -> Vec<Status> {
    reports.iter().map(|report| report.status).collect()
}

#[tokio::test]
async fn of_a_file_that_stands_twice_in_a_group_the_first_goes_in() {
    let month = month();
    let mut company = Company::new("twice").await;
    let files = &month.files;
    let reports = land_all(&mut company, &[&files[2], &files[0], &files[2]]).await;
    let expected = [Status::Imported, Status::Imported, Status::AlreadyImported];
    assert_eq!(statuses(&reports), expected);
    assert_eq!(reports[2].import, reports[0].import);
    assert_eq!(reports[2].duplicates, reports[2].read);
    assert_eq!(company.count("gls_borderouri").await, 1);
}

#[tokio::test]
async fn a_dry_run_counts_as_the_import_would_and_keeps_and_numbers_nothing() {
    let month = month();
    let mut company = Company::new("dry").await;
    let files = [&month.files[0], &month.files[1], &month.files[0]];
    let dry_run = Options { dry_run: true, ..Options::default() };
    let tried = land_all_with(&mut company, &files, &dry_run).await;
    assert_eq!(statuses(&tried), [Status::DryRun, Status::DryRun, Status::AlreadyImported]);
    assert!(tried.iter().all(|report| report.import.is_none()), "{}", told(&tried[2]));
    assert_eq!(company.count("bank_transactions").await, 0);
    let brought = land_all(&mut company, &files).await;
    let counts = |reports: &[FileReport]| -> Vec<[u64; 3]> {
        reports.iter().map(|it| [it.inserted, it.duplicates, it.held]).collect()
    };
    assert_eq!(counts(&tried), counts(&brought));
}

#[tokio::test]
async fn a_file_that_is_in_already_is_told_and_the_others_go_in() {
    let month = month();
    let mut company = Company::new("before").await;
    let files = &month.files;
    let before = company.import_file(&files[3]).await;
    let reports = land_all(&mut company, &[&files[2], &files[3], &files[4]]).await;
    let expected = [Status::Imported, Status::AlreadyImported, Status::Imported];
    assert_eq!(statuses(&reports), expected);
    assert_eq!(reports[1].import, before.import);
    assert!(reports[1].imported_at.is_some());
    assert_eq!(company.count("gls_borderouri").await, 3);
}

#[tokio::test]
async fn a_file_whose_row_the_database_refuses_keeps_no_other_out() {
    let month = month();
    let mut company = Company::new("refused-row").await;
    let borderouri: Vec<_> = month.files.iter().filter(|it| it.folder == "gls").take(7).collect();
    let number = month.borderouri[4].parcels[0].number;
    let constraint = format!(
        "alter table %S.gls_parcels add constraint no_such_parcel check (parcel_number <> '{number}')"
    );
    company.as_owner(&constraint).await;

    let reports = land_all(&mut company, &borderouri).await;

    for (at, report) in reports.iter().enumerate() {
        let expected = if at == 4 { Status::Failed } else { Status::Imported };
        assert_eq!(report.status, expected, "{at}: {}", told(report));
        assert_eq!(report.file, borderouri[at].name);
    }
    assert_eq!(company.count("gls_borderouri").await, 6);
    let logged: Vec<(String, i64)> =
        company.rows("select status, count(*) from sync_logs group by 1 order by 1").await;
    assert_eq!(logged, [("completed".to_owned(), 6), ("failed".to_owned(), 1)]);
}

#[tokio::test]
async fn a_company_that_is_behind_fails_all_files_at_once() {
    let month = month();
    let mut company = Company::new("all-behind").await;
    company.as_owner("update %S.vama_migrations set version = -version where version >= 5").await;
    let files: Vec<_> = month.files.iter().skip(2).take(3).collect();
    let reports = land_all(&mut company, &files).await;
    assert!(reports.iter().all(|it| it.error.as_ref().unwrap().kind == "schema"));
    assert!(reports.iter().all(|it| it.exit().code() == 6));
}

#[tokio::test]
async fn statements_of_a_group_that_overlap_add_each_entry_once() {
    let month = month();
    let mut company = Company::new("overlap").await;
    let (whole, week) = (&month.files[0], &month.files[1]);
    let reports = land_all(&mut company, &[week, whole]).await;
    assert_eq!(statuses(&reports), [Status::Imported, Status::Imported]);
    assert_eq!(reports[0].inserted, reports[0].read, "{}", told(&reports[0]));
    assert_eq!(reports[1].duplicates, reports[0].read, "{}", told(&reports[1]));
    assert_eq!(company.count("bank_transactions").await as usize, month.expected.bank_transactions);
}
