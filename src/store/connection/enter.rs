//! Entering a company: from then on only its schema is in reach, for this transaction alone.

use std::time::Duration;

use crate::store::connection::registry;
use crate::store::connection::version;
use sqlx::PgConnection;

use super::statement::{query, query_scalar};
use super::transaction::Limits;
use super::turn::{Turn, Value};
use crate::store::connection::lock;
use crate::store::{Company, Session, StoreError, Transaction};

const ENTERING: &str = "entering the company";
const TAKING_ROLE: &str = "taking the company's role";

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
    walk_in(session, slug, Limits::USUAL, Lock::None).await
}

/// Enters the company as [`enter`] does, to import into it, but first waits until nobody else
/// changes the company; no lock is waited for longer than `lock_wait`.
pub(crate) async fn enter_locked<'c>(
    session: &'c mut Session,
    slug: &str,
    lock_wait: Duration,
) -> Result<(Transaction<'c>, Company), StoreError> {
    // The lock comes before any look at the company: what is true now may have changed by the time
    // the lock is ours.
    walk_in(session, slug, Limits::import(lock_wait), Lock::Import).await
}

/// Enters the company as [`enter`] does, to look at it: no lock is waited for for long.
pub(crate) async fn enter_to_look<'c>(
    session: &'c mut Session,
    slug: &str,
) -> Result<(Transaction<'c>, Company), StoreError> {
    walk_in(session, slug, Limits::LOOK, Lock::None).await
}

/// Enters the company as [`enter`] does, to note something in it: a company that somebody keeps locked
/// holds nobody up for long.
pub(crate) async fn enter_for_a_moment<'c>(
    session: &'c mut Session,
    slug: &str,
) -> Result<(Transaction<'c>, Company), StoreError> {
    walk_in(session, slug, Limits::GLANCE, Lock::None).await
}

/// What is locked before a company is entered.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Lock {
    None,
    /// The company, against other imports and changes.
    Import,
}

/// Begins the transaction and enters the company, all in one turn.
async fn walk_in<'c>(
    session: &'c mut Session,
    slug: &str,
    limits: Limits,
    lock: Lock,
) -> Result<(Transaction<'c>, Company), StoreError> {
    let registry = version::enter_registry_in(Turn::default());
    let before = match lock {
        Lock::Import => lock::lock_company_in(registry, slug),
        Lock::None => registry,
    };
    let turn = before.add(ENTERING, include_str!("../sql/enter.sql"), &[Value::Text(slug)]).add(
        TAKING_ROLE,
        include_str!("../sql/take_role.sql"),
        &[Value::Text(slug)],
    );
    let turn = version::read_company_version_in(turn);
    let begun = session.begin_with(limits, &turn).await;
    let (mut tx, mut answers) = begun.map_err(|error| version::missing_version(error, slug))?;
    version::refuse_other_registry(&mut answers)?;
    answers.skip(usize::from(lock == Lock::Import));
    let company = answers.rows()?.pop();
    let company = registry::company_of(&mut tx, company, slug, ENTERING).await?;
    let (has_role,): (bool,) = answers.value(TAKING_ROLE)?;
    if !has_role {
        warn_once_without_role();
    }
    version::refuse_other_company(&mut answers, slug)?;
    Ok((tx, company))
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
    let row = query(include_str!("../sql/enter.sql"))
        .bind(slug)
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::at(ENTERING))?;
    registry::company_of(connection, row, slug, ENTERING).await
}

/// Takes the company's role where there is one that this user may take. Returns whether it was
/// taken.
pub(crate) async fn take_role(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<bool, StoreError> {
    query_scalar(include_str!("../sql/take_role.sql"))
        .bind(slug)
        .fetch_one(connection)
        .await
        .map_err(StoreError::at(TAKING_ROLE))
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
