//! Databases whose tables are missing, old or newer than this program.

use std::path::PathBuf;

use vama::store::{self, Database};

use crate::common::server;
use crate::program::Books;

/// Runs statements inside the company, as an older or newer vama may have left it.
fn execute(books: &Books, statements: &[&'static str]) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let database = Database::choose(Some(&books.url), PathBuf::new).unwrap();
        let mut session = database.connect().await.unwrap();
        let (mut tx, _) = store::enter(&mut session, &books.slug).await.unwrap();
        // The tables are not the company's role's own.
        sqlx::query("set local role none").execute(&mut *tx).await.unwrap();
        for statement in statements {
            sqlx::query(*statement).execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        session.close().await;
    });
}

#[test]
fn a_new_database_says_how_to_begin_and_migrate_begins_once() {
    if server().is_some() {
        // Its registry is there already.
        return;
    }
    let books = Books::empty("fresh");
    let file = books.put(&books.month.files[0]);
    for command in [&["import", &file][..], &["log"]] {
        let told = books.run(command).ends(6).says("the registry has no tables in this database");
        told.says("next: make a company with `vama company create`");
    }
    let first = books.run(&["migrate", "--json"]).ends(0).json();
    let second = books.run(&["migrate", "--json"]).ends(0).json();
    assert_eq!(first["migrated"][0]["result"], "migrated");
    assert_eq!(second["migrated"][0]["result"], "already there");
    books.run(&["company", "list"]).ends(0).says("there are no companies yet");
    books.run(&["log"]).ends(0).says("nothing was imported yet");
    books.run(&["import", &file]).ends(4).says("there are none yet");
}

#[test]
fn a_company_behind_the_migrations_is_left_alone_until_it_is_migrated() {
    let books = Books::new("old");
    let file = books.put(&books.month.files[0]);
    execute(
        &books,
        &[
            "drop index bank_transactions_import_idx",
            "create index bank_transactions_import_idx on bank_transactions (import_id)",
            "delete from vama_migrations where version = 6",
        ],
    );
    let told = books.run(&["import", "--json", &file]).ends(6);
    let error = &told.json()["files"][0]["error"];
    assert_eq!(error["kind"], "schema");
    assert_eq!(error["advice"], "run `vama migrate`");
    let expected = format!("{} is at schema version 5, expected 6", books.slug);
    assert_eq!(error["message"], expected);

    let migrated = books.run(&["migrate", "--json"]).json();
    let ours = |it: &&serde_json::Value| it["what"] == books.slug.as_str();
    let ours = migrated["migrated"].as_array().unwrap().iter().find(ours).unwrap();
    assert_eq!(ours["result"], "migrated", "{ours}");
    books.assert_untouched();
    books.run(&["import", &file]).ends(0);
}

#[test]
fn a_company_that_a_newer_vama_migrated_asks_for_that_one() {
    let books = Books::new("newer");
    let file = books.put(&books.month.files[0]);
    execute(
        &books,
        &["insert into vama_migrations (version, description, checksum) \
           values (99, 'later', '')"],
    );
    let told = books.run(&["import", "-c", &books.slug, &file]).ends(6);
    told.says("is at schema version 99, expected 6").says("install the newest one");
    if server().is_none() {
        // On a server other tests' companies would be in the same list.
        let told = books.run(&["migrate"]).ends(7);
        told.says(&books.slug).says("install the newest one");
    }
    execute_newer_away(&books);
}

/// A company that no migration can be run on would stand in the way of later runs on a server.
fn execute_newer_away(books: &Books) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let database = Database::choose(Some(&books.url), PathBuf::new).unwrap();
        let mut session = database.connect().await.unwrap();
        let mut tx = session.begin().await.unwrap();
        sqlx::query("update public.companies set is_active = false where slug = $1")
            .bind(&books.slug)
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        session.close().await;
    });
}
