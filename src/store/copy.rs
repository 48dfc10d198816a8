//! Rows → a binary COPY into their table, made while those before them are sent.

use std::sync::Arc;

use sqlx::PgConnection;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use uuid::Uuid;

use super::StoreError;
use super::binary::{Fields, HEADER, TRAILER};
use super::copy_stream::CopyIn;
use super::entries::joined;
use super::group::no_file;
use super::held::{Held, Pieces};
use crate::fault::Impossible;
use crate::identity::Key;
use crate::plan::Bucket;
use crate::row::{Row, Stamp, Table};

/// The step that a clash with another writer shows up in.
pub(super) const COPYING: &str = "sending the rows";

/// Rows that are turned into bytes, and sent, at once.
const ROWS_PER_PIECE: usize = 512;

/// Pieces that wait to be sent: memory is bounded by these, not by the file.
const PIECES_WAITING_MAX: usize = 16;

/// Sends the rows to their table, in their order: each with its identifier and the number of its file.
pub(super) async fn copy_rows<R: Row>(
    connection: &mut PgConnection,
    rows: &[(Uuid, usize, &R)],
    stamps: &[Stamp],
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut fields = Fields::default();
    for (id, file, row) in rows {
        let stamp = stamps.get(*file).ok_or_else(no_file)?;
        fields.row(|fields| row.put(*id, stamp, fields));
    }
    let bytes = fields.into_bytes()?;
    let mut copy = Copy::begin(connection, statement(R::TABLE)).await?;
    let sent = copy.send(bytes).await;
    copy.end(sent).await
}

/// Sends what was held to its table.
pub(super) async fn copy_held(connection: &mut PgConnection, held: Held) -> Result<(), StoreError> {
    if held.is_empty() {
        return Ok(());
    }
    let pieces = held.pieces()?;
    let mut copy = Copy::begin(connection, include_str!("sql/copy_held_rows.sql")).await?;
    let sent = copy.send_all(pieces).await;
    copy.end(sent).await
}

/// Entries of a bucket whose rows are being made, in the order in which they go in.
#[derive(Debug)]
pub(super) struct Making {
    pieces: mpsc::Receiver<Vec<u8>>,
    maker: JoinHandle<Result<(), Impossible>>,
}

/// Begins to make the rows; a few pieces of them wait to be sent. One core makes more of them than a
/// server takes.
pub(super) fn make(
    bucket: Arc<Bucket>,
    new: Vec<(Key, u32)>,
    mut ids: impl Iterator<Item = Uuid> + Send + 'static,
    stamps: Arc<[Stamp]>,
) -> Making {
    let (made, pieces) = mpsc::channel(PIECES_WAITING_MAX);
    let maker = spawn_blocking(move || {
        for (some, begun) in new.chunks(ROWS_PER_PIECE).zip(1..) {
            let mut fields = Fields::default();
            for row in some {
                let id = ids.next().ok_or_else(|| Impossible::new("more rows than identifiers"))?;
                let stamp = stamps.get(bucket.file(row.1)?).ok_or_else(no_file)?;
                bucket.with_row(*row, |row| fields.row(|out| row.put(id, stamp, out)))?;
            }
            // Nobody listens any more where the connection failed.
            if made.blocking_send(fields.into_bytes()?).is_err() {
                break;
            }
            tracing::debug!("{COPYING}: {begun} of {}", new.len().div_ceil(ROWS_PER_PIECE));
        }
        Ok(())
    });
    Making { pieces, maker }
}

/// Sends rows to their table as they are made, in one COPY.
pub(super) async fn copy_entries(
    connection: &mut PgConnection,
    makings: impl IntoIterator<Item = Making>,
) -> Result<(), StoreError> {
    let mut makings = makings.into_iter().peekable();
    if makings.peek().is_none() {
        return Ok(());
    }
    let mut copy = CopyEntries::begin(connection).await?;
    let sent = copy.send_all(makings).await;
    copy.end(sent).await
}

/// A COPY into `bank_transactions` that takes rows as they are made.
pub(super) struct CopyEntries<'c>(Copy<'c>);

impl<'c> CopyEntries<'c> {
    pub(super) async fn begin(connection: &'c mut PgConnection) -> Result<Self, StoreError> {
        Ok(Self(Copy::begin(connection, statement(Table::BankTransactions)).await?))
    }

    pub(super) async fn send(&mut self, mut making: Making) -> Result<(), StoreError> {
        while let Some(piece) = making.pieces.recv().await {
            self.0.send(piece).await?;
        }
        Ok(joined(making.maker).await?)
    }

    pub(super) async fn send_all(
        &mut self,
        makings: impl IntoIterator<Item = Making>,
    ) -> Result<(), StoreError> {
        for making in makings {
            self.send(making).await?;
        }
        Ok(())
    }

    /// Ends the COPY, with whatever came of sending.
    pub(super) async fn end(self, sent: Result<(), StoreError>) -> Result<(), StoreError> {
        self.0.end(sent).await
    }
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
        // Sending fails only where the connection is lost, and the COPY with it.
        copy.send(HEADER.to_vec()).await?;
        Ok(copy)
    }

    async fn send(&mut self, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.0.send(bytes).await.map_err(StoreError::at(COPYING))
    }

    async fn send_all(&mut self, pieces: Pieces) -> Result<(), StoreError> {
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

fn statement(table: Table) -> &'static str {
    match table {
        Table::BankTransactions => include_str!("sql/copy_bank_transactions.sql"),
        Table::GlsBorderouri => include_str!("sql/copy_gls_borderouri.sql"),
        Table::GlsBorderouParcels => include_str!("sql/copy_gls_borderou_parcels.sql"),
        Table::GlsParcels => include_str!("sql/copy_gls_parcels.sql"),
        Table::NetopiaBatches => include_str!("sql/copy_netopia_batches.sql"),
        Table::NetopiaTransactions => include_str!("sql/copy_netopia_transactions.sql"),
    }
}
