//! What the user can do next.

use sqlx::migrate::MigrateError;

use super::StoreError;
use crate::fault::{Fault, Impossible};

/// What to do where the database has versions that this program does not know.
const NEWER: &str = "this vama is older than the database: install the newest one";

/// What to do about a held record that has no row.
const NOT_ACCEPTABLE: &str = "what cannot be read is written by `vama held export`: put it right and \
                              import that; what is not to come in is closed by `vama held discard`";

/// What to do where credentials are sealed under another key.
const OTHER_KEY: &str = "set VAMA_KEY to that key, and `vama credentials rotate` changes it; where it \
                         is lost, take away what it sealed with `vama credentials remove`";
/// What to do where public has tables of the registry's names that vama did not make.
const NOT_OURS: &str = "vama did not make them: name another database, or move them into another schema \
                        (`alter table public.companies set schema …`, and so on); a company's tables \
                        come in from there with `vama company adopt`";

/// What to do where a limit of the server's ended a statement.
const SLOW: &str = "somebody or a limit of the server's ended it: see its statement_timeout and \
                    temp_file_limit (`alter role … set statement_timeout = …`), or a query time-out of \
                    the pooler's; then run the same command again; nothing goes in twice";

impl StoreError {
    /// Returns what the user can do next.
    pub fn advice(&self) -> Option<&str> {
        match self {
            Self::Connect { .. } | Self::ConnectTimeout { .. } => Some(self.connect_advice()),
            Self::Url { what: "the database URL", .. } => {
                Some("write it as postgres://user@host:5432/database, or embedded:FOLDER")
            }
            Self::Url { .. } => Some("correct the variable, or unset it"),
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
            Self::Outdated { found: 0, .. } => Some(
                "make a company with `vama company create`, which brings the tables, or run \
                 `vama migrate`",
            ),
            Self::Outdated { found, expected, .. } if found > expected => Some(NEWER),
            Self::Migrate { source: MigrateError::VersionMissing(_), .. } => Some(NEWER),
            Self::Migrate { .. } if self.code().as_deref() == Some("42P07") => Some(NOT_OURS),
            Self::OtherRegistry(_) => Some(NOT_OURS),
            Self::Outdated { .. } => Some("run `vama migrate`"),
            Self::UnknownCompany { .. } => {
                Some("see `vama company list`, or make it with `vama company create`")
            }
            Self::InactiveCompany { advice, .. } => Some(advice),
            Self::NoHeldRow { .. } => Some("see `vama held`"),
            Self::NotAcceptable { .. } => Some(NOT_ACCEPTABLE),
            Self::NoImport { .. } | Self::NotIn { .. } => Some("see `vama log`"),
            Self::NoCredentials { .. } => Some("store them with `vama credentials set`"),
            Self::NoUser { .. } => Some("see `vama user list`"),
            Self::Unopened { source, .. } => Some(source.advice()),
            Self::Taken(_) => {
                Some("choose another; `vama company list` and `company show` tell who has what")
            }
            Self::UnknownSchema(_) => Some("`\\dn` in psql lists the schemas"),
            Self::InTheWay(_) => {
                Some("see to these, then run the same command; nothing was changed")
            }
            Self::Moved { .. } => Some(Impossible::ADVICE),
            Self::UnknownRole(_) => Some("`\\du` in psql lists the roles; make it there first"),
            Self::OtherKey { .. } => Some(OTHER_KEY),
            Self::OtherRole(_) => Some("choose another slug, or rename that role"),
            Self::CompanyRole(_) => Some("name the role that the platform connects with"),
            Self::Missing { .. } | Self::Unproven { .. } => {
                Some("a trigger or rule on the table may keep rows out; remove it, then try again")
            }
            Self::File(refusal) => Some(refusal.advice()),
            Self::Backup(error) => error.advice(),
            Self::NoRole { .. } => Some(
                "let a user who may create roles run `vama company create`, or grant this user the \
                 company's role; psql asks for no role",
            ),
            Self::Worker => Some("connect to the coordinator; it reaches the workers by itself"),
            Self::Unfenced { .. } => Some(
                "revoke execute on the functions run_command_on_* and master_run_on_worker from public \
                 on the coordinator (README.md, \"A cluster\"), or run it with --write",
            ),
            Self::Spool(_) => Some("make room there, or name another folder with TMPDIR"),
            Self::NotOneStatement => Some("run them one at a time"),
            Self::Statement { advice, .. } => *advice,
            Self::LeftBehind(_) => Some("let the owner of the company's tables make such objects"),
            Self::Equation { .. } | Self::Impossible(_) => Some(Impossible::ADVICE),
            _ => self.advice_by_fault(),
        }
    }

    /// Returns what is to be done about every error of this fault, whichever step failed.
    fn advice_by_fault(&self) -> Option<&'static str> {
        match self.fault() {
            Fault::Rights => {
                Some("ask the database's owner for that right, or connect as another user")
            }
            Fault::Slow => Some(SLOW),
            Fault::Full => Some(
                "make room on the server's disk or in its memory, then run the same command again; \
                 nothing goes in twice",
            ),
            fault if fault.is_transient() => {
                Some("run the same command again; nothing goes in twice")
            }
            _ => None,
        }
    }

    fn connect_advice(&self) -> &'static str {
        if let Some(sqlx::Error::Tls(_)) = self.driver() {
            return "compare sslmode and sslrootcert with what the server offers";
        }
        match self.code().as_deref() {
            Some(code) if code.starts_with("28") => {
                "check the user, and the password in ~/.pgpass (mode 600), PGPASSWORD or the URL"
            }
            Some("3D000") => "make the database with createdb, or name another",
            Some(_) => "wait a little, then run the same command again",
            None => {
                "check that the server runs and that --database-url, DATABASE_URL or PGHOST names \
                 it, then run the same command again"
            }
        }
    }
}
