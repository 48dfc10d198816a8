//! Parties behind labels: `Platitor  NAME  IBAN  CODFISC 123-Beneficiar  …`.

use std::borrow::Cow;

use super::find;
use super::reading::{self, Party};

/// What a bank writes before the payer and before the beneficiary.
pub(super) struct Labels {
    pub(super) payer: &'static str,
    pub(super) beneficiary: &'static str,
    /// What may follow a party, besides the other party's label.
    pub(super) ends: &'static [&'static str],
}

impl Labels {
    /// Returns the other party of an entry: the payer where money came in, else the beneficiary. A
    /// reversal exchanges the two: where one has the own account, it is the other one.
    pub(super) fn party<'t>(&self, text: &'t str, came_in: bool, own: &str) -> Option<Party<'t>> {
        let payer = self.section(text, self.payer);
        let beneficiary = self.section(text, self.beneficiary);
        let (other, ours) = if came_in { (payer, beneficiary) } else { (beneficiary, payer) };
        let section = match (other, ours) {
            (Some(other), Some(ours)) if holds_own(other, own) && !holds_own(ours, own) => ours,
            (Some(other), _) if !holds_own(other, own) => other,
            _ => return None,
        };
        Some(party(section, own))
    }

    fn section<'t>(&self, text: &'t str, label: &str) -> Option<&'t str> {
        let section = find::places(text, label).find_map(|at| {
            let section = text.get(at + label.len()..)?;
            let word_goes_on = section.starts_with(|c: char| c.is_ascii_lowercase());
            (!word_goes_on).then_some(section)
        })?;
        let others = [self.payer, self.beneficiary];
        let end = find::first_of(section, self.ends.iter().chain(&others).copied());
        section.get(..end.unwrap_or(section.len()))
    }
}

fn holds_own(section: &str, own: &str) -> bool {
    find::ibans(section).any(|place| section.get(place).is_some_and(|iban| find::is_own(iban, own)))
}

fn party<'t>(section: &'t str, own: &str) -> Party<'t> {
    let place = find::iban(section, own);
    let iban = place.clone().and_then(|place| find::at(section, place));
    let label = find::first_of(section, find::CUI_LABELS.into_iter());
    let blanks = section.len() - section.trim_start().len();
    let end = [place.map(|place| place.start), label]
        .into_iter()
        .flatten()
        .min()
        .or_else(|| Some(blanks + section.trim_start().find("  ")?));
    let before = section.get(..end.unwrap_or(section.len()));
    Party {
        name: before.and_then(|text| reading::name(without_bic(text, iban.as_ref()))),
        cif: find::cui_after(section, &find::CUI_LABELS),
        iban,
    }
}

/// Removes the BIC of the account's bank from the end of a name: Alpha Bank writes it before the
/// account.
fn without_bic<'t>(name: &'t str, iban: Option<&Cow<'_, str>>) -> &'t str {
    let name = name.trim_matches([' ', ':', ',', '-']);
    let bank = iban.and_then(|iban| iban.get(4..8));
    match (name.rsplit_once(' '), bank) {
        (Some((name, bic)), Some(bank)) if matches!(bic.len(), 8 | 11) && bic.starts_with(bank) => {
            name
        }
        _ => name,
    }
}
