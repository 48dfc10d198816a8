//! The tables and their versions: the registry's once a database, a company's once a company.

use sqlx::PgConnection;
use sqlx::migrate::Migrator;

use super::statement::{query, query_scalar};
use super::versions::Versions;
use super::{Session, StoreError, company, enter};

/// What messages call the registry.
const REGISTRY: &str = "the registry";

static PUBLIC: Migrator = sqlx::migrate!("migrations/public");
static COMPANY: Migrator = sqlx::migrate!("migrations/company");

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
    for company in company::companies(session).await?.into_iter().filter(|it| it.is_active) {
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

/// Brings the registry to the newest version inside the transaction, which has entered it then.
pub(super) async fn bring_public(connection: &mut PgConnection) -> Result<bool, StoreError> {
    lock_registry(connection).await?;
    enter_registry(connection).await?;
    bring(&PUBLIC, REGISTRY, connection).await
}

/// Brings the company that was entered to the newest version inside the transaction.
pub(super) async fn bring_company(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<bool, StoreError> {
    lock_company(connection, slug).await?;
    bring(&COMPANY, slug, connection).await
}

/// Makes other changes of the registry wait until this transaction ends.
pub(super) async fn lock_registry(connection: &mut PgConnection) -> Result<(), StoreError> {
    query(include_str!("sql/lock_registry.sql"))
        .execute(connection)
        .await
        .map(drop)
        .map_err(StoreError::at("waiting for another change of the registry"))
}

/// Makes other imports into the company, and its migration, wait until this transaction ends.
pub(super) async fn lock_company(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<(), StoreError> {
    query(include_str!("sql/lock_company.sql"))
        .bind(slug)
        .execute(connection)
        .await
        .map(drop)
        .map_err(StoreError::at("waiting for another import into this company"))
}

async fn bring(
    migrator: &Migrator,
    what: &str,
    connection: &mut PgConnection,
) -> Result<bool, StoreError> {
    let before = version(connection).await?;
    let failed = |source| StoreError::Migrate { what: what.to_owned(), source };
    migrator.run_direct(None, &mut Versions(&mut *connection), false).await.map_err(failed)?;
    Ok(before != newest(migrator))
}

async fn enter_registry(connection: &mut PgConnection) -> Result<(), StoreError> {
    query(include_str!("sql/enter_registry.sql"))
        .execute(connection)
        .await
        .map(drop)
        .map_err(StoreError::at("entering the registry"))
}

/// Enters the registry, and refuses a database where it is missing or behind.
pub(super) async fn check_registry(connection: &mut PgConnection) -> Result<(), StoreError> {
    enter_registry(connection).await?;
    let found = version(connection).await?;
    refuse_other(REGISTRY, found, newest_public())
}

/// Refuses a company whose tables are missing or behind; it must have been entered.
pub(super) async fn check_company(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<(), StoreError> {
    let found = version(connection).await?;
    refuse_other(slug, found, newest_company())
}

fn refuse_other(what: &str, found: i64, expected: i64) -> Result<(), StoreError> {
    if found == expected {
        return Ok(());
    }
    Err(StoreError::Outdated { what: what.to_owned(), found, expected })
}

/// Returns the version of the schema that was entered, 0 where it has none.
pub(super) async fn version(connection: &mut PgConnection) -> Result<i64, StoreError> {
    let step = "reading the schema version";
    let has_versions: bool = query_scalar(include_str!("sql/has_versions.sql"))
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    if !has_versions {
        return Ok(0);
    }
    query_scalar(include_str!("sql/newest_version.sql"))
        .fetch_one(connection)
        .await
        .map_err(StoreError::at(step))
}
