//! Databases whose tables are missing, old or newer than this program.

use std::path::PathBuf;

use vama::inside::store::{self, Database};

use crate::common::own::Own;
use crate::common::{server, unique};
use crate::program::Books;

/// Runs statements inside the company, as an older or newer vama may have left it.
fn execute(books: &Books, statements: &[&'static str]) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let database = Database::choose(Some(&books.url), PathBuf::new).unwrap();
        let mut session = database.connect().await.unwrap();
        let (mut tx, _) = store::enter(&mut session, &books.slug).await.unwrap();
        // The company's role does not own the tables.
        sqlx::raw_sql("set local role none").execute(&mut *tx).await.unwrap();
        for statement in statements {
            sqlx::raw_sql(*statement).execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        session.close().await;
    });
}

#[test]
fn a_new_database_says_how_to_begin_and_migrate_begins_once() {
    if server().is_some() {
        // The server's database has a registry already.
        return;
    }
    let books = Books::empty("fresh");
    let file = books.put(&books.month.files[0]);
    let told = books.run(&["log"]).ends(6).says("the registry has no tables in this database");
    told.says("next: make a company with `vama company create`");
    let told = books.run(&["import", &file]).ends(4).says("there are none yet");
    told.says("next: make the company, then import again: `vama company create ");
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
    execute(&books, &["delete from vama_migrations where version = 12"]);
    let told = books.run(&["import", "--json", &file]).ends(6);
    let error = &told.json()["files"][0]["error"];
    assert_eq!(error["kind"], "schema");
    assert_eq!(error["advice"], "run `vama migrate`");
    let expected = format!("{} is at schema version 11, expected 12", books.slug);
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
    let own = Own::new("newer");
    let books = Books::alone(&own, "newer");
    books.create(&books.slug, &[]).ends(0);
    let file = books.put(&books.month.files[0]);
    execute(
        &books,
        &["insert into vama_migrations (version, description, checksum) \
           values (99, 'later', '')"],
    );
    let told = books.run(&["import", "-c", &books.slug, &file]).ends(6);
    told.says("is at schema version 99, expected 12").says("install the newest one");
    books.run(&["migrate"]).ends(7).says(&books.slug).says("install the newest one");
}

#[test]
fn a_check_tells_what_is_behind_or_was_changed_and_changes_nothing() {
    let own = Own::new("checked");
    let books = Books::alone(&own, "checked");
    let fresh = books.run(&["migrate", "--check"]).ends(6);
    assert!(fresh.stdout.contains("behind: run `vama migrate`"), "{}", fresh.stdout);
    books.create(&books.slug, &[]).ends(0);
    let newest = store::newest_company();
    let check = |exit: i32, state: &str, differences: &[&str]| {
        let told = books.run(&["migrate", "--check", "--json"]).ends(exit).json();
        let all = told["checked"].as_array().unwrap();
        let [registry, checked] = &all[..] else { panic!("{told}") };
        assert_eq!(
            (&registry["slug"], &registry["state"]),
            (&"the registry".into(), &"current".into())
        );
        assert_eq!(
            (told["schema"].as_i64(), checked["expected"].as_i64()),
            (Some(1), Some(newest))
        );
        assert_eq!(checked["slug"], books.slug.as_str());
        assert_eq!(checked["state"], state);
        assert_eq!(checked["differences"], serde_json::json!(differences));
        books.run(&["migrate", "--check"]).ends(exit).stdout
    };
    let told = check(0, "current", &[]);
    assert!(told.contains(&books.slug) && told.contains("current"), "{told}");

    execute(&books, &["drop index held_rows_import_idx"]);
    let difference = "held_rows lacks an index btree (import_id)";
    let told = check(6, "drifted", &[difference]);
    assert!(told.starts_with(&format!("{}: {difference}\n", books.slug)), "{told}");
    assert!(told.contains("drifted: see above"), "{told}");

    execute(&books, &["delete from vama_migrations where version = 12"]);
    let told = check(6, "behind", &[]);
    assert!(told.contains("behind: run `vama migrate`"), "{told}");

    books.sql(
        "alter table public.users drop display_name; alter table public.companies add hue text",
    );
    let told = books.run(&["migrate", "--check"]).ends(6).stdout;
    let difference = "the registry: column users.display_name is missing, expected text\n";
    assert!(told.starts_with(difference) && !told.contains("hue"), "{told}");
}

#[test]
fn a_company_that_fails_to_migrate_is_named_and_the_others_are_migrated() {
    let own = Own::new("some-failed");
    let books = Books::alone(&own, "failed");
    let other = unique("good");
    books.create(&books.slug, &[]).ends(0);
    books.create(&other, &[]).ends(0);
    execute(&books, &["update vama_migrations set checksum = '' where version = 3"]);

    let why = "migration 3 was previously applied but has been modified";
    let told = books.run(&["migrate"]).ends(7).says(&books.slug).says(why);
    for line in told.stdout.lines() {
        let failed = line.contains(&books.slug);
        assert_eq!(line.contains("failed"), failed, "{}", told.stdout);
        assert_eq!(
            line.contains("already there"),
            line.contains(&other) || line.contains("the registry")
        );
    }
    let json = books.run(&["migrate", "--json"]).ends(7).json();
    let lines = json["migrated"].as_array().unwrap();
    let failed = lines.iter().find(|it| it["what"] == books.slug.as_str()).unwrap();
    assert_eq!(failed["result"], "failed");
    assert!(failed["error"].as_str().unwrap().contains(why), "{failed}");
    let good = lines.iter().find(|it| it["what"] == other.as_str()).unwrap();
    assert_eq!(
        (&good["result"], &good["error"]),
        (&"already there".into(), &serde_json::Value::Null)
    );
}
