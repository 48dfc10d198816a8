//! Which migrations this program brings, and whether the schema that was entered has had them.

use std::path::Path;

use sqlx::PgConnection;
use sqlx::migrate::{MigrateError, Migrator};

use super::statement::{query, query_scalar};
use super::turn::{Answers, Turn};
use crate::store::StoreError;

/// What messages call the registry.
pub(crate) const REGISTRY: &str = "the registry";

/// The table in each schema that says which migrations have run.
pub(crate) const VERSIONS: &str = "vama_migrations";

const NEWEST_VERSION: &str = include_str!("../sql/migrate/newest_version.sql");

const REGISTRY_VERSION: &str = "reading the registry's version";
const COMPANY_VERSION: &str = "reading the version of the company's tables";

/// The code of a table that is not there (PostgreSQL, appendix A).
const UNDEFINED_TABLE: &str = "42P01";

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

/// Adds the statements that enter the registry and read its version; their answers belong to
/// [`refuse_other_registry`].
pub(crate) fn enter_registry_in(turn: Turn) -> Turn {
    turn.add("entering the registry", include_str!("../sql/enter_registry.sql"), &[]).add(
        REGISTRY_VERSION,
        NEWEST_VERSION,
        &[],
    )
}

/// Refuses a registry that is behind, by the answers of [`enter_registry_in`].
pub(crate) fn refuse_other_registry(answers: &mut Answers) -> Result<(), StoreError> {
    answers.skip(1);
    let (found,) = answers.value(REGISTRY_VERSION)?;
    refuse_other(REGISTRY, found, newest_public())
}

/// Adds the statement that reads the version of the company that was entered; its answer belongs to
/// [`refuse_other_company`].
pub(crate) fn read_company_version_in(turn: Turn) -> Turn {
    turn.add(COMPANY_VERSION, NEWEST_VERSION, &[])
}

/// Refuses a company that is behind, by the answer of [`read_company_version_in`].
pub(crate) fn refuse_other_company(answers: &mut Answers, slug: &str) -> Result<(), StoreError> {
    let (found,) = answers.value(COMPANY_VERSION)?;
    refuse_other(slug, found, newest_company())
}

/// Returns what an error says where it is that there is no table of versions: then the registry or
/// the company has had no migration at all.
pub(crate) fn missing_version(error: StoreError, slug: &str) -> StoreError {
    let StoreError::Query { step, source: sqlx::Error::Database(cause) } = &error else {
        return error;
    };
    let (what, expected) = match *step {
        REGISTRY_VERSION => (REGISTRY, newest_public()),
        COMPANY_VERSION => (slug, newest_company()),
        _ => return error,
    };
    match cause.code().as_deref() {
        Some(UNDEFINED_TABLE) => StoreError::Outdated { what: what.to_owned(), found: 0, expected },
        _ => error,
    }
}

/// Enters the registry, and refuses a database where it is missing or behind.
pub(crate) async fn check_registry(connection: &mut PgConnection) -> Result<(), StoreError> {
    let answers = enter_registry_in(Turn::default()).take(connection).await;
    refuse_other_registry(&mut answers.map_err(|error| missing_version(error, REGISTRY))?)
}

/// Refuses a company whose tables are missing or behind; it must have been entered.
pub(crate) async fn check_company(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<(), StoreError> {
    let answers = read_company_version_in(Turn::default()).take(connection).await;
    refuse_other_company(&mut answers.map_err(|error| missing_version(error, slug))?, slug)
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
    query_scalar(NEWEST_VERSION).fetch_one(connection).await.map_err(StoreError::at(step))
}
