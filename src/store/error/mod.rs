//! What can go wrong between vama and its database.

mod advice;
pub(crate) mod backup;
mod fault;
mod words;

use sqlx::migrate::MigrateError;

use super::BackupError;
use super::connection::version::REGISTRY;
use crate::fault::Impossible;
use crate::fault::refusal::{Refusal, list};
use crate::store::secrets::{SealError, UnsealError};
pub(crate) use words::words;
use words::{fate, meant, of, versions};

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
    /// The database fell silent in the middle of the work, and answers on no other connection.
    #[error(
        "the database {place} has said nothing for {seconds} s and answers on no other connection"
    )]
    Silent {
        /// Host and port.
        place: String,
        /// How long it was silent.
        seconds: u64,
    },
    /// The connection's description makes no sense.
    #[error("{what} cannot be understood: {reason}")]
    Url {
        /// `the database URL`, or the variable.
        what: &'static str,
        /// Why; never the description itself, which may hold a password.
        reason: String,
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
    /// The registry or a company is not at the migration that this program brings.
    #[error("{}", versions(what, *found, *expected))]
    Outdated {
        /// `the registry`, or the company's slug.
        what: String,
        /// The version in the database; 0 where there is none.
        found: i64,
        /// The version this program brings.
        expected: i64,
    },
    /// Public has tables of the registry's names that no migration of vama's made.
    #[error(
        "public has tables of another program: {}; vama needs these names for its own", .0.join(", ")
    )]
    OtherRegistry(Vec<String>),
    /// No company has this slug.
    #[error("no company is called {slug}; {}there {}", meant(slug, known), list(known))]
    UnknownCompany {
        /// What was asked for.
        slug: String,
        /// The slugs that exist, as they are listed.
        known: Vec<String>,
    },
    /// The company is there, but no file may go in.
    #[error("the company {slug} is inactive")]
    InactiveCompany {
        /// Its slug.
        slug: String,
        /// How it is made active.
        advice: String,
    },
    /// The company has no import of that number.
    #[error("{slug} has no import #{number}")]
    NoImport {
        /// The company's slug.
        slug: String,
        /// What was asked for.
        number: i64,
    },
    /// The import has not held so many records.
    #[error("{slug}#{number} has no held record {place}")]
    NoHeldRow {
        /// The company's slug.
        slug: String,
        /// The import's number.
        number: i64,
        /// The place that was asked for.
        place: i64,
    },
    /// A held record that cannot be let in.
    #[error("the record cannot be let in: {why}")]
    NotAcceptable {
        /// Why.
        why: &'static str,
    },
    /// Nothing of the import is in the tables.
    #[error("{slug}#{number} is not in: it {}", fate(status, undone_at.as_deref()))]
    NotIn {
        /// The company's slug.
        slug: String,
        /// The import's number.
        number: i64,
        /// How it stands in the log.
        status: String,
        /// When it was undone.
        undone_at: Option<String>,
    },
    /// Something that only one company can have is taken already.
    #[error("taken already: {}", .0.join(", "))]
    Taken(Vec<String>),
    /// Credentials are sealed under another key than the one at hand.
    #[error(
        "other credentials are sealed under the key {}, and this key is {ours}: nothing was stored",
        others.join(", ")
    )]
    OtherKey {
        /// The fingerprint of the key at hand.
        ours: String,
        /// Those of the others.
        others: Vec<String>,
    },
    /// The server has no role of that name.
    #[error("the server has no role called {0}")]
    UnknownRole(String),
    /// A company's own role, which may use that company alone.
    #[error("{0} is a company's own role, and may use that company alone")]
    CompanyRole(String),
    /// A role that has the name of a company's own role, and is something else.
    #[error(
        "the server has a role {0} that is no company's own: it signs in, owns something or has rights \
         beyond one schema"
    )]
    OtherRole(String),
    /// The database has no schema of that name.
    #[error("the database has no schema called {0}")]
    UnknownSchema(String),
    /// Something keeps tables from moving, or a company from being taken away; everything in the
    /// way is listed.
    #[error("not possible as it is:\n  - {}", .0.join("\n  - "))]
    InTheWay(Vec<String>),
    /// A table came out of a move with another number of rows: a bug, and nothing was kept.
    #[error("{table} had {before} rows and would have {after}: nothing was moved")]
    Moved {
        /// The table.
        table: String,
        /// Rows before.
        before: i64,
        /// Rows behind the move.
        after: i64,
    },
    /// Nothing would keep a statement inside the company: this user may not take the company's
    /// role.
    #[error(
        "this user may not take the role of company {slug}, which alone keeps a statement inside"
    )]
    NoRole {
        /// The company's slug.
        slug: String,
    },
    /// Nothing would keep the user's own statement from changing the log: this user does not own it.
    #[error(
        "the statement could change the log of {slug}, which this user does not own: nothing was run"
    )]
    OpenLog {
        /// The company's slug.
        slug: String,
    },
    /// The node that answers holds tables for a cluster's coordinator.
    #[error("this is a worker of a cluster, not its coordinator")]
    Worker,
    /// The cluster's functions that run a command on another node could write although the user only
    /// wants to look.
    #[error("on this cluster a statement that only reads could write, through {function}")]
    Unfenced {
        /// One of these functions.
        function: String,
    },
    /// The text is not one statement.
    #[error("expected one statement, found none or several: nothing was run")]
    NotOneStatement,
    /// The user's own statement failed, and nothing of it was kept.
    #[error("{told}")]
    Statement {
        /// What the server says, with the place in the statement and its hint.
        told: String,
        /// What the user can do next, where vama knows better than the server.
        advice: Option<&'static str>,
        /// The server's answer.
        source: sqlx::Error,
    },
    /// The user's own statement would leave objects behind that belong to the company's role.
    #[error("the statement would leave {} to the company's role: nothing was kept", .0.join(", "))]
    LeftBehind(Vec<String>),
    /// A step of the work failed in the database.
    #[error("{step} failed")]
    Query {
        /// What was being done.
        step: &'static str,
        /// Why.
        source: sqlx::Error,
    },
    /// A company whose turn never came, since every connection was lost before.
    #[error("not tried: the connection was lost before its turn")]
    Untried,
    /// A migration failed.
    #[error("migrating {what} failed")]
    Migrate {
        /// `the registry`, or the company's slug.
        what: String,
        /// Why.
        source: MigrateError,
    },
    /// The file can no longer be read as it was at first.
    #[error(transparent)]
    File(#[from] Refusal),
    /// A backup is not written, or a file is not taken for a backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The server refused a part of a backup.
    #[error("restoring from line {line} of the backup failed: nothing was kept")]
    Restore {
        /// The line in which the refused part begins.
        line: u64,
        /// Why.
        source: sqlx::Error,
    },
    /// A table does not have the rows that it was sent.
    #[error("{table} has {found} rows of this import, expected {expected}: nothing was kept")]
    Missing {
        /// The table.
        table: String,
        /// How many there are.
        found: i64,
        /// How many were sent.
        expected: u64,
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
    /// Held rows cannot wait on the disk.
    #[error("the folder for temporary files takes no held rows")]
    Spool(#[source] std::io::Error),
    /// A state that vama's own code rules out; nothing was kept.
    #[error("{0}")]
    Impossible(Impossible),
    /// The company has no credentials for that service.
    #[error("{company} has no credentials for {service}; there {}", list(known))]
    NoCredentials {
        /// The company's slug.
        company: String,
        /// The service that was asked for.
        service: String,
        /// The services that it has credentials for.
        known: Vec<String>,
    },
    /// Nobody has that name.
    #[error("no user{} is called {username}", of(company.as_deref()))]
    NoUser {
        /// The name that was asked for.
        username: String,
        /// The slug of the company that was named.
        company: Option<String>,
    },
    /// Stored credentials do not open.
    #[error("the {service} credentials of {company} do not open")]
    Unopened {
        /// The company's slug.
        company: String,
        /// The service.
        service: String,
        /// Why, and nothing of what is in them.
        source: UnsealError,
    },
    /// Credentials cannot be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A row that was sealed anew is not in the table as it was sent there.
    #[error("the {service} credentials of {company} came back changed: all is as it was before")]
    Unproven {
        /// The company's slug.
        company: String,
        /// The service.
        service: String,
    },
}

impl From<Impossible> for StoreError {
    fn from(impossible: Impossible) -> Self {
        Self::Impossible(impossible)
    }
}

/// The step in which an import becomes permanent.
pub(crate) const COMMITTING: &str = "committing the import";

impl StoreError {
    /// Returns a function that names the step in which a statement failed.
    pub(crate) fn at(step: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Query { step, source }
    }

    /// Returns whether no connection could be made, or none answers.
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Connect { .. } | Self::ConnectTimeout { .. } | Self::Silent { .. })
    }

    /// Returns whether the database has no registry: no company was made there yet.
    pub fn is_without_registry(&self) -> bool {
        matches!(self, Self::Outdated { what, found: 0, .. } if what == REGISTRY)
    }

    /// Makes the error of a state that vama's own code rules out, with the place of the call.
    #[track_caller]
    pub(crate) fn impossible(what: &'static str) -> Self {
        Self::Impossible(Impossible::new(what))
    }

    /// Returns the cause in the driver, where there is one.
    fn driver(&self) -> Option<&sqlx::Error> {
        use MigrateError::{Execute, ExecuteMigration};
        match self {
            Self::Connect { source, .. }
            | Self::Query { source, .. }
            | Self::Restore { source, .. }
            | Self::Statement { source, .. } => Some(source),
            Self::Migrate { source: Execute(source) | ExecuteMigration(source, _), .. } => {
                Some(source)
            }
            _ => None,
        }
    }

    /// Returns the code that the server gave its answer (PostgreSQL, appendix A).
    fn code(&self) -> Option<String> {
        let database = self.driver()?.as_database_error()?;
        database.code().map(std::borrow::Cow::into_owned)
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn a_connection_that_is_lost_is_told_in_plain_words_and_worth_another_try() {
        for kind in [ErrorKind::UnexpectedEof, ErrorKind::BrokenPipe, ErrorKind::ConnectionReset] {
            let error = StoreError::at("committing the import")(sqlx::Error::Io(kind.into()));
            assert_eq!(error.with_cause(), "committing the import failed: the connection was lost");
            assert!(error.fault().is_transient());
            // A commit may have arrived before the connection went.
            assert_eq!(error.advice(), Some("run the same command again; nothing goes in twice"));
        }
    }

    #[test]
    fn tls_that_does_not_fit_is_no_reason_to_try_again() {
        let source = sqlx::Error::Tls("server does not support TLS".into());
        let error = StoreError::Connect { place: "at h:5432".to_owned(), source };
        assert!(!error.fault().is_transient());
        let told = "cannot connect to the database at h:5432: no TLS: server does not support TLS";
        assert_eq!(error.with_cause(), told);
        assert!(error.advice().is_some_and(|advice| advice.contains("sslmode")));
    }
}
