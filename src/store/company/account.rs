//! What routes files to companies: their accounts.

use crate::store::connect::done_reading;
use crate::store::statement::{query, query_as};
use crate::store::{Session, StoreError, migrate};

/// Returns which active companies have which of the accounts, as pairs of slug and account.
///
/// # Errors
///
/// A database that fails, or whose registry is missing or behind.
pub async fn owners(
    session: &mut Session,
    accounts: &[String],
) -> Result<Vec<(String, String)>, StoreError> {
    let mut tx = session.begin().await?;
    migrate::check_registry(&mut tx).await?;
    let owners = query_as(include_str!("../sql/company/owners_of_accounts.sql"))
        .bind(accounts)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::at("looking the account up"))?;
    done_reading(tx).await?;
    Ok(owners)
}

/// Adds an account to those that route files to the company.
///
/// Returns `false`, and changes nothing, where a company has it already.
///
/// # Errors
///
/// A database that fails.
pub async fn add_account(
    session: &mut Session,
    slug: &str,
    account: &str,
) -> Result<bool, StoreError> {
    let step = "adding the account";
    let mut tx = session.begin().await?;
    migrate::lock_registry(&mut tx).await?;
    let changed = query(include_str!("../sql/company/add_account.sql"))
        .bind(slug)
        .bind(account)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(changed.rows_affected() > 0)
}
