//! Keys → what is stored under them, and what it says.

use std::collections::HashMap;

use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgConnection, Row, ValueRef};
use uuid::Uuid;

use super::stored::{COLUMNS, Form, StoredColumns, stored_row};
use crate::plan::StoredRow;
use crate::row::key::Key;
use crate::row::{Said, Table};
use crate::store::StoreError;
use crate::store::connection::turn::{Answers, Turn, Value};

/// Keys that one look-up asks for: so many that round trips do not count, so few that its message
/// stays small.
const KEYS_MAX: usize = 8192;

/// Bytes of a bank transaction in its table, at least.
const ROW_BYTES_MIN: u64 = 200;

const STEP: &str = "looking up what is there already";

/// A row that is there already.
#[derive(Debug)]
pub(crate) struct Stored {
    /// Its identifier.
    pub(crate) id: Uuid,
    /// What the stored row says; a new row with the same key must agree with it.
    pub(crate) says: Said,
}

/// Returns the stored rows of a table with natural keys, by key, in the company that was entered.
pub(crate) async fn ask(
    connection: &mut PgConnection,
    table: Table,
    keys: &[String],
) -> Result<HashMap<String, Stored>, StoreError> {
    let mut stored = HashMap::new();
    for some in keys.chunks(KEYS_MAX) {
        stored.extend(told(&mut ask_for(Turn::default(), table, some).take(connection).await?)?);
    }
    Ok(stored)
}

/// Adds the statement that asks for stored rows by their keys; its answer belongs to [`told`].
pub(super) fn ask_for(turn: Turn, table: Table, keys: &[String]) -> Turn {
    turn.add(STEP, question(table), &[Value::Texts(keys)])
}

/// Returns the stored rows, by key, out of the answer of [`ask_for`].
pub(super) fn told(answers: &mut Answers) -> Result<HashMap<String, Stored>, StoreError> {
    answers.rows()?.iter().map(read).collect::<Result<_, _>>().map_err(StoreError::at(STEP))
}

/// Returns the statement that asks for the rows of a table by their keys.
pub(crate) fn question(table: Table) -> &'static str {
    match table {
        Table::BankTransactions => include_str!("../sql/stored_bank_transactions.sql"),
        Table::BankStatements => include_str!("../sql/stored_bank_statements.sql"),
        Table::GlsBorderouri => include_str!("../sql/stored_gls_borderouri.sql"),
        Table::GlsBorderouParcels => include_str!("../sql/stored_gls_borderou_parcels.sql"),
        Table::GlsParcels => include_str!("../sql/stored_gls_parcels.sql"),
        Table::NetopiaBatches => include_str!("../sql/stored_netopia_batches.sql"),
        Table::NetopiaTransactions => include_str!("../sql/stored_netopia_transactions.sql"),
        Table::CourierBorderouri => include_str!("../sql/stored_courier_borderouri.sql"),
        Table::CourierBorderouParcels => include_str!("../sql/stored_courier_borderou_parcels.sql"),
        Table::SamedayParcels => include_str!("../sql/stored_sameday_parcels.sql"),
        Table::EmagDocuments => include_str!("../sql/stored_emag_documents.sql"),
        Table::EmagLines => include_str!("../sql/stored_emag_lines.sql"),
        // States have no key that could be there already: each import has its own.
        Table::Orders | Table::OrderStates => include_str!("../sql/stored_orders.sql"),
        Table::Invoices | Table::InvoiceStates => include_str!("../sql/stored_invoices.sql"),
        Table::Products => include_str!("../sql/stored_products.sql"),
        Table::ProductSales => include_str!("../sql/stored_product_sales.sql"),
    }
}

/// Reads a row of a table with natural keys: its key, and what is stored under it.
pub(crate) fn read(row: &PgRow) -> Result<(String, Stored), sqlx::Error> {
    let texts = |name| row.try_get::<Json<Vec<Option<String>>>, _>(name);
    let (Json(firm), Json(wording)) = (texts("firm")?, texts("wording")?);
    let says = Said::of(&borrowed(&firm), &borrowed(&wording));
    Ok((row.try_get("key")?, Stored { id: row.try_get("id")?, says }))
}

fn borrowed(texts: &[Option<String>]) -> Vec<Option<&str>> {
    texts.iter().map(Option::as_deref).collect()
}

/// How many bank transactions are stored.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fullness {
    /// None.
    Empty,
    /// At most about this many rows.
    AtMost(u64),
    /// The server does not tell.
    Unknown,
}

/// Returns how many bank transactions are stored.
pub(crate) async fn how_full(connection: &mut PgConnection) -> Result<Fullness, StoreError> {
    let turn = Turn::default().add(STEP, include_str!("../sql/how_full.sql"), &[]);
    let (mut bytes, is_empty, is_cluster): (Option<i64>, bool, bool) =
        turn.take(connection).await?.value(STEP)?;
    if bytes.is_none() && !is_empty && is_cluster {
        let there = Turn::default().add(STEP, include_str!("../sql/how_full_there.sql"), &[]);
        (bytes,) = there.take(connection).await?.value(STEP)?;
    }
    Ok(match bytes {
        _ if is_empty => Fullness::Empty,
        Some(bytes) => Fullness::AtMost(bytes.unsigned_abs() / ROW_BYTES_MIN),
        None => Fullness::Unknown,
    })
}

/// Returns the bank transactions that are stored under these keys.
pub(crate) async fn ask_keys(
    connection: &mut PgConnection,
    keys: &[Key],
) -> Result<HashMap<Key, StoredRow>, StoreError> {
    let mut stored = HashMap::new();
    for some in keys.chunks(KEYS_MAX) {
        let some: Vec<String> = some.iter().map(Key::to_string).collect();
        let look = ask_for(Turn::default(), Table::BankTransactions, &some);
        for row in look.take(connection).await?.rows()? {
            stored.extend(read_bank(&row).map_err(StoreError::at(STEP))?);
        }
    }
    Ok(stored)
}

fn read_bank(row: &PgRow) -> Result<Option<(Key, StoredRow)>, sqlx::Error> {
    let mut columns: StoredColumns<'_> = [None; COLUMNS];
    for (column, number) in columns.iter_mut().zip(0..) {
        let value = row.try_get_raw(number)?;
        if !value.is_null() {
            *column = Some(value.as_bytes().map_err(sqlx::Error::Decode)?);
        }
    }
    Ok(stored_row(&columns, Form::Text))
}
