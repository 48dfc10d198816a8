//! Taking a company away for good.

use std::path::Path;

use sqlx::PgConnection;
use uuid::Uuid;

use super::begin::begin_with_company_lock;
use super::safeguard::Safeguard;
use crate::store::backup::{Backup, Outside};
use crate::store::connection::lock;
use crate::store::connection::role;
use crate::store::connection::statement::{query_as, query_scalar, run_quoted};
use crate::store::{Session, StoreError};

const STEP: &str = "taking the company away";

/// What became of a company that is gone.
#[derive(Debug, serde::Serialize)]
pub struct Removed {
    /// The schema that it had.
    pub company_schema: String,
    /// How many of its users went with it.
    pub users: i64,
    /// How many of its sealed credentials went with it.
    pub credentials: i64,
    /// Whether its role is gone too; it stays where another database of the server uses it, or this
    /// user may not drop it.
    pub role_dropped: bool,
    /// The backup that was made before.
    pub backup: Option<Backup>,
}

/// Takes the company away: its schema with all that is in it, its role, its users, its credentials
/// and its row in the registry. Where a file is named, a backup is made before; nobody can write
/// between the backup and the removal.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`]; [`StoreError::InTheWay`] where something outside of the schema
/// depends on it; a backup or a database that fails. Nothing is taken away then.
pub async fn remove(
    session: Session,
    slug: &str,
    backup: Option<&Path>,
) -> Result<(Session, Removed), StoreError> {
    let safeguard = Safeguard { slug, file: backup, outside: Outside::default() };
    let (mut session, dumper, ahead) = safeguard.ahead(session).await?;
    let (mut tx, company) = begin_with_company_lock(&mut session, slug).await?;
    refuse_dependants(&mut tx, &company.schema).await?;
    let within = safeguard.within(&mut tx, dumper.as_ref()).await?;
    let role_dropped = drop_schema(&mut tx, &company.schema).await?;
    let (users, credentials) = unregister(&mut tx, company.id).await?;
    tx.commit().await.map_err(StoreError::at(STEP))?;
    let backup = ahead.or(within);
    let removed =
        Removed { company_schema: company.schema, users, credentials, role_dropped, backup };
    Ok((session, removed))
}

async fn refuse_dependants(connection: &mut PgConnection, schema: &str) -> Result<(), StoreError> {
    let dependants: Vec<String> = query_scalar(include_str!("../sql/remove/dependants.sql"))
        .bind(schema)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at(STEP))?;
    if dependants.is_empty() { Ok(()) } else { Err(StoreError::InTheWay(dependants)) }
}

/// Takes the company out of the registry, as the last step of its transaction. Returns how many
/// users and credentials went with it.
pub(crate) async fn unregister(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<(i64, i64), StoreError> {
    lock::lock_registry(connection).await?;
    let (users, credentials, _): (i64, i64, i64) =
        query_as(include_str!("../sql/remove/delete_company.sql"))
            .bind(id)
            .fetch_one(connection)
            .await
            .map_err(StoreError::at(STEP))?;
    Ok((users, credentials))
}

/// Drops the schema with all that is in it, and the role. Returns whether the role is gone.
pub(crate) async fn drop_schema(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<bool, StoreError> {
    let statement: String = query_scalar(include_str!("../sql/remove/drop_schema_statement.sql"))
        .bind(schema)
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(STEP))?;
    run_quoted(connection, statement, STEP).await?;
    role::drop(connection, schema).await
}
