//! What a dialect finds in the joined text of an entry → [`Narrative`], borrowed where possible.

use std::borrow::Cow;

use super::join::{append, join, owned};
use crate::format::mt940::blocks::Blocks;
use crate::record::Narrative;
use crate::value::normalize;

/// The other party, as slices of the joined text.
#[derive(Default)]
pub(super) struct Party<'t> {
    /// See [`name`].
    pub(super) name: Option<Cow<'t, str>>,
    /// Without blanks, upper case.
    pub(super) iban: Option<Cow<'t, str>>,
    /// Two to ten digits.
    pub(super) cif: Option<&'t str>,
}

/// What a dialect finds in a text.
pub(super) struct Reading<'t> {
    /// The other party.
    pub(super) party: Party<'t>,
    /// The text for people; `None` where it is the joined text itself.
    pub(super) details: Option<Cow<'t, str>>,
}

impl<'t> From<Party<'t>> for Reading<'t> {
    fn from(party: Party<'t>) -> Self {
        let details = None;
        Self { party, details }
    }
}

/// Returns the text as a name, blanks trimmed and folded, or `None` where it has no letter.
pub(super) fn name(text: &str) -> Option<Cow<'_, str>> {
    let name = text.trim();
    if !name.chars().any(char::is_alphabetic) {
        return None;
    }
    if name.as_bytes().array_windows().any(|pair| pair == b"  ") {
        return Some(Cow::Owned(normalize::fold_blanks(name)));
    }
    Some(Cow::Borrowed(name))
}

/// Reads the joined text of an entry by `read`. The supplementary details behind `:61:` are added
/// to the details where the text does not contain them already.
pub(super) fn narrative<'s>(
    blocks: &Blocks<'s>,
    text: Cow<'s, str>,
    read: impl for<'t> Fn(&'t str) -> Reading<'t>,
) -> Narrative<'s> {
    let more = supplement(&blocks.supplementary, &text);
    let mut narrative = match text {
        Cow::Borrowed(text) => {
            let Reading { party, details } = read(text.trim());
            Narrative {
                name: party.name,
                iban: party.iban,
                cif: party.cif.map(Cow::Borrowed),
                details: details.unwrap_or(Cow::Borrowed(text.trim())),
            }
        }
        Cow::Owned(text) => {
            let Reading { party, details } = read(text.trim());
            let keep = |part: Cow<'_, str>| Cow::Owned(part.into_owned());
            let (name, iban) = (party.name.map(keep), party.iban.map(keep));
            let cif = party.cif.map(|cif| Cow::Owned(cif.to_owned()));
            let details = details.map(Cow::into_owned);
            Narrative {
                name,
                iban,
                cif,
                details: Cow::Owned(details.unwrap_or_else(|| trimmed(text))),
            }
        }
    };
    match more.filter(|more| !says(&narrative.details, more)) {
        Some(more) if narrative.details.is_empty() => narrative.details = more,
        Some(more) => {
            let room = narrative.details.len() + 1 + more.len();
            append(owned(&mut narrative.details, room), &more);
        }
        None => {}
    }
    narrative
}

fn trimmed(mut text: String) -> String {
    text.truncate(text.trim_end().len());
    let blanks = text.len() - text.trim_start().len();
    text.drain(..blanks);
    text
}

fn supplement<'s>(lines: &[&'s str], said: &str) -> Option<Cow<'s, str>> {
    let more = match join(lines, |_, _| false) {
        Cow::Borrowed(line) => Cow::Borrowed(line.trim()),
        Cow::Owned(text) => Cow::Owned(trimmed(text)),
    };
    (!more.is_empty() && !says(said, &more)).then_some(more)
}

/// Returns whether the text contains the part. Blanks do not count, since the bank cuts the two
/// texts at different places.
fn says(text: &str, part: &str) -> bool {
    let solid = |text: &str| text.replace(' ', "");
    if text.is_empty() || text.contains(part) {
        return !text.is_empty();
    }
    let (text, part) = (solid(text), solid(part));
    memchr::memmem::find(text.as_bytes(), part.as_bytes()).is_some()
}
