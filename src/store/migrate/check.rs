//! Which companies are behind, or have drifted from what the migrations make. Changes nothing.

use std::cmp::Ordering;

use super::run::{Applied, Inspected, look};
use crate::store::connection::session::done_reading;
use crate::store::connection::version::{
    self, Migrations, REGISTRY, enter_registry, newest, newest_public,
};
use crate::store::migrate::catalog::{
    Catalog, Difference, catalog, catalogs, reference, registry_reference,
};
use crate::store::migrate::closed;
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
    pub state: SchemaState,
    /// What it lacks, or has otherwise.
    pub differences: Vec<String>,
}

/// How current a company's tables are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemaState {
    /// As the migrations make them.
    Current,
    /// Migrations are to come.
    Behind,
    /// Its migrations are others than those that this program brings.
    Other,
    /// It cannot be looked at; the reason stands with the differences.
    Unreadable,
    /// All migrations have run, but what they made was changed since.
    Drifted,
}

/// Looks at the registry, and returns how it stands and where it is open to others. In the place of
/// a slug stands the registry's name.
///
/// # Errors
///
/// As [`check_companies`].
pub async fn check_public(session: &mut Session) -> Result<Checked, StoreError> {
    let mut tx = session.begin().await?;
    enter_registry(&mut tx).await?;
    let (version, newest) = (version::version(&mut tx).await?, newest_public());
    let expected = registry_reference(&mut tx).await?;
    let found = catalog(&mut tx, "public").await?;
    let open = closed::open(&mut tx).await?;
    done_reading(tx).await?;
    let state = |drifted: bool| match (version.cmp(&newest), drifted) {
        (Ordering::Less, _) => SchemaState::Behind,
        (Ordering::Greater, _) => SchemaState::Other,
        (Ordering::Equal, true) => SchemaState::Drifted,
        (Ordering::Equal, false) => SchemaState::Current,
    };
    // What migrations that are to come will make is not lacking yet.
    let mut differences: Vec<String> = match version < newest {
        true => Vec::new(),
        false => expected.lacking(&found).iter().map(Difference::to_string).collect(),
    };
    differences.extend(open.into_iter().filter(|_| version > 0));
    Ok(Checked {
        slug: REGISTRY.to_owned(),
        version,
        expected: newest,
        state: state(!differences.is_empty()),
        differences,
    })
}

/// Looks at every company, active or not, and returns how each stands, by slug.
///
/// # Errors
///
/// A database that fails, or where this user may not make the tables to compare with.
pub async fn check_companies(
    session: &mut Session,
    migrations: &Migrations,
) -> Result<Vec<Checked>, StoreError> {
    let looked = look(session, migrations).await?;
    let mut tx = session.begin().await?;
    let expected = reference(&mut tx, migrations).await?;
    done_reading(tx).await?;
    let newest = newest(&migrations.company);
    let mut checked = Vec::with_capacity(looked.len());
    for chunk in looked.chunks(READ_AT_ONCE) {
        let schemas: Vec<&str> = chunk.iter().map(|it| it.schema.as_str()).collect();
        let mut tx = session.begin().await?;
        let mut found = catalogs(&mut tx, &schemas).await?;
        done_reading(tx).await?;
        for company in chunk {
            let found = found.remove(&company.schema).unwrap_or_default();
            checked.push(judge(company, &expected, &found, newest));
        }
    }
    Ok(checked)
}

fn judge(company: &Inspected, expected: &Catalog, found: &Catalog, newest: i64) -> Checked {
    let (version, state, differences) = match &company.versions {
        Err(error) => (0, SchemaState::Unreadable, vec![error.with_cause()]),
        // What migrations that are to come will make is not lacking yet.
        Ok(versions) if versions.newest < newest => {
            (versions.newest, SchemaState::Behind, Vec::new())
        }
        // The role is missing, or may not sign in where a cluster needs it.
        Ok(versions) if !company.has_role => (versions.newest, SchemaState::Behind, Vec::new()),
        Ok(Applied { are_current, newest }) => {
            let differences = expected.differences(found);
            let state = match (are_current, differences.is_empty()) {
                (false, _) => SchemaState::Other,
                (true, false) => SchemaState::Drifted,
                (true, true) => SchemaState::Current,
            };
            (*newest, state, differences.iter().map(Difference::to_string).collect())
        }
    };
    Checked { slug: company.slug.clone(), version, expected: newest, state, differences }
}
