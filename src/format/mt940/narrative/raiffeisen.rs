//! Raiffeisen Bank Romania: subfields behind `^`, cut within words.

use super::Bank;
use super::generic;
use super::reading::{Party, Reading};
use super::subfields::{Field, Subfields};
use crate::record::{Entry, Narrative};

/// `000^20details…^24document^30bank's name^31IBAN^32name^33more name or CUI/CNP`.
#[derive(Debug)]
pub(super) struct Raiffeisen;

impl Bank for Raiffeisen {
    fn name(&self) -> &'static str {
        "Raiffeisen Bank"
    }

    fn narrative<'s>(&self, entry: &Entry<'s>, own: &str) -> Narrative<'s> {
        let known = |_, number| matches!(number, 20..=27 | 30..=33);
        generic::numbered(entry, own, '^', known, structured)
    }
}

fn structured<'t>(mut fields: Subfields<'t>, own: &str) -> Reading<'t> {
    let cif = fields.take_cui(33);
    let personal = fields.get(33).is_some_and(|text| text.starts_with("CUI"));
    let party = Party {
        name: fields.take_name(32, (!personal).then_some(33)),
        iban: fields.take_account(31, own),
        cif,
    };
    let details = Some(fields.readable(one_text));
    Reading { party, details }
}

/// Returns whether a text goes on in the next subfield: 20 to 23 are one text, 24 is the document.
fn one_text(field: &Field, next: &Field) -> bool {
    matches!(next.number, 21..=23) && next.number == field.number + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::mt940::narrative::tests::{Told, check};

    const CASES: [(&str, Told); 5] = [
        (
            ":61:2603020302C119,00NMSC11808959//0A0B0C0D0E0F0G0\n:86:000^20F.EX-1042^24Ref.Doc 12/OPMC^30BANCA EXEMPLU \nS.A.^31RO45BTRLRONCRT0ABCDEF001^32CLIENT EXEMPLU S\nRL",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO45BTRLRONCRT0ABCDEF001"),
                None,
                "F.EX-1042 Ref.Doc 12/OPMC BANCA EXEMPLU S.A.",
            ),
        ),
        (
            ":61:2603020302D5,70NCOMNONREF//0A0B0C0D0E0F0G1\n:86:000^20comision interbancar mica^21 valoare CB",
            (None, None, None, "comision interbancar mica valoare CB"),
        ),
        (
            ":61:2603020302C119,00NMSCX//1\n:86:000^20AVANS^31RO45 BTRL RONC RT0A BCDE F001^32CLIENT EXEMPLU SRL^33CUI/CNP RO12345678",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO45BTRLRONCRT0ABCDEF001"),
                Some("12345678"),
                "AVANS",
            ),
        ),
        (
            ":61:2603020302C119,00NMSCX//1\n:86:000^20AVANS^32ION EXEMPLU^33CUI/CNP 1234567890123",
            (Some("ION EXEMPLU"), None, None, "AVANS CUI/CNP 1234567890123"),
        ),
        (
            ":61:2603020302C119,00NMSCX//1\n:86:000^20AVANS^32SOCIETATEA EXEMPLU DE LOGIS^33TICA SRL",
            (Some("SOCIETATEA EXEMPLU DE LOGISTICA SRL"), None, None, "AVANS"),
        ),
    ];

    #[test]
    fn names_and_details_cut_within_words_are_whole_again() {
        for (raw, told) in CASES {
            check(&Raiffeisen, " RO04RZBR0000060009998887", raw, told);
        }
    }
}
