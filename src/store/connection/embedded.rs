//! The PostgreSQL inside the program: nothing to install, one process at a time.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

use pglite_oxide::{PgDumpOptions, Pglite, PgliteServer, PgliteServerBuilder};

use crate::store::{BackupError, StoreError};

/// The engine's pg_dump writes INSERT instead of COPY; an INSERT of many rows is restored in half
/// the time.
const ROWS_PER_INSERT: &str = "--rows-per-insert=500";

/// A running engine; its lock keeps every other vama out of its folder.
#[derive(Debug)]
pub(crate) struct Engine {
    server: PgliteServer,
    lock: File,
}

impl Engine {
    /// Returns the address to connect to.
    pub(crate) fn url(&self) -> String {
        // The URL of a socket names no host, and the driver refuses such a URL.
        self.server.database_url().replacen("@/", "@localhost/", 1)
    }

    /// Stops the engine; every acknowledged commit is on disk already.
    pub(crate) fn stop(self) {
        drop(self.pause());
    }

    /// Stops the engine, and returns the lock that keeps its folder for this process.
    pub(crate) fn pause(self) -> File {
        if let Err(error) = self.server.shutdown() {
            tracing::debug!(%error, "the embedded database did not shut down cleanly");
        }
        self.lock
    }
}

/// Starts the engine on the folder, which is made where it is missing.
pub(crate) fn start(folder: &Path) -> Result<Engine, StoreError> {
    start_locked(folder, lock(folder)?)
}

/// Starts the engine on a folder that this process has locked already.
pub(crate) fn start_locked(folder: &Path, lock: File) -> Result<Engine, StoreError> {
    let builder = PgliteServer::builder().path(folder.join("data"));
    let server =
        at_socket(builder, folder).start().map_err(|error| failed(folder, format!("{error:#}")))?;
    Ok(Engine { server, lock })
}

/// Returns what the engine's own pg_dump writes, given its arguments; the engine must be stopped.
///
/// The engine hands it over as one text in memory: an embedded database is a small one.
pub(crate) fn dump(folder: &Path, arguments: &[String]) -> Result<String, BackupError> {
    let failed = |error| BackupError::Dump(format!("{error:#}"));
    let mut engine = Pglite::builder().path(folder.join("data")).open().map_err(failed)?;
    let options = PgDumpOptions::new().args(arguments).arg(ROWS_PER_INSERT);
    let text = engine.dump_sql(options).map_err(failed)?;
    engine.close().map_err(failed)?;
    Ok(text)
}

/// Takes the folder for this process, for as long as the file is open.
///
/// At the engine's own lock a second vama would wait for ever, so vama first takes a lock that
/// fails at once.
pub(crate) fn lock(folder: &Path) -> Result<File, StoreError> {
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
    // A killed vama may have left its socket behind. Nobody listens there, since the lock is ours.
    drop(fs::remove_file(&socket));
    builder.unix(socket)
}

#[cfg(not(unix))]
fn at_socket(builder: PgliteServerBuilder, _folder: &Path) -> PgliteServerBuilder {
    builder
}
