//! Does the transaction hold what it should? Asked before it commits.

use std::collections::{BTreeMap, HashMap};

use sqlx::PgConnection;

use super::StoreError;
use super::group::Group;
use super::land::{Counts, Landed, Landing};
use super::statement::query_as;

const STEP: &str = "counting what came in";

/// Proves that every record of the files was let in, known or held, and that each table has what it
/// was sent: by the server's accounts, which say what was written `before`, or else, where those say
/// something else or nothing, by counting the rows.
pub(super) async fn prove(
    connection: &mut PgConnection,
    files: &[&Landing<'_>],
    group: &Group,
    before: &Written,
) -> Result<(), StoreError> {
    for (landing, landed) in files.iter().zip(group.all()) {
        let read = landing.summary.read;
        let Counts { inserted, duplicates, held } = landed.of(landing.summary.record_table);
        if read != inserted + duplicates + held {
            return Err(StoreError::Equation { read, inserted, duplicates, held });
        }
    }
    let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
    for (table, sent) in group.all().iter().flat_map(Landed::sent) {
        *expected.entry(table).or_default() += sent;
    }
    // Of tables that were sent nothing, none; of tables that nobody counted, less than none.
    let wrong = |found: &Written| {
        let tables = expected.keys().copied().chain(found.keys().map(String::as_str));
        let mut counted = tables.map(|table| {
            let sent = expected.get(table).copied().unwrap_or(0);
            (table.to_owned(), found.get(table).copied().unwrap_or(-1), sent)
        });
        counted.find(|(_, found, sent)| u64::try_from(*found) != Ok(*sent))
    };
    let now = written(connection).await?;
    let more = now.into_iter().map(|(table, count)| {
        let before = before.get(&table).copied().unwrap_or(0);
        (table, count - before)
    });
    if wrong(&more.collect()).is_none() {
        return Ok(());
    }
    let (first, behind) = group.ids.range();
    let found: Vec<(String, i64)> = query_as(include_str!("sql/imported_rows.sql"))
        .bind(first)
        .bind(behind)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at(STEP))?;
    match wrong(&found.into_iter().collect()) {
        Some((table, found, expected)) => Err(StoreError::Missing { table, found, expected }),
        None => Ok(()),
    }
}

/// How many rows the server has put into each table, by its own accounts.
pub(super) type Written = HashMap<String, i64>;

/// Returns the server's accounts of this transaction so far.
pub(super) async fn written(connection: &mut PgConnection) -> Result<Written, StoreError> {
    let counts: Vec<(String, i64)> = query_as(include_str!("sql/rows_written.sql"))
        .fetch_all(connection)
        .await
        .map_err(StoreError::at(STEP))?;
    Ok(counts.into_iter().collect())
}
