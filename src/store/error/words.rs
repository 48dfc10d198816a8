//! Parts of sentences about errors.

use std::io::ErrorKind;

use crate::value::near::nearest;

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
