//! Sentences about errors, and parts of them.

use std::io::ErrorKind;

use super::StoreError;
use crate::value::near::nearest;

impl StoreError {
    /// Returns the error with its cause, joined by a colon.
    pub fn with_cause(&self) -> String {
        match (self.driver(), std::error::Error::source(self)) {
            _ if matches!(self, Self::Statement { .. }) => self.to_string(),
            // What never answered as a PostgreSQL server does is another program.
            (Some(sqlx::Error::Protocol(_)), _) if matches!(self, Self::Connect { .. }) => {
                format!("{self}: what answers there is no PostgreSQL server")
            }
            (Some(driver), _) => format!("{self}: {}", words(driver)),
            (None, Some(source)) => format!("{self}: {source}"),
            (None, None) => self.to_string(),
        }
    }

    /// Returns what the server said, without the step that failed.
    pub(crate) fn cause(&self) -> String {
        self.driver().map_or_else(|| self.to_string(), words)
    }
}

/// Says which version the tables of a schema have, and which they should have.
pub(super) fn versions(what: &str, found: i64, expected: i64) -> String {
    match found {
        0 => format!("{what} has no tables in this database yet"),
        _ => format!("{what} is at schema version {found}, expected {expected}"),
    }
}

/// Says which company may have been meant by a slug that none has.
pub(super) fn meant(slug: &str, known: &[String]) -> String {
    let near = nearest(slug, known.iter().map(String::as_str));
    near.map(|near| format!("you may have meant {near}; ")).unwrap_or_default()
}

/// Says whose a user is to be, where a company was named.
pub(super) fn of(company: Option<&str>) -> String {
    company.map(|slug| format!(" of {slug}")).unwrap_or_default()
}

/// Says in words how an import ended of which nothing is in.
pub(super) fn fate(status: &str, undone_at: Option<&str>) -> String {
    match (status, undone_at.and_then(|at| at.get(..10))) {
        ("undone", Some(day)) => format!("was undone on {day}"),
        ("undone", None) => "was undone".to_owned(),
        _ => "was refused or failed, and nothing of it went in".to_owned(),
    }
}

/// Returns what the driver says, without its preambles and the server's source lines.
pub(crate) fn words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => match error.kind() {
            ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe | ErrorKind::ConnectionReset => {
                "the connection was lost".to_owned()
            }
            _ => error.to_string(),
        },
        sqlx::Error::Tls(error) => format!("no TLS: {error}"),
        sqlx::Error::Protocol(_) | sqlx::Error::BeginFailed => {
            "the connection broke: an answer does not belong to its statement".to_owned()
        }
        sqlx::Error::Configuration(error) => match error.downcast_ref::<sqlx::Error>() {
            Some(inner) => words(inner),
            None => error.to_string(),
        },
        other => other.to_string(),
    }
}
