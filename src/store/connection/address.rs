//! URL or `PG*` → how to connect, refusing what the driver would quietly misread.

use std::env;
use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::store::StoreError;
use crate::store::error::words;

/// What a PostgreSQL URL begins with.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// Returns the connection that the URL describes.
pub(crate) fn of_url(url: &str) -> Result<PgConnectOptions, StoreError> {
    let refused =
        |reason: &str| StoreError::Url { what: "the database URL", reason: reason.to_owned() };
    let Some(rest) = SCHEMES.iter().find_map(|scheme| url.strip_prefix(scheme)) else {
        return Err(refused("it does not begin with postgres://"));
    };
    // A password with a `/` would be misread: in `user:a@12/34@host` the host would be `12`; in
    // `user:12/34@host` the host would be `user`, and half the password its port.
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

/// Returns whether the URL holds a password, as its user's or as a parameter.
pub fn holds_password(url: &str) -> bool {
    // The driver skips tabs and line breaks wherever they stand.
    let url = url.replace(['\t', '\n', '\r'], "");
    let Some(rest) = SCHEMES.iter().find_map(|scheme| url.strip_prefix(scheme)) else {
        return false;
    };
    let (authority, more) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let user = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
    let parameters = more.split_once('?').map(|(_, it)| it).unwrap_or_default();
    let mut names = parameters.split(['&', '#']).filter_map(|it| it.split_once('='));
    let is_password = |name: &str| {
        let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
        name.to_ascii_lowercase().ends_with("password")
    };
    user.is_some_and(|(_, password)| !password.is_empty())
        || names.any(|(name, _)| is_password(name))
}

/// Returns the connection that libpq's variables describe.
pub(crate) fn of_variables() -> Result<PgConnectOptions, StoreError> {
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

    #[test]
    fn a_password_is_seen_wherever_it_stands() {
        let with = [
            "postgres://u:secret@h/x",
            "postgresql://u:s%40x@h:5433/x",
            "postgres://u@h/x?password=secret",
            "postgres://h/x?sslmode=require&p%61ssword=secret",
            "postgres://h/x?sslpassword=secret",
            "post\ngres://h/x?pass\tword=secret",
        ];
        for url in with {
            assert!(holds_password(url), "{url}");
        }
        let without = [
            "postgres://u@h:5432/x",
            "postgres://u:@h/x",
            "postgres:///x?host=/run/postgresql&user=u:v",
            "postgres://h/password=x",
            "embedded:a:b@c",
        ];
        for url in without {
            assert!(!holds_password(url), "{url}");
        }
    }
}
