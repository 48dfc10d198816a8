//! A company's own role: it cannot sign in, and may use its company's schema alone.
//!
//! Roles are the cluster's, not the database's: another database beside this one may have a company
//! of the same slug, and then both work under one role, each in its own schema.

use sqlx::PgConnection;

use super::statement::{query_as, query_scalar, run_quoted};
use super::{StoreError, cluster};

/// Makes the company's role where there is none. Returns whether it is there now: a user who may not
/// create roles goes without.
///
/// On a cluster a role is made before the tables of the same transaction.
pub(super) async fn make(connection: &mut PgConnection, schema: &str) -> Result<bool, StoreError> {
    let step = "creating the company's role";
    let (exists, may_create, joins) = standing(connection, schema, step).await?;
    if !exists && !may_create {
        return Ok(false);
    }
    let has_workers = cluster::has_workers(connection).await?;
    let statements: Vec<Option<String>> =
        query_scalar(include_str!("sql/role/role_statements.sql"))
            .bind(schema)
            .bind(exists)
            .bind(joins)
            .bind(has_workers)
            .fetch_all(&mut *connection)
            .await
            .map_err(StoreError::at(step))?;
    for statement in statements.into_iter().flatten() {
        run_quoted(connection, statement, step).await?;
    }
    Ok(true)
}

/// Gives the company's role, where there is one, its schema and all that is in it.
pub(super) async fn give_rights(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<(), StoreError> {
    let step = "giving the company's role its rights";
    let (exists, ..) = standing(connection, schema, step).await?;
    if !exists {
        return Ok(());
    }
    let statements: Vec<String> = query_scalar(include_str!("sql/role/rights_statements.sql"))
        .bind(schema)
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    for statement in statements {
        run_quoted(connection, statement, step).await?;
    }
    Ok(())
}

/// Takes all rights in the company's schema from its role, where there is one.
pub(super) async fn take_rights(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<(), StoreError> {
    let step = "taking the company's role its rights";
    let (exists, ..) = standing(connection, schema, step).await?;
    if !exists {
        return Ok(());
    }
    let statements: Vec<String> = query_scalar(include_str!("sql/grant/revoke_statements.sql"))
        .bind(schema)
        .bind(name(schema))
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    for statement in statements {
        run_quoted(connection, statement, step).await?;
    }
    Ok(())
}

/// Drops the company's role. Returns whether it is gone: not where it is used elsewhere, or this user
/// may not.
pub(super) async fn drop(connection: &mut PgConnection, schema: &str) -> Result<bool, StoreError> {
    let step = "dropping the company's role";
    let statement: Option<String> = query_scalar(include_str!("sql/role/drop_statement.sql"))
        .bind(schema)
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    if let Some(statement) = statement {
        run_quoted(connection, statement, step).await?;
    }
    let (exists, ..) = standing(connection, schema, step).await?;
    Ok(!exists)
}

/// Returns whether the role is there, whether this user may create roles, and may join this one.
async fn standing(
    connection: &mut PgConnection,
    schema: &str,
    step: &'static str,
) -> Result<(bool, bool, bool), StoreError> {
    query_as(include_str!("sql/role/standing.sql"))
        .bind(schema)
        .fetch_one(connection)
        .await
        .map_err(StoreError::at(step))
}

/// Returns what the company's role is called.
fn name(schema: &str) -> String {
    format!("vama_{schema}")
}
