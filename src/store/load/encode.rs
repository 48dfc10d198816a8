//! Planned entries → the bytes of their rows, on a thread of its own while rows before them are
//! sent.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use uuid::Uuid;

use super::binary::CopyBytes;
use super::group_load::no_file;
use crate::fault::Impossible;
use crate::plan::Bucket;
use crate::row::key::Key;
use crate::row::{Row, Stamp};
use crate::store::blocking::joined;

/// The step in which rows are encoded and sent. A clash with another writer shows up in it.
pub(crate) const COPYING: &str = "sending the rows";

/// Rows of one piece; they are encoded and sent together.
const ROWS_PER_PIECE: usize = 512;

/// Pieces that wait to be sent, at most, so that memory does not grow with the file.
const PIECES_WAITING_MAX: usize = 16;

/// Rows of a bucket that are being encoded, in the order in which they go in.
#[derive(Debug)]
pub(crate) struct EncodedRows {
    pieces: mpsc::Receiver<Vec<u8>>,
    encoder: JoinHandle<Result<(), Impossible>>,
}

impl EncodedRows {
    /// Begins to encode the rows of these entries, each under its key. A few pieces wait to be
    /// sent: one core encodes rows faster than a server takes them.
    pub(crate) fn begin(
        bucket: Arc<Bucket>,
        entries: Vec<(Key, u32)>,
        mut ids: impl Iterator<Item = Uuid> + Send + 'static,
        stamps: Arc<[Stamp]>,
    ) -> Self {
        let (sender, pieces) = mpsc::channel(PIECES_WAITING_MAX);
        let encoder = spawn_blocking(move || {
            for (some, begun) in entries.chunks(ROWS_PER_PIECE).zip(1..) {
                let mut fields = CopyBytes::default();
                for entry in some {
                    let id = ids.next();
                    let id = id.ok_or_else(|| Impossible::new("more rows than identifiers"))?;
                    let stamp = stamps.get(bucket.file(entry.1)?).ok_or_else(no_file)?;
                    bucket.with_row(*entry, |row| fields.row(|out| row.put(id, stamp, out)))?;
                }
                // The receiver is gone where the connection failed.
                if sender.blocking_send(fields.into_bytes()?).is_err() {
                    break;
                }
                tracing::debug!("{COPYING}: {begun} of {}", entries.len().div_ceil(ROWS_PER_PIECE));
            }
            Ok(())
        });
        Self { pieces, encoder }
    }

    /// Returns the next rows in the form of a binary COPY; nothing when all were returned.
    pub(crate) async fn next_piece(&mut self) -> Option<Vec<u8>> {
        self.pieces.recv().await
    }

    /// Waits for the end of the encoding, and returns what went wrong in it.
    pub(crate) async fn end(self) -> Result<(), Impossible> {
        joined(self.encoder).await
    }
}
