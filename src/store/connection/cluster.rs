//! What has to be done otherwise where the database is one of a Citus cluster.

use sqlx::PgConnection;

use super::statement::{query_scalar, run_all_quoted, run_quoted};
use crate::store::StoreError;

const STEP: &str = "looking at the cluster";

/// Returns whether statements are carried out on other nodes too. The cluster connects to those
/// nodes under the role that works here, so this role must be allowed to sign in then.
pub(crate) async fn has_workers(connection: &mut PgConnection) -> Result<bool, StoreError> {
    if !is_there(connection).await? {
        return Ok(false);
    }
    query_scalar(include_str!("../sql/cluster/has_workers.sql"))
        .fetch_one(connection)
        .await
        .map_err(StoreError::at(STEP))
}

/// Returns whether this database is one of a cluster.
pub(crate) async fn is_there(connection: &mut PgConnection) -> Result<bool, StoreError> {
    query_scalar(include_str!("../sql/cluster/is_there.sql"))
        .fetch_one(connection)
        .await
        .map_err(StoreError::at(STEP))
}

/// Refuses a node that only holds tables for the coordinator: a registry that is made there would be
/// another one.
pub(crate) async fn refuse_worker(connection: &mut PgConnection) -> Result<(), StoreError> {
    if !is_there(connection).await? {
        return Ok(());
    }
    let is_worker: bool = query_scalar(include_str!("../sql/cluster/is_worker.sql"))
        .fetch_one(connection)
        .await
        .map_err(StoreError::at(STEP))?;
    if is_worker { Err(StoreError::Worker) } else { Ok(()) }
}

/// Returns whether the server itself places each new schema on a node.
pub(crate) async fn gives_schemas(connection: &mut PgConnection) -> Result<bool, StoreError> {
    let setting: Option<String> = query_scalar(include_str!("../sql/cluster/gives_schemas.sql"))
        .fetch_one(connection)
        .await
        .map_err(StoreError::at(STEP))?;
    Ok(setting.as_deref() == Some("on"))
}

/// Gives a schema, with all that is in it, to a node.
pub(crate) async fn give(connection: &mut PgConnection, schema: &str) -> Result<(), StoreError> {
    let step = "giving the schema to a node of the cluster";
    let statement: String = query_scalar(include_str!("../sql/cluster/distribute_statement.sql"))
        .bind(schema)
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    run_quoted(connection, statement, step).await?;
    remove_left_behind(connection, schema).await
}

/// Removes from this node what tables held before they came into a schema of another node: it stays
/// on this node's disk, and nobody reads it any more.
pub(crate) async fn remove_left_behind(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<(), StoreError> {
    if !is_there(connection).await? {
        return Ok(());
    }
    let step = "removing what is left on this node";
    let statements: Vec<String> =
        query_scalar(include_str!("../sql/cluster/truncate_statements.sql"))
            .bind(schema)
            .fetch_all(&mut *connection)
            .await
            .map_err(StoreError::at(step))?;
    run_all_quoted(connection, statements, step).await
}
