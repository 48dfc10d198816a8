//! Statements without a name, the only ones that vama sends.
//!
//! A pooler in transaction mode gives a connection to somebody else after each transaction. A named
//! statement stays behind on it, and the next one of that name fails ("already exists"). The driver
//! names statements by default, so all statements are made by the functions of this file.

use sqlx::PgConnection;
use sqlx::postgres::PgArguments;
use sqlx::query::{Query, QueryAs, QueryScalar};
use sqlx::{FromRow, Postgres, postgres::PgRow};

use crate::store::StoreError;

/// Returns the statement of a `.sql` file.
pub(crate) fn query(sql: &'static str) -> Query<'static, Postgres, PgArguments> {
    sqlx::query(sql).persistent(false)
}

/// Returns the statement of a `.sql` file whose rows become values of a type.
pub(crate) fn query_as<T>(sql: &'static str) -> QueryAs<'static, Postgres, T, PgArguments>
where
    T: for<'r> FromRow<'r, PgRow>,
{
    sqlx::query_as(sql).persistent(false)
}

/// Returns the statement of a `.sql` file whose rows have one column.
pub(crate) fn query_scalar<T>(sql: &'static str) -> QueryScalar<'static, Postgres, T, PgArguments>
where
    (T,): for<'r> FromRow<'r, PgRow>,
{
    sqlx::query_scalar(sql).persistent(false)
}

/// Runs a statement that the server itself has put together and quoted.
pub(crate) async fn run_quoted(
    connection: &mut PgConnection,
    statement: String,
    step: &'static str,
) -> Result<(), StoreError> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
        .execute(connection)
        .await
        .map(drop)
        .map_err(StoreError::at(step))
}

/// Runs statements that the server itself has put together and quoted, one after the other.
pub(crate) async fn run_all_quoted(
    connection: &mut PgConnection,
    statements: impl IntoIterator<Item = String>,
    step: &'static str,
) -> Result<(), StoreError> {
    for statement in statements {
        run_quoted(connection, statement, step).await?;
    }
    Ok(())
}

/// Returns the one row of a query that the server itself has put together and quoted.
pub(crate) async fn fetch_quoted<T>(
    connection: &mut PgConnection,
    statement: String,
    step: &'static str,
) -> Result<T, StoreError>
where
    T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .persistent(false)
        .fetch_one(connection)
        .await
        .map_err(StoreError::at(step))
}

/// Returns the rows of a query that the server itself has put together and quoted.
pub(crate) async fn fetch_all_quoted<T>(
    connection: &mut PgConnection,
    statement: String,
    step: &'static str,
) -> Result<Vec<T>, StoreError>
where
    T: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .persistent(false)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at(step))
}

/// Returns a statement that the server itself has put together and quoted, to be given its values.
pub(crate) fn quoted(statement: String) -> Query<'static, Postgres, PgArguments> {
    sqlx::query(sqlx::AssertSqlSafe(statement)).persistent(false)
}

/// Returns a query that the server itself has put together and quoted, to be given its values.
pub(crate) fn quoted_as<T>(statement: String) -> QueryAs<'static, Postgres, T, PgArguments>
where
    T: for<'r> FromRow<'r, PgRow>,
{
    sqlx::query_as(sqlx::AssertSqlSafe(statement)).persistent(false)
}

/// Runs the statements of a `.sql` file that holds several.
pub(crate) async fn run_script(
    connection: &mut PgConnection,
    script: &'static str,
    step: &'static str,
) -> Result<(), StoreError> {
    sqlx::raw_sql(script).execute(connection).await.map(drop).map_err(StoreError::at(step))
}
