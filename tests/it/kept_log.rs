//! A statement of the user changes rows of its company, and never what was imported and held.

use std::path::PathBuf;

use vama::inside::store::{self, Access, Database, StoreError, run_statement};
use vama::inside::value::slug::schema_of;

use crate::alone::Alone;
use crate::world::{Company, behind_pooler, month, server};

/// Statements that would change the log or what is held, straight or on a way round.
const CHANGES: [&str; 9] = [
    "delete from sync_logs",
    "update sync_logs set status = 'undone'",
    "insert into sync_logs (sync_type, status) values ('mt940', 'completed')",
    "truncate sync_logs cascade",
    "delete from held_rows",
    "update held_rows set resolved_at = now()",
    "insert into held_rows (import_id, kind, reason, raw) select id, 'conflict', '', '' from sync_logs",
    "with gone as (delete from sync_logs returning id) select count(*) from gone",
    "do $$ begin execute 'delete from sync_logs'; end $$",
];

#[tokio::test]
async fn a_statement_that_may_write_reads_the_log_and_cannot_change_it() {
    let mut company = Company::new("kept-log").await;
    company.import_file(&month().files[0]).await;
    for statement in CHANGES {
        let tried =
            run_statement(&mut company.session, &company.slug, statement, Access::Write).await;
        let error = tried.unwrap_err();
        assert!(error.with_cause().contains("permission denied"), "{statement}: {error}");
        assert!(error.advice().is_some_and(|it| it.contains("vama undo")), "{statement}");
    }
    assert_eq!((company.count("sync_logs").await, company.count("held_rows").await), (1, 0));

    // Every other table is written as before, with the log beside it.
    for statement in [
        "update bank_transactions set details = details
          where import_id in (select id from sync_logs)",
        "insert into settlement_payments (settlement_kind, settlement_key, transaction_hash, amount, rule)
         values ('gls', 'a', 'b', 1, 'by_hand')",
        "insert into bank_statements (statement_hash, currency, opening_balance, closing_balance, entries)
         values ('c', 'RON', 0, 0, 0)",
        "delete from held_rows_of_nobody",
    ] {
        let written =
            run_statement(&mut company.session, &company.slug, statement, Access::Write).await;
        assert_eq!(written.is_ok(), !statement.contains("nobody"), "{statement}: {written:?}");
    }
    // Imports have their rights back.
    let again = company.import_file(&month().files[1]).await;
    assert!(again.error.is_none(), "{again:?}");
    store::undo(&mut company.session, &company.slug, 1).await.unwrap();
}

#[tokio::test]
async fn who_does_not_own_the_log_cannot_close_it_and_only_reads() {
    // A pooler gives everybody its own user.
    let (Some(_), None) = (server(), behind_pooler()) else { return };
    let mut alone = Alone::new("others-log").await;
    let slug = alone.company("own").await;
    let schema = schema_of(&slug).unwrap();
    let user = format!("guest_{schema}");
    alone
        .run(&format!(
            "create role {user} login; grant vama_{schema} to {user}; grant usage on schema public to \
             {user}; grant select on all tables in schema public to {user}"
        ))
        .await;
    let url = alone.own.url().replacen("postgres@", &format!("{user}@"), 1);
    let mut guest = Database::choose(Some(&url), PathBuf::new).unwrap().connect().await.unwrap();

    let look = "select count(*) from sync_logs";
    let read = run_statement(&mut guest, &slug, look, Access::Read).await;
    let write = run_statement(&mut guest, &slug, "delete from products", Access::Write).await;

    assert!(read.is_ok(), "{read:?}");
    assert!(matches!(write, Err(StoreError::OpenLog { .. })), "{write:?}");
    guest.close().await;
    alone.run(&format!("drop owned by {user}; drop role {user}")).await;
}
