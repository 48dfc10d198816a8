//! Does the transaction hold what it should? Asked before it commits.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::StoreError;
use super::group::Group;
use super::land::{Counts, Landed, Landing};
use super::statement::query_as;

/// Proves that every record of the files was let in, known or held, and that each table has what it
/// was sent.
pub(super) async fn prove(
    connection: &mut PgConnection,
    files: &[&Landing<'_>],
    group: &Group,
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
    let (first, behind) = group.ids.range();
    let found: Vec<(String, i64)> = query_as(include_str!("sql/imported_rows.sql"))
        .bind(first)
        .bind(behind)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at("counting what came in"))?;
    for (table, found) in found {
        let expected = expected.get(table.as_str()).copied().unwrap_or_default();
        if u64::try_from(found) != Ok(expected) {
            return Err(StoreError::Missing { table, found, expected });
        }
    }
    Ok(())
}
