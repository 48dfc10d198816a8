//! A transaction on a session's connection. When it begins, the connection is tested: its next
//! answer must belong to its last statement.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use sqlx::{Connection, PgConnection};

use super::statement::query_as;
use crate::store::StoreError;

const BEGINNING: &str = "beginning a transaction";

/// How long a statement waits for a lock; an import of a large file may hold its company's lock
/// this long.
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(10 * 60);

/// How long the statements of a transaction may wait and take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// How long a statement waits for a lock.
    pub(crate) lock: Duration,
    /// How long a statement may take as a whole; `None` where the server's own setting counts.
    pub(crate) statement: Option<Duration>,
}

impl Limits {
    /// For statements that only read.
    pub(crate) const LOOK: Self = Self { lock: Duration::from_secs(10), statement: None };

    /// For changes of a few rows.
    pub(crate) const USUAL: Self = Self { lock: WAIT_MAX, statement: None };

    /// For statements that take the longer the larger a file or a table is, such as a COPY. The
    /// server's own limit, which is made for short queries, does not count then. On a cluster
    /// nothing else ends a wait for a lock on another node.
    pub(crate) const LONG: Self =
        Self { lock: WAIT_MAX, statement: Some(Duration::from_secs(12 * 60 * 60)) };
}

/// Returns a time as PostgreSQL's settings take it.
fn setting(time: Duration) -> String {
    format!("{}ms", time.as_millis())
}

/// A connection, and whether a transaction is open on it.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) connection: PgConnection,
    is_open: bool,
    /// Whether no transaction was begun on it yet.
    is_first: bool,
}

impl Link {
    pub(crate) fn new(connection: PgConnection) -> Self {
        Self { connection, is_open: false, is_first: true }
    }

    /// Begins a transaction that keeps to the limits. A transaction that was dropped while it was
    /// open is rolled back first.
    ///
    /// The server sends `question` back. Another answer belongs to an earlier statement; then all
    /// further answers would be one statement late, and the connection is of no use any more.
    pub(crate) async fn begin(&mut self, limits: Limits, question: i64) -> Result<(), StoreError> {
        if self.is_open {
            run(&mut self.connection, "rollback").await.map_err(StoreError::at(BEGINNING))?;
        }
        match std::mem::take(&mut self.is_first) {
            // The driver counts open transactions, and makes a savepoint of every further one. Its
            // count stays at one from here on, so that code that begins a transaction inside of
            // this one gets a savepoint.
            true => {
                std::mem::forget(self.connection.begin().await.map_err(StoreError::at(BEGINNING))?)
            }
            false => run(&mut self.connection, "BEGIN").await.map_err(StoreError::at(BEGINNING))?,
        }
        self.is_open = true;
        let (_, _, answer): (String, Option<String>, i64) =
            query_as(include_str!("../sql/begin.sql"))
                .bind(setting(limits.lock))
                .bind(limits.statement.map(setting))
                .bind(question)
                .fetch_one(&mut self.connection)
                .await
                .map_err(StoreError::at(BEGINNING))?;
        if answer == question {
            return Ok(());
        }
        let out_of_step = "an answer belongs to another statement".to_owned();
        Err(StoreError::at(BEGINNING)(sqlx::Error::Protocol(out_of_step)))
    }
}

/// An open transaction. Dropped, it is rolled back before the next one begins, or with its session.
///
/// It dereferences to its connection, so statements are run on it as on a connection.
#[derive(Debug)]
pub struct Transaction<'s>(&'s mut Link);

impl<'s> Transaction<'s> {
    /// Takes a connection on which a transaction was [begun](Link::begin).
    pub(crate) fn on(link: &'s mut Link) -> Self {
        Self(link)
    }

    /// Makes everything that was done in it permanent.
    ///
    /// # Errors
    ///
    /// What the server says. Nothing is kept then; only where the connection was lost, nobody
    /// knows.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.end("commit").await
    }

    /// Undoes everything that was done in it.
    ///
    /// # Errors
    ///
    /// A lost connection; the transaction is gone with it.
    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        self.end("rollback").await
    }

    async fn end(self, statement: &'static str) -> Result<(), sqlx::Error> {
        run(&mut self.0.connection, statement).await?;
        self.0.is_open = false;
        Ok(())
    }
}

impl Deref for Transaction<'_> {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.0.connection
    }
}

impl DerefMut for Transaction<'_> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.0.connection
    }
}

async fn run(connection: &mut PgConnection, statement: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(statement).execute(connection).await.map(drop)
}
