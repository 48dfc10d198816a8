//! The statements that a company keeps, read back.

use crate::record::KeptStatement;
use crate::store::connection::enter::enter_to_look;
use crate::store::connection::session::done_reading;
use crate::store::connection::turn::Turn;
use crate::store::load::statements::StoredStatement;
use crate::store::{Session, StoreError};

const STEP: &str = "reading the statements";

/// Returns all statements of the company, by account and day.
///
/// # Errors
///
/// A company that is unknown or behind, a database that fails.
pub async fn kept_statements(
    session: &mut Session,
    slug: &str,
) -> Result<Vec<KeptStatement>, StoreError> {
    let (mut tx, _) = enter_to_look(session, slug).await?;
    let stored: Vec<StoredStatement> = Turn::default()
        .add(STEP, include_str!("../sql/kept_statements.sql"), &[])
        .take(&mut tx)
        .await?
        .values(STEP)?;
    done_reading(tx).await?;
    Ok(stored.into_iter().filter_map(StoredStatement::kept).collect())
}
