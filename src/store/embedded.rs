//! The PostgreSQL inside the program: nothing to install, one process at a time.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use pglite_oxide::{PgliteServer, PgliteServerBuilder};

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
        // A socket's URL has no host in it, which the driver does not take.
        self.server.database_url().replacen("@/", "@localhost/", 1)
    }

    /// Stops it; every acknowledged commit is on disk already.
    pub(super) fn stop(self) {
        if let Err(error) = self.server.shutdown() {
            tracing::debug!(%error, "the embedded database did not shut down cleanly");
        }
    }
}

/// Starts the engine on the folder, which is made where it is missing.
pub(super) fn start(folder: &Path) -> Result<Engine, StoreError> {
    let lock = lock(folder)?;
    let builder = PgliteServer::builder().path(folder.join("data"));
    let server =
        at_socket(builder, folder).start().map_err(|error| failed(folder, format!("{error:#}")))?;
    Ok(Engine { server, _lock: lock })
}

/// Takes the folder for this process, for as long as the file is open.
///
/// The engine's own lock makes a second one wait for ever, so vama takes one first that does not.
pub(super) fn lock(folder: &Path) -> Result<File, StoreError> {
    let failed = |error: io::Error| failed(folder, error.to_string());
    fs::create_dir_all(folder).map_err(failed)?;
    let lock = File::create(folder.join("vama.lock")).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            Err(StoreError::EmbeddedBusy { folder: folder.display().to_string() })
        }
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

fn failed(folder: &Path, reason: String) -> StoreError {
    StoreError::Embedded { folder: folder.display().to_string(), reason }
}

/// Makes the engine listen on a socket in its folder instead of a TCP port: only who may read the
/// folder can connect, and answers come at once, where the engine's small TCP packets wait up to
/// 40 ms for each other (29 files of a month: 47 s over TCP, 3 s over the socket).
#[cfg(unix)]
fn at_socket(builder: PgliteServerBuilder, folder: &Path) -> PgliteServerBuilder {
    /// Bytes that a socket's path may have on the strictest system, its final NUL left out.
    const SOCKET_PATH_MAX: usize = 103;
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let socket = folder.join(".s.PGSQL.5432");
    if socket.as_os_str().len() > SOCKET_PATH_MAX {
        return builder;
    }
    // What a killed vama left behind; the lock says that nobody listens there.
    drop(fs::remove_file(&socket));
    builder.unix(socket)
}

#[cfg(not(unix))]
fn at_socket(builder: PgliteServerBuilder, _folder: &Path) -> PgliteServerBuilder {
    builder
}
