//! Figures of a file → the company it belongs to. The file's own account decides.

use std::collections::{BTreeSet, HashMap};

use super::client;
use crate::check::summary::Summary;
use crate::fault::{ChosenBy, Refusal};
use crate::store::{self, Company, Session, StoreError};

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

/// The company that was chosen for a file before its accounts were looked at.
#[derive(Debug, Clone, Copy)]
pub struct Chosen<'c> {
    /// Its slug.
    pub slug: &'c str,
    /// How it was chosen.
    pub by: ChosenBy,
    /// Whether the file goes there although the client that it names is another company.
    pub anyway: bool,
}

/// Which companies have which accounts, as far as they were looked up.
///
/// Many files have the same accounts: each is looked up once.
#[derive(Debug, Default)]
pub struct Owners {
    /// The slugs of the companies that have each account; empty where no company has it.
    by_account: HashMap<String, Vec<String>>,
    /// All companies, as soon as one file needs them.
    companies: Option<Vec<Company>>,
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
    /// The file of a company that was chosen may state accounts that no company has, but never an
    /// account of another company, nor the name of another one as its client; where the company has
    /// an account of the file, that counts more than a name. Where none was chosen, every account of
    /// the file, or an alias, must be known, and all must belong to one company.
    ///
    /// # Errors
    ///
    /// [`Refusal::UnknownCompany`], [`Refusal::WrongCompany`], [`Refusal::SeveralCompanies`],
    /// [`Refusal::WrongClient`]; a company that does not exist where the file is another's; a database
    /// that fails.
    pub async fn route(
        &mut self,
        session: &mut Session,
        summary: &Summary,
        chosen: Option<Chosen<'_>>,
    ) -> Result<String, RouteError> {
        let owners = self.owners(summary);
        let Some(chosen) = chosen else {
            return match decide(summary, &owners) {
                Ok(slug) => Ok(slug),
                Err(Unroutable::Several(refusal)) => Err(refusal.into()),
                Err(Unroutable::Unknown(account)) => {
                    let known = self.companies(session).await?;
                    Err(unknown(account.as_ref(), known).into())
                }
            };
        };
        let has_account = owners.iter().any(|owner| owner.slug == chosen.slug);
        let wrong = owners.iter().find(|owner| owner.slug != chosen.slug);
        let wrong = wrong.map(|owner| Refusal::WrongCompany {
            account: shortened(&owner.account),
            owner: owner.slug.clone(),
            chosen: chosen.slug.to_owned(),
            by: chosen.by,
        });
        if wrong.is_none() && (has_account || chosen.anyway || summary.client_names.is_empty()) {
            return Ok(chosen.slug.to_owned());
        }
        let companies = self.companies(session).await?;
        // Of a company that does not exist nothing is another's.
        if !companies.iter().any(|it| it.slug == chosen.slug && it.is_active) {
            return Err(store::none_of(companies, chosen.slug).into());
        }
        match wrong.or_else(|| wrong_client(summary, companies, chosen)) {
            Some(refusal) => Err(refusal.into()),
            None => Ok(chosen.slug.to_owned()),
        }
    }

    /// Returns the slug of the company whose the file is by its own accounts, which must have been looked
    /// up; `None` where no company has them all.
    pub(super) fn owner(&self, summary: &Summary) -> Option<String> {
        decide(summary, &self.owners(summary)).ok()
    }

    /// Returns the companies that have the file's accounts, in the order of their slugs.
    fn owners(&self, summary: &Summary) -> Vec<Owner> {
        let owners_of = |account: &String| {
            let slugs = self.by_account.get(account).into_iter().flatten();
            let owner = |slug: &String| Owner { slug: slug.clone(), account: account.clone() };
            slugs.map(owner).collect::<Vec<_>>()
        };
        let mut owners: Vec<Owner> = routing(summary).flat_map(owners_of).collect();
        owners.sort_unstable();
        owners
    }

    async fn companies(&mut self, session: &mut Session) -> Result<&[Company], StoreError> {
        if self.companies.is_none() {
            self.companies = Some(store::companies(session).await?);
        }
        Ok(self.companies.as_deref().unwrap_or_default())
    }
}

/// A company that has an account of a file.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Owner {
    slug: String,
    account: String,
}

/// Why no company was found for a file.
enum Unroutable {
    /// The file has accounts of several companies.
    Several(Refusal),
    /// No company has this account; `None` where the file states no account.
    Unknown(Option<String>),
}

/// Decides by the file's accounts alone.
fn decide(summary: &Summary, owners: &[Owner]) -> Result<String, Unroutable> {
    let Some(Owner { slug, .. }) = owners.first() else {
        return Err(Unroutable::Unknown(routing(summary).next().cloned()));
    };
    if let Some(other) = owners.iter().find(|owner| owner.slug != *slug) {
        let (first, second) = (slug.clone(), other.slug.clone());
        return Err(Unroutable::Several(Refusal::SeveralCompanies { first, second }));
    }
    let known = |account: &String| owners.iter().any(|owner| owner.account == *account);
    let by_alias = summary.aliases.iter().any(known);
    match summary.accounts.iter().find(|account| !by_alias && !known(account)) {
        Some(account) => Err(Unroutable::Unknown(Some(account.clone()))),
        None => Ok(slug.clone()),
    }
}

/// Returns the refusal of a file whose client is another company than the one that was chosen.
fn wrong_client(summary: &Summary, companies: &[Company], chosen: Chosen<'_>) -> Option<Refusal> {
    let client = client::another(&summary.client_names, companies, chosen.slug)?;
    let (client, slug) = (client.slug.clone(), chosen.slug.to_owned());
    Some(Refusal::WrongClient { client, chosen: slug, by: chosen.by })
}

/// Returns the refusal of a file whose account no company has; `None` where it states no account.
pub fn unknown(account: Option<&String>, companies: &[Company]) -> Refusal {
    let account = account.map(|account| shortened(account));
    Refusal::UnknownCompany { account, known: companies.iter().map(Company::listed).collect() }
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
