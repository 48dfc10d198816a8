//! Entering a company: from then on only its schema is in reach, for this transaction alone.

use crate::store::connection::registry;
use crate::store::connection::version;
use sqlx::PgConnection;

use super::statement::{query, query_scalar};
use super::transaction::Limits;
use crate::store::connection::lock;
use crate::store::{Company, Session, StoreError, Transaction};

/// Begins a transaction inside the company: its `search_path`, its role, its tables at the newest
/// version.
///
/// ```no_run
/// # async fn example(session: &mut vama::inside::store::Session) -> anyhow::Result<()> {
/// let (mut tx, company) = vama::inside::store::enter(session, "firma-noua").await?;
/// let count: i64 = sqlx::query_scalar("select count(*) from invoices")
///     .persistent(false)
///     .fetch_one(&mut *tx)
///     .await?;
/// println!("{}: {count} invoices", company.name);
/// tx.commit().await?;
/// # Ok(())
/// # }
/// ```
///
/// Path and role end with the transaction, so a pooler may stand between; for the same reason
/// statements should have no name (`persistent(false)`).
///
/// This guards against mistakes: a table's plain name is the company's, and under its role another
/// company's tables, named in full, are refused. It is no fence for a statement that somebody else
/// wrote, which may contain `set role none`. Such a statement belongs into
/// [`run_statement`](crate::store::run_statement). Where the user may not take the company's role,
/// a warning says so, and the path alone guards.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`] before any table is named, [`StoreError::Outdated`], or a
/// database that fails.
pub async fn enter<'c>(
    session: &'c mut Session,
    slug: &str,
) -> Result<(Transaction<'c>, Company), StoreError> {
    let mut tx = session.begin().await?;
    version::check_registry(&mut tx).await?;
    let company = walk_in(&mut tx, slug).await?;
    Ok((tx, company))
}

/// Enters the company as [`enter`] does, to import into it, but first waits until nobody else
/// changes the company.
pub(crate) async fn enter_locked<'c>(
    session: &'c mut Session,
    slug: &str,
) -> Result<(Transaction<'c>, Company), StoreError> {
    let mut tx = session.begin_within(Limits::LONG).await?;
    version::check_registry(&mut tx).await?;
    // The lock comes before any look at the company: what is true now may have changed by the time
    // the lock is ours.
    lock::lock_company(&mut tx, slug).await?;
    let company = walk_in(&mut tx, slug).await?;
    Ok((tx, company))
}

async fn walk_in(connection: &mut PgConnection, slug: &str) -> Result<Company, StoreError> {
    let company = set_path(connection, slug).await?;
    if !take_role(connection, &company.schema).await? {
        warn_once_without_role();
    }
    version::check_company(connection, slug).await?;
    Ok(company)
}

/// Sets the `search_path` of this transaction to a schema, a company's or not.
pub(crate) async fn enter_schema(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<(), StoreError> {
    query(include_str!("../sql/enter_schema.sql"))
        .bind(schema)
        .execute(connection)
        .await
        .map(drop)
        .map_err(StoreError::at("entering the schema"))
}

/// Sets the `search_path` of this transaction to the company's schema.
pub(crate) async fn set_path(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<Company, StoreError> {
    let step = "entering the company";
    let row = query(include_str!("../sql/enter.sql"))
        .bind(slug)
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    registry::company_of(connection, row, slug, step).await
}

/// Takes the company's role where there is one that this user may take. Returns whether it was
/// taken.
pub(crate) async fn take_role(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<bool, StoreError> {
    query_scalar(include_str!("../sql/take_role.sql"))
        .bind(schema)
        .fetch_one(connection)
        .await
        .map_err(StoreError::at("taking the company's role"))
}

/// Warns, once a run, that no role of the company's own keeps a bug inside its schema.
fn warn_once_without_role() {
    static SAID: std::sync::Once = std::sync::Once::new();
    SAID.call_once(|| {
        tracing::warn!(
            "this user has no role of the company's own to work under; the search path alone keeps \
             the import inside its schema"
        );
    });
}
