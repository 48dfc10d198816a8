//! Closing the registry to everyone but its owner: whoever writes there decides into whose books a
//! file goes.

use sqlx::PgConnection;

use crate::store::StoreError;
use crate::store::connection::statement::{query_as, run_all_quoted};

/// Takes from PUBLIC and from visitors' roles what they may write in the registry, and switches its
/// row-level security on where that is off. Returns whether anything was open.
///
/// It is done each time anew: the roles may have been made since, and a platform gives them new
/// tables by default.
pub(crate) async fn close(connection: &mut PgConnection) -> Result<bool, StoreError> {
    let statements: Vec<String> =
        looked(connection).await?.into_iter().map(|(_, statement)| statement).collect();
    let was_open = !statements.is_empty();
    run_all_quoted(connection, statements, "closing the registry").await?;
    Ok(was_open)
}

/// Returns where the registry is open, in words.
pub(crate) async fn open(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    Ok(looked(connection).await?.into_iter().map(|(told, _)| told).collect())
}

async fn looked(connection: &mut PgConnection) -> Result<Vec<(String, String)>, StoreError> {
    query_as(include_str!("../sql/migrate/open.sql"))
        .fetch_all(connection)
        .await
        .map_err(StoreError::at("looking at who may write in the registry"))
}
