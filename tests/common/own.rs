//! A database of a test's own, for what touches every company there is.

use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection, Row};
use tempfile::TempDir;

use super::{server, unique};

/// A database that goes with the test: on the server, or an embedded one in a folder of its own.
///
/// An embedded one takes one connection at a time, like any other; each has its own engine.
pub struct Own {
    url: String,
    kept: Kept,
}

/// What is removed together with the database.
enum Kept {
    /// A database on the server.
    Database { server: String, name: String },
    /// A folder, which vanishes by itself.
    Folder { _folder: TempDir },
}

impl Own {
    /// Makes a database without any table.
    pub fn new(name: &str) -> Self {
        let Some(server) = server() else {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("embedded:{}", folder.path().join("db").display());
            return Self { url, kept: Kept::Folder { _folder: folder } };
        };
        let name = unique(name);
        // Nobody is ever connected to template0, so two tests may copy it at once.
        execute(&server, format!("create database \"{name}\" template template0"));
        Self { url: with_database(&server, &name), kept: Kept::Database { server, name } }
    }

    /// Returns its URL, as `--database-url` takes it.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let Kept::Database { server, name } = &self.kept else { return };
        // Roles belong to the server: the roles of this database's companies would outlive it.
        let roles = execute(&self.url, ROLES.to_owned()).join("', '");
        // Forced: a test that failed may have left a connection.
        execute(server, format!("drop database \"{name}\" with (force)"));
        let unused = format!("{UNUSED} and rolname in ('{roles}')");
        execute(server, execute(server, unused).join("; "));
    }
}

/// The roles of the companies in the database that is connected to.
const ROLES: &str =
    "select rolname::text from pg_roles join pg_namespace on rolname = 'vama_' || nspname";

/// The query for statements that drop roles which no database knows any more; a role that another
/// database still knows stays.
const UNUSED: &str = "select format('drop role %I', rolname) from pg_roles r where not exists \
    (select from pg_shdepend where refclassid = 'pg_authid'::regclass and refobjid = r.oid)";

/// Runs a statement outside of any transaction, and returns the one column of its rows. It runs on
/// a thread of its own, since a test may have a runtime already.
fn execute(url: &str, statement: String) -> Vec<String> {
    std::thread::scope(|scope| {
        let running = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                // A pooler knows no unusual start parameters.
                let options = PgConnectOptions::from_str(url).unwrap().extra_float_digits(None);
                let mut connection = PgConnection::connect_with(&options).await.unwrap();
                let statement = sqlx::AssertSqlSafe(statement);
                let rows = sqlx::raw_sql(statement).fetch_all(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            })
        });
        running.join().unwrap()
    })
}

/// Returns the URL with another database in the place of its own.
fn with_database(url: &str, name: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (place, parameters) = match rest.split_once('?') {
        Some((place, parameters)) => (place, format!("?{parameters}")),
        None => (rest, String::new()),
    };
    let host = place.split('/').next().unwrap();
    format!("{scheme}://{host}/{name}{parameters}")
}
