//! Who paid whom for what: an entry's text → [`Narrative`], one small file a bank.
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

use crate::record::Dialect;
#[cfg(doc)]
use crate::record::Narrative;

/// The four letters that an IBAN and a BIC name a bank with, and how that bank writes.
static DIALECTS: [(&str, &dyn Dialect); 8] = [
    ("BTRL", &bt::BancaTransilvania),
    ("RNCB", &bcr::Bcr),
    ("BRDE", &brd::Brd),
    ("INGB", &ing::Ing),
    ("RZBR", &raiffeisen::Raiffeisen),
    ("BUCU", &alpha::Alpha),
    ("REVO", &revolut::Revolut),
    ("CECE", &cec::Cec),
];

/// Returns how the statement's bank writes who paid whom.
///
/// The bank is the one that `account` (`:25:`) names, as a Romanian IBAN or as `BIC/number`, else
/// the one of the envelope's BIC. Where neither names any bank, the subfield separator in the
/// first narrative tells; what remains is read as MT940 is written elsewhere.
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
    bank.and_then(by_bank).unwrap_or(&generic::Generic)
}

fn by_bank(bank: &str) -> Option<&'static dyn Dialect> {
    DIALECTS.iter().find(|(code, _)| code.eq_ignore_ascii_case(bank)).map(|(_, dialect)| *dialect)
}

/// Characters 5 to 8 of a Romanian IBAN, which may stand behind a slash.
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
    // The envelope writes 12 characters: a terminal letter stands within the BIC.
    let length = (8..=12).contains(&bic.len());
    (letters && length).then(|| bic.get(..4))?
}

/// Each separator that only one Romanian bank uses.
fn bank_of_narrative(text: &str) -> Option<&'static str> {
    match subfields::separator(text.trim_start())? {
        ('~', _) => Some("INGB"),
        ('+', _) => Some("BRDE"),
        ('^', "") => Some("REVO"),
        ('^', _) => Some("RZBR"),
        _ => None,
    }
}
