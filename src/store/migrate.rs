//! The tables and their versions: the registry's once a database, a company's once a company.

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Connection, PgConnection};

use super::{Session, StoreError, companies, enter};

static PUBLIC: Migrator = sqlx::migrate!("migrations/public");
static COMPANY: Migrator = sqlx::migrate!("migrations/company");

/// Where a schema keeps which of its migrations have run. Not sqlx's default name, so that a
/// platform that uses sqlx too keeps its own beside it.
const VERSIONS_PUBLIC: &str = "public.vama_migrations";
const VERSIONS_COMPANY: &str = "vama_migrations";

/// What a migration of one schema came to.
#[derive(Debug)]
pub struct Migrated {
    /// `public`, or the company's slug.
    pub what: String,
    /// Whether anything had to be done, or why it failed.
    pub result: Result<bool, StoreError>,
}

/// Returns the newest version of the registry that this program brings.
pub fn newest_public() -> i64 {
    newest(&PUBLIC)
}

/// Returns the newest version of a company's tables that this program brings.
pub fn newest_company() -> i64 {
    newest(&COMPANY)
}

fn newest(migrator: &Migrator) -> i64 {
    migrator.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Brings the registry to the newest version. Returns whether anything had to be done.
///
/// # Errors
///
/// A migration or a database that fails; nothing is changed then.
pub async fn migrate_public(session: &mut Session) -> Result<bool, StoreError> {
    let mut tx = session.begin().await?;
    let changed = bring_public(&mut tx).await?;
    tx.commit().await.map_err(StoreError::at("migrating the registry"))?;
    Ok(changed)
}

/// Brings every company to the newest version, each in a transaction of its own: one that fails
/// does not stop the others.
///
/// # Errors
///
/// A registry that cannot be read.
pub async fn migrate_companies(session: &mut Session) -> Result<Vec<Migrated>, StoreError> {
    let mut results = Vec::new();
    for company in companies::companies(session).await?.into_iter().filter(|it| it.is_active) {
        let result = migrate_company(session, &company.slug).await;
        results.push(Migrated { what: company.slug, result });
    }
    Ok(results)
}

async fn migrate_company(session: &mut Session, slug: &str) -> Result<bool, StoreError> {
    let mut tx = session.begin().await?;
    enter::set_path(&mut tx, slug).await?;
    let changed = bring_company(&mut tx, slug).await?;
    tx.commit().await.map_err(StoreError::at("migrating the company"))?;
    Ok(changed)
}

/// Brings the registry to the newest version inside the transaction.
pub(super) async fn bring_public(connection: &mut PgConnection) -> Result<bool, StoreError> {
    sqlx::query(include_str!("sql/lock_registry.sql"))
        .execute(&mut *connection)
        .await
        .map_err(StoreError::at("locking the registry"))?;
    let before = public_version(connection).await?;
    run(&PUBLIC, VERSIONS_PUBLIC, "the registry", connection).await?;
    Ok(before != newest_public())
}

/// Brings the company that was entered to the newest version inside the transaction.
pub(super) async fn bring_company(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<bool, StoreError> {
    sqlx::query(include_str!("sql/lock_company.sql"))
        .bind(slug)
        .execute(&mut *connection)
        .await
        .map_err(StoreError::at("locking the company"))?;
    let before = company_version(connection).await?;
    run(&COMPANY, VERSIONS_COMPANY, slug, connection).await?;
    Ok(before != newest_company())
}

async fn run(
    migrator: &Migrator,
    versions: &'static str,
    what: &str,
    connection: &mut PgConnection,
) -> Result<(), StoreError> {
    let mut migrator = Migrator::with_migrations(migrator.iter().cloned().collect());
    // The lock is ours, bound to the transaction: a session's lock would not survive a pooler.
    migrator.set_locking(false);
    migrator.dangerous_set_table_name(versions);
    let failed = |source| StoreError::Migrate { what: what.to_owned(), source };
    let mut tx = connection.begin().await.map_err(|it| failed(MigrateError::Execute(it)))?;
    migrator.run_direct(None, &mut *tx, false).await.map_err(failed)?;
    tx.commit().await.map_err(|it| failed(MigrateError::Execute(it)))
}

/// Refuses a database whose registry is missing or behind.
pub(super) async fn check_registry(connection: &mut PgConnection) -> Result<(), StoreError> {
    let found = public_version(connection).await?;
    refuse_behind("the registry", found, newest_public())
}

/// Refuses a company whose tables are missing or behind; it must have been entered.
pub(super) async fn check_company(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<(), StoreError> {
    let found = company_version(connection).await?;
    refuse_behind(slug, found, newest_company())
}

fn refuse_behind(what: &str, found: i64, expected: i64) -> Result<(), StoreError> {
    if found == expected {
        return Ok(());
    }
    Err(StoreError::Outdated { what: what.to_owned(), found, expected })
}

async fn public_version(connection: &mut PgConnection) -> Result<i64, StoreError> {
    version(
        connection,
        include_str!("sql/registry_exists.sql"),
        include_str!("sql/public_version.sql"),
    )
    .await
}

async fn company_version(connection: &mut PgConnection) -> Result<i64, StoreError> {
    version(
        connection,
        include_str!("sql/has_migrations.sql"),
        include_str!("sql/company_version.sql"),
    )
    .await
}

/// Returns the version, 0 where the table that holds it is missing.
async fn version(
    connection: &mut PgConnection,
    exists: &'static str,
    version: &'static str,
) -> Result<i64, StoreError> {
    let step = "reading the schema version";
    let exists: bool = sqlx::query_scalar(exists)
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    if !exists {
        return Ok(0);
    }
    sqlx::query_scalar(version).fetch_one(connection).await.map_err(StoreError::at(step))
}
