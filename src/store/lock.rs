//! The locks that changes wait for, and the order in which they are taken.
//!
//! A company's lock comes first; what the registry has of that company next; the registry's lock last, for the
//! last statements of a transaction. So whoever waits for one company keeps nobody from another one, and
//! no two wait for each other. All end with their transaction.

use std::pin::pin;
use std::time::Duration;

use sqlx::PgConnection;
use tokio::time::timeout;

use super::statement::query;
use super::transaction::Limits;
use super::{Company, Session, StoreError, Transaction, company};
use crate::pulse;

/// How long a statement waits for a lock; an import of a large file holds its company's this long.
pub(super) const WAIT_MAX: Duration = Duration::from_secs(10 * 60);

/// How long a wait is before it is told.
const TELL_AFTER: Duration = Duration::from_secs(2);

/// Begins a transaction that changes the registry, or more of a company than its rows.
pub(super) async fn begin_change(session: &mut Session) -> Result<Transaction<'_>, StoreError> {
    begin_change_within(session, Limits::LONG).await
}

/// Begins such a transaction with other limits.
pub(super) async fn begin_change_within(
    session: &mut Session,
    limits: Limits,
) -> Result<Transaction<'_>, StoreError> {
    let mut tx = session.begin_within(limits).await?;
    query(include_str!("sql/lock/begin_change.sql"))
        .execute(&mut *tx)
        .await
        .map_err(StoreError::at("beginning a change"))?;
    Ok(tx)
}

/// Makes other imports into the company, and its migration, wait until this transaction ends.
pub(super) async fn lock_company(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<(), StoreError> {
    let taking = query(include_str!("sql/lock/lock_company.sql")).bind(slug).execute(connection);
    patiently(&format!("another import into {slug}"), taking)
        .await
        .map(drop)
        .map_err(StoreError::at("waiting for another import into this company"))
}

/// Returns the company, active or not, and makes every other change of what the registry has of it wait
/// until this transaction ends: of its own row, and of users and credentials that it is to get.
pub(super) async fn hold_company(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<Company, StoreError> {
    let step = "waiting for another change of this company";
    let holding = query(include_str!("sql/lock/hold_company.sql"))
        .bind(slug)
        .fetch_optional(&mut *connection);
    let row = patiently(&format!("another change of {slug}"), holding).await;
    match row.map_err(StoreError::at(step))? {
        Some(row) => Company::of(&row).map_err(StoreError::at(step)),
        None => Err(company::unknown(connection, slug).await?),
    }
}

/// Makes other changes of the registry wait until this transaction ends.
///
/// What was read of the registry before may be otherwise by now.
pub(super) async fn lock_registry(connection: &mut PgConnection) -> Result<(), StoreError> {
    let taking = query(include_str!("sql/lock/lock_registry.sql")).execute(connection);
    patiently("another change of the registry", taking)
        .await
        .map(drop)
        .map_err(StoreError::at("waiting for another change of the registry"))
}

/// Waits for a statement that takes a lock, and tells what it waits for where that takes long.
///
/// The statement goes on meanwhile, so that telling costs no round trip.
pub(super) async fn patiently<T>(what: &str, taking: impl Future<Output = T>) -> T {
    let telling = async {
        let mut taking = pin!(taking);
        if let Ok(taken) = timeout(TELL_AFTER, &mut taking).await {
            return taken;
        }
        tracing::warn!("waits for {what}");
        taking.await
    };
    pulse::patient(WAIT_MAX, telling).await
}
