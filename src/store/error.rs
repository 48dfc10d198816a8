//! What can go wrong between vama and its database.

/// A failure of the database, or of what stands in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No connection could be made.
    #[error("cannot connect to the database {place}")]
    Connect {
        /// Host and port, never user or password.
        place: String,
        /// Why.
        source: sqlx::Error,
    },
    /// Nobody answered in time.
    #[error("the database {place} did not answer within {seconds} s")]
    ConnectTimeout {
        /// Host and port, or the embedded database's folder.
        place: String,
        /// How long vama waited.
        seconds: u64,
    },
    /// The connection's description makes no sense.
    #[error("the database URL cannot be understood")]
    Url {
        /// Why.
        source: sqlx::Error,
    },
    /// No database is named and this program has none inside.
    #[error("no database is named")]
    NoDatabase,
    /// The embedded database's folder is in use.
    #[error("the embedded database in {folder} is in use by another vama")]
    EmbeddedBusy {
        /// Its folder.
        folder: String,
    },
    /// The embedded database did not start.
    #[error("the embedded database in {folder} does not start: {reason}")]
    Embedded {
        /// Its folder.
        folder: String,
        /// Why.
        reason: String,
    },
    /// The registry or a company is behind the migrations that this program brings.
    #[error("{what} is at schema version {found}, expected {expected}")]
    Outdated {
        /// `the registry`, or the company's slug.
        what: String,
        /// The version in the database; 0 where there is none.
        found: i64,
        /// The version this program brings.
        expected: i64,
    },
    /// No active company has this slug.
    #[error("no company is called {slug}; there {}", list(known))]
    UnknownCompany {
        /// What was asked for.
        slug: String,
        /// The slugs that exist.
        known: Vec<String>,
    },
    /// Something of a new company is taken already.
    #[error("taken already: {}", .0.join(", "))]
    Taken(Vec<String>),
    /// A step of the work failed in the database.
    #[error("{step} failed")]
    Query {
        /// What was being done.
        step: &'static str,
        /// Why.
        source: sqlx::Error,
    },
    /// A migration failed.
    #[error("migrating {what} failed")]
    Migrate {
        /// `the registry`, or the company's slug.
        what: String,
        /// Why.
        source: sqlx::migrate::MigrateError,
    },
    /// The counts of a file do not add up: a bug, and nothing of the file was kept.
    #[error(
        "{read} records were read, but {inserted} inserted, {duplicates} duplicates and {held} held \
         make {}: nothing was kept", inserted + duplicates + held
    )]
    Equation {
        /// Records in the file.
        read: u64,
        /// Of these, inserted.
        inserted: u64,
        /// Of these, there already.
        duplicates: u64,
        /// Of these, held.
        held: u64,
    },
}

fn list(known: &[String]) -> String {
    match known {
        [] => "are none yet".to_owned(),
        [one] => format!("is only {one}"),
        many => format!("are {}", many.join(", ")),
    }
}

impl StoreError {
    /// Returns a function that names the step in which a statement failed.
    pub(super) fn at(step: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Query { step, source }
    }

    /// Returns the cause in the driver, where there is one.
    fn driver(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Connect { source, .. } | Self::Query { source, .. } => Some(source),
            Self::Migrate { source: sqlx::migrate::MigrateError::Execute(source), .. } => {
                Some(source)
            }
            Self::Migrate {
                source: sqlx::migrate::MigrateError::ExecuteMigration(source, _),
                ..
            } => Some(source),
            _ => None,
        }
    }

    /// Returns whether the same may well work later: no connection, or a lock that another holds.
    pub fn is_transient(&self) -> bool {
        // Connection trouble, serialization and deadlock, lock and statement time-outs, shutdown.
        const CODES: [&str; 9] =
            ["08", "40", "53", "55P03", "57014", "57P01", "57P02", "57P03", "57P05"];
        match self {
            Self::ConnectTimeout { .. } | Self::EmbeddedBusy { .. } => true,
            _ => match self.driver() {
                Some(sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut) => true,
                Some(sqlx::Error::Database(error)) => error
                    .code()
                    .is_some_and(|code| CODES.iter().any(|known| code.starts_with(known))),
                _ => false,
            },
        }
    }

    /// Returns what the user can do next.
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Connect { .. } | Self::ConnectTimeout { .. } => Some(
                "check that the server runs and that --database-url, DATABASE_URL or PGHOST name \
                 it; nothing was written, so run the same command again",
            ),
            Self::Url { .. } => Some("write it as postgres://user@host:5432/database"),
            Self::NoDatabase => Some(
                "name one with --database-url, DATABASE_URL or PGHOST, or build vama with the \
                 feature embedded",
            ),
            Self::EmbeddedBusy { .. } => {
                Some("wait for the other vama to end, or name a server with --database-url")
            }
            Self::Embedded { .. } => Some(
                "check that the folder can be written to, or name a server with --database-url",
            ),
            Self::Outdated { found, expected, .. } if found > expected => {
                Some("this vama is older than the database: install the newest one")
            }
            Self::Outdated { .. } => Some("run `vama migrate`"),
            Self::UnknownCompany { .. } => {
                Some("see `vama company list`, or make it with `vama company create`")
            }
            Self::Taken(_) => Some("see `vama company list`"),
            Self::Equation { .. } => Some("this is a bug in vama: please report it"),
            _ if self.is_transient() => Some("nothing was written; run the same command again"),
            _ => None,
        }
    }
}
