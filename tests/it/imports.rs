//! One file, one transaction: what an import leaves behind, and what a failed one does not.

use vama::inside::road::report::Status;
use vama::inside::road::{Options, import_source};

use crate::world::{Company, month, server, told};

#[tokio::test]
async fn an_import_is_logged_with_its_numbers() {
    let month = month();
    let mut company = Company::new("logged").await;
    let report = company.import_file(&month.files[0]).await;
    let logged: Vec<(String, String, i64, i64, i64, i64, bool)> = company
        .rows(
            "select sync_type, status, records_processed, records_inserted, records_skipped, \
             records_failed, finished_at >= started_at from sync_logs",
        )
        .await;
    let entries = month.expected.bank_transactions as i64;
    let expected = ("mt940".to_owned(), "completed".to_owned(), entries, entries, 0, 0, true);
    assert_eq!(logged, [expected]);
    assert_eq!(report.import, Some(1));
    let stray: Vec<(i64,)> = company
        .rows(
            "select count(*) from bank_transactions t \
             where not exists (select from sync_logs s where s.id = t.import_id)",
        )
        .await;
    assert_eq!(stray, [(0,)]);
}

#[tokio::test]
async fn rows_carry_their_key_as_the_recipe_makes_it() {
    let month = month();
    let mut company = Company::new("keys").await;
    for file in &month.files {
        company.import_file(file).await;
    }
    let wrong: Vec<(i64,)> = company
        .rows(
            "select count(*) from (select transaction_hash, \
             row_number() over (partition by transaction_date, op_reference, amount \
                                order by transaction_hash) as k, \
             array(select md5(transaction_date || '|' || op_reference || \
                   case when n > 1 then '#' || n else '' end || '|' || amount) \
                   from generate_series(1, 5) n) as possible \
             from bank_transactions) t where not transaction_hash = any(possible)",
        )
        .await;
    assert_eq!(wrong, [(0,)]);
}

#[tokio::test]
async fn a_statement_that_does_not_add_up_is_refused_with_both_sums() {
    let mut company = Company::new("unbalanced").await;
    let text = ":20:A\n:25:RO49AAAA1B31007593840000\n:28C:1/1\n:60F:C260301RON100,00\n\
         :61:2603070307D12,50NTRFNONREF\n:86:Parcare\n:62F:C260307RON80,00\n";
    let report = company.import("a.sta", text.as_bytes()).await;
    insta::assert_snapshot!(told(&report), @"Refused: 1 read, 0 inserted, 0 duplicates, 0 held (line 7: closing balance: stated 80.00, computed 87.50, difference -7.50)");
    assert_eq!(company.count("bank_transactions").await, 0);
    let options = Options { accept_unbalanced: true, ..Options::default() };
    let report = company.import_with("a.sta", text.as_bytes(), options).await;
    assert_eq!(report.status, Status::Imported, "{}", told(&report));
    let details: Vec<(serde_json::Value,)> = company
        .rows("select details -> 'accepted_unbalanced' from sync_logs where status = 'completed'")
        .await;
    assert_eq!(
        details,
        [(serde_json::json!([
            "line 7: closing balance: stated 80.00, computed 87.50, difference -7.50"
        ]),)]
    );
}

#[tokio::test]
async fn a_failure_in_the_middle_leaves_nothing_but_its_log() {
    let month = month();
    let mut company = Company::new("failure").await;
    company.as_owner("alter table %S.gls_parcels add constraint nobody check (false)").await;
    let borderou = month.files.iter().find(|file| file.folder == "gls").unwrap();
    let report = company.import_file(borderou).await;
    assert_eq!(report.status, Status::Failed, "{}", told(&report));
    for table in ["gls_borderouri", "gls_borderou_parcels", "gls_parcels"] {
        assert_eq!(company.count(table).await, 0, "{table}");
    }
    let logged: Vec<(String, bool)> =
        company.rows("select status, error_message <> '' from sync_logs").await;
    assert_eq!(logged, [("failed".to_owned(), true)]);
    company.as_owner("alter table %S.gls_parcels drop constraint nobody").await;
    let report = company.import_file(borderou).await;
    assert_eq!(report.status, Status::Imported, "{}", told(&report));
}

#[tokio::test]
async fn a_company_behind_the_migrations_is_refused() {
    let month = month();
    let mut company = Company::new("behind").await;
    company.as_owner("update %S.vama_migrations set version = -version where version = 12").await;
    let report = company.import_file(&month.files[0]).await;
    let error = report.error.as_ref().unwrap();
    assert_eq!(error.kind, "schema", "{}", error.message);
    assert_eq!(report.exit().code(), 6);
}

#[tokio::test]
async fn two_imports_at_once_end_as_one_after_the_other() {
    if server().is_none() {
        // The embedded database takes one connection at a time, so nothing can be at once there.
        return;
    }
    let month = month();
    let mut company = Company::new("at-once").await;
    let slug = company.slug.clone();
    let (whole, week) = (&month.files[0], &month.files[1]);
    let imports = [whole, week, whole, week].map(|file| {
        let (slug, file) = (slug.clone(), file.clone());
        tokio::spawn(async move {
            let mut session = crate::world::database().connect().await.unwrap();
            let source = crate::world::only_source(&file.name, &file.bytes);
            import_source(&mut session, source, Some(&slug), &Options::default()).await
        })
    });
    let mut inserted = 0;
    for import in imports {
        let report = import.await.unwrap();
        assert!(report.error.is_none(), "{}", told(&report));
        assert_eq!(report.held, 0, "{}", told(&report));
        inserted += report.inserted as usize;
    }
    assert_eq!(inserted, month.expected.bank_transactions);
    assert_eq!(company.count("bank_transactions").await as usize, inserted);
}

#[tokio::test]
async fn a_row_that_a_trigger_keeps_out_is_noticed_before_the_commit() {
    let month = month();
    let mut company = Company::new("trigger").await;
    company
        .as_owner(
            "create function %S.keep_out() returns trigger language plpgsql \
             as 'begin return null; end';\n\
             create trigger keep_out before insert on %S.bank_transactions \
             for each row execute function %S.keep_out()",
        )
        .await;
    let report = company.import_file(&month.files[0]).await;
    assert_eq!(report.status, Status::Failed, "{}", told(&report));
    assert!(report.error.unwrap().message.contains("bank_transactions has 0 rows"));
}

#[tokio::test]
async fn an_import_that_had_nothing_to_do_holds_no_lock() {
    let month = month();
    let mut company = Company::new("no-lock").await;
    company.import_file(&month.files[0]).await;
    company.import_file(&month.files[0]).await;
    if server().is_none() {
        return;
    }
    let mut other = crate::world::database().connect().await.unwrap();
    let source = crate::world::only_source(&month.files[1].name, &month.files[1].bytes);
    let slug = company.slug.clone();
    let report = import_source(&mut other, source, Some(&slug), &Options::default()).await;
    assert_eq!(report.status, Status::Imported, "{}", told(&report));
}
