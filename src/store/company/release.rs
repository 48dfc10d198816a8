//! The way back: a company's tables leave it for another schema.

use crate::store::connection::version;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sqlx::PgConnection;

use super::remove::unregister;
use super::safeguard::Safeguard;
use crate::store::backup::{Backup, Outside};
use crate::store::company::begin::begin_with_company_lock;
use crate::store::company::moving;
use crate::store::connection::role;
use crate::store::connection::statement::{query_as, query_scalar, run_quoted};
use crate::store::migrate::catalog::{Catalog, counts, reference};
use crate::store::{Migrations, Session, StoreError};

const STEP: &str = "releasing the tables";

/// What releasing a company came to.
#[derive(Debug, serde::Serialize)]
pub struct Released {
    /// The tables that moved, with how many rows each has.
    pub tables: BTreeMap<String, i64>,
    /// Empty tables that vama had made beside those it adopted; they are gone.
    pub dropped: Vec<String>,
    /// What could not move; because of it the schema stays.
    pub left: Vec<String>,
    /// How many of the company's users went with it.
    pub users: i64,
    /// How many of its sealed credentials went with it.
    pub credentials: i64,
    /// Whether its role is gone too.
    pub role_dropped: bool,
    /// The backup that was made before.
    pub backup: Option<Backup>,
}

/// Moves everything that the company has into another schema, and takes the company out of the
/// registry; its schema is dropped too where nothing is left in it.
///
/// A company that adopted tables gives back these and every other table that has rows; empty tables
/// that vama had made beside them are dropped. A company that adopted no tables gives all its
/// tables.
///
/// # Errors
///
/// An unknown company or schema; [`StoreError::InTheWay`] where the schema has relations of the
/// same names; a backup or a database that fails. Nothing is changed then.
pub async fn release(
    session: Session,
    slug: &str,
    to: &str,
    backup: Option<&Path>,
) -> Result<(Session, Released), StoreError> {
    let safeguard = Safeguard { slug, file: backup, outside: Outside::default() };
    let (mut session, dumper, ahead) = safeguard.ahead(session).await?;
    let (mut tx, company) = begin_with_company_lock(&mut session, slug).await?;
    moving::refuse_schema(&mut tx, to).await?;
    let schema = company.schema.as_str();
    moving::enter_catalog(&mut tx).await?;
    let relations = Relations::read(&mut tx, schema).await?;
    let rows = counts(&mut tx, schema, Some(&relations.names())).await?;
    refuse_taken(&mut tx, schema, to, &relations.leaving(&rows).moving).await?;
    let within = safeguard.within(&mut tx, dumper.as_ref()).await?;
    moving::enter_catalog(&mut tx).await?;
    // Counted again: from here on nobody can write.
    let mut before = moving::lock_and_count(&mut tx, schema, &relations.names()).await?;
    let leaving = relations.leaving(&before);
    before.retain(|name, _| leaving.moving.contains(name));
    role::take_rights(&mut tx, schema).await?;
    // They read tables that may be dropped, and are of no use without vama.
    moving::take_out_views(&mut tx, schema).await?;
    drop_tables(&mut tx, schema, &leaving.dropping).await?;
    moving::move_all(&mut tx, schema, to, &leaving.moving).await?;
    let tables = counts(&mut tx, to, Some(&leaving.moving)).await?;
    moving::compare(&before, &tables)?;
    let left = drop_if_empty(&mut tx, schema).await?;
    let role_dropped = role::drop(&mut tx, schema).await?;
    let (users, credentials) = unregister(&mut tx, company.id).await?;
    tx.commit().await.map_err(StoreError::at(STEP))?;
    let dropped = leaving.dropping.into_iter().filter(|it| it != version::VERSIONS).collect();
    let backup = ahead.or(within);
    let released = Released { tables, dropped, left, users, credentials, role_dropped, backup };
    Ok((session, released))
}

/// What becomes of the relations of a schema.
struct Leaving {
    moving: Vec<String>,
    dropping: Vec<String>,
}

/// What a company's schema has that can move.
struct Relations {
    /// Name, whether it is a table, and whether it was adopted.
    all: Vec<(String, bool, bool)>,
    /// Which table refers to which other one.
    references: Vec<(String, String)>,
    /// What the migrations make.
    expected: Catalog,
}

impl Relations {
    async fn read(connection: &mut PgConnection, schema: &str) -> Result<Self, StoreError> {
        let expected = reference(connection, Migrations::built_in()).await?;
        let all = query_as(include_str!("../sql/release/relations.sql"))
            .bind(schema)
            .fetch_all(&mut *connection)
            .await
            .map_err(StoreError::at(STEP))?;
        let references = query_as(include_str!("../sql/release/references.sql"))
            .bind(schema)
            .fetch_all(connection)
            .await
            .map_err(StoreError::at(STEP))?;
        Ok(Self { all, references, expected })
    }

    fn names(&self) -> Vec<String> {
        self.all.iter().map(|(name, ..)| name.clone()).collect()
    }

    /// Decides what moves and what is dropped, by how many rows each table has.
    fn leaving(&self, rows: &BTreeMap<String, i64>) -> Leaving {
        let adopted_any = self.all.iter().any(|(_, _, adopted)| *adopted);
        let is_spare = |name: &str, adopted: bool| {
            let of_vama = adopted_any && !adopted && self.expected.0.contains_key(name);
            name == version::VERSIONS || (of_vama && rows.get(name) == Some(&0))
        };
        let spare = self
            .all
            .iter()
            .filter(|(name, is_table, adopted)| *is_table && is_spare(name, *adopted));
        let mut spare: BTreeSet<&str> = spare.map(|(name, ..)| name.as_str()).collect();
        // A table that a moving table refers to moves too.
        let mut known = usize::MAX;
        while known != spare.len() {
            known = spare.len();
            for (table, referred) in &self.references {
                if !spare.contains(table.as_str()) {
                    spare.remove(referred.as_str());
                }
            }
        }
        let (dropping, moving) =
            self.names().into_iter().partition(|name| spare.contains(name.as_str()));
        Leaving { moving, dropping }
    }
}

async fn refuse_taken(
    connection: &mut PgConnection,
    from: &str,
    to: &str,
    relations: &[String],
) -> Result<(), StoreError> {
    let taken: Vec<String> = query_scalar(include_str!("../sql/release/taken.sql"))
        .bind(from)
        .bind(to)
        .bind(relations)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at(STEP))?;
    if taken.is_empty() { Ok(()) } else { Err(StoreError::InTheWay(taken)) }
}

async fn drop_tables(
    connection: &mut PgConnection,
    schema: &str,
    tables: &[String],
) -> Result<(), StoreError> {
    let statement: Option<String> =
        query_scalar(include_str!("../sql/release/drop_tables_statement.sql"))
            .bind(schema)
            .bind(tables)
            .fetch_one(&mut *connection)
            .await
            .map_err(StoreError::at(STEP))?;
    match statement {
        Some(statement) => run_quoted(connection, statement, STEP).await,
        None => Ok(()),
    }
}

/// Drops the schema where it is empty; returns what is left in it.
async fn drop_if_empty(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<Vec<String>, StoreError> {
    let left: Vec<String> = query_scalar(include_str!("../sql/release/left.sql"))
        .bind(schema)
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(STEP))?;
    if left.is_empty() {
        let statement: String =
            query_scalar(include_str!("../sql/release/drop_schema_statement.sql"))
                .bind(schema)
                .fetch_one(&mut *connection)
                .await
                .map_err(StoreError::at(STEP))?;
        run_quoted(connection, statement, STEP).await?;
    }
    Ok(left)
}
