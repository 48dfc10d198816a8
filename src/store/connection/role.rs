//! A company's own role: it cannot sign in, and may use its company's schema alone.
//!
//! Roles belong to the server, not to the database: another database of the same server may have a
//! company of the same slug, and then both companies work under one role, each in its own schema.

use sqlx::{Connection, PgConnection};

use crate::store::StoreError;
use crate::store::connection::cluster;
use crate::store::connection::statement::{query_as, query_scalar, run_all_quoted, run_quoted};

/// What messages call the making of a role.
const MAKING: &str = "creating the company's role";

/// Makes the company's role where there is none, and refuses a role of that name that is something
/// else. Returns whether this user can work under the role now: a user who may not create roles
/// goes without.
///
/// Another database of the server may be making the role for its company of the same slug at the
/// same moment, and the two databases share no lock. So where making the role fails, the role is
/// looked at again; if it stands otherwise by now, what is left to do is done.
///
/// On a cluster a role is made before the tables of the same transaction.
pub(crate) async fn make(connection: &mut PgConnection, schema: &str) -> Result<bool, StoreError> {
    let mut state = RoleState::of(connection, schema, MAKING).await?;
    loop {
        if state.is_not_a_companys {
            return Err(StoreError::OtherRole(name(schema)));
        }
        // The role may have been made for a company of the same slug in another database.
        let can = match state.exists {
            true => state.can_take || state.must_join,
            false => state.may_create,
        };
        if !can || state.exists && !state.must_join && !state.must_sign_in {
            return Ok(can);
        }
        let mut savepoint = connection.begin().await.map_err(StoreError::at(MAKING))?;
        let made = make_as_it_stands(&mut savepoint, schema, &state).await;
        let Err(error) = made else {
            savepoint.commit().await.map_err(StoreError::at(MAKING))?;
            return Ok(true);
        };
        if savepoint.rollback().await.is_err() {
            return Err(error);
        }
        let now = RoleState::of(connection, schema, MAKING).await?;
        if now == state {
            return Err(error);
        }
        state = now;
    }
}

/// Runs the statements that the role still lacks, by its present state.
async fn make_as_it_stands(
    connection: &mut PgConnection,
    schema: &str,
    state: &RoleState,
) -> Result<(), StoreError> {
    let statements: Vec<Option<String>> =
        query_scalar(include_str!("../sql/role/role_statements.sql"))
            .bind(schema)
            .bind(state.exists)
            .bind(state.must_join)
            .bind(state.has_workers)
            .bind(state.must_sign_in)
            .fetch_all(&mut *connection)
            .await
            .map_err(StoreError::at(MAKING))?;
    run_all_quoted(connection, statements.into_iter().flatten(), MAKING).await
}

/// Gives the company's role, where there is one that this user may take, its schema and all that is
/// in it.
pub(crate) async fn give_rights(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<(), StoreError> {
    let step = "giving the company's role its rights";
    if !RoleState::of(connection, schema, step).await?.can_take {
        return Ok(());
    }
    let statements: Vec<String> = query_scalar(include_str!("../sql/role/rights_statements.sql"))
        .bind(schema)
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    run_all_quoted(connection, statements, step).await
}

/// Takes all rights in the company's schema from its role, where there is one.
pub(crate) async fn take_rights(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<(), StoreError> {
    let step = "taking the company's role its rights";
    if !RoleState::of(connection, schema, step).await?.exists {
        return Ok(());
    }
    let statements: Vec<String> = query_scalar(include_str!("../sql/grant/revoke_statements.sql"))
        .bind(schema)
        .bind(name(schema))
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    run_all_quoted(connection, statements, step).await
}

/// Drops the company's role. Returns whether it is gone; it stays where it is used elsewhere, or
/// this user may not drop it.
pub(crate) async fn drop(connection: &mut PgConnection, schema: &str) -> Result<bool, StoreError> {
    let step = "dropping the company's role";
    let statement: Option<String> = query_scalar(include_str!("../sql/role/drop_statement.sql"))
        .bind(schema)
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    if let Some(statement) = statement {
        run_quoted(connection, statement, step).await?;
    }
    Ok(!RoleState::of(connection, schema, step).await?.exists)
}

/// How a company's role stands.
#[derive(PartialEq, Eq)]
struct RoleState {
    /// Whether the cluster connects to other nodes under the role.
    has_workers: bool,
    exists: bool,
    /// Whether this user may create roles.
    may_create: bool,
    /// Whether this user must become a member of the role before taking it, and may become one.
    must_join: bool,
    /// Whether it may not sign in, although the cluster connects to other nodes under it: it was
    /// made before the database became a cluster.
    must_sign_in: bool,
    /// Whether this user may take it already.
    can_take: bool,
    /// Whether the role of that name is something else than a company's own role.
    is_not_a_companys: bool,
}

impl RoleState {
    async fn of(
        connection: &mut PgConnection,
        schema: &str,
        step: &'static str,
    ) -> Result<Self, StoreError> {
        let has_workers = cluster::has_workers(connection).await?;
        let (exists, may_create, must_join, must_sign_in, can_take, is_not_a_companys) =
            query_as(include_str!("../sql/role/role_state.sql"))
                .bind(schema)
                .bind(has_workers)
                .fetch_one(connection)
                .await
                .map_err(StoreError::at(step))?;
        Ok(Self {
            has_workers,
            exists,
            may_create,
            must_join,
            must_sign_in,
            can_take,
            is_not_a_companys,
        })
    }
}

/// Returns what the company's role is called.
fn name(schema: &str) -> String {
    format!("vama_{schema}")
}
