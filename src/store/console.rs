//! A statement of the user, kept inside one company.
//!
//! Under the company's role alone a statement is not kept inside: in the middle of a query
//! `set_config('role', 'none', true)` gives the rights of the connection back. So it runs inside a
//! function that belongs to that role (`sql/console/fence.sql`), where the server refuses every
//! change of role. What a statement could leave for later, when the function has ended, is taken
//! away before the transaction ends (`sql/console/leave.sql`).
//!
//! What the statement does *to* the database is bounded by the company's role alone: it may lock
//! its tables, fill the disk, or notify. Names of other schemas and tables stand in PostgreSQL's
//! catalogs, which everybody reads.

mod closed_log;

use crate::store::connection::version;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};
use sqlx::{Connection, PgConnection};

use self::closed_log::ClosedLog;
use super::connection::statement::{query, query_scalar, run_all_quoted, run_quoted, run_script};
use crate::store::connection::enter;
use crate::store::{Session, StoreError, error};

/// The code of a statement that a cursor cannot be opened for, as it returns no rows or is several.
const INVALID_CURSOR_DEFINITION: &str = "42P11";
/// The code of a change in a transaction that may only read.
const READ_ONLY_TRANSACTION: &str = "25006";
/// The code of what the role has no right to.
const INSUFFICIENT_PRIVILEGE: &str = "42501";
/// The code of what the server cannot do.
const FEATURE_NOT_SUPPORTED: &str = "0A000";

/// What the user's statement may do to the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Look; whatever it does is rolled back.
    Read,
    /// Look and change; what it does is committed. The log and the held rows stay as they are.
    Write,
}

/// What a statement came to.
#[derive(Debug)]
pub struct Answer {
    /// The names of the columns, in their order; two may have the same name. Where a statement that
    /// may write returns no row there are none.
    pub columns: Vec<String>,
    /// The rows: each value as the server writes it in JSON, numbers with all their digits.
    pub rows: Vec<Vec<Box<RawValue>>>,
    /// How many rows a statement that returns none has touched.
    pub affected: Option<i64>,
}

/// Runs one statement inside the company, with nothing else in reach, and returns its whole answer.
///
/// Everything happens in one transaction, which is rolled back unless the statement may write. Of
/// the statement nothing stays on the connection: no temporary object, cursor, prepared statement,
/// setting, or lock. Such things that the session had before are gone too.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`]; [`StoreError::NoRole`] where nothing would keep the statement
/// inside; [`StoreError::OpenLog`] where nothing would keep it from changing the log;
/// [`StoreError::NotOneStatement`]; [`StoreError::Statement`] where the server refuses it;
/// [`StoreError::LeftBehind`]; a database that fails. Nothing is kept then.
pub async fn run_statement(
    session: &mut Session,
    slug: &str,
    statement: &str,
    access: Access,
) -> Result<Answer, StoreError> {
    // The statement is run inside another query, where no semicolon may stand at its end.
    let statement = statement.trim_end_matches(|c: char| c == ';' || c.is_whitespace());
    if statement.trim_start().is_empty() {
        return Err(StoreError::NotOneStatement);
    }
    let mut tx = session.begin().await?;
    run_script(&mut tx, include_str!("sql/console/arrive.sql"), "clearing the connection").await?;
    let closed = enter_fenced(&mut tx, slug, access).await?;
    let owned = owned(&mut tx).await?;
    if access == Access::Read {
        refuse_node_functions(&mut tx).await?;
        query(include_str!("sql/console/read_only.sql"))
            .execute(&mut *tx)
            .await
            .map_err(StoreError::at("beginning to read"))?;
    }
    let step = "ending the statement";
    // Run in a savepoint: a statement that fails may have left a lock or a prepared statement,
    // which must still be taken away in this transaction.
    let mut inner = tx.begin().await.map_err(StoreError::at(step))?;
    let answer = ask(&mut inner, statement, access).await;
    match &answer {
        Ok(_) => inner.commit().await.map_err(StoreError::at(step))?,
        // Where the connection is lost, this rollback fails too; the first error says more.
        Err(_) => drop(inner.rollback().await),
    }
    let left = leave(&mut tx).await;
    let answer = answer?;
    left?;
    match closed {
        None => tx.rollback().await.map_err(StoreError::at(step))?,
        Some(log) => {
            refuse_new_objects(&mut tx, &owned).await?;
            log.open(&mut tx).await?;
            run_script(&mut tx, include_str!("sql/console/reset.sql"), step).await?;
            tx.commit().await.map_err(StoreError::at("committing the statement"))?;
        }
    }
    Ok(answer)
}

/// Enters the company under its role or not at all, and builds the fence there. Returns the log, which
/// is closed to a statement that may write.
async fn enter_fenced(
    connection: &mut PgConnection,
    slug: &str,
    access: Access,
) -> Result<Option<ClosedLog>, StoreError> {
    let step = "fencing the statement in (which takes TEMP on the database)";
    version::check_registry(connection).await?;
    let company = enter::set_path(connection, slug).await?;
    run_script(connection, include_str!("sql/console/fence.sql"), step).await?;
    let hand_over = query_scalar(include_str!("sql/console/hand_over.sql"))
        .bind(&company.schema)
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    if let Some(hand_over) = hand_over {
        run_quoted(connection, hand_over, step).await?;
    }
    let closed = match access {
        Access::Read => None,
        Access::Write => Some(closed_log::close(connection, slug, &company.schema).await?),
    };
    if !enter::take_role(connection, slug).await? {
        return Err(StoreError::NoRole { slug: company.slug });
    }
    version::check_company(connection, slug).await?;
    Ok(closed)
}

/// Refuses a cluster on which the company's role may run a command over another connection: there
/// nothing would keep a statement that only looks from writing.
async fn refuse_node_functions(connection: &mut PgConnection) -> Result<(), StoreError> {
    let function: Option<String> = query_scalar(include_str!("sql/console/node_functions.sql"))
        .fetch_optional(connection)
        .await
        .map_err(StoreError::at("looking at the cluster's functions"))?;
    function.map_or(Ok(()), |function| Err(StoreError::Unfenced { function }))
}

/// Runs the statement inside the fence.
async fn ask(
    connection: &mut PgConnection,
    statement: &str,
    access: Access,
) -> Result<Answer, StoreError> {
    let failed = |source| failure(statement, source);
    let mut attempt = connection.begin().await.map_err(failed)?;
    match rows(&mut attempt, include_str!("sql/console/rows.sql"), statement).await {
        Ok(rows) => {
            attempt.commit().await.map_err(failed)?;
            let columns = match rows.first() {
                Some(AnswerRow(first)) => first.iter().map(|(name, _)| name.clone()).collect(),
                // A statement that may write may have altered the fence, so nothing else is run
                // inside it.
                None if access == Access::Write => Vec::new(),
                None => columns(connection, statement).await?,
            };
            let values =
                |AnswerRow(row): AnswerRow| row.into_iter().map(|(_, value)| value).collect();
            Ok(Answer { columns, rows: rows.into_iter().map(values).collect(), affected: None })
        }
        Err(error) if has_code(&error, INVALID_CURSOR_DEFINITION) => {
            if !names_a_command(&error) {
                return Err(StoreError::NotOneStatement);
            }
            // Nothing has run yet: the server only looked at the statement and refused it.
            attempt.rollback().await.map_err(failed)?;
            let affected = query_scalar(include_str!("sql/console/run.sql"))
                .bind(statement)
                .fetch_one(connection)
                .await
                .map_err(failed)?;
            Ok(Answer { columns: Vec::new(), rows: Vec::new(), affected: Some(affected) })
        }
        Err(error) => Err(failed(error)),
    }
}

async fn rows(
    connection: &mut PgConnection,
    sql: &'static str,
    statement: &str,
) -> Result<Vec<AnswerRow>, sqlx::Error> {
    let rows: Vec<String> = query_scalar(sql).bind(statement).fetch_all(connection).await?;
    let parsed = rows.iter().map(|row| serde_json::from_str(row)).collect::<Result<_, _>>();
    parsed.map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Returns the names of the columns of a query that has returned no row; no names where only a row
/// would tell them.
async fn columns(
    connection: &mut PgConnection,
    statement: &str,
) -> Result<Vec<String>, StoreError> {
    let step = "reading the names of the columns";
    let mut attempt = connection.begin().await.map_err(StoreError::at(step))?;
    let found = rows(&mut attempt, include_str!("sql/console/columns.sql"), statement).await;
    attempt.rollback().await.map_err(StoreError::at(step))?;
    let first = found.unwrap_or_default().into_iter().take(1);
    Ok(first.flat_map(|AnswerRow(row)| row).map(|(name, _)| name).collect())
}

/// Takes away what the statement has left on the connection.
async fn leave(connection: &mut PgConnection) -> Result<(), StoreError> {
    let step = "taking away what the statement left";
    run_script(connection, include_str!("sql/console/leave.sql"), step).await?;
    let prepared: Vec<String> = query_scalar(include_str!("sql/console/prepared.sql"))
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    run_all_quoted(connection, prepared, step).await
}

async fn owned(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    query_scalar(include_str!("sql/console/owned.sql"))
        .fetch_all(connection)
        .await
        .map_err(StoreError::at("listing what the company's role owns"))
}

/// Refuses a statement by which the company's role has come to own something.
async fn refuse_new_objects(
    connection: &mut PgConnection,
    before: &[String],
) -> Result<(), StoreError> {
    let mut new = owned(connection).await?;
    new.retain(|object| !before.contains(object));
    if new.is_empty() { Ok(()) } else { Err(StoreError::LeftBehind(new)) }
}

fn has_code(error: &sqlx::Error, code: &str) -> bool {
    error.as_database_error().and_then(|it| it.code()).is_some_and(|it| it == code)
}

/// Returns whether the server, which cannot open a cursor, names the command that it found (`cannot
/// open CREATE TABLE query as cursor`). It does so in every language, but only for a single
/// statement.
fn names_a_command(error: &sqlx::Error) -> bool {
    let words = error::words(error);
    words.split(|c: char| !c.is_ascii_uppercase()).any(|word| word.len() > 1)
}

/// Tells why the statement failed, with the server's own words.
fn failure(statement: &str, source: sqlx::Error) -> StoreError {
    let mut told = "the statement failed".to_owned();
    let server = source.as_database_error().and_then(|it| it.try_downcast_ref::<PgDatabaseError>());
    // The place in the text that the user typed: to the server the statement is a query inside the
    // fence.
    if let Some(PgErrorPosition::Internal { position, query }) = server.and_then(|it| it.position())
        && query == statement
    {
        let before: String = query.chars().take(position.saturating_sub(1)).collect();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        told += &match before.matches('\n').count() {
            0 if !statement.contains('\n') => format!(" at character {column}"),
            lines => format!(" at line {}, character {column}", lines + 1),
        };
    }
    told += &format!(": {}", error::words(&source));
    if let Some(hint) = server.and_then(|it| it.hint()) {
        told += &format!(" ({hint})");
    }
    StoreError::Statement { told, advice: advice(statement, &source), source }
}

fn advice(statement: &str, source: &sqlx::Error) -> Option<&'static str> {
    const TRANSACTIONS: [&str; 9] =
        ["begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release", "prepare"];
    let verb = statement.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    if has_code(source, READ_ONLY_TRANSACTION) {
        Some("add `--write` to change rows")
    } else if has_code(source, INSUFFICIENT_PRIVILEGE) {
        Some(
            "a statement reaches its own company alone, and changes rows, not tables; the log and what \
             is held are changed by `vama undo` and `vama held`",
        )
    } else if !has_code(source, FEATURE_NOT_SUPPORTED) {
        None
    } else if TRANSACTIONS.contains(&verb.as_str()) {
        Some("leave it out: each statement is a transaction of its own")
    } else if verb == "copy" {
        Some("take a query with `--csv` to get rows out; psql has \\copy for rows that go in")
    } else {
        None
    }
}

/// One row: its columns in their order, with names that may repeat.
struct AnswerRow(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for AnswerRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Columns;

        impl<'de> Visitor<'de> for Columns {
            type Value = AnswerRow;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a row as a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<AnswerRow, A::Error> {
                let mut columns = Vec::new();
                while let Some(column) = map.next_entry()? {
                    columns.push(column);
                }
                Ok(AnswerRow(columns))
            }
        }

        deserializer.deserialize_map(Columns)
    }
}
