//! Moving tables from one schema into another: rows, keys, sequences, indexes and rights come
//! along.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use crate::store::StoreError;
use crate::store::connection::cluster;
use crate::store::connection::statement::{
    query, query_as, query_scalar, run_all_quoted, run_quoted,
};
use crate::store::connection::wait::wait_for_lock;
use crate::store::migrate::catalog::counts;
use crate::value::slug::is_reserved;

const STEP: &str = "moving the tables";

/// Locks tables of a schema against everybody, and returns how many rows each has. Names that the
/// schema has no table of are left out.
pub(crate) async fn lock_and_count(
    connection: &mut PgConnection,
    schema: &str,
    tables: &[String],
) -> Result<BTreeMap<String, i64>, StoreError> {
    let lock: Option<String> = query_scalar(include_str!("../sql/move/lock_statement.sql"))
        .bind(schema)
        .bind(tables)
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(STEP))?;
    if let Some(lock) = lock {
        let locking = run_quoted(connection, lock, "waiting for whoever uses the tables");
        wait_for_lock(&format!("whoever uses the tables in {schema}"), locking).await?;
    }
    counts(connection, schema, Some(tables)).await
}

/// Moves relations; the catalog alone must have been entered ([`enter_catalog`]). Tables that a
/// cluster cannot move are copied.
pub(crate) async fn move_all(
    connection: &mut PgConnection,
    from: &str,
    to: &str,
    relations: &[String],
) -> Result<(), StoreError> {
    let copied: Vec<String> = match cluster::is_there(connection).await? {
        true => query_scalar(include_str!("../sql/move/tables_to_copy.sql"))
            .bind(from)
            .bind(relations)
            .fetch_all(&mut *connection)
            .await
            .map_err(StoreError::at(STEP))?,
        false => Vec::new(),
    };
    let statements: Vec<String> = query_scalar(include_str!("../sql/move/move_statements.sql"))
        .bind(from)
        .bind(to)
        .bind(relations)
        .bind(copied)
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(STEP))?;
    run_all_quoted(connection, statements, STEP).await
}

/// Takes vama's views out of the schema, so that tables which they read can be dropped; the catalog alone
/// must have been entered ([`enter_catalog`]). Returns the statements that make them again.
pub(crate) async fn take_out_views(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<Vec<String>, StoreError> {
    let statements: Vec<(String, String)> =
        query_as(include_str!("../sql/move/view_statements.sql"))
            .bind(schema)
            .fetch_all(&mut *connection)
            .await
            .map_err(StoreError::at(STEP))?;
    let (taking_out, making): (Vec<String>, Vec<String>) = statements.into_iter().unzip();
    // A view goes before those that it reads.
    run_all_quoted(connection, taking_out.into_iter().rev(), STEP).await?;
    Ok(making)
}

/// Leaves every schema but the catalog's out of reach for this transaction, so that the server
/// names tables with their schemas.
pub(crate) async fn enter_catalog(connection: &mut PgConnection) -> Result<(), StoreError> {
    query(include_str!("../sql/move/enter_catalog.sql"))
        .execute(connection)
        .await
        .map(drop)
        .map_err(StoreError::at(STEP))
}

/// Refuses a schema that is not there, is a company's, or the database's own.
pub(crate) async fn refuse_schema(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<(), StoreError> {
    let (exists, owner): (bool, Option<String>) =
        query_as(include_str!("../sql/move/owner_of_schema.sql"))
            .bind(schema)
            .fetch_one(connection)
            .await
            .map_err(StoreError::at(STEP))?;
    if is_reserved(schema) && schema != "public" {
        let reason = format!("schema {schema} belongs to the database itself");
        return Err(StoreError::InTheWay(vec![reason]));
    }
    match (exists, owner) {
        (false, _) => Err(StoreError::UnknownSchema(schema.to_owned())),
        (true, Some(slug)) => Err(StoreError::InTheWay(vec![format!(
            "schema {schema} is that of the company {slug}"
        )])),
        (true, None) => Ok(()),
    }
}

/// Checks that no row was lost or added by the move.
pub(crate) fn compare(
    before: &BTreeMap<String, i64>,
    after: &BTreeMap<String, i64>,
) -> Result<(), StoreError> {
    for (table, rows) in before {
        let found = after.get(table).copied().unwrap_or_default();
        if found != *rows {
            return Err(StoreError::Moved { table: table.clone(), before: *rows, after: found });
        }
    }
    Ok(())
}
