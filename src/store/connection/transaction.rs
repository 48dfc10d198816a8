//! A transaction on a session's connection. When it begins, the connection is tested: its next
//! answer must belong to its last statement.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use sqlx::{Connection, PgConnection};

use super::turn::{Answers, Turn, Value};
use super::wait::WAIT_MAX;
use crate::store::StoreError;

const BEGINNING: &str = "beginning a transaction";

/// How long the statements of a transaction may wait and take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// How long a statement waits for a lock.
    pub(crate) lock: Duration,
    /// How long a statement may take as a whole; `None` where the server's own setting counts.
    pub(crate) statement: Option<Duration>,
    /// How long the server waits for the next statement; `None` where its own setting counts.
    pub(crate) idle: Option<Duration>,
}

impl Limits {
    /// For statements that only read.
    pub(crate) const LOOK: Self =
        Self { lock: Duration::from_secs(10), statement: None, idle: None };

    /// For a look at one company after the other: one that somebody keeps locked holds up the others
    /// for a moment only.
    pub(crate) const GLANCE: Self =
        Self { lock: Duration::from_secs(2), statement: None, idle: None };

    /// For changes of a few rows.
    pub(crate) const USUAL: Self = Self { lock: WAIT_MAX, statement: None, idle: None };

    /// For statements that take the longer the larger a file or a table is, such as a COPY. The
    /// server's own limit, which is made for short queries, does not count then. On a cluster
    /// nothing else ends a wait for a lock on another node.
    pub(crate) const LONG: Self =
        Self { lock: WAIT_MAX, statement: Some(Duration::from_secs(12 * 60 * 60)), idle: None };

    /// For imports that wait so long for a lock. Between two of their statements a part of a file is
    /// read, which takes seconds; an import that says nothing for longer has vanished, and its
    /// company's lock is given back.
    pub(crate) fn import(lock: Duration) -> Self {
        Self { lock, idle: Some(Duration::from_secs(10 * 60)), ..Self::LONG }
    }
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

    /// Begins a transaction that keeps to the limits, and takes the turn in it. A transaction that
    /// was dropped while it was open is rolled back first.
    ///
    /// The server sends `question` back. Another answer belongs to an earlier statement; then all
    /// further answers would be one statement late, and the connection is of no use any more.
    pub(crate) async fn begin(
        &mut self,
        until: Until,
        limits: Limits,
        question: i64,
        turn: &Turn,
    ) -> Result<Answers, NotBegun> {
        self.roll_back().await.map_err(NotBegun::at_begin)?;
        if let Until::Answered = until {
            return self.look(limits, question, turn).await;
        }
        let mut all = Turn::default();
        match std::mem::take(&mut self.is_first) {
            // The driver counts open transactions, and makes a savepoint of every further one. Its
            // count stays at one from here on, so that code that begins a transaction inside of
            // this one gets a savepoint.
            true => std::mem::forget(self.connection.begin().await.map_err(NotBegun::at_begin)?),
            false => all = all.add(BEGINNING, "BEGIN", &[]),
        }
        self.is_open = true;
        self.take_in_step(all, limits, question, turn).await
    }

    /// Takes the turn in a transaction that ends with it.
    async fn look(
        &mut self,
        limits: Limits,
        question: i64,
        turn: &Turn,
    ) -> Result<Answers, NotBegun> {
        self.is_open = true;
        let all = Turn::default().add(BEGINNING, "BEGIN", &[]);
        let whole = Turn::default().add_all(turn).add("ending the transaction", "rollback", &[]);
        let answers = self.take_in_step(all, limits, question, &whole).await?;
        self.is_open = false;
        Ok(answers)
    }

    /// Takes the turn behind the statement that sets the limits, and returns its answers, once that
    /// statement's own answer shows that the connection is in step.
    async fn take_in_step(
        &mut self,
        before: Turn,
        limits: Limits,
        question: i64,
        turn: &Turn,
    ) -> Result<Answers, NotBegun> {
        let before = before.add(
            BEGINNING,
            include_str!("../sql/begin.sql"),
            &[
                Value::Number(question),
                Value::Text(&setting(limits.lock)),
                limits.statement.map(setting).as_deref().map_or(Value::Null, Value::Text),
                limits.idle.map(setting).as_deref().map_or(Value::Null, Value::Text),
            ],
        );
        let (answers_before, all) = (before.count(), before.add_all(turn));
        let mut answers = match all.try_take(&mut self.connection).await {
            Ok(answers) => answers,
            Err(failed) if failed.answered < answers_before => {
                return Err(NotBegun::Unusable(failed.error));
            }
            Err(failed) => {
                // Rolled back at once, so that no lock is kept. Where even that fails the
                // connection is lost, which shows when the next transaction begins.
                drop(self.roll_back().await);
                return Err(NotBegun::Refused(failed.error));
            }
        };
        answers.skip(answers_before - 1);
        let (answer,): (i64,) = answers.value(BEGINNING).map_err(NotBegun::Unusable)?;
        if answer == question {
            return Ok(answers);
        }
        let out_of_step = "an answer belongs to another statement".to_owned();
        Err(NotBegun::at_begin(sqlx::Error::Protocol(out_of_step)))
    }

    /// Ends a transaction that was left open.
    async fn roll_back(&mut self) -> Result<(), sqlx::Error> {
        if self.is_open {
            run(&mut self.connection, "rollback").await?;
            self.is_open = false;
        }
        Ok(())
    }
}

/// How long a transaction lasts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Until {
    /// Until it is committed or rolled back.
    Ended,
    /// Until the turn that it begins with is answered; then it is rolled back.
    Answered,
}

/// Why a transaction was not begun.
pub(crate) enum NotBegun {
    /// The connection is lost, or its answers are out of step.
    Unusable(StoreError),
    /// A statement of the turn failed; the connection is in order.
    Refused(StoreError),
}

impl NotBegun {
    fn at_begin(source: sqlx::Error) -> Self {
        Self::Unusable(StoreError::at(BEGINNING)(source))
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
