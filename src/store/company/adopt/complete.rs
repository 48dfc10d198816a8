//! What adopted tables lack is added; what their rows contradict is told.

use std::collections::BTreeMap;

use sqlx::{Connection, PgConnection};

use super::keys::{self, KeyCounts};
use crate::store::StoreError;
use crate::store::connection::enter::enter_schema;
use crate::store::connection::statement::{fetch_quoted, query_scalar, run_quoted};
use crate::store::migrate::catalog::{Catalog, Column, Difference, catalog};

const STEP: &str = "completing the tables";

/// Texts: each can become the other, and loses nothing but the padding of a `character`.
const TEXTS: [&str; 4] = ["text", "character varying", "citext", "character"];

/// Numbers: each can become the other where no row loses anything by it.
const NUMBERS: [&str; 6] = ["numeric", "double precision", "real", "bigint", "integer", "smallint"];

/// Makes the tables as expected in their old schema, and gives old rows their keys. Returns what
/// was changed, in words, and what became of the keys.
///
/// Columns come first, so that keys can be made of them; demands come last. All of it happens
/// before the tables move: on a cluster much of it is not possible after the move.
pub(crate) async fn complete(
    connection: &mut PgConnection,
    schema: &str,
    expected: &Catalog,
) -> Result<(Vec<String>, BTreeMap<&'static str, KeyCounts>), StoreError> {
    let mut work = Work { connection, schema, changes: Vec::new(), contradictions: Vec::new() };
    for difference in work.lacking(expected).await? {
        work.shape(&difference).await?;
    }
    work.refuse_contradictions()?;
    enter_schema(work.connection, schema).await?;
    let keyed = keys::make(work.connection, expected).await?;
    for difference in work.lacking(expected).await? {
        work.demand(&difference).await?;
    }
    work.refuse_contradictions()?;
    // What the tables lack now, no statement could add.
    let left = work.lacking(expected).await?;
    work.contradictions.extend(left.iter().map(Difference::to_string));
    work.refuse_contradictions()?;
    Ok((work.changes, keyed))
}

/// Makes the foreign keys that are missing, once all tables stand together in the company's schema.
pub(crate) async fn link(
    connection: &mut PgConnection,
    schema: &str,
    expected: &Catalog,
) -> Result<Vec<String>, StoreError> {
    let lacking = expected.lacking(&catalog(connection, schema).await?);
    let mut work = Work { connection, schema, changes: Vec::new(), contradictions: Vec::new() };
    for difference in lacking.iter().filter(|it| is_foreign_key(it)) {
        work.demand(difference).await?;
    }
    work.refuse_contradictions()?;
    Ok(work.changes)
}

fn is_foreign_key(difference: &Difference) -> bool {
    matches!(difference, Difference::Key { expected, .. } if expected.starts_with("FOREIGN KEY"))
}

struct Work<'c> {
    connection: &'c mut PgConnection,
    schema: &'c str,
    changes: Vec<String>,
    contradictions: Vec<String>,
}

impl Work<'_> {
    /// Returns what the tables lack, foreign keys left out.
    async fn lacking(&mut self, expected: &Catalog) -> Result<Vec<Difference>, StoreError> {
        let mut lacking = expected.lacking(&catalog(self.connection, self.schema).await?);
        lacking.retain(|it| !is_foreign_key(it));
        Ok(lacking)
    }

    fn refuse_contradictions(&mut self) -> Result<(), StoreError> {
        match self.contradictions.is_empty() {
            true => Ok(()),
            false => Err(StoreError::InTheWay(std::mem::take(&mut self.contradictions))),
        }
    }

    /// Adds a missing column, changes a type where no row loses anything.
    async fn shape(&mut self, difference: &Difference) -> Result<(), StoreError> {
        match difference {
            Difference::Column { table, column, expected } => {
                // Where nothing fills the column of old rows, NOT NULL is demanded later.
                let not_null = expected.not_null && !expected.filled.is_empty();
                let definition = Column { not_null, ..expected.clone() }.to_string();
                let told = format!("column {table}.{column} added: {expected}");
                self.alter(table, "add column", column, &definition, &told).await
            }
            Difference::OtherColumn { table, column, found, expected } => {
                if found.of_type != expected.of_type {
                    self.change_type(table, column, found, expected).await?;
                }
                if found.filled.is_empty() && !expected.filled.is_empty() {
                    let verb = if expected.filled.starts_with("default") { "set" } else { "add" };
                    let filled = format!("{verb} {}", expected.filled);
                    let told = format!("column {table}.{column}: {filled}");
                    self.alter(table, "fill", column, &filled, &told).await?;
                    if verb == "add" {
                        // New numbers follow the numbers that are there.
                        let told =
                            format!("column {table}.{column}: goes on behind the last number");
                        self.alter(table, "number on", column, "", &told).await?;
                    }
                }
                Ok(())
            }
            // Keys and the rest are added when all columns are there.
            _ => Ok(()),
        }
    }

    async fn change_type(
        &mut self,
        table: &str,
        column: &str,
        found: &Column,
        expected: &Column,
    ) -> Result<(), StoreError> {
        let (old, new) = (plain(&found.of_type), plain(&expected.of_type));
        let both = |family: &[&str]| [old, new].iter().all(|it| family.contains(&family_of(it)));
        if both(&NUMBERS) {
            let rows = self.rows_that_would_lose(table, column, new).await?;
            if rows > 0 {
                let told = format!("{rows} rows of {table}.{column} ({old}) do not fit {new}");
                self.contradictions.push(told);
                return Ok(());
            }
        } else if !both(&TEXTS) {
            let told = format!("column {table}.{column} is {old}, expected {new}");
            self.contradictions.push(told);
            return Ok(());
        }
        let told =
            format!("column {table}.{column}: {} became {}", found.of_type, expected.of_type);
        self.alter(table, "type", column, &expected.of_type, &told).await
    }

    async fn rows_that_would_lose(
        &mut self,
        table: &str,
        column: &str,
        new: &str,
    ) -> Result<i64, StoreError> {
        let statement: String = query_scalar(include_str!("../../sql/adopt/loss_statement.sql"))
            .bind(self.schema)
            .bind(table)
            .bind(column)
            .bind(new)
            .fetch_one(&mut *self.connection)
            .await
            .map_err(StoreError::at(STEP))?;
        let (rows,): (i64,) = fetch_quoted(self.connection, statement, STEP).await?;
        Ok(rows)
    }

    /// Demands of the rows what the migrations demand.
    async fn demand(&mut self, difference: &Difference) -> Result<(), StoreError> {
        match difference {
            Difference::OtherColumn { table, column, found, expected }
                if found.not_null != expected.not_null =>
            {
                let what = if expected.not_null { "not null" } else { "null" };
                let told = format!("column {table}.{column} is {what} now");
                self.alter(table, what, column, "", &told).await
            }
            Difference::Key { table, expected } => {
                let told = format!("{table}: {expected} added");
                self.alter(table, "key", "", expected, &told).await
            }
            Difference::Index { table, expected } => {
                let told = format!("{table}: an index {expected} added");
                match expected.strip_prefix("unique ") {
                    Some(unique) => self.alter(table, "unique index", "", unique, &told).await,
                    None => self.alter(table, "index", "", expected, &told).await,
                }
            }
            _ => Ok(()),
        }
    }

    /// Runs one statement. Where the rows do not let the server run it, a contradiction is noted
    /// and the next statement is run, so that the user sees all contradictions at once.
    async fn alter(
        &mut self,
        table: &str,
        what: &str,
        column: &str,
        definition: &str,
        told: &str,
    ) -> Result<(), StoreError> {
        let statement: String =
            query_scalar(include_str!("../../sql/adopt/complete_statements.sql"))
                .bind(self.schema)
                .bind(table)
                .bind(what)
                .bind(column)
                .bind(definition)
                .bind(plain(definition))
                .fetch_one(&mut *self.connection)
                .await
                .map_err(StoreError::at(STEP))?;
        let mut savepoint = self.connection.begin().await.map_err(StoreError::at(STEP))?;
        match run_quoted(&mut savepoint, statement, STEP).await {
            Ok(()) => {
                savepoint.commit().await.map_err(StoreError::at(STEP))?;
                self.changes.push(told.to_owned());
                Ok(())
            }
            Err(error) if error.is_of_the_tables() => {
                savepoint.rollback().await.map_err(StoreError::at(STEP))?;
                let cause = error.cause();
                let count = self.contradicting(table, what, column, definition).await?;
                self.contradictions.push(match (what, count) {
                    ("not null", Some(rows)) => {
                        format!("{table}.{column} must not be empty, and is in {rows} rows")
                    }
                    (_, Some(keys)) => {
                        format!(
                            "{table} must have {definition}, but several rows share {keys} of them"
                        )
                    }
                    _ => format!("{told}: not possible: {cause}"),
                });
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Counts what contradicts a demand: rows without a value, keys that several rows have.
    async fn contradicting(
        &mut self,
        table: &str,
        what: &str,
        column: &str,
        definition: &str,
    ) -> Result<Option<i64>, StoreError> {
        let statement: Option<String> =
            query_scalar(include_str!("../../sql/adopt/contradiction_statement.sql"))
                .bind(self.schema)
                .bind(table)
                .bind(what)
                .bind(column)
                .bind(definition)
                .fetch_one(&mut *self.connection)
                .await
                .map_err(StoreError::at(STEP))?;
        let Some(statement) = statement else { return Ok(None) };
        let (count,): (i64,) = fetch_quoted(self.connection, statement, STEP).await?;
        Ok(Some(count))
    }
}

/// Returns a type without its collation.
fn plain(of_type: &str) -> &str {
    of_type.split(" collate ").next().unwrap_or(of_type)
}

/// Returns a type without its length or precision.
fn family_of(of_type: &str) -> &str {
    of_type.split('(').next().unwrap_or(of_type)
}
