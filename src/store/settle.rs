//! Rows with natural keys → new ones in, the rest counted or held.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::ask::{Stored, ask};
use super::copy::copy_rows;
use super::{Landed, StoreError};
use crate::row::{HeldKind, HeldRow, Row, Said, Stamp};

/// Puts in the rows whose key is new; a row whose key is there is a duplicate where the stored one
/// says the same, else it is held.
///
/// Returns the stored rows by key, for those that point to them.
pub(super) async fn settle<R: Row>(
    connection: &mut PgConnection,
    rows: &[R],
    stamp: &Stamp<'_>,
    landed: &mut Landed,
) -> Result<HashMap<String, Stored>, StoreError> {
    let keys: Vec<String> = rows.iter().map(|row| row.key().into_owned()).collect();
    let mut stored = ask(connection, R::TABLE, &keys).await?;
    let counts = landed.tables.entry(R::TABLE).or_default();
    let mut new = Vec::with_capacity(rows.len());
    for (row, key) in rows.iter().zip(keys) {
        let says = row.says();
        match stored.get(&key) {
            None => {
                stored.insert(key, Stored { id: row.id(), says });
                new.push(row);
                counts.inserted += 1;
            }
            Some(known) if says.agrees(&known.says) => counts.duplicates += 1,
            Some(known) => {
                counts.held += 1;
                landed.held.push(conflict(row, key, &known.says));
            }
        }
    }
    copy_rows(connection, &new, stamp).await?;
    Ok(stored)
}

/// Returns the held row of one whose key is taken by a row that says something else.
pub(super) fn conflict<R: Row>(row: &R, key: String, stored: &Said) -> HeldRow {
    let (raw, line) = row.raw();
    let differs = row.says().differences(stored, R::SAYS).join(", ");
    HeldRow {
        kind: HeldKind::Conflict,
        table: R::TABLE,
        key: Some(key),
        reason: format!("a row with this key is there already and differs in: {differs}"),
        raw: raw.into_owned(),
        line,
    }
}
