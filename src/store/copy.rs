//! Rows → the bytes of a binary COPY, made on all cores.
//!
//! The form is PostgreSQL's (documentation of COPY, "Binary Format"): a header, for each row the
//! number of its fields and each field with its length, a trailer; numbers in network byte order.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use rayon::prelude::*;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use sqlx::postgres::PgCopyIn;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::StoreError;
use super::entries::joined;
use crate::identity::Key;
use crate::plan::Bucket;
use crate::row::{Columns, HeldRow, Row, Stamp, Table};

/// The step that a clash with another writer shows up in.
pub(super) const COPYING: &str = "sending the rows";

/// Rows that one core turns into bytes at a time.
const ROWS_PER_PIECE: usize = 512;

/// Pieces that are made at once, on all cores.
const PIECES_AT_ONCE: usize = 8;

/// Pieces that wait to be sent: memory is bounded by these, not by the file.
const PIECES_WAITING_MAX: usize = 16;

const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

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
        for some in new.chunks(ROWS_PER_PIECE * PIECES_AT_ONCE) {
            for piece in pieces(some, &bucket, &stamps) {
                // Nobody listens any more where the connection failed.
                if made.blocking_send(piece).is_err() {
                    return;
                }
            }
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
    fields.bytes
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

/// Rows as bytes, field after field.
#[derive(Debug, Default)]
pub(super) struct Fields {
    bytes: Vec<u8>,
    count: i16,
}

impl Fields {
    fn row(&mut self, put: impl FnOnce(&mut Self)) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0, 0]);
        self.count = 0;
        put(self);
        let count = self.count.to_be_bytes();
        if let Some(slot) = self.bytes.get_mut(start..start + count.len()) {
            slot.copy_from_slice(&count);
        }
    }

    fn field(&mut self, value: &[u8]) {
        self.count += 1;
        // A field holds part of one record, far below the 2 GiB that a length can say.
        self.bytes.extend_from_slice(&(value.len() as i32).to_be_bytes());
        self.bytes.extend_from_slice(value);
    }

    fn null(&mut self) {
        self.count += 1;
        self.bytes.extend_from_slice(&(-1_i32).to_be_bytes());
    }
}

impl Columns for Fields {
    fn uuid(&mut self, value: Uuid) {
        self.field(value.as_bytes());
    }

    fn text(&mut self, value: Option<&str>) {
        match value {
            Some(text) => self.field(text.as_bytes()),
            None => self.null(),
        }
    }

    fn date(&mut self, value: Option<NaiveDate>) {
        match value {
            Some(date) => self.field(&(days_since_2000(date) as i32).to_be_bytes()),
            None => self.null(),
        }
    }

    fn moment(&mut self, value: NaiveDateTime) {
        let since = value.signed_duration_since(NaiveDateTime::from(epoch()));
        self.field(&since.num_microseconds().unwrap_or_default().to_be_bytes());
    }

    fn decimal(&mut self, value: Decimal) {
        let start = self.bytes.len();
        self.field(&[]);
        numeric(value, &mut self.bytes);
        let length = (self.bytes.len() - start - 4) as i32;
        if let Some(slot) = self.bytes.get_mut(start..start + 4) {
            slot.copy_from_slice(&length.to_be_bytes());
        }
    }

    fn int(&mut self, value: u32) {
        self.field(&i32::try_from(value).unwrap_or(i32::MAX).to_be_bytes());
    }

    fn bool(&mut self, value: bool) {
        self.field(&[u8::from(value)]);
    }
}

fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default()
}

fn days_since_2000(date: NaiveDate) -> i64 {
    date.signed_duration_since(epoch()).num_days()
}

/// Writes a numeric: digits of base 10,000 with the power of the first one, sign and scale.
fn numeric(value: Decimal, out: &mut Vec<u8>) {
    const BASE: u128 = 10_000;
    let scale = value.scale();
    let padding = (4 - scale % 4) % 4;
    // At most 29 digits and 3 more: well inside 38.
    let mut rest = value.mantissa().unsigned_abs() * 10_u128.pow(padding);
    let mut digits = [0_i16; 9];
    let mut count = 0_i16;
    for slot in &mut digits {
        if rest == 0 {
            break;
        }
        *slot = (rest % BASE) as i16;
        rest /= BASE;
        count += 1;
    }
    let fraction_groups = (scale + padding) as i16 / 4;
    let weight = count - fraction_groups - 1;
    let sign = if value.is_sign_negative() && count > 0 { 0x4000_i16 } else { 0 };
    for part in [count, if count == 0 { 0 } else { weight }, sign, scale as i16] {
        out.extend_from_slice(&part.to_be_bytes());
    }
    for digit in digits.iter().take(count as usize).rev() {
        out.extend_from_slice(&digit.to_be_bytes());
    }
}
