//! The registry: which companies there are, making one, and what becomes of it.

mod account;
mod adopt;
mod create;
mod grant;
mod guest;
mod moving;
mod overview;
mod release;
mod remove;
mod safeguard;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use super::connect::done_reading;
use super::statement::query;
use super::{Session, StoreError, Transaction, lock, migrate};

pub use account::{add_account, owners, remove_account};
pub use adopt::{Adopt, Adopted, Keyed, adopt};
pub use create::{NewCompany, create};
pub(super) use grant::give_again;
pub use grant::{grant, revoke};
pub use guest::Guest;
pub use overview::{Overview, Portrait, User, overview, portrait};
pub use release::{Released, release};
pub use remove::{Removed, remove};

/// A company as the registry has it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Company {
    /// Its identifier.
    pub id: Uuid,
    /// What it is called on the command line.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its schema in the database.
    pub schema: String,
    /// Its fiscal code, digits only; a copy beside its original has none.
    pub cif: Option<String>,
    /// What it does.
    pub industry: Option<String>,
    /// Whether files may go in.
    pub is_active: bool,
    /// Since when it is in the registry.
    pub created_at: DateTime<Utc>,
    /// What routes files to it: IBANs, `gls:<client number>`, `netopia:<terminal id>`.
    pub accounts: Vec<String>,
}

impl Company {
    pub(super) fn of(row: &sqlx::postgres::PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            slug: row.try_get("slug")?,
            name: row.try_get("name")?,
            schema: row.try_get("schema_name")?,
            cif: row.try_get("cif")?,
            industry: row.try_get("industry")?,
            is_active: row.try_get("is_active")?,
            created_at: row.try_get("created_at")?,
            accounts: row.try_get("accounts")?,
        })
    }
}

/// Returns every company, by slug.
///
/// # Errors
///
/// A database that fails, or whose registry is missing or behind.
pub async fn companies(session: &mut Session) -> Result<Vec<Company>, StoreError> {
    let mut tx = session.begin().await?;
    migrate::check_registry(&mut tx).await?;
    let companies = all(&mut tx).await?;
    done_reading(tx).await?;
    Ok(companies)
}

pub(super) async fn all(connection: &mut PgConnection) -> Result<Vec<Company>, StoreError> {
    read(connection, None).await
}

/// Returns the company of that slug, active or not.
pub(super) async fn find(connection: &mut PgConnection, slug: &str) -> Result<Company, StoreError> {
    match read(connection, Some(slug)).await?.pop() {
        Some(company) => Ok(company),
        None => Err(unknown(connection, slug).await?),
    }
}

/// Returns whether there is a company of that slug, active or not: one may go while others are looked at.
pub(super) async fn is_there(session: &mut Session, slug: &str) -> Result<bool, StoreError> {
    let mut tx = session.begin().await?;
    let is_there = !read(&mut tx, Some(slug)).await?.is_empty();
    done_reading(tx).await?;
    Ok(is_there)
}

/// Begins a transaction in which nobody else changes the company of that slug, or what the registry has of
/// it. The registry itself is not locked: whoever changes it does that last.
async fn begin_alone<'c>(
    session: &'c mut Session,
    slug: &str,
) -> Result<(Transaction<'c>, Company), StoreError> {
    let mut tx = lock::begin_change(session).await?;
    migrate::check_registry(&mut tx).await?;
    lock::lock_company(&mut tx, slug).await?;
    let company = lock::hold_company(&mut tx, slug).await?;
    Ok((tx, company))
}

/// Begins a transaction that changes what the registry has of a company, active or not, while nobody else
/// changes the registry.
pub(super) async fn begin_registered<'c>(
    session: &'c mut Session,
    slug: &str,
) -> Result<(Transaction<'c>, Company), StoreError> {
    let mut tx = lock::begin_change(session).await?;
    migrate::check_registry(&mut tx).await?;
    let company = lock::hold_company(&mut tx, slug).await?;
    lock::lock_registry(&mut tx).await?;
    Ok((tx, company))
}

/// Returns the error that says which companies there are instead.
pub(super) async fn unknown(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<StoreError, StoreError> {
    let known = all(connection).await?;
    let known = known.into_iter().filter(|it| it.is_active).map(|it| it.slug).collect();
    Ok(StoreError::UnknownCompany { slug: slug.to_owned(), known })
}

async fn read(
    connection: &mut PgConnection,
    slug: Option<&str>,
) -> Result<Vec<Company>, StoreError> {
    let rows = query(include_str!("../sql/company/companies.sql"))
        .bind(slug)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at("reading the registry"))?;
    let companies = rows.iter().map(Company::of).collect::<Result<_, _>>();
    companies.map_err(StoreError::at("reading the registry"))
}
