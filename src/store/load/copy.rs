//! Rows → their table, by a binary COPY.

use sqlx::PgConnection;
use uuid::Uuid;

use super::binary::{CopyBytes, HEADER, TRAILER};
use super::encode::{COPYING, EncodedRows};
use super::group_load::no_file;
use super::held::{HeldPieces, HeldSpool};
use crate::row::{Row, Stamp, StatementRow, Table};
use crate::store::StoreError;
use crate::store::connection::copy_stream::CopyIn;

/// Sends the rows to their table, in their order: each with its identifier and the number of its
/// file.
pub(crate) async fn copy_rows<R: Row>(
    connection: &mut PgConnection,
    rows: &[(Uuid, usize, &R)],
    stamps: &[Stamp],
) -> Result<(), StoreError> {
    let mut fields = CopyBytes::default();
    for (id, file, row) in rows {
        let stamp = stamps.get(*file).ok_or_else(no_file)?;
        fields.row(|fields| row.put(*id, stamp, fields));
    }
    copy_fields(connection, R::TABLE, fields).await
}

/// Sends the statements to their table: each with its identifier and the number of its file.
pub(crate) async fn copy_statements<'r>(
    connection: &mut PgConnection,
    rows: impl Iterator<Item = (Uuid, usize, &'r StatementRow<'r>)>,
    stamps: &[Stamp],
) -> Result<(), StoreError> {
    let mut fields = CopyBytes::default();
    for (id, file, row) in rows {
        let stamp = stamps.get(file).ok_or_else(no_file)?;
        fields.row(|fields| row.put(id, stamp, fields));
    }
    copy_fields(connection, Table::BankStatements, fields).await
}

async fn copy_fields(
    connection: &mut PgConnection,
    table: Table,
    fields: CopyBytes,
) -> Result<(), StoreError> {
    if fields.len() == 0 {
        return Ok(());
    }
    let bytes = fields.into_bytes()?;
    let mut copy = Copy::begin(connection, statement(table)).await?;
    let sent = copy.send(bytes).await;
    copy.end(sent).await
}

/// Sends the held rows to their table.
pub(crate) async fn copy_held(
    connection: &mut PgConnection,
    held: HeldSpool,
) -> Result<(), StoreError> {
    if held.is_empty() {
        return Ok(());
    }
    let pieces = held.pieces()?;
    let mut copy = Copy::begin(connection, include_str!("../sql/copy_held_rows.sql")).await?;
    let sent = copy.send_all(pieces).await;
    copy.end(sent).await
}

/// Sends encoded rows to `bank_transactions`, all in one COPY, while further rows are still being
/// encoded.
pub(crate) async fn copy_encoded(
    connection: &mut PgConnection,
    rows: impl IntoIterator<Item = EncodedRows>,
) -> Result<(), StoreError> {
    let mut rows = rows.into_iter().peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    let mut copy = Copy::begin(connection, statement(Table::BankTransactions)).await?;
    let sent = copy.send_encoded(rows).await;
    copy.end(sent).await
}

/// A COPY of rows in binary.
struct Copy<'c>(CopyIn<'c>);

impl<'c> Copy<'c> {
    async fn begin(
        connection: &'c mut PgConnection,
        statement: &'static str,
    ) -> Result<Self, StoreError> {
        let copy = CopyIn::begin(connection, statement).await.map_err(StoreError::at(COPYING))?;
        let mut copy = Self(copy);
        // Sending fails only where the connection is lost. The COPY is gone with it, so it is not
        // ended here.
        copy.send(HEADER.to_vec()).await?;
        Ok(copy)
    }

    async fn send(&mut self, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.0.send(bytes).await.map_err(StoreError::at(COPYING))
    }

    async fn send_encoded(
        &mut self,
        rows: impl Iterator<Item = EncodedRows>,
    ) -> Result<(), StoreError> {
        for mut rows in rows {
            while let Some(piece) = rows.next_piece().await {
                self.send(piece).await?;
            }
            rows.end().await?;
        }
        Ok(())
    }

    async fn send_all(&mut self, pieces: HeldPieces) -> Result<(), StoreError> {
        for piece in pieces {
            self.send(piece?).await?;
        }
        Ok(())
    }

    async fn end(mut self, sent: Result<(), StoreError>) -> Result<(), StoreError> {
        let sent = match sent {
            Ok(()) => self.send(TRAILER.to_vec()).await,
            error => error,
        };
        self.0.end(sent, StoreError::at(COPYING)).await.map(drop)
    }
}

/// Returns the names of the columns that rows of a table hand over, in their order.
pub(super) fn columns(table: Table) -> impl Iterator<Item = &'static str> {
    let list = statement(table).split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    list.map_or("", |(list, _)| list).split(',').map(str::trim)
}

fn statement(table: Table) -> &'static str {
    match table {
        Table::BankTransactions => include_str!("../sql/copy_bank_transactions.sql"),
        Table::BankStatements => include_str!("../sql/copy_bank_statements.sql"),
        Table::GlsBorderouri => include_str!("../sql/copy_gls_borderouri.sql"),
        Table::GlsBorderouParcels => include_str!("../sql/copy_gls_borderou_parcels.sql"),
        Table::GlsParcels => include_str!("../sql/copy_gls_parcels.sql"),
        Table::NetopiaBatches => include_str!("../sql/copy_netopia_batches.sql"),
        Table::NetopiaTransactions => include_str!("../sql/copy_netopia_transactions.sql"),
        Table::CourierBorderouri => include_str!("../sql/copy_courier_borderouri.sql"),
        Table::CourierBorderouParcels => include_str!("../sql/copy_courier_borderou_parcels.sql"),
        Table::SamedayParcels => include_str!("../sql/copy_sameday_parcels.sql"),
        Table::EmagDocuments => include_str!("../sql/copy_emag_documents.sql"),
        Table::EmagLines => include_str!("../sql/copy_emag_lines.sql"),
        // What is sent of orders and invoices is what files say of them.
        Table::Orders | Table::OrderStates => include_str!("../sql/copy_order_states.sql"),
        Table::Invoices | Table::InvoiceStates => include_str!("../sql/copy_invoice_states.sql"),
        Table::Products => include_str!("../sql/copy_products.sql"),
        Table::ProductSales => include_str!("../sql/copy_product_sales.sql"),
    }
}
