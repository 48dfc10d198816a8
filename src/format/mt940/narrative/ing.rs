//! ING Bank Romania: subfields behind `~`, padded, and cut even within a marker.

use super::Bank;
use std::borrow::Cow;

use super::find;
use super::join::{full, join};
use super::reading::{self, Party, Reading};
use super::subfields::{self, Subfields, goes_on};
use crate::format::mt940::blocks::blocks;
use crate::record::{Entry, Narrative};
use crate::value::normalize;

/// `035~20amount~21…~29details~32name~33IBAN~60~61`, empty ones present; or, mostly for code 110,
/// text without subfields: `110~TRANSFER ING BUSINESS   NAME IBAN details`.
#[derive(Debug)]
pub(super) struct Ing;

/// Operations that stand before the name in a text without subfields, with or without padding.
const OPERATIONS: [&str; 3] = ["TRANSFER ING BUSINESS", "INCASARE BILET LA ORDIN", "INCASARE"];

impl Bank for Ing {
    fn name(&self) -> &'static str {
        "ING Bank"
    }

    fn narrative<'s>(&self, entry: &Entry<'s>, own: &str) -> Narrative<'s> {
        let blocks = blocks(entry.raw);
        let first = blocks.narrative.first().copied().unwrap_or_default();
        let fielded = subfields::separator(first.trim_start()).is_some();
        let text = join(&blocks.narrative, |line, _| fielded || full(line));
        reading::narrative(&blocks, text, |text| {
            let known = |_, number| matches!(number, 20..=29 | 32 | 33 | 60 | 61);
            // The text may end with the first sign of one more marker.
            let fields = Subfields::split(text.trim_end_matches(['~', ' ']), '~', known);
            if fields.is_empty() { loose(text, own) } else { structured(fields, own) }
        })
    }
}

fn structured<'t>(mut fields: Subfields<'t>, own: &str) -> Reading<'t> {
    let party =
        Party { name: fields.take_name(32, None), iban: fields.take_account(33, own), cif: None };
    let details = Some(fields.readable(goes_on));
    Reading { party, details }
}

fn loose<'t>(text: &'t str, own: &str) -> Reading<'t> {
    let (code, body) = text.split_once('~').unwrap_or(("", text));
    let place = find::iban(body, own);
    let iban = place.clone().and_then(|place| find::at(body, place));
    let before = place.and_then(|place| body.get(operation_len(body)?..place.start));
    let (name, cif) = before.map_or((None, None), name_and_cui);
    let party = Party { name, iban, cif };
    let details = match code.trim() {
        "" if !text.contains("  ") => None,
        code => {
            let whole = format!("{code} {body}");
            Some(Cow::Owned(normalize::fold_blanks(&whole)))
        }
    };
    Reading { party, details }
}

fn operation_len(body: &str) -> Option<usize> {
    let known = OPERATIONS.iter().find(|name| body.starts_with(**name));
    known.map(|name| name.len()).or_else(|| body.find("  "))
}

/// Splits the text between operation and IBAN (`INCASARE NAME CUI IBAN`) into the name and the
/// fiscal code, which is the last word if that is a code.
fn name_and_cui(before: &str) -> (Option<Cow<'_, str>>, Option<&str>) {
    let before = before.trim();
    let last = before.rsplit_once(' ').and_then(|(name, word)| {
        let code = find::cui(word).filter(|code| word.ends_with(code) && code.len() >= 4)?;
        Some((name, code))
    });
    match last {
        Some((name, code)) => (reading::name(name), Some(code)),
        None => (reading::name(before), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::mt940::narrative::tests::{Told, check};

    const CASES: [(&str, Told); 6] = [
        (
            ":61:260302CN350,00NTRFNONREF//RE20260302-0001\n:86:035~20AMT RCD RON 350,00         ~21                           ~2\n2                           ~32CLIENT EXEMPLU SRL         ~33RO45\nBTRLRONCRT0ABCDEF001   ~23                           ~24         \n                  ~25CVF EX-1042                ~26              \n             ~27                           ~28                   \n        ~29                           ~60     ~61     ",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO45BTRLRONCRT0ABCDEF001"),
                None,
                "035 AMT RCD RON 350,00 CVF EX-1042",
            ),
        ),
        (
            ":61:260302DN2,50NMSCNONREF//AC20260302-0002\n:86:006~20COMISION PE OPERATIUNE     ~21                           ",
            (None, None, None, "006 COMISION PE OPERATIUNE"),
        ),
        (
            ":61:260302DN100,00NTRFNONREF//PA20260302-0003\n:86:110~TRANSFER ING BUSINESS                 FURNIZOR FICTIV SRL RO7\n5BRDE450SV00012345678 PLATA CVF 77",
            (
                Some("FURNIZOR FICTIV SRL"),
                Some("RO75BRDE450SV00012345678"),
                None,
                "110 TRANSFER ING BUSINESS FURNIZOR FICTIV SRL RO75BRDE450SV00012345678 PLATA CVF 77",
            ),
        ),
        (
            ":61:260302CN100,00NTRFNONREF//RE20260302-0004\n:86:110~INCASARE\nCLIENT EXEMPLU SRL 12345678 RO45BTRLRONCRT0ABCDEF001 CVF 9",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO45BTRLRONCRT0ABCDEF001"),
                Some("12345678"),
                "110 INCASARE CLIENT EXEMPLU SRL 12345678 RO45BTRLRONCRT0ABCDEF001 CVF 9",
            ),
        ),
        // A detail of 27 characters goes on in the next subfield; the text ends in a marker.
        (
            ":61:260302CN1,00NTRFNONREF//RE20260302-0005\n:86:037~20AMT RCD RON 1,00           ~21CONTRAVALOARE FACTURA NUMARU~\n22L 1042                    ~32CLIENT EXEMPLU SRL         ~33     \n                   ~60     ~61              ~",
            (
                Some("CLIENT EXEMPLU SRL"),
                None,
                None,
                "037 AMT RCD RON 1,00 CONTRAVALOARE FACTURA NUMARUL 1042",
            ),
        ),
        // Between own accounts.
        (
            ":61:260302CN1,00NTRFNONREF//RE20260302-0006\n:86:110~TRANSFER ING BUSINESS  MAGAZIN FICTIV SRL RO33INGB0000999900012345",
            (
                None,
                None,
                None,
                "110 TRANSFER ING BUSINESS MAGAZIN FICTIV SRL RO33INGB0000999900012345",
            ),
        ),
    ];

    #[test]
    fn a_marker_cut_in_two_is_still_one() {
        for (raw, told) in CASES {
            check(&Ing, "RO33INGB0000999900012345", raw, told);
            check(&Ing, "INGBROBU/9900012345", raw, told);
        }
    }
}
