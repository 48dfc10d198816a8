//! URL or `PG*` → how to connect, refusing what the driver would quietly misread.

use std::env;
use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::StoreError;
use super::error::words;

/// What a PostgreSQL URL begins with.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// Returns the connection that the URL describes.
pub(super) fn of_url(url: &str) -> Result<PgConnectOptions, StoreError> {
    let refused =
        |reason: &str| StoreError::Url { what: "the database URL", reason: reason.to_owned() };
    let Some(rest) = SCHEMES.iter().find_map(|scheme| url.strip_prefix(scheme)) else {
        return Err(refused("it does not begin with postgres://"));
    };
    // `user:a@12/34@host` would be looked up as the host `12`, and `user:12/34@host` reads as the host `user`, and half the password as its port.
    let (authority, more) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let path = more.split(['?', '#']).next().unwrap_or_default();
    if path.contains('@') || (!authority.contains('@') && more.contains('@')) {
        return Err(refused(
            "a / ? # or @ in the user or the password must be written as %2F %3F %23 or %40",
        ));
    }
    refuse_misread_variables()?;
    PgConnectOptions::from_str(url).map_err(|error| refused(&words(&error)))
}

/// Returns the connection that libpq's variables describe.
pub(super) fn of_variables() -> Result<PgConnectOptions, StoreError> {
    refuse_misread_variables()?;
    Ok(PgConnectOptions::new())
}

/// Refuses values that the driver would replace by its default: a mistyped `verify-full` must not
/// become a connection that nobody verifies.
fn refuse_misread_variables() -> Result<(), StoreError> {
    let refused = |what, reason: &str| StoreError::Url { what, reason: reason.to_owned() };
    if env::var("PGPORT").is_ok_and(|port| port.parse::<u16>().is_err()) {
        return Err(refused("PGPORT", "it is not a port number"));
    }
    if env::var("PGSSLMODE").is_ok_and(|mode| mode.parse::<PgSslMode>().is_err()) {
        return Err(refused(
            "PGSSLMODE",
            "expected disable, allow, prefer, require, verify-ca or verify-full",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_is_none_is_refused_without_repeating_it() {
        let cases = [
            ("mysql://u:secret@h/x", "does not begin with postgres://"),
            ("u:secret@h", "does not begin with postgres://"),
            ("host=h password=secret", "does not begin with postgres://"),
            ("postgres://u:12/secret@h/x", "%2F"),
            ("postgres://u:12#secret@h/x", "%23"),
            ("postgres://u:secret@h:port/x", "port"),
            ("postgres://u:secret@h/x?sslmode=bogus", "ssl_mode"),
            ("postgres://u:secret@h:99999/x", "port"),
        ];
        for (url, expected) in cases {
            let error = of_url(url).unwrap_err().to_string();
            assert!(error.contains(expected), "{url}: {error}");
            assert!(!error.contains("secret"), "{error}");
            assert!(!error.contains("error with"), "{error}");
        }
    }

    #[test]
    fn both_schemes_and_encoded_passwords_are_understood() {
        for url in ["postgres://u:s%2Fx%40@h/x", "postgresql://h:5433/x?user=u", "postgres:///x"] {
            assert!(of_url(url).is_ok(), "{url}");
        }
    }
}
