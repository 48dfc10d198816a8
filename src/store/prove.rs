//! Does the transaction hold what it should? Asked before it commits.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::StoreError;
use super::group::Group;
use super::land::{Counts, Landing};
use super::statement::query_as;

/// Proves that every record of the files was let in, known or held, and that each table has what it
/// was sent. All identifiers of the transaction's rows lie behind `first_id`.
pub(super) async fn prove(
    connection: &mut PgConnection,
    files: &[&Landing<'_>],
    group: &Group,
    first_id: Uuid,
) -> Result<(), StoreError> {
    for (landing, landed) in files.iter().zip(group.all()) {
        let read = landing.summary.read;
        let Counts { inserted, duplicates, held } = landed.of(landing.summary.record_table);
        if read != inserted + duplicates + held {
            return Err(StoreError::Equation { read, inserted, duplicates, held });
        }
    }
    let imports: Vec<Uuid> = group.stamps.iter().map(|stamp| stamp.import_id).collect();
    let found: Vec<(String, Uuid, i64)> = query_as(include_str!("sql/imported_rows.sql"))
        .bind(imports)
        .bind(first_id)
        .bind(Uuid::now_v7())
        .fetch_all(connection)
        .await
        .map_err(StoreError::at("counting what came in"))?;
    let mut found: HashMap<(Uuid, String), i64> =
        found.into_iter().map(|(table, import, count)| ((import, table), count)).collect();
    for (stamp, landed) in group.stamps.iter().zip(group.all()) {
        for (table, expected) in landed.sent() {
            let key = (stamp.import_id, table.to_owned());
            let found = found.remove(&key).unwrap_or_default();
            if u64::try_from(found) != Ok(expected) {
                return Err(StoreError::Missing { table: key.1, found, expected });
            }
        }
    }
    match found.into_iter().next() {
        Some(((_, table), found)) => Err(StoreError::Missing { table, found, expected: 0 }),
        None => Ok(()),
    }
}
