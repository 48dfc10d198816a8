//! Looking at each company: one that cannot be looked at does not hide the others.

use serde::Serialize;

use super::output::say;
use crate::store::{self, Company, Session, StoreError};

/// What was looked at of each company, by its slug; and the companies that could not be looked at.
type Looked<T> = (Vec<(String, T)>, Vec<Unlisted>);

/// Looks at the company that is named, or at each active one where none is. Says which are left out.
///
/// # Errors
///
/// The named company cannot be looked at, or the database is away.
pub(super) async fn look_at_each<T>(
    session: &mut Session,
    named: Option<&str>,
    mut look: impl AsyncFnMut(&mut Session, &str) -> Result<T, StoreError>,
) -> Result<Looked<T>, StoreError> {
    if let Some(slug) = named {
        return Ok((vec![(slug.to_owned(), look(session, slug).await?)], Vec::new()));
    }
    let (mut looked, mut left_out) = (Vec::new(), Vec::new());
    let companies = store::companies(session).await?;
    if !companies.is_empty() && !companies.iter().any(|it| it.is_active) {
        // Without a word an empty list would say that nothing was ever imported.
        say("left out: every company is inactive; see `vama company list`");
    }
    for slug in active_of(companies) {
        match look(session, &slug).await {
            Ok(found) => looked.push((slug, found)),
            // A company that was dropped since the companies were listed has nothing to show.
            Err(StoreError::UnknownCompany { .. }) => {}
            // One company that is behind, locked or damaged must not hide the others.
            Err(error) if !error.is_away() => left_out.push(Unlisted::new(slug, &error)),
            Err(error) => return Err(error),
        }
    }
    left_out.iter().for_each(Unlisted::say);
    Ok((looked, left_out))
}

/// Returns the slugs of the active companies.
pub(super) async fn active(session: &mut Session) -> Result<Vec<String>, StoreError> {
    Ok(active_of(store::companies(session).await?))
}

fn active_of(companies: Vec<Company>) -> Vec<String> {
    companies.into_iter().filter(|it| it.is_active).map(|it| it.slug).collect()
}

/// A company that is left out of a list, and why.
#[derive(Serialize)]
pub(super) struct Unlisted {
    slug: String,
    pub(super) error: Why,
}

/// Why nothing can be said of a company.
#[derive(Serialize)]
pub(super) struct Why {
    message: String,
    advice: Option<String>,
}

impl Unlisted {
    pub(super) fn new(slug: String, error: &StoreError) -> Self {
        let advice = error.advice().map(str::to_owned);
        Self { slug, error: Why { message: error.with_cause(), advice } }
    }

    /// Says it on stderr, beside the list.
    pub(super) fn say(&self) {
        let Why { message, advice } = &self.error;
        let advice = advice.as_ref().map(|advice| format!("; {advice}")).unwrap_or_default();
        say(&format!("left out: {}: {message}{advice}", self.slug));
    }
}
