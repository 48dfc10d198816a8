//! Making a company: its row in the registry, its schema, its tables, its role.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::store::connection::enter::enter_schema;
use crate::store::connection::lock::{begin_change, lock_company, lock_registry};
use crate::store::connection::role;
use crate::store::connection::statement::{query, query_scalar, run_quoted};
use crate::store::user::{NewUser, Role};
use crate::store::users::insert_user;
use crate::store::{Migrations, Session, StoreError, migrate};

const STEP: &str = "creating the company";

/// What a new company is made of; every field is checked before it comes here.
#[derive(Debug, Clone)]
pub struct NewCompany {
    /// What it is called on the command line.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its schema in the database.
    pub schema: String,
    /// Its fiscal code, with `RO` before it where it pays VAT; without blanks, in capitals.
    pub cif: String,
    /// What it does.
    pub industry: Option<String>,
    /// The accounts that route files to it.
    pub accounts: Vec<String>,
    /// Who may sign in to the platform for it.
    pub admin: Option<NewUser>,
}

/// Makes the company: its row in the registry, its schema with all tables, its role, its first
/// user.
///
/// All in one transaction. Returns whether the company has a role of its own; a user who may not
/// create roles gets a company without.
///
/// # Errors
///
/// [`StoreError::Taken`], or a database that fails; nothing is left behind.
pub async fn create(session: &mut Session, new: &NewCompany) -> Result<bool, StoreError> {
    let mut tx = begin_change(session).await?;
    lock_company(&mut tx, &new.slug).await?;
    migrate::enter_newest_registry(&mut tx).await?;
    refuse_taken(&mut tx, new, Some(&new.schema)).await?;
    let has_role = role::make(&mut tx, &new.schema).await?;
    let statement = query_scalar(include_str!("../sql/company/schema_statement.sql"))
        .bind(&new.schema)
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::at(STEP))?;
    run_quoted(&mut tx, statement, STEP).await?;
    enter_schema(&mut tx, &new.schema).await?;
    migrate::run(&mut tx, &new.slug, Migrations::built_in()).await?;
    role::give_rights(&mut tx, &new.schema).await?;
    lock_registry(&mut tx).await?;
    // Checked again: another company may have come to the registry meanwhile. The schema is left
    // out, since it is our own now.
    refuse_taken(&mut tx, new, None).await?;
    insert(&mut tx, Uuid::now_v7(), new).await?;
    tx.commit().await.map_err(StoreError::at(STEP))?;
    Ok(has_role)
}

async fn insert(
    connection: &mut PgConnection,
    id: Uuid,
    new: &NewCompany,
) -> Result<(), StoreError> {
    query(include_str!("../sql/company/insert_company.sql"))
        .bind(id)
        .bind(&new.name)
        .bind(&new.slug)
        .bind(&new.schema)
        .bind(&new.cif)
        .bind(&new.industry)
        .bind(&new.accounts)
        .execute(&mut *connection)
        .await
        .map_err(StoreError::at(STEP))?;
    let Some(admin) = &new.admin else { return Ok(()) };
    insert_user(connection, id, admin, Role::Admin).await
}

async fn refuse_taken(
    connection: &mut PgConnection,
    new: &NewCompany,
    schema: Option<&str>,
) -> Result<(), StoreError> {
    let taken: Vec<String> = query_scalar(include_str!("../sql/company/taken.sql"))
        .bind(&new.slug)
        .bind(&new.cif)
        .bind(schema)
        .bind(&new.accounts)
        .bind(new.admin.as_ref().map(|admin| &admin.username_hash))
        .fetch_all(connection)
        .await
        .map_err(StoreError::at(STEP))?;
    if taken.is_empty() { Ok(()) } else { Err(StoreError::Taken(taken)) }
}
