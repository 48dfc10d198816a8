//! What routes files to companies: their accounts.

use sqlx::PgConnection;

use super::begin::{ask_registry, begin_with_registry_lock};
use crate::store::connection::statement::{query, query_as};
use crate::store::connection::turn::{Turn, Value};
use crate::store::{Session, StoreError, Transaction};

/// Returns which active companies have which of the accounts, as pairs of slug and account.
///
/// # Errors
///
/// A database that fails, or whose registry is missing or behind.
pub async fn owners(
    session: &mut Session,
    accounts: &[String],
) -> Result<Vec<(String, String)>, StoreError> {
    let step = "looking the account up";
    let sql = include_str!("../sql/company/owners_of_accounts.sql");
    let ask = |turn: Turn| turn.add(step, sql, &[Value::Texts(accounts)]);
    ask_registry(session, ask).await?.values(step)
}

/// Adds an account to those that route files to the company.
///
/// Returns `false`, and changes nothing, where the company has it already.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`]; [`StoreError::Taken`] where another company has it; a database
/// that fails.
pub async fn add_account(
    session: &mut Session,
    slug: &str,
    account: &str,
) -> Result<bool, StoreError> {
    let step = "adding the account";
    let (mut tx, company) = begin_with_registry_lock(session, slug).await?;
    let owners = owners_within(&mut tx, account, step).await?;
    if let Some(owner) = owners.iter().find(|owner| **owner != company.slug) {
        return Err(StoreError::Taken(vec![format!("account {account} ({owner})")]));
    }
    if !owners.is_empty() {
        return Ok(false);
    }
    change(tx, include_str!("../sql/company/add_account.sql"), slug, account, step).await
}

/// Takes an account from those that route files to the company.
///
/// Returns `false`, and changes nothing, where the company has not got it.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`], or a database that fails.
pub async fn remove_account(
    session: &mut Session,
    slug: &str,
    account: &str,
) -> Result<bool, StoreError> {
    let step = "removing the account";
    let (tx, _) = begin_with_registry_lock(session, slug).await?;
    change(tx, include_str!("../sql/company/remove_account.sql"), slug, account, step).await
}

/// Gives an account to a company, and takes it from every other one, in one transaction. Returns the
/// slugs of those that had it; where there is none, nothing is changed.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`], or a database that fails.
pub async fn move_account(
    session: &mut Session,
    account: &str,
    to: &str,
) -> Result<Vec<String>, StoreError> {
    let step = "moving the account";
    let (mut tx, _) = begin_with_registry_lock(session, to).await?;
    let mut from = owners_within(&mut tx, account, step).await?;
    let has_it = from.iter().any(|owner| owner == to);
    from.retain(|owner| owner != to);
    if from.is_empty() {
        return Ok(from);
    }
    let remove = include_str!("../sql/company/remove_account.sql");
    let add = include_str!("../sql/company/add_account.sql");
    let changes = from.iter().map(|owner| (remove, owner.as_str()));
    for (sql, slug) in changes.chain((!has_it).then_some((add, to))) {
        query(sql)
            .bind(slug)
            .bind(account)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::at(step))?;
    }
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(from)
}

/// Returns the slugs of the companies that have the account, inside a transaction.
async fn owners_within(
    connection: &mut PgConnection,
    account: &str,
    step: &'static str,
) -> Result<Vec<String>, StoreError> {
    let owners: Vec<(String, String)> =
        query_as(include_str!("../sql/company/owners_of_accounts.sql"))
            .bind([account])
            .fetch_all(connection)
            .await
            .map_err(StoreError::at(step))?;
    Ok(owners.into_iter().map(|(owner, _)| owner).collect())
}

async fn change(
    mut tx: Transaction<'_>,
    sql: &'static str,
    slug: &str,
    account: &str,
    step: &'static str,
) -> Result<bool, StoreError> {
    let changed = query(sql)
        .bind(slug)
        .bind(account)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(changed.rows_affected() > 0)
}
