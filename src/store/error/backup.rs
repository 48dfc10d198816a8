//! What can go wrong with a backup, beside the database itself.

use std::io;

use crate::fault::Fault;

/// Why a backup is not written, or a file is not taken for a backup.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The file to be written is there.
    #[error("{file} is there already")]
    Exists {
        /// Its path.
        file: String,
    },
    /// The file cannot be written.
    #[error("cannot write {file}")]
    Write {
        /// Its path.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be read.
    #[error("cannot read {file}")]
    Read {
        /// Its path.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// No `pg_dump` of this machine can dump that server.
    #[error("found {}, expected pg_dump of version {needed} as the server, or newer", told(found))]
    NoProgram {
        /// Versions of those that are here.
        found: Vec<u32>,
        /// The server's version.
        needed: u32,
    },
    /// `pg_dump` failed; its own words.
    #[error("pg_dump failed: {0}")]
    Dump(String),
    /// Between vama and the server stands a pooler that gives each transaction another connection.
    #[error("a pooler in transaction mode stands before the server, and pg_dump needs a session")]
    Pooler,
    /// The file is something else.
    #[error("{file} is not a backup that vama made")]
    Foreign {
        /// Its path.
        file: String,
    },
    /// The end of the file is missing.
    #[error("{file} is not whole: its last line is missing")]
    Truncated {
        /// Its path.
        file: String,
    },
    /// The file has another form than this program knows.
    #[error("{file} is of form {found}, expected {expected}")]
    Newer {
        /// Its path.
        file: String,
        /// Its form.
        found: u32,
        /// The form that this program writes.
        expected: u32,
    },
    /// A line of the file is not what pg_dump writes there.
    #[error("line {line} of the backup cannot be understood: nothing was kept")]
    Damaged {
        /// Its number.
        line: u64,
    },
    /// A table does not have the rows that were backed up.
    #[error("{table} has {} rows, the backup names {}: nothing was kept", rows(*found), rows(*expected))]
    Count {
        /// The table.
        table: String,
        /// How many came out of the backup; `None` where the table did not.
        found: Option<i64>,
        /// How many were counted when it was made; `None` where it has no such table.
        expected: Option<i64>,
    },
}

fn told(found: &[u32]) -> String {
    match found {
        [] => "no pg_dump".to_owned(),
        _ => {
            let versions: Vec<String> = found.iter().map(u32::to_string).collect();
            format!("pg_dump of version {}", versions.join(", "))
        }
    }
}

fn rows(count: Option<i64>) -> String {
    count.map_or_else(|| "no".to_owned(), |it| it.to_string())
}

impl BackupError {
    /// Returns whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Foreign { .. }
            | Self::Truncated { .. }
            | Self::Newer { .. }
            | Self::Damaged { .. }
            | Self::Count { .. } => Fault::Refused,
            Self::Exists { .. } | Self::Dump(_) => Fault::Request,
            Self::Write { .. } | Self::Read { .. } => Fault::Unreadable,
            Self::NoProgram { .. } | Self::Pooler => Fault::Setup,
        }
    }

    /// Returns what the user can do next.
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Exists { .. } => Some("name another file; a backup is never overwritten"),
            Self::NoProgram { .. } => Some(
                "install the package postgresql-client of the server's version, or put its pg_dump \
                 on the PATH",
            ),
            Self::Pooler => Some(
                "name the server itself, or a pooler in session mode, with --database-url; drop, \
                     adopt and release do without with --no-backup",
            ),
            Self::Foreign { .. } => Some("name a file that `vama company backup` wrote"),
            Self::Truncated { .. } | Self::Damaged { .. } | Self::Count { .. } => {
                Some("take another backup: this file was cut or changed")
            }
            Self::Newer { .. } => Some("install the vama that made it, or a newer one"),
            Self::Write { .. } | Self::Read { .. } | Self::Dump(_) => None,
        }
    }
}
