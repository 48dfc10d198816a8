//! Revolut Business: subfields behind `^`, one on each line.

use super::Bank;
use super::generic;
use super::reading::{Party, Reading};
use super::subfields::{Field, Subfields};
use crate::record::{Entry, Narrative};

/// `^20text^21more text^22/OCMT/amount/RATE/rate^23card^32name^38IBAN`, without a code before.
#[derive(Debug)]
pub(super) struct Revolut;

impl Bank for Revolut {
    fn name(&self) -> &'static str {
        "Revolut"
    }

    fn narrative<'s>(&self, entry: &Entry<'s>, own: &str) -> Narrative<'s> {
        let known = |_, number| matches!(number, 20..=29 | 32 | 33 | 38);
        generic::numbered(entry, own, '^', known, structured)
    }
}

fn structured<'t>(mut fields: Subfields<'t>, own: &str) -> Reading<'t> {
    let party = Party {
        name: fields.take_name(32, Some(33)),
        iban: fields.take_account(38, own),
        cif: None,
    };
    let details = Some(fields.readable(text_goes_on));
    Reading { party, details }
}

/// Returns whether a text goes on in the next subfield: 20 is cut within a word and goes on in 21.
fn text_goes_on(field: &Field, next: &Field) -> bool {
    (field.number, next.number) == (20, 21)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::mt940::narrative::tests::{Told, check};

    const CASES: [(&str, Told); 3] = [
        (
            ":61:260302C50,NTRFEX-1042\n:86:^20DE LA CLIENT EXEMPLU . EX-1042\n^32CLIENT EXEMPLU",
            (Some("CLIENT EXEMPLU"), None, None, "DE LA CLIENT EXEMPLU . EX-1042"),
        ),
        (
            ":61:260305D1529,2NTRFFE/2026/3/000008\n:86:^20CATRE TEST BUYER SP . FE/2026/3/000008\n^22/OCMT/PLN 1230.00/RATE/0.81880301\n^32TEST BUYER SP\n^38PL61109010140000071219812874",
            (
                Some("TEST BUYER SP"),
                Some("PL61109010140000071219812874"),
                None,
                "CATRE TEST BUYER SP . FE/2026/3/000008 /OCMT/PLN 1230.00/RATE/0.81880301",
            ),
        ),
        (
            ":61:260302C5000,NTRF/ROC/ALIMENTARE\n:86:^20BANI ADAUGATI PRIN MAGAZIN FICTIV SRL . ALIMENTARE CONT-PLATA IN\n^21TERBANCARA INSTANT\n^32MAGAZIN FICTIV SRL",
            (
                Some("MAGAZIN FICTIV SRL"),
                None,
                None,
                "BANI ADAUGATI PRIN MAGAZIN FICTIV SRL . ALIMENTARE CONT-PLATA INTERBANCARA INSTANT",
            ),
        ),
    ];

    #[test]
    fn original_amount_and_rate_stay_in_the_details() {
        for (raw, told) in CASES {
            check(&Revolut, "RO15REVO0000123412341234", raw, told);
        }
    }
}
