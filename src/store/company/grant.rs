//! Giving a company to a role of the platform, and taking it back.

use crate::store::connection::version;
use sqlx::PgConnection;

use crate::store::connection::lock;
use crate::store::connection::registry::{Company, find};
use crate::store::connection::statement::{query_as, query_scalar, run_all_quoted};
use crate::store::{Session, StoreError};

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
    let RoleAtCompany { company, others, .. } = RoleAtCompany::of(&mut tx, slug, role).await?;
    let sql = include_str!("../sql/grant/grant_statements.sql");
    run_all(&mut tx, sql, &company.schema, role, step).await?;
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(others)
}

/// Takes the company from a role again. Returns whether the role had it; where not, nothing is
/// changed.
///
/// # Errors
///
/// As [`grant`].
pub async fn revoke(session: &mut Session, slug: &str, role: &str) -> Result<bool, StoreError> {
    let step = "taking the company from the role";
    let mut tx = session.begin().await?;
    let RoleAtCompany { company, has_it, .. } = RoleAtCompany::of(&mut tx, slug, role).await?;
    if has_it {
        let sql = include_str!("../sql/grant/revoke_statements.sql");
        run_all(&mut tx, sql, &company.schema, role, step).await?;
    }
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(has_it)
}

/// Gives the company again to the roles that have all of it, so that they get the tables that came
/// in since.
///
/// PostgreSQL's default rights give them a new table only where the user who makes it also gave the
/// company.
pub(crate) async fn give_again(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<(), StoreError> {
    let step = "giving the company to its roles again";
    let roles: Vec<String> = query_scalar(include_str!("../sql/grant/full_grants.sql"))
        .bind(schema)
        .fetch_all(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    for role in roles {
        let sql = include_str!("../sql/grant/grant_statements.sql");
        run_all(connection, sql, schema, &role, step).await?;
    }
    Ok(())
}

/// Returns the roles that may use the schema besides its owner and the company's own.
pub(crate) async fn grants(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<Vec<String>, StoreError> {
    query_scalar(include_str!("../sql/grant/grants.sql"))
        .bind(schema)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at("reading who may use the schema"))
}

/// A company, and how a role stands to it.
struct RoleAtCompany {
    company: Company,
    /// Whether somebody gave the company to the role.
    has_it: bool,
    /// The other companies that the role can use.
    others: Vec<String>,
}

impl RoleAtCompany {
    /// Looks at the company and the role, and makes other changes of the company wait: tables that
    /// a migration makes meanwhile would miss the right.
    async fn of(connection: &mut PgConnection, slug: &str, role: &str) -> Result<Self, StoreError> {
        version::check_registry(connection).await?;
        lock::lock_company(connection, slug).await?;
        let company = find(connection, slug).await?;
        let (exists, is_a_companys, others): (bool, bool, Vec<String>) =
            query_as(include_str!("../sql/grant/role_at_company.sql"))
                .bind(&company.schema)
                .bind(role)
                .fetch_one(&mut *connection)
                .await
                .map_err(StoreError::at("looking at the role"))?;
        if !exists {
            return Err(StoreError::UnknownRole(role.to_owned()));
        }
        if is_a_companys {
            return Err(StoreError::CompanyRole(role.to_owned()));
        }
        let has_it = grants(connection, &company.schema).await?.iter().any(|it| it == role);
        Ok(Self { company, has_it, others })
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
    run_all_quoted(connection, statements, step).await
}
