//! Who paid whom for what: an entry's text → [`Narrative`], with a small file for each bank.
//!
//! To teach vama another bank, add its file and its line in [`DIALECTS`].

mod alpha;
mod bcr;
mod brd;
mod bt;
mod cec;
mod find;
mod generic;
mod ing;
mod join;
mod labels;
mod raiffeisen;
mod reading;
mod revolut;
mod subfields;
#[cfg(test)]
mod tests;

use std::fmt;

use super::entry;
use crate::record::{Dialect, Entry, Line, Narrative, Terms};

/// The banks: the four letters that stand for a bank in its IBANs and its BIC, and its dialect.
static DIALECTS: [(&str, Mt940Of); 8] = [
    ("BTRL", Mt940Of(&bt::BancaTransilvania)),
    ("RNCB", Mt940Of(&bcr::Bcr)),
    ("BRDE", Mt940Of(&brd::Brd)),
    ("INGB", Mt940Of(&ing::Ing)),
    ("RZBR", Mt940Of(&raiffeisen::Raiffeisen)),
    ("BUCU", Mt940Of(&alpha::Alpha)),
    ("REVO", Mt940Of(&revolut::Revolut)),
    ("CECE", Mt940Of(&cec::Cec)),
];

/// The dialect of all other banks.
static ELSEWHERE: Mt940Of = Mt940Of(&generic::Generic);

/// How one bank writes an entry's narrative (field 86).
trait Bank: fmt::Debug + Sync {
    /// Returns the name of the bank for people.
    fn name(&self) -> &'static str;

    /// Returns who paid whom for what, as far as the entry's text says. Finding nothing is no
    /// error.
    ///
    /// `own` is the statement's account, which is never the other party's.
    fn narrative<'s>(&self, entry: &Entry<'s>, own: &str) -> Narrative<'s>;
}

/// MT940 as one bank writes it.
#[derive(Debug)]
struct Mt940Of(&'static dyn Bank);

impl Dialect for Mt940Of {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn terms(&self) -> &'static Terms {
        &TERMS
    }

    fn entry<'s>(&self, raw: &'s str, line: Line, own: &str) -> Option<Entry<'s>> {
        entry::read(raw, line, own, &mut Vec::new()).ok()
    }

    fn narrative<'s>(&self, entry: &Entry<'s>, own: &str) -> Narrative<'s> {
        self.0.narrative(entry, own)
    }
}

/// The fields of MT940 and MT942, by their tags.
static TERMS: Terms = Terms {
    account: ":25:",
    opening: ":60F:",
    closing: ":62F:",
    debits: ":90D:",
    credits: ":90C:",
    interim: "MT942",
};

/// Returns the dialect of the statement's bank.
///
/// The bank is the one that `account` (`:25:`) names, as a Romanian IBAN or as `BIC/number`, else
/// the one of the envelope's BIC. Where neither names a bank, the subfield separator in the first
/// narrative may show it. All other statements have the dialect of other banks.
pub fn dialect_of(
    account: &str,
    bic: Option<&str>,
    first_narrative: Option<&str>,
) -> &'static dyn Dialect {
    let account = account.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let named = bank_of_iban(account)
        .or_else(|| account.split_once('/').and_then(|(bic, _)| bank_of_bic(bic)))
        .or_else(|| bic.and_then(bank_of_bic));
    let bank = match named {
        Some(bank) => Some(bank),
        None if account.starts_with(|c: char| c.is_ascii_alphabetic()) => None,
        None => first_narrative.and_then(bank_of_narrative),
    };
    bank.and_then(by_bank).unwrap_or(&ELSEWHERE)
}

fn by_bank(bank: &str) -> Option<&'static dyn Dialect> {
    let dialect = DIALECTS.iter().find(|(code, _)| code.eq_ignore_ascii_case(bank));
    dialect.map(|(_, dialect)| dialect as &dyn Dialect)
}

/// Returns the bank of a Romanian IBAN, its characters 5 to 8. The IBAN may stand behind a slash.
fn bank_of_iban(account: &str) -> Option<&str> {
    account.split('/').find_map(|part| {
        let part = part.trim();
        let bank = part.get(4..8)?;
        let country = part.get(..2)?.eq_ignore_ascii_case("RO");
        let check = part.get(2..4)?.bytes().all(|b| b.is_ascii_digit());
        (country && check && bank.bytes().all(|b| b.is_ascii_alphabetic())).then_some(bank)
    })
}

fn bank_of_bic(bic: &str) -> Option<&str> {
    let bic = bic.trim();
    let letters = bic.get(..6)?.bytes().all(|b| b.is_ascii_alphabetic());
    // In an envelope the BIC has 12 characters, since a letter for the terminal stands within it.
    let length = (8..=12).contains(&bic.len());
    (letters && length).then(|| bic.get(..4))?
}

/// Returns the bank whose subfield separator the narrative has: only one Romanian bank uses it.
fn bank_of_narrative(text: &str) -> Option<&'static str> {
    match subfields::separator(text.trim_start())? {
        ('~', _) => Some("INGB"),
        ('+', _) => Some("BRDE"),
        ('^', "") => Some("REVO"),
        ('^', _) => Some("RZBR"),
        _ => None,
    }
}
