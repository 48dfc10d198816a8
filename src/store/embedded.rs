//! The PostgreSQL inside the program: nothing to install, one process at a time.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use pglite_oxide::PgliteServer;

use super::StoreError;

/// A running engine; its lock keeps every other vama out of its folder.
#[derive(Debug)]
pub(super) struct Engine {
    server: PgliteServer,
    _lock: File,
}

impl Engine {
    /// Returns the address to connect to.
    pub(super) fn url(&self) -> String {
        self.server.database_url()
    }

    /// Stops it; every acknowledged commit is on disk already.
    pub(super) fn stop(self) {
        if let Err(error) = self.server.shutdown() {
            tracing::debug!(%error, "the embedded database did not shut down cleanly");
        }
    }
}

/// Starts the engine on the folder, which is made where it is missing.
///
/// The engine's own lock makes a second one wait for ever, so vama takes one first that does not.
pub(super) fn start(folder: &Path) -> Result<Engine, StoreError> {
    let shown = folder.display().to_string();
    let failed = |reason: String| StoreError::Embedded { folder: shown.clone(), reason };
    fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
    let lock = File::create(folder.join("vama.lock")).map_err(|error| failed(error.to_string()))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(StoreError::EmbeddedBusy { folder: shown }),
        Err(TryLockError::Error(error)) => return Err(failed(error.to_string())),
    }
    let server = PgliteServer::builder()
        .path(folder.join("data"))
        .start()
        .map_err(|error| failed(format!("{error:#}")))?;
    Ok(Engine { server, _lock: lock })
}
