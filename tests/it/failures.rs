//! Files that are not in are in the log too, with their reason and time.

use vama::inside::lab::month::{GeneratedFile, Month};
use vama::inside::road::report::Status;
use vama::inside::road::{Options, import_source};
use vama::inside::store::{self, StoreError};

use crate::alone::new_company;
use crate::world::{Company, month, only_source, seed, told};

/// Returns the month of a shop whose account no other test gives to a company.
fn own_month() -> Month {
    Month::invent(seed(), 2026, 3).unwrap()
}

/// Returns a statement of one day whose closing balance is far too large.
fn unbalanced(month: &Month) -> GeneratedFile {
    let file = month.statement_of(0..1).unwrap();
    let text = String::from_utf8(file.bytes).unwrap();
    let at = text.find(":62F:").unwrap() + ":62F:C260302RON".len();
    let bytes = [&text[..at], "1", &text[at..]].concat().into_bytes();
    GeneratedFile { bytes, ..file }
}

/// Returns the rows of a log: number, status, kind and exit status of the failure, reason.
async fn logged(
    company: &mut Company,
) -> Vec<(i64, String, Option<String>, Option<String>, String)> {
    company
        .rows(
            "select number, status, details -> 'error' ->> 'kind', details -> 'error' ->> 'exit',
                    coalesce(error_message, '') from sync_logs order by number",
        )
        .await
}

#[tokio::test]
async fn a_refused_file_is_logged_once_with_its_reason_and_a_later_import_does_not_hide_it() {
    let mut company = Company::new("refused").await;
    let file = unbalanced(&month());
    for _ in 0..3 {
        let report = company.import_file(&file).await;
        assert_eq!(report.status, Status::Refused, "{}", told(&report));
    }
    let rows = logged(&mut company).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    let (number, status, kind, exit, reason) = &rows[0];
    assert_eq!((*number, status.as_str()), (1, "failed"));
    assert_eq!((kind.as_deref(), exit.as_deref()), (Some("unbalanced"), Some("4")));
    assert!(reason.contains("closing balance"), "{reason}");
    let again: Vec<(bool, i64)> =
        company.rows("select finished_at > started_at, records_processed from sync_logs").await;
    assert!(again[0].0 && again[0].1 > 0, "its last time is told, and what was read: {again:?}");

    let options = Options { accept_unbalanced: true, ..Options::default() };
    let report = company.import_with(&file.name, &file.bytes, options).await;
    assert_eq!((report.status, report.import), (Status::Imported, Some(2)), "{}", told(&report));
    let rows = logged(&mut company).await;
    let told: Vec<_> = rows.iter().map(|(number, status, ..)| (*number, status.as_str())).collect();
    assert_eq!(told, [(1, "failed"), (2, "completed")]);

    let nothing = store::undo(&mut company.session, &company.slug, 1).await.unwrap_err();
    assert!(matches!(nothing, StoreError::NotIn { .. }));
    assert!(nothing.to_string().contains("nothing of it went in"), "{nothing}");
}

#[tokio::test]
async fn a_file_whose_own_account_is_known_is_logged_there_and_one_of_nobody_nowhere() {
    let month = own_month();
    let accounts = vec![month.shop.account_iban.clone()];
    let mut company = Company::with_accounts("own-account", accounts).await;
    let file = unbalanced(&month);
    let options = Options::default();
    for (name, bytes) in [(&*file.name, &*file.bytes), ("strange.txt", b"no statement at all")] {
        let source = only_source(name, bytes);
        let report = import_source(&mut company.session, source, None, &options).await;
        assert_eq!(report.status, Status::Refused, "{}", told(&report));
    }
    let rows = logged(&mut company).await;
    assert_eq!(rows.len(), 1, "{rows:?}");

    // What the user names is known, whatever is in the file; what is not for vama is in no log.
    for bytes in [b"no statement at all".as_slice(), b"%PDF-1.7\n1 0 obj\n"] {
        company.import("strange.txt", bytes).await;
    }
    let formats: Vec<(String,)> =
        company.rows("select sync_type from sync_logs order by number").await;
    assert_eq!(formats, [("mt940".to_owned(),), ("unknown".to_owned(),)]);
}

#[tokio::test]
async fn a_file_of_another_company_is_logged_where_it_was_brought() {
    let month = own_month();
    let owner = Company::with_accounts("owner", vec![month.shop.account_iban.clone()]).await;
    let new = new_company("other");
    let mut other = Company { slug: new.slug.clone(), session: owner.session };
    store::create(&mut other.session, &new).await.unwrap();
    let report = other.import_file(&month.statement_of(0..1).unwrap()).await;
    assert_eq!(report.company.as_ref(), Some(&other.slug));
    let rows = logged(&mut other).await;
    assert_eq!(rows[0].2.as_deref(), Some("wrong_company"), "{rows:?}");
    assert!(rows[0].4.contains(&owner.slug), "{rows:?}");
}

#[tokio::test]
async fn a_dry_run_logs_no_failure_and_another_reason_is_another_row() {
    let mut company = Company::new("dry").await;
    let file = unbalanced(&month());
    let dry = Options { dry_run: true, ..Options::default() };
    company.import_with(&file.name, &file.bytes, dry).await;
    assert_eq!(logged(&mut company).await, []);

    company.import_file(&file).await;
    company.as_owner("alter table %S.bank_transactions add constraint nobody check (false)").await;
    let accepted = Options { accept_unbalanced: true, ..Options::default() };
    let report = company.import_with(&file.name, &file.bytes, accepted).await;
    assert_eq!(report.status, Status::Failed, "{}", told(&report));
    let rows = logged(&mut company).await;
    let exits: Vec<_> = rows.iter().filter_map(|it| it.3.as_deref()).collect();
    assert_eq!(exits, ["4", "1"]);
}
