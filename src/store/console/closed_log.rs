//! The log and the held rows, closed to a statement of the user that may write.
//!
//! Imports run under the same role, and write both tables. So the role's rights are taken for the
//! transaction of the statement: the others go on with the rights that they see, and nobody but this
//! transaction ever sees the role without them. The company's lock keeps two of these apart, since the
//! server fails the second of two changes of a table's rights.

use sqlx::PgConnection;

use crate::store::StoreError;
use crate::store::connection::lock::lock_company;
use crate::store::connection::statement::{query, query_as, query_scalar, run_all_quoted};

const CLOSING: &str = "closing the log to the statement";

const OPENING: &str = "opening the log again";

/// A log that is closed until [`open`](Self::open).
pub(super) struct ClosedLog {
    /// The statements that give the company's role its rights back.
    give_back: Vec<String>,
    /// The role under which the rights were taken.
    role: String,
}

/// Locks the company against imports and closes its log, before the company's role is taken.
///
/// # Errors
///
/// [`StoreError::OpenLog`] where this user cannot close it; a database that fails.
pub(super) async fn close(
    connection: &mut PgConnection,
    slug: &str,
    schema: &str,
) -> Result<ClosedLog, StoreError> {
    lock_company(connection, slug).await?;
    let role = query_scalar(include_str!("../sql/console/role.sql"))
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(CLOSING))?;
    let rights: Vec<(String, String)> = query_as(include_str!("../sql/console/log_rights.sql"))
        .bind(schema)
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(CLOSING))?;
    let (take, give_back): (Vec<String>, Vec<String>) = rights.into_iter().unzip();
    run_all_quoted(connection, take, CLOSING).await?;
    let is_open: bool = query_scalar(include_str!("../sql/console/may_change_log.sql"))
        .bind(schema)
        .fetch_one(connection)
        .await
        .map_err(StoreError::at(CLOSING))?;
    match is_open {
        true => Err(StoreError::OpenLog { slug: slug.to_owned() }),
        false => Ok(ClosedLog { give_back, role }),
    }
}

impl ClosedLog {
    /// Gives the company's role its rights back, behind the statement. What is run now runs under the
    /// role of the connection again.
    pub(super) async fn open(self, connection: &mut PgConnection) -> Result<(), StoreError> {
        query(include_str!("../sql/console/take_role_back.sql"))
            .bind(self.role)
            .execute(&mut *connection)
            .await
            .map_err(StoreError::at(OPENING))?;
        run_all_quoted(connection, self.give_back, OPENING).await
    }
}
