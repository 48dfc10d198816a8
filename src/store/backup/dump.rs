//! A server's tables → the text of its `pg_dump`.

use std::io::{self, Read, Seek, Write};
use std::process::{Child, Command, Stdio};

use percent_encoding::percent_decode_str;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection, PgConnection};

use crate::store::backup::{BackupError, program};
use crate::store::connection::session::connect;
use crate::store::connection::statement::query_scalar;
use crate::store::{Database, Session, StoreError};

/// How long `pg_dump` waits for a lock that another holds on a table, in milliseconds: as long as
/// vama's own statements do.
const LOCK_WAIT_MAX_MS: u32 = 600_000;

/// Seconds that the server has to answer.
const CONNECT_SECONDS_MAX: &str = "15";

/// How often two sessions take turns, to show whether each keeps a connection of its own.
const TURNS: usize = 3;

/// Bytes of pg_dump's words about a failure, at most.
const WORDS_MAX: u64 = 2_000;

/// What `pg_dump` leaves out: what belongs to one database or to one server, and not to the
/// company. Owners and rights are made anew, as those of a new company are.
const LEFT_OUT: [&str; 5] = [
    "--no-owner",
    "--no-privileges",
    "--no-tablespaces",
    "--no-table-access-method",
    "--no-publications",
];

/// Runs `pg_dump` against a server.
#[derive(Debug, Clone)]
pub struct Dumper {
    options: Box<PgConnectOptions>,
    place: String,
}

impl Session {
    /// Returns the dumper that works beside this session; `None` for the embedded engine, which has
    /// one connection at a time.
    pub fn dumper(&self) -> Option<Dumper> {
        match self.database() {
            Database::Server(options) => {
                Some(Dumper { options: options.clone(), place: self.database().place() })
            }
            Database::Embedded(_) => None,
        }
    }
}

/// Returns the arguments that choose a whole schema.
pub(crate) fn schema(name: &str) -> Vec<String> {
    let mut arguments = vec![format!("--schema={}", pattern(name)), "--encoding=UTF8".to_owned()];
    arguments.extend(LEFT_OUT.map(str::to_owned));
    arguments
}

/// Returns the arguments that choose some tables of a schema.
pub(crate) fn tables<'n>(schema: &str, names: impl Iterator<Item = &'n String>) -> Vec<String> {
    let mut arguments = vec!["--encoding=UTF8".to_owned()];
    arguments.extend(names.map(|name| format!("--table={}.{}", pattern(schema), pattern(name))));
    arguments.extend(LEFT_OUT.map(str::to_owned));
    arguments
}

/// Quotes a name, so that pg_dump does not take it for a pattern.
fn pattern(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Dumper {
    /// Refuses a pooler that gives each transaction another connection of the server: pg_dump
    /// empties the search path of its session, and the pooler's next client would get this session.
    ///
    /// Such a pooler shows where two sessions that take turns meet on one connection, or change
    /// their connections.
    pub(crate) async fn refuse_pooler(&self) -> Result<(), StoreError> {
        let mut one = connect(&self.options, self.place.clone()).await?;
        let mut other = connect(&self.options, self.place.clone()).await?;
        let mut pairs = Vec::new();
        for _ in 0..TURNS {
            pairs.push((backend(&mut one).await?, backend(&mut other).await?));
        }
        for session in [one, other] {
            drop(session.close().await);
        }
        let steady = pairs.windows(2).all(|turns| turns.first() == turns.last());
        match pairs.iter().all(|(one, other)| one != other) && steady {
            true => Ok(()),
            false => Err(BackupError::Pooler.into()),
        }
    }

    /// Writes what `pg_dump` says with these arguments; blocks until it ends.
    pub(crate) fn run(
        &self,
        server_major: u32,
        arguments: &[String],
        out: &mut impl Write,
    ) -> Result<(), BackupError> {
        let program = program::find(server_major)?;
        let failed = |error: io::Error| BackupError::Dump(error.to_string());
        let mut words = tempfile::tempfile().map_err(failed)?;
        let mut child = self
            .command(&program)
            .args(["--format=plain", "--no-password"])
            .arg(format!("--lock-wait-timeout={LOCK_WAIT_MAX_MS}"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(words.try_clone().map_err(failed)?)
            .spawn()
            .map_err(failed)?;
        // The text goes through vama, not straight into the file: when vama is ended, pg_dump ends
        // too.
        let copied = pour(&mut child, out);
        let status = child.wait().map_err(failed)?;
        // Where the text could not be written, that error is told. Only where all of it was written
        // do pg_dump's own words tell why it failed.
        if !status.success() && copied.is_ok() {
            return Err(failure(&mut words, status.to_string()));
        }
        copied.map_err(failed)
    }

    /// Returns the program with the connection in its environment, since other users can see
    /// arguments, but not the environment.
    fn command(&self, program: &std::path::Path) -> Command {
        let Self { options, .. } = self;
        let mut command = Command::new(program);
        for variable in ["PGHOSTADDR", "PGSERVICE", "PGOPTIONS", "PGSSLROOTCERT", "PGREQUIRESSL"] {
            command.env_remove(variable);
        }
        match options.get_socket() {
            Some(socket) => command.env("PGHOST", socket),
            None => command.env("PGHOST", options.get_host()),
        };
        command
            .env("PGPORT", options.get_port().to_string())
            .env("PGUSER", options.get_username())
            .env("PGDATABASE", options.get_database().unwrap_or(options.get_username()))
            .env("PGSSLMODE", ssl_mode(options.get_ssl_mode()))
            .env("PGAPPNAME", "vama")
            .env("PGCONNECT_TIMEOUT", CONNECT_SECONDS_MAX)
            .env("LC_ALL", "C");
        // The driver tells the other options only in a URL. Its user and host are replaced, since a
        // name that does not fit into a URL would break it.
        let url = (**options).clone().username("vama").host("localhost").to_url_lossy();
        if let Some(password) = url.password() {
            let password = percent_decode_str(password).decode_utf8_lossy().into_owned();
            command.env("PGPASSWORD", password);
        }
        for (name, value) in url.query_pairs() {
            let variable = match &*name {
                "sslrootcert" => "PGSSLROOTCERT",
                "sslcert" => "PGSSLCERT",
                "sslkey" => "PGSSLKEY",
                _ => continue,
            };
            command.env(variable, &*value);
        }
        command
    }
}

/// Returns the number of the server's process that answers in one transaction.
async fn backend(connection: &mut PgConnection) -> Result<i32, StoreError> {
    let step = "looking for a pooler";
    let mut tx = connection.begin().await.map_err(StoreError::at(step))?;
    let backend = query_scalar(include_str!("../sql/backup/backend.sql"))
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    tx.rollback().await.map_err(StoreError::at(step))?;
    Ok(backend)
}

fn ssl_mode(mode: PgSslMode) -> &'static str {
    match mode {
        PgSslMode::Disable => "disable",
        PgSslMode::Allow => "allow",
        PgSslMode::Prefer => "prefer",
        PgSslMode::Require => "require",
        PgSslMode::VerifyCa => "verify-ca",
        PgSslMode::VerifyFull => "verify-full",
    }
}

fn pour(child: &mut Child, out: &mut impl Write) -> io::Result<()> {
    let Some(mut text) = child.stdout.take() else {
        return Ok(());
    };
    io::copy(&mut text, out).map(drop)
}

/// Returns what went wrong, in pg_dump's own words.
fn failure(words: &mut std::fs::File, status: String) -> BackupError {
    let mut bytes = Vec::new();
    let read = words.rewind().and_then(|()| words.take(WORDS_MAX).read_to_end(&mut bytes));
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().map(said).filter(|line| !line.is_empty()).collect();
    match read {
        Ok(_) if !lines.is_empty() => BackupError::Dump(lines.join("; ")),
        _ => BackupError::Dump(status),
    }
}

/// Returns a line of pg_dump's without the words that say who speaks.
fn said(line: &str) -> &str {
    let line = line.trim();
    let line = line.strip_prefix("pg_dump: ").unwrap_or(line);
    line.strip_prefix("error: ").unwrap_or(line)
}
