//! Giving a company to a role of the platform, and taking it back.

use sqlx::PgConnection;

use super::{Company, find};
use crate::store::statement::{query_as, query_scalar, run_quoted};
use crate::store::{Session, StoreError, migrate};

/// Gives the company to a role: its schema, all its tables and sequences, and those of future
/// migrations.
///
/// Returns the other companies that the role can use: whoever works under it sees them all.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`], [`StoreError::UnknownRole`], another company's own role
/// ([`StoreError::CompanyRole`]), or a database that fails. Nothing is changed then.
pub async fn grant(
    session: &mut Session,
    slug: &str,
    role: &str,
) -> Result<Vec<String>, StoreError> {
    let step = "giving the company to the role";
    let mut tx = session.begin().await?;
    let (company, others) = standing(&mut tx, slug, role).await?;
    let sql = include_str!("../sql/grant/grant_statements.sql");
    run_all(&mut tx, sql, &company.schema, role, step).await?;
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(others)
}

/// Takes the company from a role again. Returns whether it had it.
///
/// # Errors
///
/// As [`grant`].
pub async fn revoke(session: &mut Session, slug: &str, role: &str) -> Result<bool, StoreError> {
    let step = "taking the company from the role";
    let mut tx = session.begin().await?;
    let (company, _) = standing(&mut tx, slug, role).await?;
    let had = grants(&mut tx, &company.schema).await?.iter().any(|it| it == role);
    let sql = include_str!("../sql/grant/revoke_statements.sql");
    run_all(&mut tx, sql, &company.schema, role, step).await?;
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(had)
}

/// Returns the roles that may use the schema besides its owner and the company's own.
pub(in crate::store) async fn grants(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<Vec<String>, StoreError> {
    query_scalar(include_str!("../sql/grant/grants.sql"))
        .bind(schema)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at("reading who may use the schema"))
}

/// Checks company and role, and returns what else the role can use.
async fn standing(
    connection: &mut PgConnection,
    slug: &str,
    role: &str,
) -> Result<(Company, Vec<String>), StoreError> {
    migrate::check_registry(connection).await?;
    let company = find(connection, slug).await?;
    let (exists, is_a_companys, others): (bool, bool, Vec<String>) =
        query_as(include_str!("../sql/grant/standing.sql"))
            .bind(&company.schema)
            .bind(role)
            .fetch_one(connection)
            .await
            .map_err(StoreError::at("looking at the role"))?;
    match (exists, is_a_companys) {
        (false, _) => Err(StoreError::UnknownRole(role.to_owned())),
        (true, true) => Err(StoreError::CompanyRole(role.to_owned())),
        (true, false) => Ok((company, others)),
    }
}

async fn run_all(
    connection: &mut PgConnection,
    sql: &'static str,
    schema: &str,
    role: &str,
    step: &'static str,
) -> Result<(), StoreError> {
    let statements: Vec<String> = query_scalar(sql)
        .bind(schema)
        .bind(role)
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    for statement in statements {
        run_quoted(connection, statement, step).await?;
    }
    Ok(())
}
