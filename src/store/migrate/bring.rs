//! Runs the migrations that a schema has not had yet.

use sqlx::PgConnection;
use sqlx::migrate::Migrator;

use super::closed::close;
use super::versions::MigratorConnection;
use crate::store::StoreError;
use crate::store::connection::cluster;
use crate::store::connection::lock::lock_registry;
use crate::store::connection::quotes::statements;
use crate::store::connection::statement::{run_all_quoted, run_script};
use crate::store::connection::version::{
    Migrations, PUBLIC, REGISTRY, enter_registry, newest, newest_public, version,
};

/// Brings the registry to the newest version inside the transaction, which has entered the registry
/// then.
pub(crate) async fn bring_public(connection: &mut PgConnection) -> Result<bool, StoreError> {
    cluster::refuse_worker(connection).await?;
    lock_registry(connection).await?;
    enter_registry(connection).await?;
    let brought = bring(&PUBLIC, REGISTRY, connection).await?;
    Ok(close(connection).await? || brought)
}

/// Enters the registry; where it is missing or behind, brings it to the newest version first. Only
/// in this case the registry is locked from here on.
pub(crate) async fn enter_newest_registry(connection: &mut PgConnection) -> Result<(), StoreError> {
    enter_registry(connection).await?;
    if version(connection).await? != newest_public() {
        bring_public(connection).await?;
    }
    Ok(())
}

/// Runs the migrations that the schema that was entered has not had yet. Returns whether there were
/// any.
pub(crate) async fn run(
    connection: &mut PgConnection,
    what: &str,
    migrations: &Migrations,
) -> Result<bool, StoreError> {
    bring(&migrations.company, what, connection).await
}

/// Makes the registry's tables in the schema that was entered, instead of in public, whose name the
/// migrations put before every table.
pub(crate) async fn run_registry_here(connection: &mut PgConnection) -> Result<(), StoreError> {
    let step = "making the tables to compare with";
    // The migrations expect the table of versions to be there.
    run_script(connection, include_str!("../sql/migrate/create_versions.sql"), step).await?;
    for migration in PUBLIC.iter() {
        let text = migration.sql.as_str().replace("public.", "");
        let statements = statements(&text).map(str::to_owned);
        run_all_quoted(connection, statements, step).await?;
    }
    Ok(())
}

async fn bring(
    migrator: &Migrator,
    what: &str,
    connection: &mut PgConnection,
) -> Result<bool, StoreError> {
    let before = version(connection).await?;
    let failed = |source| StoreError::Migrate { what: what.to_owned(), source };
    migrator
        .run_direct(None, &mut MigratorConnection(&mut *connection), false)
        .await
        .map_err(failed)?;
    Ok(before != newest(migrator))
}
