//! What has to be done otherwise where the database is one of a Citus cluster.

use sqlx::PgConnection;

use super::statement::{query_scalar, run_quoted};
use crate::store::StoreError;

const STEP: &str = "looking at the cluster";

/// Returns whether statements are carried out on other nodes too. The cluster connects to those
/// nodes under the role that works here, so this role must be allowed to sign in then.
pub(crate) async fn has_workers(connection: &mut PgConnection) -> Result<bool, StoreError> {
    let is_cluster: bool = query_scalar(include_str!("../sql/cluster/is_there.sql"))
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(STEP))?;
    if !is_cluster {
        return Ok(false);
    }
    query_scalar(include_str!("../sql/cluster/has_workers.sql"))
        .fetch_one(connection)
        .await
        .map_err(StoreError::at(STEP))
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
    run_quoted(connection, statement, step).await
}
