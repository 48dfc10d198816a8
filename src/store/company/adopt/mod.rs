//! An old platform's tables become a company's.
//!
//! What the tables lack is added in their old schema, old rows get their keys, then the tables
//! move. All in one transaction: where rows contradict what the migrations demand, nothing has
//! moved.

mod complete;
mod keys;

use crate::store::connection::version;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use sqlx::PgConnection;

use super::safeguard::Safeguard;
use crate::store::backup::{Backup, Outside};
use crate::store::company::begin::begin_with_company_lock;
use crate::store::company::{grant, moving};
use crate::store::connection::cluster;
use crate::store::connection::enter::enter_schema;
use crate::store::connection::lock;
use crate::store::connection::registry::Company;
use crate::store::connection::role;
use crate::store::connection::session::done_reading;
use crate::store::connection::statement::{query, query_scalar, run_all_quoted};
use crate::store::migrate::catalog::{Catalog, catalog, counts, reference};
use crate::store::{Migrations, Session, StoreError, Transaction};

pub use keys::KeyCounts;

const STEP: &str = "adopting the tables";

/// Which tables are to be adopted.
#[derive(Debug, Clone, Copy)]
pub struct Adopt<'a> {
    /// The schema that has them.
    pub from: &'a str,
    /// Their names; where there are none, all tables whose names vama's tables have too.
    pub tables: &'a [String],
    /// Where a backup of the company and of the tables goes before.
    pub backup: Option<&'a Path>,
    /// Do everything, then roll back; there is no backup then.
    pub dry_run: bool,
}

/// What adopting tables came to.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Adopted {
    /// The tables, with how many rows each had before and has now.
    pub tables: BTreeMap<String, i64>,
    /// What was added or changed, in words.
    pub changes: Vec<String>,
    /// What became of the keys of old rows, by table.
    pub keys: BTreeMap<&'static str, KeyCounts>,
    /// What is worth knowing.
    pub warnings: Vec<String>,
    /// The backup that was made before.
    pub backup: Option<Backup>,
}

/// Moves tables into the company's schema and makes them as the migrations do.
///
/// The company's own tables of the same names must be empty; they make room. Old rows get the keys
/// that imports look for, where the recipe allows.
///
/// # Errors
///
/// [`StoreError::InTheWay`] with all that keeps the tables from becoming the company's; an unknown
/// company or schema; a company that is behind; a database that fails. Nothing is changed then.
pub async fn adopt(
    mut session: Session,
    slug: &str,
    what: Adopt<'_>,
) -> Result<(Session, Adopted), StoreError> {
    let (expected, tables) = plan(&mut session, slug, what).await?;
    let file = what.backup.filter(|_| !what.dry_run);
    let outside = Outside { schema: what.from, tables: &tables };
    let safeguard = Safeguard { slug, file, outside };
    let (mut session, dumper, ahead) = safeguard.ahead(session).await?;
    let (mut tx, company) = begin(&mut session, slug).await?;
    refuse_obstacles(&mut tx, &company, what.from, &tables).await?;
    let within = safeguard.within(&mut tx, dumper.as_ref()).await?;
    let backup = ahead.or(within);
    let moved = move_in(&mut tx, &company, what.from, &tables, &expected).await;
    if let (Err(StoreError::InTheWay(_)), Some(backup)) = (&moved, &backup) {
        // Nothing was changed, so nobody needs the backup.
        drop(fs::remove_file(&backup.file));
    }
    let adopted = Adopted { backup, ..moved? };
    match what.dry_run {
        true => done_reading(tx).await?,
        false => tx.commit().await.map_err(StoreError::at(STEP))?,
    }
    Ok((session, adopted))
}

/// Completes the tables where they are, and moves them.
async fn move_in(
    connection: &mut PgConnection,
    company: &Company,
    from: &str,
    tables: &[String],
    expected: &Catalog,
) -> Result<Adopted, StoreError> {
    let schema = company.schema.as_str();
    let before = moving::lock_and_count(connection, from, tables).await?;
    let wanted = expected.only(tables);
    let (mut changes, keys) = complete::complete(connection, from, &wanted).await?;
    let views = make_room(connection, company, tables).await?;
    moving::move_all(connection, from, schema, tables).await?;
    run_all_quoted(connection, views, STEP).await?;
    enter_schema(connection, schema).await?;
    changes.extend(complete::link(connection, schema, expected).await?);
    role::give_rights(connection, schema).await?;
    grant::give_again(connection, schema).await?;
    let after = counts(connection, schema, Some(tables)).await?;
    moving::compare(&before, &after)?;
    cluster::remove_left_behind(connection, schema).await?;
    let warnings = warnings(connection, company, tables).await?;
    remember(connection, &company.slug, from, tables).await?;
    Ok(Adopted { tables: after, changes, keys, warnings, backup: None })
}

/// Returns what the migrations make, and the tables that are to be adopted.
async fn plan(
    session: &mut Session,
    slug: &str,
    what: Adopt<'_>,
) -> Result<(Catalog, Vec<String>), StoreError> {
    let (mut tx, _) = begin(session, slug).await?;
    let expected = reference(&mut tx, Migrations::built_in()).await?;
    moving::refuse_schema(&mut tx, what.from).await?;
    let tables = chosen(&mut tx, &expected, what).await?;
    done_reading(tx).await?;
    Ok((expected, tables))
}

/// Begins a transaction in which nobody else changes the company, which must be at the newest
/// version.
async fn begin<'c>(
    session: &'c mut Session,
    slug: &str,
) -> Result<(Transaction<'c>, Company), StoreError> {
    let (mut tx, company) = begin_with_company_lock(session, slug).await?;
    enter_schema(&mut tx, &company.schema).await?;
    version::check_company(&mut tx, slug).await?;
    Ok((tx, company))
}

/// Returns the tables that are to be adopted, and refuses names that the schema has no table of.
async fn chosen(
    connection: &mut PgConnection,
    expected: &Catalog,
    what: Adopt<'_>,
) -> Result<Vec<String>, StoreError> {
    let there = catalog(connection, what.from).await?.0;
    let ours = |name: &&String| expected.0.contains_key(*name) && *name != version::VERSIONS;
    let chosen: Vec<String> = match what.tables {
        [] => there.keys().filter(ours).cloned().collect(),
        named => named.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect(),
    };
    let missing = chosen.iter().filter(|name| !there.contains_key(*name));
    let mut missing: Vec<String> =
        missing.map(|name| format!("schema {} has no table {name}", what.from)).collect();
    if chosen.is_empty() {
        missing.push(format!("schema {} has none of a company's tables", what.from));
    }
    if chosen.iter().any(|name| name == version::VERSIONS) {
        missing.push(format!("{} is vama's own", version::VERSIONS));
    }
    if missing.is_empty() { Ok(chosen) } else { Err(StoreError::InTheWay(missing)) }
}

async fn refuse_obstacles(
    connection: &mut PgConnection,
    company: &Company,
    from: &str,
    tables: &[String],
) -> Result<(), StoreError> {
    moving::enter_catalog(connection).await?;
    let mut obstacles: Vec<String> = query_scalar(include_str!("../../sql/adopt/obstacles.sql"))
        .bind(from)
        .bind(tables)
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(STEP))?;
    let own = counts(connection, &company.schema, Some(tables)).await?;
    obstacles.extend(rows_of_its_own(own));
    if obstacles.is_empty() { Ok(()) } else { Err(StoreError::InTheWay(obstacles)) }
}

/// Says which of the company's own tables are not empty.
fn rows_of_its_own(own: BTreeMap<String, i64>) -> impl Iterator<Item = String> {
    let own = own.into_iter().filter(|(_, rows)| *rows > 0);
    own.map(|(table, rows)| format!("the company has a table {table} of its own with {rows} rows"))
}

/// Drops the company's own tables of these names, which are empty, and the views that read them; returns
/// the statements that make the views again.
async fn make_room(
    connection: &mut PgConnection,
    company: &Company,
    tables: &[String],
) -> Result<Vec<String>, StoreError> {
    moving::enter_catalog(connection).await?;
    // Counted again: from here on nobody can write.
    let own = moving::lock_and_count(connection, &company.schema, tables).await?;
    let filled: Vec<String> = rows_of_its_own(own).collect();
    if !filled.is_empty() {
        return Err(StoreError::InTheWay(filled));
    }
    let views = moving::take_out_views(connection, &company.schema).await?;
    let statements: Vec<String> =
        query_scalar(include_str!("../../sql/adopt/own_tables_statements.sql"))
            .bind(&company.schema)
            .bind(tables)
            .fetch_all(&mut *connection)
            .await
            .map_err(StoreError::at(STEP))?;
    run_all_quoted(connection, statements, "making room for the tables").await?;
    Ok(views)
}

async fn warnings(
    connection: &mut PgConnection,
    company: &Company,
    tables: &[String],
) -> Result<Vec<String>, StoreError> {
    query_scalar(include_str!("../../sql/adopt/warnings.sql"))
        .bind(&company.schema)
        .bind(tables)
        .bind(&company.slug)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at(STEP))
}

async fn remember(
    connection: &mut PgConnection,
    slug: &str,
    from: &str,
    tables: &[String],
) -> Result<(), StoreError> {
    lock::lock_registry(connection).await?;
    query(include_str!("../../sql/adopt/remember.sql"))
        .bind(slug)
        .bind(from)
        .bind(tables)
        .execute(connection)
        .await
        .map(drop)
        .map_err(StoreError::at(STEP))
}
