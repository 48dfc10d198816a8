//! Rows with natural keys → new ones in, the rest counted or held.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::ask::{Stored, ask};
use super::copy::copy_rows;
use super::group_load::GroupLoad;
use crate::row::{HeldKind, HeldRow, Row, Said};
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
    let keys: Vec<String> = rows.iter().map(|(_, row)| row.key().into_owned()).collect();
    let mut stored = ask(connection, R::TABLE, &keys).await?;
    let mut new = Vec::with_capacity(rows.len());
    for ((file, row), key) in rows.iter().zip(keys) {
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
                group.hold(*file, conflict(row, key, &known.says))?;
            }
        }
    }
    copy_rows(connection, &new, &group.stamps).await?;
    Ok(stored)
}

/// Returns the held row of a row whose key is taken: the row under that key says something else.
pub(crate) fn conflict<R: Row>(row: &R, key: String, stored: &Said) -> HeldRow {
    let (raw, line) = row.raw();
    let differs = row.says().differences(stored, R::SAYS).join(", ");
    let reason = match differs.as_str() {
        "" => "another row of the same import has this key".to_owned(),
        _ => format!("a row with this key is there already and differs in: {differs}"),
    };
    HeldRow {
        kind: HeldKind::Conflict,
        table: R::TABLE,
        key: Some(key),
        reason,
        raw: raw.into_owned(),
        line,
    }
}
