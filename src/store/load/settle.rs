//! Rows with natural keys → new ones in, the rest counted or held.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::ask::{Stored, ask};
use super::copy::copy_rows;
use super::group_load::{GroupLoad, no_file};
use super::kept::KeptRows;
use crate::row::{HeldRow, Row, Said, Stamp};
use crate::store::StoreError;

/// Puts in the rows whose key is new; a row whose key is there is a duplicate where the stored one
/// says the same, else it is held. Each row comes with the number of its file.
///
/// Returns the stored rows by key: rows of other tables point to them.
pub(crate) async fn settle<R: Row>(
    connection: &mut PgConnection,
    rows: &[(usize, R)],
    group: &mut GroupLoad,
) -> Result<HashMap<String, Stored>, StoreError> {
    let stored = ask(connection, R::TABLE, &keys(rows)).await?;
    settle_with(connection, rows, stored, group).await
}

/// Returns the keys of the rows.
pub(super) fn keys<R: Row>(rows: &[(usize, R)]) -> Vec<String> {
    rows.iter().map(|(_, row)| row.key().into_owned()).collect()
}

/// Does the same where what is stored under the keys was looked up already.
pub(super) async fn settle_with<R: Row>(
    connection: &mut PgConnection,
    rows: &[(usize, R)],
    mut stored: HashMap<String, Stored>,
    group: &mut GroupLoad,
) -> Result<HashMap<String, Stored>, StoreError> {
    let mut new = Vec::with_capacity(rows.len());
    for ((file, row), key) in rows.iter().zip(keys(rows)) {
        let says = row.says();
        match stored.get(&key) {
            None => {
                group.counts(*file, R::TABLE)?.inserted += 1;
                let id = group.ids.one();
                stored.insert(key, Stored { id, says });
                new.push((id, *file, row));
            }
            Some(known) if says.agrees(&known.says) => {
                group.counts(*file, R::TABLE)?.duplicates += 1;
            }
            Some(known) => {
                let id = group.ids.one();
                let stamp = group.stamps.get(*file).ok_or_else(no_file)?;
                group.hold(*file, conflict(row, key, &known.says, (id, stamp)))?;
            }
        }
    }
    copy_rows(connection, &new, &group.stamps).await?;
    Ok(stored)
}

/// Returns the held row of a row whose key is taken: the row under that key says something else. The
/// identifier is the row's own, should somebody let it in.
pub(crate) fn conflict<R: Row>(
    row: &R,
    key: String,
    stored: &Said,
    (id, stamp): (Uuid, &Stamp),
) -> HeldRow {
    let differs = row.says().differences(stored, R::SAYS).join(", ");
    let reason = match differs.as_str() {
        "" => "another row of the same import has this key".to_owned(),
        _ => format!("a row with this key is there already and differs in: {differs}"),
    };
    let rows = Some(KeptRows::one(row, id, stamp));
    HeldRow { rows, ..HeldRow::conflict(R::TABLE, Some(key), reason, row.raw()) }
}
