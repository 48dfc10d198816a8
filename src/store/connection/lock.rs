//! The locks that changes wait for, and the order in which they are taken.
//!
//! A company's lock comes first; what the registry has of that company next; the registry's lock
//! last, for the last statements of a transaction. So a transaction that waits for one company
//! keeps nobody from another company, and no two transactions wait for each other. All locks end
//! with their transaction.

use crate::store::connection::registry;

use sqlx::PgConnection;

use super::statement::query;
use super::transaction::Limits;
use super::turn::{Turn, Value};
use super::wait::wait_for_lock;
use crate::store::{Company, Session, StoreError, Transaction};

/// Begins a transaction that changes the registry, or more of a company than its rows.
pub(crate) async fn begin_change(session: &mut Session) -> Result<Transaction<'_>, StoreError> {
    begin_change_within(session, Limits::LONG).await
}

/// Begins a transaction as [`begin_change`] does, with other limits.
pub(crate) async fn begin_change_within(
    session: &mut Session,
    limits: Limits,
) -> Result<Transaction<'_>, StoreError> {
    let mut tx = session.begin_within(limits).await?;
    query(include_str!("../sql/lock/begin_change.sql"))
        .execute(&mut *tx)
        .await
        .map_err(StoreError::at("beginning a change"))?;
    Ok(tx)
}

/// Adds the statement that makes other imports into the company, and its migration, wait until this
/// transaction ends.
pub(crate) fn lock_company_in(turn: Turn, slug: &str) -> Turn {
    turn.waiting_for(format!("another import into {slug}")).add(
        "waiting for another import into this company",
        include_str!("../sql/lock/lock_company.sql"),
        &[Value::Text(slug)],
    )
}

/// Makes other imports into the company, and its migration, wait until this transaction ends.
pub(crate) async fn lock_company(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<(), StoreError> {
    lock_company_in(Turn::default(), slug).take(connection).await.map(drop)
}

/// Returns the company, active or not, and makes every other change of what the registry has of it
/// wait until this transaction ends: changes of its row, and further users and credentials.
pub(crate) async fn hold_company(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<Company, StoreError> {
    let step = "waiting for another change of this company";
    let holding = query(include_str!("../sql/lock/hold_company.sql"))
        .bind(slug)
        .fetch_optional(&mut *connection);
    let row = wait_for_lock(&format!("another change of {slug}"), holding).await;
    let row = row.map_err(StoreError::at(step))?;
    registry::company_of(connection, row, slug, step).await
}

/// Makes other changes of the registry wait until this transaction ends.
///
/// What was read of the registry before the lock may have changed by now.
pub(crate) async fn lock_registry(connection: &mut PgConnection) -> Result<(), StoreError> {
    let taking = query(include_str!("../sql/lock/lock_registry.sql")).execute(connection);
    wait_for_lock("another change of the registry", taking)
        .await
        .map(drop)
        .map_err(StoreError::at("waiting for another change of the registry"))
}
