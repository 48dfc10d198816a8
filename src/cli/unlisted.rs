//! A company that could not be looked at where several are listed.

use super::output::say;
use crate::store::StoreError;

/// A company that is left out of a list, and why.
pub(super) struct Unlisted {
    slug: String,
    message: String,
    advice: Option<String>,
}

impl Unlisted {
    pub(super) fn new(slug: String, error: &StoreError) -> Self {
        let advice = error.advice().map(str::to_owned);
        Self { slug, message: error.with_cause(), advice }
    }

    /// Returns what a list as JSON says of it.
    pub(super) fn json(&self) -> serde_json::Value {
        let Self { slug, message, advice } = self;
        serde_json::json!({ "slug": slug, "error": { "message": message, "advice": advice } })
    }

    /// Says it on stderr, beside the list.
    pub(super) fn say(&self) {
        let advice = self.advice.as_ref().map(|advice| format!("; {advice}")).unwrap_or_default();
        say(&format!("left out: {}: {}{advice}", self.slug, self.message));
    }
}
