//! The program, a folder of one's own and the books in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;
use vama::inside::lab::month::{GeneratedFile, Month};
use vama::inside::store::Database;

use crate::common::own::Own;
use crate::common::{cif_of, seed, server, unique};
use crate::template::Template;

/// What a run came to.
pub struct Run {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// Returns the one JSON document that stdout must be.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }

    /// Asserts the exit status, and shows what was said where it is another.
    #[track_caller]
    pub fn ends(self, exit: i32) -> Self {
        assert_eq!(self.exit, exit, "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that stderr says this.
    #[track_caller]
    pub fn says(self, expected: &str) -> Self {
        assert!(self.stderr.contains(expected), "{expected:?} is not in: {}", self.stderr);
        self
    }

    /// Asserts that no stream has this, least of all a password.
    #[track_caller]
    pub fn hides(self, secret: &str) -> Self {
        for stream in [&self.stdout, &self.stderr] {
            assert!(!stream.contains(secret), "{stream}");
        }
        self
    }
}

/// Returns the program in an environment that names no database, with its data in the folder.
pub fn vama(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("vama").unwrap();
    let named = ["DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER"];
    let keys = ["VAMA_KEY", "VAMA_KEY_FILE", "VAMA_NEW_KEY", "VAMA_NEW_KEY_FILE"];
    for variable in named.iter().chain(&["PGPASSWORD", "PGSSLMODE", "NO_COLOR"]).chain(&keys) {
        command.env_remove(variable);
    }
    command.current_dir(folder).env("XDG_DATA_HOME", folder.join("data"));
    command
}

/// Runs the command to its end.
pub fn run(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    Run {
        exit: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder and a database: the server's that the environment names, or an embedded one of its own.
pub struct Books {
    folder: TempDir,
    pub url: String,
    pub slug: String,
    pub month: Month,
}

impl Books {
    /// Makes a folder in which nothing was done yet.
    pub fn empty(name: &str) -> Self {
        Self::of(unique(name), Month::invent(seed(), 2026, 3).unwrap())
    }

    fn of(slug: String, month: Month) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url =
            server().unwrap_or_else(|| format!("embedded:{}", folder.path().join("db").display()));
        Self { folder, url, slug, month }
    }

    /// Makes a folder in which nothing was done yet, with a database that nobody shares.
    pub fn alone(own: &Own, name: &str) -> Self {
        Self { url: own.url().to_owned(), ..Self::empty(name) }
    }

    /// Makes a company that has the accounts of its month. An embedded database is written with its
    /// company from a template, since each start of the engine takes a second.
    pub fn new(name: &str) -> Self {
        if server().is_none() {
            return Self::of_template();
        }
        let books = Self::empty(name);
        books.create_with_its_accounts();
        books
    }

    fn of_template() -> Self {
        static TEMPLATE: LazyLock<(String, Month, Template)> = LazyLock::new(|| {
            let books = Books::empty("template");
            books.create_with_its_accounts();
            let template = Template::of(&books.path().join("db"));
            (books.slug, books.month, template)
        });
        let (slug, month, template) = &*TEMPLATE;
        let books = Self::of(slug.clone(), month.clone());
        template.write(&books.path().join("db"));
        books
    }

    /// Makes the company, with the accounts of its month.
    pub fn create_with_its_accounts(&self) {
        let shop = &self.month.shop;
        let accounts = [
            shop.account_iban.clone(),
            format!("gls:{}", shop.gls_client),
            format!("netopia:{}", shop.terminal),
        ];
        self.create(&self.slug, &accounts).ends(0);
    }

    /// Makes a company with `vama company create`.
    pub fn create(&self, slug: &str, accounts: &[String]) -> Run {
        let (name, cif) = (format!("Firma {slug} SRL"), cif_of(slug));
        let mut arguments =
            vec!["company", "create", "--name", &name, "--slug", slug, "--cif", &cif];
        for account in accounts {
            arguments.extend(["--account", account]);
        }
        self.run(&arguments)
    }

    /// Runs statements on the database, as the user who made it.
    pub fn sql(&self, statements: &str) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let database = Database::choose(Some(&self.url), PathBuf::new).unwrap();
            let mut session = database.connect().await.unwrap();
            let mut tx = session.begin().await.unwrap();
            let statements = sqlx::AssertSqlSafe(statements.to_owned());
            sqlx::raw_sql(statements).execute(&mut *tx).await.unwrap();
            tx.commit().await.unwrap();
            session.close().await;
        });
    }

    /// Runs the program on the database.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let mut command = vama(self.path());
        run(command.args(["--database-url", &self.url]).args(arguments))
    }

    /// Returns the folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the folder; returns its name there.
    pub fn write(&self, name: &str, bytes: &[u8]) -> String {
        fs::write(self.path().join(name), bytes).unwrap();
        name.to_owned()
    }

    /// Writes a file of the month.
    pub fn put(&self, file: &GeneratedFile) -> String {
        self.write(&file.name, &file.bytes)
    }

    /// Writes all files of the month.
    pub fn put_month(&self) -> Vec<String> {
        self.month.files.iter().map(|file| self.put(file)).collect()
    }

    /// Returns how many rows each table has.
    pub fn rows(&self) -> Value {
        self.run(&["company", "show", &self.slug, "--json"]).ends(0).json()["rows"].clone()
    }

    /// Asserts that no table has a row, and that the log tells at most of files that are not in.
    #[track_caller]
    pub fn assert_untouched(&self) {
        let log = self.run(&["log", "-c", &self.slug, "--json"]).ends(0).json();
        let logged = log["imports"].as_array().unwrap();
        assert!(logged.iter().all(|import| import["status"] == "failed"), "{log}");
        for (table, rows) in self.rows().as_object().unwrap() {
            let expected = if table == "sync_logs" { logged.len() } else { 0 };
            assert_eq!(rows, expected, "{table}");
        }
    }
}
