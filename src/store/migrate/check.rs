//! Which companies are behind, or have drifted from what the migrations make. Changes nothing.

use super::run::standings;
use super::{Migrations, newest};
use crate::store::catalog::{Difference, catalogs, reference};
use crate::store::connect::done_reading;
use crate::store::{Session, StoreError};

/// Companies whose catalog is read at once.
const READ_AT_ONCE: usize = 50;

/// How a company's tables stand beside the migrations.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Checked {
    /// The company's slug.
    pub slug: String,
    /// The newest migration that it has had; 0 where it has had none.
    pub version: i64,
    /// The newest one there is.
    pub expected: i64,
    /// Whether it is as it should be.
    pub state: Standing,
    /// What it lacks, or has otherwise.
    pub differences: Vec<String>,
}

/// How current a company's tables are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// As the migrations make them.
    Current,
    /// Migrations are to come.
    Behind,
    /// Its migrations are others than those that this program brings.
    Other,
    /// All migrations have run, but what they made was changed since.
    Drifted,
}

/// Looks at every active company, and returns how each stands, by slug.
///
/// # Errors
///
/// A database that fails, or where this user may not make the tables to compare with.
pub async fn check_companies(
    session: &mut Session,
    migrations: &Migrations,
) -> Result<Vec<Checked>, StoreError> {
    let standings = standings(session, migrations).await?;
    let mut tx = session.begin().await?;
    let expected = reference(&mut tx, migrations).await?;
    done_reading(tx).await?;
    let newest = newest(&migrations.company);
    let mut checked = Vec::with_capacity(standings.len());
    for chunk in standings.chunks(READ_AT_ONCE) {
        let schemas: Vec<&str> = chunk.iter().map(|it| it.schema.as_str()).collect();
        let mut tx = session.begin().await?;
        let mut found = catalogs(&mut tx, &schemas).await?;
        done_reading(tx).await?;
        for standing in chunk {
            let found = found.remove(&standing.schema).unwrap_or_default();
            // What migrations that are to come will make is not lacking yet.
            let differences = match standing.version < newest {
                true => Vec::new(),
                false => expected.lacking(&found),
            };
            let state = match (standing.version, standing.is_current, differences.is_empty()) {
                (version, _, _) if version < newest => Standing::Behind,
                (_, false, _) => Standing::Other,
                (_, true, false) => Standing::Drifted,
                (_, true, true) => Standing::Current,
            };
            checked.push(Checked {
                slug: standing.slug.clone(),
                version: standing.version,
                expected: newest,
                state,
                differences: differences.iter().map(Difference::to_string).collect(),
            });
        }
    }
    Ok(checked)
}
