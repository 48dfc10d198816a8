//! Held rows, as the bytes of a COPY into their table, until all other rows of the transaction are
//! in.
//!
//! A held row points to its import's log row, which is written last, when the counts are known.
//! Only a few held rows stay in memory; the others wait in a file without a name.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};

use uuid::Uuid;

use super::binary::CopyBytes;
use crate::row::{HeldRow, Stamp};
use crate::store::StoreError;

/// Bytes that are kept in memory, written at once and read at once.
const PIECE_BYTES: usize = 256 * 1024;

/// Held rows on their way into the table `held_rows`.
#[derive(Debug, Default)]
pub(crate) struct HeldSpool {
    fields: CopyBytes,
    file: Option<File>,
}

impl HeldSpool {
    /// Takes a row in.
    pub(crate) fn put(&mut self, row: &HeldRow, id: Uuid, stamp: &Stamp) -> Result<(), StoreError> {
        self.fields.row(|out| row.put(id, stamp, out));
        if self.fields.len() < PIECE_BYTES {
            return Ok(());
        }
        let bytes = std::mem::take(&mut self.fields).into_bytes()?;
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile().map_err(StoreError::Spool)?),
        };
        file.write_all(&bytes).map_err(StoreError::Spool)
    }

    /// Returns whether no row is held.
    pub(crate) fn is_empty(&self) -> bool {
        self.file.is_none() && self.fields.len() == 0
    }

    /// Hands all held rows over, piece by piece.
    pub(crate) fn pieces(self) -> Result<HeldPieces, StoreError> {
        let mut file = self.file;
        if let Some(file) = &mut file {
            file.rewind().map_err(StoreError::Spool)?;
        }
        Ok(HeldPieces { file, last: Some(self.fields.into_bytes()?) })
    }
}

/// The bytes of held rows, in their order.
#[derive(Debug)]
pub(crate) struct HeldPieces {
    file: Option<File>,
    last: Option<Vec<u8>>,
}

impl Iterator for HeldPieces {
    type Item = Result<Vec<u8>, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(file) = &mut self.file else { return self.last.take().map(Ok) };
        let mut bytes = Vec::with_capacity(PIECE_BYTES);
        match file.take(PIECE_BYTES as u64).read_to_end(&mut bytes) {
            Ok(0) => {
                self.file = None;
                self.last.take().map(Ok)
            }
            Ok(_) => Some(Ok(bytes)),
            Err(error) => Some(Err(StoreError::Spool(error))),
        }
    }
}
