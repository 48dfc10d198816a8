//! A company's own role: it cannot sign in, and may use its company's schema alone.
//!
//! Roles are the cluster's, not the database's: another database beside this one may have a company
//! of the same slug, and then both work under one role, each in its own schema.

use sqlx::PgConnection;

use super::StoreError;
use super::statement::{query_as, query_scalar, run_quoted};

/// Makes the company's role where there is none, and gives it its schema and all that is in it.
///
/// Returns whether it is there now: a user who may not create roles goes without.
pub(super) async fn ensure(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<bool, StoreError> {
    let step = "creating the company's role";
    let (exists, may_create, joins): (bool, bool, bool) =
        query_as(include_str!("sql/role/standing.sql"))
            .bind(schema)
            .fetch_one(&mut *connection)
            .await
            .map_err(StoreError::at(step))?;
    if !exists && !may_create {
        return Ok(false);
    }
    let statements: Vec<Option<String>> =
        query_scalar(include_str!("sql/role/role_statements.sql"))
            .bind(schema)
            .bind(exists)
            .bind(joins)
            .fetch_all(&mut *connection)
            .await
            .map_err(StoreError::at(step))?;
    for statement in statements.into_iter().flatten() {
        run_quoted(connection, statement, step).await?;
    }
    Ok(true)
}
