//! The proof, before the commit, that every table has the rows that it was sent.

use std::collections::{BTreeMap, HashMap};

use sqlx::PgConnection;

use super::group_load::GroupLoad;
use super::landing::{Counts, Imported, Landing};
use super::settling::Settling;
use crate::row::Table;
use crate::store::StoreError;
use crate::store::connection::statement::query_as;
use crate::store::connection::turn::{Answers, Turn, Value};

const STEP: &str = "counting what came in";

/// Proves that every record of the files was inserted, there already or held, and that each table
/// has the rows that it was sent. The server's accounts of the transaction tell, less what they
/// said `before` the load; where they say something else or nothing, the rows are counted.
///
/// The held rows that statements settle are closed in the same turn.
pub(crate) async fn prove(
    connection: &mut PgConnection,
    files: &[&Landing<'_>],
    group: &GroupLoad,
    settling: &Settling,
    before: &RowsByTable,
) -> Result<(), StoreError> {
    for (landing, imported) in files.iter().zip(group.all()) {
        let read = landing.summary.read;
        let Counts { inserted, duplicates, held } =
            imported.of(Table::of_records(landing.document));
        if read != inserted + duplicates + held {
            return Err(StoreError::Equation { read, inserted, duplicates, held });
        }
    }
    let mut expected: BTreeMap<&str, u64> = BTreeMap::new();
    for (table, sent) in group.all().iter().flat_map(Imported::sent) {
        *expected.entry(table).or_default() += sent;
    }
    *expected.entry(Table::InvoiceStates.name()).or_default() += group.kept_of_platform;
    // A table that was sent nothing must have 0 rows. A table without a count gets -1, which is
    // always wrong.
    let wrong = |found: &RowsByTable| {
        let tables = expected.keys().copied().chain(found.keys().map(String::as_str));
        let mut counted = tables.map(|table| {
            let sent = expected.get(table).copied().unwrap_or(0);
            (table.to_owned(), found.get(table).copied().unwrap_or(-1), sent)
        });
        counted.find(|(_, found, sent)| u64::try_from(*found) != Ok(*sent))
    };
    let ids = group.import_ids();
    let turn = settling.close(ask_written(Turn::default()), &ids);
    let now = written(&mut turn.take(connection).await?)?;
    let more = now.into_iter().map(|(table, count)| {
        let before = before.get(&table).copied().unwrap_or(0);
        (table, count - before)
    });
    if wrong(&more.collect()).is_none() {
        return Ok(());
    }
    let (first, behind) = group.ids.range();
    let found: Vec<(String, i64)> = query_as(include_str!("../sql/imported_rows.sql"))
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
pub(crate) type RowsByTable = HashMap<String, i64>;

/// Adds the statement that asks for the server's accounts of this transaction so far; its answer
/// belongs to [`written`].
pub(crate) fn ask_written(turn: Turn) -> Turn {
    let tables = Table::names();
    turn.add(STEP, include_str!("../sql/rows_written.sql"), &[Value::Texts(&tables)])
}

/// Returns the server's accounts, by the answer of [`ask_written`].
pub(crate) fn written(answers: &mut Answers) -> Result<RowsByTable, StoreError> {
    Ok(answers.values::<(String, i64)>(STEP)?.into_iter().collect())
}
