//! A company's own role: it cannot sign in, and may use its company's schema alone.
//!
//! Roles are the cluster's, not the database's: another database beside this one may have a company
//! of the same slug, and then both work under one role, each in its own schema.

use sqlx::{Connection, PgConnection};

use super::statement::{query_as, query_scalar, run_all_quoted, run_quoted};
use super::{StoreError, cluster};

/// The step that a role's making is.
const MAKING: &str = "creating the company's role";

/// Makes the company's role where there is none, and refuses one of that name that is something else.
/// Returns whether it is there now: a user who may not
/// create roles goes without.
///
/// A company of the same slug in another database of the server may be making it at the same moment, and no
/// lock is shared with that one. So where it fails, it is looked whether the role stands otherwise by now, and
/// what is left to do is done then.
///
/// On a cluster a role is made before the tables of the same transaction.
pub(super) async fn make(connection: &mut PgConnection, schema: &str) -> Result<bool, StoreError> {
    let mut standing = Standing::of(connection, schema, MAKING).await?;
    loop {
        if standing.is_other {
            return Err(StoreError::OtherRole(name(schema)));
        }
        // One of that name may be another database's, whose company has the same slug.
        let can = match standing.exists {
            true => standing.takes || standing.joins,
            false => standing.may_create,
        };
        if !can || standing.exists && !standing.joins {
            return Ok(can);
        }
        let mut savepoint = connection.begin().await.map_err(StoreError::at(MAKING))?;
        let made = make_as_it_stands(&mut savepoint, schema, &standing).await;
        let Err(error) = made else {
            savepoint.commit().await.map_err(StoreError::at(MAKING))?;
            return Ok(true);
        };
        if savepoint.rollback().await.is_err() {
            return Err(error);
        }
        let now = Standing::of(connection, schema, MAKING).await?;
        if now == standing {
            return Err(error);
        }
        standing = now;
    }
}

/// Runs the statements that are left to be run as the role stands.
async fn make_as_it_stands(
    connection: &mut PgConnection,
    schema: &str,
    standing: &Standing,
) -> Result<(), StoreError> {
    let statements: Vec<Option<String>> =
        query_scalar(include_str!("sql/role/role_statements.sql"))
            .bind(schema)
            .bind(standing.exists)
            .bind(standing.joins)
            .bind(standing.has_workers)
            .fetch_all(&mut *connection)
            .await
            .map_err(StoreError::at(MAKING))?;
    run_all_quoted(connection, statements.into_iter().flatten(), MAKING).await
}

/// Gives the company's role, where there is one that this user may take, its schema and all that is in it.
pub(super) async fn give_rights(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<(), StoreError> {
    let step = "giving the company's role its rights";
    if !Standing::of(connection, schema, step).await?.takes {
        return Ok(());
    }
    let statements: Vec<String> = query_scalar(include_str!("sql/role/rights_statements.sql"))
        .bind(schema)
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    run_all_quoted(connection, statements, step).await
}

/// Takes all rights in the company's schema from its role, where there is one.
pub(super) async fn take_rights(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<(), StoreError> {
    let step = "taking the company's role its rights";
    if !Standing::of(connection, schema, step).await?.exists {
        return Ok(());
    }
    let statements: Vec<String> = query_scalar(include_str!("sql/grant/revoke_statements.sql"))
        .bind(schema)
        .bind(name(schema))
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    run_all_quoted(connection, statements, step).await
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
    Ok(!Standing::of(connection, schema, step).await?.exists)
}

/// How a company's role stands.
#[derive(PartialEq, Eq)]
struct Standing {
    /// Whether other nodes are connected to under the role.
    has_workers: bool,
    exists: bool,
    /// Whether this user may create roles.
    may_create: bool,
    /// Whether this user may, and has to, join it so as to take it.
    joins: bool,
    /// Whether this user may take it already.
    takes: bool,
    /// Whether a role of that name is no company's own.
    is_other: bool,
}

impl Standing {
    async fn of(
        connection: &mut PgConnection,
        schema: &str,
        step: &'static str,
    ) -> Result<Self, StoreError> {
        let has_workers = cluster::has_workers(connection).await?;
        let (exists, may_create, joins, takes, is_other) =
            query_as(include_str!("sql/role/standing.sql"))
                .bind(schema)
                .bind(has_workers)
                .fetch_one(connection)
                .await
                .map_err(StoreError::at(step))?;
        Ok(Self { has_workers, exists, may_create, joins, takes, is_other })
    }
}

/// Returns what the company's role is called.
fn name(schema: &str) -> String {
    format!("vama_{schema}")
}
