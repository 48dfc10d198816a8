//! Somebody else who holds what a command waits for.

use std::path::PathBuf;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use vama::inside::store::Database;
use vama::inside::value::slug::schema_of;

use crate::program::Books;

/// A transaction that goes on until it is released.
pub struct Locked {
    release: Sender<()>,
    holding: Option<JoinHandle<()>>,
}

impl Locked {
    /// Holds the lock that an import into the books' company holds.
    pub fn import(books: &Books) -> Self {
        let lock = "select pg_advisory_xact_lock(hashtextextended('vama import %', 0))";
        Self::with(books, lock.replace('%', &books.slug))
    }

    /// Holds the lock that a change of the registry holds.
    pub fn registry(books: &Books) -> Self {
        let lock = "select pg_advisory_xact_lock(hashtextextended('vama registry', 0))";
        Self::with(books, lock.to_owned())
    }

    /// Keeps everybody from a table of the books' company.
    pub fn table(books: &Books, table: &str) -> Self {
        let schema = schema_of(&books.slug).unwrap();
        Self::with(books, format!("lock table {schema}.{table} in access exclusive mode"))
    }

    fn with(books: &Books, lock: String) -> Self {
        let (url, (release, released)) = (books.url.clone(), mpsc::channel());
        let (taken, is_taken) = mpsc::channel();
        let holding = thread::spawn(move || {
            tokio::runtime::Runtime::new().unwrap().block_on(async {
                let database = Database::choose(Some(&url), PathBuf::new).unwrap();
                let mut session = database.connect().await.unwrap();
                let mut tx = session.begin().await.unwrap();
                sqlx::raw_sql(sqlx::AssertSqlSafe(lock)).execute(&mut *tx).await.unwrap();
                taken.send(()).unwrap();
                // This ends also where the test fails, since the sender is gone then.
                let _ = released.recv();
                tx.rollback().await.unwrap();
                session.close().await;
            });
        });
        is_taken.recv().unwrap();
        Self { release, holding: Some(holding) }
    }

    /// Lets go.
    pub fn release(mut self) {
        let _ = self.release.send(());
        self.holding.take().unwrap().join().unwrap();
    }
}
