//! The tables and their versions: the registry's once a database, a company's once a company.

mod check;
mod closed;
mod run;
mod versions;

use std::path::Path;

use sqlx::PgConnection;
use sqlx::migrate::{MigrateError, Migrator};

use self::closed::close;
use self::versions::Versions;
use super::StoreError;
use super::lock::lock_registry;
use super::quotes::statements;
use super::statement::{query, query_scalar, run_all_quoted, run_script};

pub use check::{Checked, Standing, check_companies, check_public};
pub use run::{Migrated, migrate_companies, migrate_public};

/// What messages call the registry.
const REGISTRY: &str = "the registry";

/// The table in each schema that says which migrations have run.
pub(super) const VERSIONS: &str = "vama_migrations";

static PUBLIC: Migrator = sqlx::migrate!("migrations/public");
static COMPANY: Migrations = Migrations { company: sqlx::migrate!("migrations/company") };

/// What makes a company's tables, step by step.
#[derive(Debug)]
pub struct Migrations {
    company: Migrator,
}

impl Migrations {
    /// Returns those that this program brings.
    pub fn built_in() -> &'static Self {
        &COMPANY
    }

    /// Returns those of a folder, to try a further one before it is part of the program: a company
    /// that has had one which the program does not bring is refused everywhere else.
    ///
    /// # Errors
    ///
    /// A folder that cannot be read, or a file in it that is not called `<number>_<name>.sql`.
    pub async fn of_folder(folder: &Path) -> Result<Self, MigrateError> {
        Ok(Self { company: Migrator::new(folder).await? })
    }

    /// Returns whether these are exactly the ones that have run.
    fn are(&self, versions: &[i64], checksums: &[Vec<u8>]) -> bool {
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

fn newest(migrator: &Migrator) -> i64 {
    migrator.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Brings the registry to the newest version inside the transaction, which has entered it then.
async fn bring_public(connection: &mut PgConnection) -> Result<bool, StoreError> {
    lock_registry(connection).await?;
    enter_registry(connection).await?;
    let brought = bring(&PUBLIC, REGISTRY, connection).await?;
    Ok(close(connection).await? || brought)
}

/// Enters the registry, which is brought to the newest version where it is missing or behind; only then it
/// is locked from here on.
pub(super) async fn enter_newest_registry(connection: &mut PgConnection) -> Result<(), StoreError> {
    enter_registry(connection).await?;
    if version(connection).await? != newest_public() {
        bring_public(connection).await?;
    }
    Ok(())
}

/// Runs what is still to run in the schema that was entered. Returns whether that was anything.
pub(super) async fn run(
    connection: &mut PgConnection,
    what: &str,
    migrations: &Migrations,
) -> Result<bool, StoreError> {
    bring(&migrations.company, what, connection).await
}

/// Makes the registry's tables in the schema that was entered, instead of in public, whose name the
/// migrations put before every table.
pub(super) async fn run_registry_here(connection: &mut PgConnection) -> Result<(), StoreError> {
    let step = "making the tables to compare with";
    // The migrations find it there already.
    run_script(connection, include_str!("../sql/migrate/create_versions.sql"), step).await?;
    for migration in PUBLIC.iter() {
        let text = migration.sql.as_str().replace("public.", "");
        let statements = statements(&text).map(str::to_owned);
        run_all_quoted(connection, statements, step).await?;
    }
    Ok(())
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
    query(include_str!("../sql/enter_registry.sql"))
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
