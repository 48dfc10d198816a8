//! How each bank writes the narrative of an entry.

use std::borrow::Cow;

use crate::record::{Dialect, Entry, Narrative};

use super::blocks::blocks;

/// Returns how the bank that keeps the account writes its narratives.
pub fn dialect_of(
    _account: &str,
    _bic: Option<&str>,
    _first_narrative: Option<&str>,
) -> &'static dyn Dialect {
    &Generic
}

#[derive(Debug)]
struct Generic;

impl Dialect for Generic {
    fn name(&self) -> &'static str {
        "generic"
    }

    fn narrative<'s>(&self, entry: &Entry<'s>, _own: &str) -> Narrative<'s> {
        Narrative {
            name: None,
            iban: None,
            cif: None,
            details: Cow::Owned(blocks(entry.raw).narrative.concat()),
        }
    }
}
