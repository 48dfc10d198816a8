//! Figures of a file → the company it belongs to. The file's own account decides.

use std::collections::{BTreeSet, HashMap};

use crate::check::summary::Summary;
use crate::fault::Refusal;
use crate::store::{self, Session, StoreError};

/// Why a file has no company: it is not let in, or the database could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    /// The file is not let in.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which companies have which accounts, as far as they were looked up.
///
/// Many files have the same accounts: each is looked up once.
#[derive(Debug, Default)]
pub struct Owners {
    /// The slugs of the companies that have each account; empty where no company has it.
    by_account: HashMap<String, Vec<String>>,
    /// The slugs of all active companies, to show to a user who must name one.
    known: Option<Vec<String>>,
}

impl Owners {
    /// Looks up those accounts of the files that were not looked up before, all at once.
    ///
    /// # Errors
    ///
    /// A database that fails.
    pub async fn look_up(
        &mut self,
        session: &mut Session,
        files: impl IntoIterator<Item = &Summary>,
    ) -> Result<(), StoreError> {
        let asked: BTreeSet<&String> = files.into_iter().flat_map(routing).collect();
        let new = asked.into_iter().filter(|account| !self.by_account.contains_key(*account));
        let new: Vec<String> = new.cloned().collect();
        if new.is_empty() {
            return Ok(());
        }
        let owners = store::owners(session, &new).await?;
        self.by_account.extend(new.into_iter().map(|account| (account, Vec::new())));
        for (owner, account) in owners {
            self.by_account.entry(account).or_default().push(owner);
        }
        Ok(())
    }

    /// Returns the slug of the company that the file belongs to. The file's accounts must have been
    /// looked up.
    ///
    /// `named` is the company that the user named: its file may state accounts that no company has,
    /// but never an account of another company. Without `named`, every account of the file, or an
    /// alias, must be known, and all must belong to one company.
    ///
    /// # Errors
    ///
    /// [`Refusal::UnknownCompany`], [`Refusal::WrongCompany`], or a database that fails.
    pub async fn route(
        &mut self,
        session: &mut Session,
        summary: &Summary,
        named: Option<&str>,
    ) -> Result<String, RouteError> {
        match self.decide(summary, named) {
            Ok(slug) => Ok(slug),
            Err(Unroutable::Wrong(refusal)) => Err(refusal.into()),
            Err(Unroutable::Unknown(account)) => {
                let account = account.map_or_else(
                    || "of this file (it names none)".to_owned(),
                    |account| shortened(&account),
                );
                let known = self.known(session).await?.to_vec();
                Err(Refusal::UnknownCompany { account, known }.into())
            }
        }
    }

    /// Returns the slug of the company whose the file is by its own accounts, which must have been looked
    /// up; `None` where no company has them all.
    pub(super) fn owner(&self, summary: &Summary) -> Option<String> {
        self.decide(summary, None).ok()
    }

    /// Decides by the accounts that were looked up.
    fn decide(&self, summary: &Summary, named: Option<&str>) -> Result<String, Unroutable> {
        let mut owners: Vec<(&str, &str)> = Vec::new();
        for account in routing(summary) {
            let found = self.by_account.get(account).into_iter().flatten();
            owners.extend(found.map(|owner| (owner.as_str(), account.as_str())));
        }
        owners.sort_unstable();
        let slug = match (named, owners.first()) {
            (Some(named), _) => named,
            (None, Some((owner, _))) => owner,
            (None, None) => return Err(Unroutable::Unknown(routing(summary).next().cloned())),
        };
        if let Some((owner, account)) = owners.iter().find(|(owner, _)| *owner != slug) {
            return Err(Unroutable::Wrong(Refusal::WrongCompany {
                account: shortened(account),
                owner: (*owner).to_owned(),
                named: slug.to_owned(),
            }));
        }
        let known = |account: &String| owners.iter().any(|(_, owned)| owned == account);
        let by_alias = summary.aliases.iter().any(known);
        let mut accounts = summary.accounts.iter();
        match accounts.find(|account| named.is_none() && !by_alias && !known(account)) {
            Some(account) => Err(Unroutable::Unknown(Some(account.clone()))),
            None => Ok(slug.to_owned()),
        }
    }

    async fn known(&mut self, session: &mut Session) -> Result<&[String], StoreError> {
        if self.known.is_none() {
            let known = store::companies(session).await?;
            self.known =
                Some(known.into_iter().filter(|it| it.is_active).map(|it| it.slug).collect());
        }
        Ok(self.known.as_deref().unwrap_or_default())
    }
}

/// Why no company was found for a file.
enum Unroutable {
    /// An account of the file belongs to another company.
    Wrong(Refusal),
    /// No company has this account; `None` where the file names no account.
    Unknown(Option<String>),
}

/// Returns what a file's company is found by: the file's accounts, and the aliases that stand for
/// them.
fn routing(summary: &Summary) -> impl Iterator<Item = &String> {
    summary.accounts.iter().chain(&summary.aliases)
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
