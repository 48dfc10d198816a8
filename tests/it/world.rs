//! A company of its own for every test, in the database that the environment names.
//!
//! Without `DATABASE_URL` each test has an embedded database of its own, which takes one connection at
//! a time.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use tempfile::TempDir;
use vama::inside::lab::month::{GeneratedFile, Month};
use vama::inside::road::report::FileReport;
use vama::inside::road::{Options, import_source};
use vama::inside::source::{Source, Sources};
use vama::inside::store::{self, Backup, Database, NewCompany, Outside, Session, StoreError};
use vama::inside::value::slug::schema_of;

pub use crate::common::{cif_of, seed, server, unique};

/// Returns the URL of the server itself where the suite runs on it through a pooler.
pub fn behind_pooler() -> Option<String> {
    std::env::var("DIRECT_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// A company, and a session to look at it.
pub struct Company {
    pub slug: String,
    pub session: Session,
}

thread_local! {
    /// The embedded database of the test: each test runs in a thread of its own, and the database
    /// is removed when the thread ends.
    static FOLDER: OnceCell<TempDir> = const { OnceCell::new() };
}

/// Returns the database of this test: the server, or an embedded one for all its companies.
pub fn database() -> Database {
    let embedded = || {
        FOLDER.with(|folder| {
            let folder = folder.get_or_init(|| tempfile::tempdir().unwrap());
            format!("embedded:{}", folder.path().join("db").display())
        })
    };
    Database::choose(Some(&server().unwrap_or_else(embedded)), PathBuf::new).unwrap()
}

impl Company {
    /// Makes a company without accounts.
    pub async fn new(name: &str) -> Self {
        Self::with_accounts(name, Vec::new()).await
    }

    /// Makes a company that has these accounts.
    pub async fn with_accounts(name: &str, accounts: Vec<String>) -> Self {
        let slug = unique(name);
        let mut session = database().connect().await.unwrap();
        let new = NewCompany {
            name: format!("Firma {slug} SRL"),
            schema: schema_of(&slug).unwrap(),
            cif: cif_of(&slug),
            industry: None,
            accounts,
            admin: None,
            slug: slug.clone(),
        };
        store::create(&mut session, &new).await.unwrap();
        Self { slug, session }
    }

    /// Returns whether its tables are on this node, so that a trigger or a constraint on them can
    /// make a fault as it comes on a plain server; false on a cluster.
    pub async fn is_here(&mut self) -> bool {
        let sql = "select to_regclass('pg_catalog.pg_dist_node') is null";
        self.rows::<(bool,)>(sql).await == [(true,)]
    }

    /// Imports bytes under a name, with the company named.
    pub async fn import(&mut self, name: &str, bytes: &[u8]) -> FileReport {
        self.import_with(name, bytes, Options::default()).await
    }

    /// Imports bytes under a name, with options; the company is named.
    pub async fn import_with(&mut self, name: &str, bytes: &[u8], options: Options) -> FileReport {
        let source = only_source(name, bytes);
        import_source(&mut self.session, source, Some(&self.slug), &options).await
    }

    /// Imports a generated file.
    pub async fn import_file(&mut self, file: &GeneratedFile) -> FileReport {
        self.import(&file.name, &file.bytes).await
    }

    /// Backs the company up, around a pooler where there is one; the company may have another
    /// session then.
    pub async fn backup(
        self,
        file: &Path,
        outside: Outside<'_>,
    ) -> Result<(Self, Backup), StoreError> {
        if let Some(url) = behind_pooler() {
            let direct = Database::choose(Some(&url), PathBuf::new).unwrap();
            let direct = direct.connect().await.unwrap();
            let (direct, backup) = store::backup(direct, &self.slug, file, outside).await?;
            direct.close().await;
            return Ok((self, backup));
        }
        let (session, backup) = store::backup(self.session, &self.slug, file, outside).await?;
        Ok((Self { session, ..self }, backup))
    }

    /// Returns how many rows the table has.
    pub async fn count(&mut self, table: &str) -> i64 {
        let portrait = store::details(&mut self.session, &self.slug).await.unwrap();
        portrait.counts[table]
    }

    /// Returns the bank transactions as texts that tell them apart, in the same order each time.
    pub async fn bank_rows(&mut self) -> Vec<String> {
        let rows: Vec<(String,)> = self
            .rows(
                "select concat_ws('|', transaction_hash, transaction_date, booking_date, amount, \
             currency, account_iban, op_reference, details) from bank_transactions order by 1",
            )
            .await;
        rows.into_iter().map(|(row,)| row).collect()
    }

    /// Runs a query inside the company.
    pub async fn rows<T>(&mut self, sql: &'static str) -> Vec<T>
    where
        T: for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin,
    {
        let (mut tx, _) = store::enter(&mut self.session, &self.slug).await.unwrap();
        sqlx::query_as(sql).persistent(false).fetch_all(&mut *tx).await.unwrap()
    }

    /// Runs statements, each on lines of its own, as the owner of the tables; `%S` in them is the
    /// company's schema.
    pub async fn as_owner(&mut self, sql: &str) {
        let sql = sql.replace("%S", &schema_of(&self.slug).unwrap());
        let mut tx = self.session.begin().await.unwrap();
        // One by one: a cluster hands a statement on as it was sent, and takes no several there.
        for statement in store::statements(&sql) {
            sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()))
                .execute(&mut *tx)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Runs a statement inside the company and commits it.
    pub async fn execute(&mut self, sql: &'static str) {
        let (mut tx, _) = store::enter(&mut self.session, &self.slug).await.unwrap();
        sqlx::query(sql).persistent(false).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// Returns the one source that the bytes are or hold.
pub fn only_source(name: &str, bytes: &[u8]) -> Source {
    let mut sources = Sources::of_bytes(name, bytes.to_vec()).unwrap();
    let source = sources.next().unwrap().unwrap();
    assert!(sources.next().is_none());
    source
}

/// Returns the invented month that most tests use.
pub fn month() -> Month {
    static MONTH: LazyLock<Month> = LazyLock::new(|| Month::invent(7, 2026, 3).unwrap());
    MONTH.clone()
}

/// Says what became of a file as a person would.
pub fn told(report: &FileReport) -> String {
    let error = report.error.as_ref().map(|it| format!(" ({})", it.message)).unwrap_or_default();
    format!(
        "{:?}: {} read, {} inserted, {} duplicates, {} held{error}",
        report.status, report.read, report.inserted, report.duplicates, report.held
    )
}
