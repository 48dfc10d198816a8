//! Which migrations this program brings, and whether the schema that was entered has had them.

use std::path::Path;

use sqlx::PgConnection;
use sqlx::migrate::{MigrateError, Migrator};

use super::statement::{query, query_scalar};
use crate::store::StoreError;

/// What messages call the registry.
pub(crate) const REGISTRY: &str = "the registry";

/// The table in each schema that says which migrations have run.
pub(crate) const VERSIONS: &str = "vama_migrations";

pub(crate) static PUBLIC: Migrator = sqlx::migrate!("migrations/public");
static COMPANY: Migrations = Migrations { company: sqlx::migrate!("migrations/company") };

/// What makes a company's tables, step by step.
#[derive(Debug)]
pub struct Migrations {
    pub(crate) company: Migrator,
}

impl Migrations {
    /// Returns the migrations that this program brings.
    pub fn built_in() -> &'static Self {
        &COMPANY
    }

    /// Returns the migrations of a folder, to try a further one before it is part of the program. A
    /// company that has had such a migration is refused everywhere else, since the program does not
    /// bring it.
    ///
    /// # Errors
    ///
    /// A folder that cannot be read, or a file in it that is not called `<number>_<name>.sql`.
    #[cfg(any(test, feature = "inside"))]
    pub async fn of_folder(folder: &Path) -> Result<Self, MigrateError> {
        Ok(Self { company: Migrator::new(folder).await? })
    }

    /// Returns whether exactly these migrations have run.
    pub(crate) fn are(&self, versions: &[i64], checksums: &[Vec<u8>]) -> bool {
        let ours = self.company.iter().map(|it| (it.version, &*it.checksum));
        ours.eq(versions.iter().copied().zip(checksums.iter().map(Vec::as_slice)))
    }
}

/// Returns the newest version of the registry that this program brings.
pub fn newest_public() -> i64 {
    newest(&PUBLIC)
}

/// Returns the newest version of a company's tables that this program brings.
pub fn newest_company() -> i64 {
    newest(&COMPANY.company)
}

pub(crate) fn newest(migrator: &Migrator) -> i64 {
    migrator.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Enters the registry, whatever its version.
pub(crate) async fn enter_registry(connection: &mut PgConnection) -> Result<(), StoreError> {
    query(include_str!("../sql/enter_registry.sql"))
        .execute(connection)
        .await
        .map(drop)
        .map_err(StoreError::at("entering the registry"))
}

/// Enters the registry, and refuses a database where it is missing or behind.
pub(crate) async fn check_registry(connection: &mut PgConnection) -> Result<(), StoreError> {
    enter_registry(connection).await?;
    let found = version(connection).await?;
    refuse_other(REGISTRY, found, newest_public())
}

/// Refuses a company whose tables are missing or behind; it must have been entered.
pub(crate) async fn check_company(
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
pub(crate) async fn version(connection: &mut PgConnection) -> Result<i64, StoreError> {
    let step = "reading the schema version";
    let has_versions: bool = query_scalar(include_str!("../sql/migrate/has_versions.sql"))
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    if !has_versions {
        return Ok(0);
    }
    query_scalar(include_str!("../sql/migrate/newest_version.sql"))
        .fetch_one(connection)
        .await
        .map_err(StoreError::at(step))
}
