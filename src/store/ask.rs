//! Keys → what is stored under them, and what it says.

use std::collections::HashMap;

use sqlx::{PgConnection, Row};
use uuid::Uuid;

use super::StoreError;
use super::statement::query;
use crate::row::{Said, Table};

/// Keys in one question: enough that round trips do not count, few enough for a small message.
const KEYS_MAX: usize = 8192;

/// A row that is there already.
#[derive(Debug)]
pub(super) struct Stored {
    /// Its identifier.
    pub(super) id: Uuid,
    /// What a new row with the same key must agree with.
    pub(super) says: Said,
}

/// Returns the stored rows under these keys, by key, in the company that was entered.
pub(super) async fn ask(
    connection: &mut PgConnection,
    table: Table,
    keys: &[String],
) -> Result<HashMap<String, Stored>, StoreError> {
    let step = "looking up what is there already";
    let mut stored = HashMap::new();
    for some in keys.chunks(KEYS_MAX) {
        let rows = query(question(table))
            .bind(some)
            .fetch_all(&mut *connection)
            .await
            .map_err(StoreError::at(step))?;
        for row in rows {
            let (key, found) = read(&row).map_err(StoreError::at(step))?;
            stored.insert(key, found);
        }
    }
    Ok(stored)
}

fn question(table: Table) -> &'static str {
    match table {
        Table::BankTransactions => include_str!("sql/stored_bank_transactions.sql"),
        Table::GlsBorderouri => include_str!("sql/stored_gls_borderouri.sql"),
        Table::GlsBorderouParcels => include_str!("sql/stored_gls_borderou_parcels.sql"),
        Table::GlsParcels => include_str!("sql/stored_gls_parcels.sql"),
        Table::NetopiaBatches => include_str!("sql/stored_netopia_batches.sql"),
        Table::NetopiaTransactions => include_str!("sql/stored_netopia_transactions.sql"),
    }
}

fn read(row: &sqlx::postgres::PgRow) -> Result<(String, Stored), sqlx::Error> {
    let says = Said::of(row.try_get("firm")?, row.try_get("wording")?);
    Ok((row.try_get("key")?, Stored { id: row.try_get("id")?, says }))
}
