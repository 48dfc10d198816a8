//! Making a company: its row in the registry, its schema, its tables, its role.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::store::statement::{query, query_as, query_scalar, run_quoted};
use crate::store::{Session, StoreError, enter, migrate};

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
    query(include_str!("../sql/company/insert_company.sql"))
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
    let statement = query_scalar(include_str!("../sql/company/schema_statement.sql"))
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
    let taken: Vec<String> = query_scalar(include_str!("../sql/company/taken.sql"))
        .bind(&new.slug)
        .bind(&new.cif)
        .bind(&new.schema)
        .bind(&new.accounts)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at("creating the company"))?;
    if taken.is_empty() { Ok(()) } else { Err(StoreError::Taken(taken)) }
}

/// Makes the company's role and gives it its rights on the schema and on what is in it.
///
/// Returns `false`, and makes none, where this user may not create roles.
pub(in crate::store) async fn create_role(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<bool, StoreError> {
    let step = "creating the company's role";
    let (may_create, exists): (bool, bool) =
        query_as(include_str!("../sql/company/may_create_roles.sql"))
            .bind(schema)
            .fetch_one(&mut *connection)
            .await
            .map_err(StoreError::at(step))?;
    if !may_create {
        return Ok(false);
    }
    let statements: Vec<Option<String>> =
        query_scalar(include_str!("../sql/company/role_statements.sql"))
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
