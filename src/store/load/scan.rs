//! A range of keys → what the bank transactions stored in it say.
//!
//! Where most of a range is asked for, a COPY out of all of it costs a fraction of looking each key
//! up.

use rayon::prelude::*;
use sqlx::PgConnection;

use super::binary::{HEADER, TRAILER};
use super::stored::{COLUMNS, Form, StoredColumns, stored_row};
use crate::plan::StoredRow;
use crate::row::key::Key;
use crate::store::StoreError;
use crate::store::connection::copy_stream::copy_out;
use crate::store::connection::statement::query_scalar;

const STEP: &str = "looking up what is there already";

/// The bank transactions of a range, as they were read.
#[derive(Debug)]
pub(crate) struct Scanned(Vec<u8>);

/// Reads the bank transactions with keys from `first` to `last`.
pub(crate) async fn scan(
    connection: &mut PgConnection,
    first: Key,
    last: Key,
) -> Result<Scanned, StoreError> {
    let statement: String = query_scalar(include_str!("../sql/copy_stored_statement.sql"))
        .bind(first.to_string())
        .bind(last.to_string())
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(STEP))?;
    let mut bytes = Vec::new();
    let take = |piece: &[u8]| {
        bytes.extend_from_slice(piece);
        Ok(())
    };
    copy_out(connection, &statement, take, |error| StoreError::at(STEP)(error)).await?;
    Ok(Scanned(bytes))
}

impl Scanned {
    /// Returns the keys, and the row under each; works on all cores.
    ///
    /// # Errors
    ///
    /// Bytes that are not the binary COPY that the statement makes.
    pub(crate) fn rows(&self) -> Result<Vec<(Key, StoredRow)>, StoreError> {
        let bytes = self.0.get(HEADER.len()..).ok_or_else(unreadable)?;
        let rows: Option<Vec<StoredColumns<'_>>> = rows_of(bytes).collect();
        let rows = rows.ok_or_else(unreadable)?;
        Ok(rows
            .par_iter()
            .with_min_len(512)
            .filter_map(|row| stored_row(row, Form::Binary))
            .collect())
    }
}

fn unreadable() -> StoreError {
    StoreError::impossible("a COPY of stored rows that ends early or has other columns")
}

/// Returns the rows up to the trailer, and `None` for a row whose bytes make no sense.
fn rows_of(mut bytes: &[u8]) -> impl Iterator<Item = Option<StoredColumns<'_>>> {
    std::iter::from_fn(move || {
        if bytes == TRAILER {
            return None;
        }
        let row = row_of(bytes);
        // Behind a row that makes no sense nothing else is read.
        bytes = row.map_or(TRAILER.as_slice(), |(_, rest)| rest);
        Some(row.map(|(columns, _)| columns))
    })
}

/// Returns the fields of the first row, and what stands behind it.
fn row_of(bytes: &[u8]) -> Option<(StoredColumns<'_>, &[u8])> {
    let (count, mut rest) = bytes.split_first_chunk()?;
    if usize::try_from(i16::from_be_bytes(*count)) != Ok(COLUMNS) {
        return None;
    }
    let mut columns = [None; COLUMNS];
    for column in &mut columns {
        let (length, behind) = rest.split_first_chunk()?;
        rest = behind;
        if let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) {
            let (value, behind) = rest.split_at_checked(length)?;
            (*column, rest) = (Some(value), behind);
        }
    }
    Some((columns, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_before_its_trailer_or_has_other_columns_is_no_scan() {
        let nothing = (COLUMNS as i16).to_be_bytes().into_iter().chain([255; 4 * COLUMNS]);
        let whole: Vec<u8> = HEADER.iter().copied().chain(nothing).chain(TRAILER).collect();
        let (row, count) = (HEADER.len(), TRAILER.len());
        assert_eq!(Scanned(whole.clone()).rows().unwrap().len(), 0);
        for end in [0, row - 1, row, row + 1, row + 5, whole.len() - count, whole.len() - 1] {
            assert!(Scanned(whole[..end].to_vec()).rows().is_err(), "{end} bytes");
        }
        let mut other = whole;
        other[row + 1] += 1;
        assert!(Scanned(other).rows().is_err());
    }
}
