//! A company that could not be looked at where several are listed.

use serde::Serialize;

use super::output::say;
use crate::store::StoreError;

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
