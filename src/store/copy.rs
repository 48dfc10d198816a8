//! Rows → a binary COPY into their table, made on all cores.

use std::sync::Arc;

use rayon::prelude::*;
use sqlx::PgConnection;
use sqlx::postgres::PgCopyIn;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::StoreError;
use super::binary::{Fields, HEADER, TRAILER};
use super::entries::joined;
use crate::identity::Key;
use crate::plan::Bucket;
use crate::row::{HeldRow, Row, Stamp, Table};

/// The step that a clash with another writer shows up in.
pub(super) const COPYING: &str = "sending the rows";

/// Rows that one core turns into bytes at a time.
const ROWS_PER_PIECE: usize = 512;

/// Pieces that are made at once, on all cores.
const PIECES_AT_ONCE: usize = 8;

/// Pieces that wait to be sent: memory is bounded by these, not by the file.
const PIECES_WAITING_MAX: usize = 16;

/// Sends the rows to their table, in their order: each with its identifier and the number of its file.
pub(super) async fn copy_rows<R: Row>(
    connection: &mut PgConnection,
    rows: &[(Uuid, usize, &R)],
    stamps: &[Stamp],
) -> Result<(), StoreError> {
    let bytes = piece(rows, &|(id, file, row), fields| {
        if let Some(stamp) = stamps.get(*file) {
            row.put(*id, stamp, fields);
        }
    });
    copy_at_once(connection, statement(R::TABLE), bytes).await
}

/// Sends what was held to its table, each row with the number of its file.
pub(super) async fn copy_held(
    connection: &mut PgConnection,
    rows: &[(usize, &HeldRow)],
    stamps: &[Stamp],
) -> Result<(), StoreError> {
    let bytes = piece(rows, &|(file, row), fields| {
        if let Some(stamp) = stamps.get(*file) {
            row.put(Uuid::now_v7(), stamp, fields);
        }
    });
    copy_at_once(connection, include_str!("sql/copy_held_rows.sql"), bytes).await
}

async fn copy_at_once(
    connection: &mut PgConnection,
    statement: &'static str,
    rows: Vec<u8>,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut copy = Copy::begin(connection, statement).await?;
    copy.send(rows).await?;
    copy.end().await
}

/// Sends entries of a bucket to their table, in the order given. Rows are made on all cores while
/// those before them are sent.
pub(super) async fn copy_entries(
    connection: &mut PgConnection,
    bucket: &Arc<Bucket>,
    new: Vec<(Key, u32)>,
    stamps: &Arc<[Stamp]>,
) -> Result<(), StoreError> {
    if new.is_empty() {
        return Ok(());
    }
    let (bucket, stamps) = (Arc::clone(bucket), Arc::clone(stamps));
    let (made, mut making) = mpsc::channel(PIECES_WAITING_MAX);
    let maker = spawn_blocking(move || {
        let mut sent = 0;
        for some in new.chunks(ROWS_PER_PIECE * PIECES_AT_ONCE) {
            for piece in pieces(some, &bucket, &stamps) {
                // Nobody listens any more where the connection failed.
                if made.blocking_send(piece).is_err() {
                    return;
                }
            }
            sent += some.len();
            tracing::debug!("{COPYING}: {sent} of {}", new.len());
        }
    });
    let mut copy = Copy::begin(connection, statement(Table::BankTransactions)).await?;
    while let Some(piece) = making.recv().await {
        copy.send(piece).await?;
    }
    joined(maker).await;
    copy.end().await
}

/// Returns the bytes of the rows; their identifiers follow each other as the rows do.
fn pieces(new: &[(Key, u32)], bucket: &Bucket, stamps: &[Stamp]) -> Vec<Vec<u8>> {
    let rows: Vec<(Uuid, (Key, u32))> = new.iter().map(|row| (Uuid::now_v7(), *row)).collect();
    let put = |(id, row): &(Uuid, (Key, u32)), fields: &mut Fields| {
        if let Some(stamp) = stamps.get(bucket.file(row.1)) {
            bucket.with_row(*row, |row| row.put(*id, stamp, fields));
        }
    };
    rows.par_chunks(ROWS_PER_PIECE).map(|rows| piece(rows, &put)).collect()
}

/// A COPY that is under way.
struct Copy<'c>(PgCopyIn<&'c mut PgConnection>);

impl<'c> Copy<'c> {
    async fn begin(
        connection: &'c mut PgConnection,
        statement: &'static str,
    ) -> Result<Self, StoreError> {
        let sink = connection.copy_in_raw(statement).await.map_err(StoreError::at(COPYING))?;
        let mut copy = Self(sink);
        copy.send(HEADER.to_vec()).await?;
        Ok(copy)
    }

    async fn send(&mut self, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.0.send(bytes).await.map(drop).map_err(StoreError::at(COPYING))
    }

    async fn end(mut self) -> Result<(), StoreError> {
        self.send(TRAILER.to_vec()).await?;
        self.0.finish().await.map(drop).map_err(StoreError::at(COPYING))
    }
}

fn piece<T>(rows: &[T], put: &impl Fn(&T, &mut Fields)) -> Vec<u8> {
    let mut fields = Fields::default();
    for row in rows {
        fields.row(|fields| put(row, fields));
    }
    fields.into_bytes()
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
