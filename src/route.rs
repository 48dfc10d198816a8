//! Figures of a file → the company it belongs to. The file's own account decides.

use crate::refusal::Refusal;
use crate::store::{self, Session, StoreError};
use crate::summary::Summary;

/// A file that found no company, or a database that could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    /// The file is not let in.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Returns the slug of the company whose file this is.
///
/// `named` is the company that the user named: it takes accounts that nobody has, but never one of
/// another company. Without it every account of the file must be known, and all of one company.
///
/// # Errors
///
/// [`Refusal::UnknownCompany`], [`Refusal::WrongCompany`], or a database that fails.
pub async fn route(
    session: &mut Session,
    summary: &Summary,
    named: Option<&str>,
) -> Result<String, RouteError> {
    let asked: Vec<String> = summary.accounts.iter().chain(&summary.aliases).cloned().collect();
    let owners = store::owners(session, &asked).await?;
    let slug = match (named, owners.first()) {
        (Some(named), _) => named.to_owned(),
        (None, Some((owner, _))) => owner.clone(),
        (None, None) => return Err(unknown(session, asked.first()).await?.into()),
    };
    if let Some((owner, account)) = owners.iter().find(|(owner, _)| *owner != slug) {
        return Err(Refusal::WrongCompany {
            account: shortened(account),
            owner: owner.clone(),
            named: slug,
        }
        .into());
    }
    let known = |account: &String| owners.iter().any(|(_, owned)| owned == account);
    let by_alias = summary.aliases.iter().any(known);
    match summary.accounts.iter().find(|account| named.is_none() && !by_alias && !known(account)) {
        Some(account) => Err(unknown(session, Some(account)).await?.into()),
        None => Ok(slug),
    }
}

async fn unknown(session: &mut Session, account: Option<&String>) -> Result<Refusal, StoreError> {
    let account =
        account.map_or_else(|| "of this file (it names none)".to_owned(), |it| shortened(it));
    let known = store::companies(session).await?;
    let known = known.into_iter().filter(|it| it.is_active).map(|it| it.slug).collect();
    Ok(Refusal::UnknownCompany { account, known })
}

/// Returns the account with its middle left out: enough to recognise, not enough to use.
pub fn shortened(account: &str) -> String {
    let chars: Vec<char> = account.chars().collect();
    match (chars.get(..4), chars.len().checked_sub(4).and_then(|tail| chars.get(tail..))) {
        (Some(head), Some(tail)) if chars.len() > 12 && !account.contains(':') => {
            head.iter().chain(&['…']).chain(tail).collect()
        }
        _ => account.to_owned(),
    }
}
