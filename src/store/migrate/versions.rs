//! What sqlx's migrator does to a database, in our transaction and without named statements.
//!
//! The versions are in `vama_migrations` of the schema that was entered. This is not the name that
//! sqlx gives such a table, so that a platform that uses sqlx too keeps its versions beside ours.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use sqlx::PgConnection;
use sqlx::migrate::{AppliedMigration, Migrate, MigrateError, Migration};

use crate::store::connection::quotes::statements;
use crate::store::connection::statement::{query, query_as};

type Reply<'e, T> = Pin<Box<dyn Future<Output = Result<T, MigrateError>> + Send + 'e>>;

/// A connection inside a transaction that has entered a schema and holds its lock.
pub(crate) struct MigratorConnection<'c>(pub(crate) &'c mut PgConnection);

impl Migrate for MigratorConnection<'_> {
    /// Does nothing: the schema was entered, so the schema is there.
    fn create_schema_if_not_exists<'e>(&'e mut self, _schema: &'e str) -> Reply<'e, ()> {
        Box::pin(async { Ok(()) })
    }

    fn ensure_migrations_table<'e>(&'e mut self, _table: &'e str) -> Reply<'e, ()> {
        Box::pin(async {
            query(include_str!("../sql/migrate/create_versions.sql")).execute(&mut *self.0).await?;
            Ok(())
        })
    }

    /// Returns none: a migration and its version commit together, or neither does.
    fn dirty_version<'e>(&'e mut self, _table: &'e str) -> Reply<'e, Option<i64>> {
        Box::pin(async { Ok(None) })
    }

    fn list_applied_migrations<'e>(
        &'e mut self,
        _table: &'e str,
    ) -> Reply<'e, Vec<AppliedMigration>> {
        Box::pin(async {
            let applied: Vec<(i64, Vec<u8>)> =
                query_as(include_str!("../sql/migrate/versions.sql"))
                    .fetch_all(&mut *self.0)
                    .await?;
            let applied = applied
                .into_iter()
                .map(|(version, checksum)| AppliedMigration { version, checksum: checksum.into() });
            Ok(applied.collect())
        })
    }

    /// Does nothing: the lock is the transaction's, and was taken before.
    fn lock(&mut self) -> Reply<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Does nothing: the lock goes with the transaction.
    fn unlock(&mut self) -> Reply<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn apply<'e>(&'e mut self, table: &'e str, migration: &'e Migration) -> Reply<'e, Duration> {
        Box::pin(async move {
            let failed = |error| MigrateError::ExecuteMigration(error, migration.version);
            for statement in statements(migration.sql.as_str()) {
                let statement = sqlx::AssertSqlSafe(statement.to_owned());
                sqlx::raw_sql(statement).execute(&mut *self.0).await.map_err(failed)?;
            }
            self.skip(table, migration).await?;
            Ok(Duration::ZERO)
        })
    }

    /// Fails: vama's migrations only go forwards.
    fn revert<'e>(&'e mut self, _table: &'e str, migration: &'e Migration) -> Reply<'e, Duration> {
        Box::pin(async { Err(MigrateError::VersionNotPresent(migration.version)) })
    }

    /// Notes a version as applied.
    fn skip<'e>(&'e mut self, _table: &'e str, migration: &'e Migration) -> Reply<'e, ()> {
        Box::pin(async {
            query(include_str!("../sql/migrate/insert_version.sql"))
                .bind(migration.version)
                .bind(&*migration.description)
                .bind(&*migration.checksum)
                .execute(&mut *self.0)
                .await?;
            Ok(())
        })
    }
}
