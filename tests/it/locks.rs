//! Who waits for whom: a change of one company keeps nobody from another company, and no two
//! changes keep each other.
//!
//! All these tests need two connections at once, which the embedded engine has not got.

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use vama::inside::store::{
    self, Adopt, Backup, Database, Migrations, Outside, Session, StoreError,
};
use vama::inside::value::slug::schema_of;

use crate::alone::{Alone, connect, new_company};
use crate::common::server;
use crate::world::behind_pooler;

/// Longer than anything that a test waits for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Returns the statement that makes an import into a company wait, as another import into it does.
fn import_lock(slug: &str) -> String {
    format!("select pg_advisory_xact_lock(hashtextextended('vama import {slug}', 0))")
}

/// Takes the lock that another change of the registry holds.
const REGISTRY_LOCK: &str = "select pg_advisory_xact_lock(hashtextextended('vama registry', 0))";

/// Runs statements in a transaction that goes on.
async fn begin<'s>(
    session: &'s mut Session,
    statements: &str,
) -> vama::inside::store::Transaction<'s> {
    let mut tx = session.begin().await.unwrap();
    let statements = sqlx::AssertSqlSafe(statements.to_owned());
    sqlx::raw_sql(statements).execute(&mut *tx).await.unwrap();
    tx
}

/// Waits until so many connections of this database wait for a lock.
async fn until_waiting(alone: &mut Alone, count: usize) {
    let waiting = "select count(*)::text from pg_stat_activity \
         where datname = current_database() and wait_event_type = 'Lock'";
    let all = async { while alone.column(waiting).await != [count.to_string()] {} };
    tokio::time::timeout(PATIENCE, all).await.expect("nobody waits");
}

/// Runs a change that nothing may keep waiting.
async fn at_once<T>(change: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, change).await.expect("it waits for a change of another company")
}

/// A database with two companies, and two further sessions in it.
struct Two {
    alone: Alone,
    slug: String,
    other: String,
    first: Session,
    second: Session,
}

impl Two {
    /// Makes it for a test that needs four transactions at once, more than a pooler gives.
    async fn for_four(name: &str) -> Option<Self> {
        if behind_pooler().is_some() { None } else { Self::new(name).await }
    }

    async fn new(name: &str) -> Option<Self> {
        server()?;
        let mut alone = Alone::new(name).await;
        let (slug, other) = (alone.company(name).await, alone.company("other").await);
        let (first, second) = (connect(&alone.own).await, connect(&alone.own).await);
        Some(Self { alone, slug, other, first, second })
    }

    fn schema(&self) -> String {
        schema_of(&self.slug).unwrap()
    }

    /// Changes the registry for the other company.
    async fn add_account(&mut self) {
        let added = store::add_account(&mut self.alone.session, &self.other, "gls:9");
        assert!(at_once(added).await.unwrap());
    }
}

#[tokio::test]
async fn a_company_that_is_released_during_its_import_keeps_no_other_waiting() {
    let Some(mut two) = Two::new("released").await else { return };
    two.alone.run("create schema old").await;
    let import = begin(&mut two.first, &import_lock(&two.slug)).await;
    let slug = two.slug.clone();
    let releasing = tokio::spawn(async move {
        let (session, released) = store::release(two.second, &slug, "old", None).await.unwrap();
        session.close().await;
        released.tables.len()
    });
    until_waiting(&mut two.alone, 1).await;

    let added = store::add_account(&mut two.alone.session, &two.other, "gls:9");
    assert!(at_once(added).await.unwrap());
    let third = new_company("third");
    at_once(store::create(&mut two.alone.session, &third)).await.unwrap();

    import.rollback().await.unwrap();
    assert_eq!(releasing.await.unwrap(), 23);
}

#[tokio::test]
async fn a_company_that_is_dropped_while_somebody_reads_it_keeps_no_other_waiting() {
    let Some(mut two) = Two::for_four("dropped").await else { return };
    let reads = format!("select count(*) from {}.products", two.schema());
    let reading = begin(&mut two.first, &reads).await;
    let slug = two.slug.clone();
    let dropping = tokio::spawn(async move {
        let (session, removed) = store::remove(two.second, &slug, None).await.unwrap();
        session.close().await;
        removed
    });
    until_waiting(&mut two.alone, 1).await;

    let added = store::add_account(&mut two.alone.session, &two.other, "gls:9");
    assert!(at_once(added).await.unwrap());
    // A change of the company itself waits until it is known what becomes of the company.
    let mut third = connect(&two.alone.own).await;
    let slug = two.slug.clone();
    let adding = tokio::spawn(async move {
        let added = store::add_account(&mut third, &slug, "gls:8").await;
        third.close().await;
        added
    });
    until_waiting(&mut two.alone, 2).await;
    reading.rollback().await.unwrap();
    assert!(dropping.await.unwrap().role_dropped);
    let error = adding.await.unwrap().unwrap_err();
    assert!(matches!(error, StoreError::UnknownCompany { .. }), "{error}");
}

#[tokio::test]
async fn tables_that_are_adopted_while_somebody_reads_them_keep_no_other_waiting() {
    let Some(mut two) = Two::new("adopted").await else { return };
    two.alone.run("create schema old; create table old.products (sku text)").await;
    let reading = begin(&mut two.first, "select count(*) from old.products").await;
    let slug = two.slug.clone();
    let adopting = tokio::spawn(async move {
        let what = Adopt { from: "old", tables: &[], backup: None, dry_run: false };
        let (session, adopted) = store::adopt(two.second, &slug, what).await.unwrap();
        session.close().await;
        adopted.tables.len()
    });
    until_waiting(&mut two.alone, 1).await;
    let added = store::add_account(&mut two.alone.session, &two.other, "gls:9");
    assert!(at_once(added).await.unwrap());
    reading.rollback().await.unwrap();
    assert_eq!(adopting.await.unwrap(), 1);
}

/// Backs the company up, around a pooler.
async fn backup(alone: &Alone, slug: &str, file: &std::path::Path) -> Backup {
    let database = Database::choose(Some(alone.own.url()), PathBuf::new).unwrap();
    let session = database.connect().await.unwrap();
    let (session, made) = store::backup(session, slug, file, Outside::default()).await.unwrap();
    session.close().await;
    made
}

#[tokio::test]
async fn a_company_that_comes_back_out_of_its_backup_keeps_no_other_waiting() {
    if behind_pooler().is_some() {
        // There are no backups through a pooler.
        return;
    }
    let Some(mut two) = Two::new("restored").await else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("company.sql");
    backup(&two.alone, &two.slug, &file).await;
    let (session, _) = store::remove(two.second, &two.slug, None).await.unwrap();
    two.second = session;
    // Somebody makes a schema of that name and has not committed it yet.
    let create = format!("create schema {}", two.schema());
    let making = begin(&mut two.first, &create).await;
    let (restored_from, slug) = (file.clone(), two.slug.clone());
    let restoring = tokio::spawn(async move {
        let restored = store::restore(&mut two.second, &restored_from, None).await.unwrap();
        two.second.close().await;
        restored.slug
    });
    until_waiting(&mut two.alone, 1).await;
    let added = store::add_account(&mut two.alone.session, &two.other, "gls:9");
    assert!(at_once(added).await.unwrap());
    making.rollback().await.unwrap();
    assert_eq!(restoring.await.unwrap(), slug);
}

#[tokio::test]
async fn two_copies_of_one_backup_come_out_of_it_at_once() {
    if behind_pooler().is_some() {
        // There are no backups through a pooler.
        return;
    }
    let Some(mut two) = Two::new("copies").await else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("company.sql");
    backup(&two.alone, &two.slug, &file).await;
    let names = [new_company("copy").slug, new_company("copy").slug];
    let (first, second) = tokio::join!(
        store::restore(&mut two.first, &file, Some(&names[0])),
        store::restore(&mut two.second, &file, Some(&names[1])),
    );
    assert!(first.unwrap().is_copy && second.unwrap().is_copy);
    two.add_account().await;
}

#[tokio::test]
async fn of_two_companies_that_want_the_same_at_once_one_is_made() {
    let Some(mut two) = Two::for_four("twins").await else { return };
    let same_slug = new_company("twin");
    let same_account = [new_company("one"), new_company("two")]
        .map(|it| store::NewCompany { accounts: vec!["gls:7".to_owned()], ..it });
    for [one, another] in [[&same_slug, &same_slug], [&same_account[0], &same_account[1]]] {
        // Both come as far as the registry before either may write there.
        let registry = begin(&mut two.first, REGISTRY_LOCK).await;
        let mut third = connect(&two.alone.own).await;
        let waiting = async {
            until_waiting(&mut two.alone, 2).await;
            registry.rollback().await.unwrap();
        };
        let (made, also, ()) = tokio::join!(
            store::create(&mut two.second, one),
            store::create(&mut third, another),
            waiting,
        );
        third.close().await;
        let (made, refused) = if made.is_ok() { (made, also) } else { (also, made) };
        made.unwrap();
        let error = refused.unwrap_err();
        assert!(matches!(error, StoreError::Taken(_)), "{error}");
    }
}

/// Takes away the company's own role, which the database knows.
fn without_role(slug: &str) -> String {
    let role = format!("vama_{}", schema_of(slug).unwrap());
    format!("drop owned by {role}; drop role {role}")
}

#[tokio::test]
async fn two_migrations_at_once_make_a_role_that_is_missing() {
    let Some(mut two) = Two::for_four("role").await else { return };
    two.alone.run(&without_role(&two.slug)).await;
    // Both come as far as the company before either may change it.
    let import = begin(&mut two.first, &import_lock(&two.slug)).await;
    let mut third = connect(&two.alone.own).await;
    let waiting = async {
        until_waiting(&mut two.alone, 2).await;
        import.rollback().await.unwrap();
    };
    let (mine, theirs, ()) = tokio::join!(
        store::migrate_companies(&mut two.second, Migrations::built_in()),
        store::migrate_companies(&mut third, Migrations::built_in()),
        waiting,
    );
    third.close().await;
    for migrated in mine.unwrap().into_iter().chain(theirs.unwrap()) {
        migrated.result.unwrap();
    }
    let (tx, _) = store::enter(&mut two.alone.session, &two.slug).await.unwrap();
    tx.rollback().await.unwrap();
}

#[tokio::test]
async fn two_databases_of_a_server_make_the_same_role_at_once() {
    let Some(mut two) = Two::new("cluster").await else { return };
    let mut elsewhere = Alone::new("elsewhere").await;
    let same =
        store::NewCompany { slug: two.slug.clone(), schema: two.schema(), ..new_company("x") };
    store::create(&mut elsewhere.session, &same).await.unwrap();
    let role = format!("vama_{}", two.schema());
    elsewhere.run(&format!("drop owned by {role}")).await;
    two.alone.run(&without_role(&two.slug)).await;
    let making = begin(&mut elsewhere.session, &format!("create role {role} nologin")).await;
    let waiting = async {
        until_waiting(&mut two.alone, 1).await;
        making.commit().await.unwrap();
    };
    let migrating = store::migrate_companies(&mut two.first, Migrations::built_in());
    let (migrated, ()) = tokio::join!(migrating, waiting);
    for migrated in migrated.unwrap() {
        migrated.result.unwrap();
    }
    let (tx, _) = store::enter(&mut two.second, &two.slug).await.unwrap();
    tx.rollback().await.unwrap();
}
