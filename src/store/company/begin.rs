//! How a change of a company begins, and the list of all.

use crate::store::connection::lock;
use crate::store::connection::registry::{self, Company};
use crate::store::connection::session::Session;
use crate::store::connection::silence::unless_silent;
use crate::store::connection::transaction::{Limits, Transaction};
use crate::store::connection::turn::{Answers, Turn};
use crate::store::connection::version::{self, REGISTRY};
use crate::store::error::StoreError;

/// Returns every company, by slug.
///
/// # Errors
///
/// A database that fails, or whose registry is missing or behind.
pub async fn companies(session: &mut Session) -> Result<Vec<Company>, StoreError> {
    let mut answers = ask_registry(session, |turn| registry::read_in(turn, None)).await?;
    registry::companies_of(&mut answers)
}

/// Enters the registry and takes the turn that `ask` completes, in a transaction of its own; returns
/// the answers to what was added. A registry that is missing or behind is refused.
pub(super) async fn ask_registry(
    session: &mut Session,
    ask: impl FnOnce(Turn) -> Turn,
) -> Result<Answers, StoreError> {
    let turn = ask(version::enter_registry_in(Turn::default()));
    let database = session.database().clone();
    let looked = unless_silent(&database, session.look(Limits::LOOK, &turn)).await;
    let mut answers = match looked.map_err(|error| version::missing_version(error, REGISTRY)) {
        Err(error) => return Err(explained(session, error).await?),
        Ok(answers) => answers,
    };
    version::refuse_other_registry(&mut answers)?;
    Ok(answers)
}

/// Returns what an error of the registry says: where there is no registry since another program has
/// tables of its names, that.
pub(super) async fn explained(
    session: &mut Session,
    error: StoreError,
) -> Result<StoreError, StoreError> {
    match error.is_without_registry() {
        true => Ok(refuse_tables_of_others(session).await?.unwrap_or(error)),
        false => Ok(error),
    }
}

/// Returns the error that names the tables of another program which have the registry's names.
/// Returns `None` where there are no such tables.
async fn refuse_tables_of_others(session: &mut Session) -> Result<Option<StoreError>, StoreError> {
    let step = "looking for tables of the registry's names";
    let sql = include_str!("../sql/migrate/tables_of_others.sql");
    let mut answers = session.look(Limits::LOOK, &Turn::default().add(step, sql, &[])).await?;
    let tables: Vec<String> =
        answers.values(step)?.into_iter().map(|(table,): (String,)| table).collect();
    Ok((!tables.is_empty()).then_some(StoreError::OtherRegistry(tables)))
}

/// Returns whether there is still a company of that slug, active or not: a company may be removed
/// while others are looked at.
pub(crate) async fn is_there(session: &mut Session, slug: &str) -> Result<bool, StoreError> {
    let turn = registry::read_in(Turn::default(), Some(slug));
    let mut answers = session.look(Limits::LOOK, &turn).await?;
    Ok(!registry::companies_of(&mut answers)?.is_empty())
}

/// Begins a transaction in which nobody else changes the company of that slug, or what the registry
/// has of it. The registry itself is not locked: a transaction that changes the registry locks it
/// for its last statements.
pub(crate) async fn begin_with_company_lock<'c>(
    session: &'c mut Session,
    slug: &str,
) -> Result<(Transaction<'c>, Company), StoreError> {
    let mut tx = lock::begin_change(session).await?;
    version::check_registry(&mut tx).await?;
    lock::lock_company(&mut tx, slug).await?;
    let company = lock::hold_company(&mut tx, slug).await?;
    Ok((tx, company))
}

/// Begins a transaction that changes what the registry has of a company, active or not, while
/// nobody else changes the registry.
pub(crate) async fn begin_with_registry_lock<'c>(
    session: &'c mut Session,
    slug: &str,
) -> Result<(Transaction<'c>, Company), StoreError> {
    let mut tx = lock::begin_change(session).await?;
    version::check_registry(&mut tx).await?;
    let company = lock::hold_company(&mut tx, slug).await?;
    lock::lock_registry(&mut tx).await?;
    Ok((tx, company))
}
