//! The registry: which companies there are, and making one.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use super::connect::done_reading;
use super::statement::{query, query_as, query_scalar};
use super::{Session, StoreError, enter, migrate};

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
    /// Its fiscal code, digits only.
    pub cif: String,
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

/// What a new company is made of; every field is checked before it comes here.
#[derive(Debug, Clone)]
pub struct NewCompany {
    /// What it is called on the command line.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its schema in the database.
    pub schema: String,
    /// Its fiscal code, digits only.
    pub cif: String,
    /// What it does.
    pub industry: Option<String>,
    /// What routes files to it.
    pub accounts: Vec<String>,
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
    let rows = query(include_str!("sql/companies.sql"))
        .fetch_all(connection)
        .await
        .map_err(StoreError::at("reading the registry"))?;
    let companies = rows.iter().map(Company::of).collect::<Result<_, _>>();
    companies.map_err(StoreError::at("reading the registry"))
}

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
    let owners = query_as(include_str!("sql/owners_of_accounts.sql"))
        .bind(accounts)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::at("looking the account up"))?;
    done_reading(tx).await?;
    Ok(owners)
}

/// Makes the company: its row in the registry, its schema with all tables, its role.
///
/// All in one transaction. Returns whether the company has a role of its own; a user who may not
/// create roles gets a company without.
///
/// # Errors
///
/// [`StoreError::Taken`], or a database that fails; nothing is left behind.
pub async fn create(session: &mut Session, new: &NewCompany) -> Result<bool, StoreError> {
    let step = "creating the company";
    let mut tx = session.begin().await?;
    migrate::bring_public(&mut tx).await?;
    refuse_taken(&mut tx, new).await?;
    query(include_str!("sql/insert_company.sql"))
        .bind(Uuid::now_v7())
        .bind(&new.name)
        .bind(&new.slug)
        .bind(&new.schema)
        .bind(&new.cif)
        .bind(&new.industry)
        .bind(&new.accounts)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    let statement = query_scalar(include_str!("sql/schema_statement.sql"))
        .bind(&new.schema)
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    run_quoted(&mut tx, statement, step).await?;
    enter::set_path(&mut tx, &new.slug).await?;
    migrate::bring_company(&mut tx, &new.slug).await?;
    let has_role = create_role(&mut tx, &new.schema).await?;
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(has_role)
}

async fn refuse_taken(connection: &mut PgConnection, new: &NewCompany) -> Result<(), StoreError> {
    let taken: Vec<String> = query_scalar(include_str!("sql/taken.sql"))
        .bind(&new.slug)
        .bind(&new.cif)
        .bind(&new.schema)
        .bind(&new.accounts)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at("creating the company"))?;
    if taken.is_empty() { Ok(()) } else { Err(StoreError::Taken(taken)) }
}

async fn create_role(connection: &mut PgConnection, schema: &str) -> Result<bool, StoreError> {
    let step = "creating the company's role";
    let (may_create, exists): (bool, bool) = query_as(include_str!("sql/may_create_roles.sql"))
        .bind(schema)
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    if !may_create {
        return Ok(false);
    }
    let statements: Vec<Option<String>> = query_scalar(include_str!("sql/role_statements.sql"))
        .bind(schema)
        .bind(exists)
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    for statement in statements.into_iter().flatten() {
        run_quoted(connection, statement, step).await?;
    }
    Ok(true)
}

/// Runs a statement that the server itself has put together and quoted.
pub(super) async fn run_quoted(
    connection: &mut PgConnection,
    statement: String,
    step: &'static str,
) -> Result<(), StoreError> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
        .execute(connection)
        .await
        .map(drop)
        .map_err(StoreError::at(step))
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
    let changed = query(include_str!("sql/add_account.sql"))
        .bind(slug)
        .bind(account)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(changed.rows_affected() > 0)
}
