//! Every other bank: numbered subfields behind any sign, SWIFT code words, or free text.

use super::Bank;
use super::find;
use super::join::{cut, join};
use super::labels::Labels;
use super::reading::{self, Party, Reading};
use super::subfields::{self, Subfields, goes_on};
use crate::format::mt940::blocks::blocks;
use crate::record::{Entry, Narrative};

/// `166?00INCASARE?20…?29details?30BIC?31account?32name?33more name?38IBAN?60…` as German banks and
/// UniCredit write it. The sign behind the code (`?` here) may be any.
#[derive(Debug)]
pub(super) struct Generic;

const LABELS: [Labels; 2] =
    [super::bcr::LABELS, Labels { payer: "Ordonator", ..super::bcr::LABELS }];

impl Bank for Generic {
    fn name(&self) -> &'static str {
        "MT940"
    }

    fn narrative<'s>(&self, entry: &Entry<'s>, own: &str) -> Narrative<'s> {
        let came_in = !entry.amount.is_sign_negative();
        let blocks = blocks(entry.raw);
        let first = blocks.narrative.first().copied().unwrap_or_default();
        let separator = subfields::separator(first.trim_start()).map(|(sign, _)| sign);
        let text = join(&blocks.narrative, |line, next| separator.is_some() || cut(line, next));
        reading::narrative(&blocks, text, |text| match separator {
            Some(sign) => structured(Subfields::split(text, sign, may_follow), own),
            None => free(text, came_in, own).into(),
        })
    }
}

/// Returns whether the subfield exists; 00, the posting text, can only be the first.
fn may_follow(before: Option<u8>, number: u8) -> bool {
    match number {
        0 => before.is_none(),
        10 | 20..=34 | 38 | 60..=65 | 70 | 71 => true,
        _ => false,
    }
}

fn structured<'t>(mut fields: Subfields<'t>, own: &str) -> Reading<'t> {
    let iban = fields.take_account(38, own);
    let party = Party {
        name: fields.take_name(32, Some(33)),
        iban: iban.or_else(|| fields.take_account(31, own)),
        cif: None,
    };
    let details = Some(fields.readable(goes_on));
    Reading { party, details }
}

/// Reads a narrative whose lines are one text, cut within words: numbered subfields behind a sign,
/// or free text where there are no subfields.
pub(super) fn numbered<'s>(
    entry: &Entry<'s>,
    own: &str,
    sign: char,
    known: impl Fn(Option<u8>, u8) -> bool,
    structured: impl for<'t> Fn(Subfields<'t>, &str) -> Reading<'t>,
) -> Narrative<'s> {
    let came_in = !entry.amount.is_sign_negative();
    let blocks = blocks(entry.raw);
    let text = join(&blocks.narrative, |_, _| true);
    reading::narrative(&blocks, text, |text| {
        let fields = Subfields::split(text, sign, &known);
        match fields.is_empty() {
            true => free(text, came_in, own).into(),
            false => structured(fields, own),
        }
    })
}

/// Reads a text without subfields: code words, then labels, then any IBAN and fiscal code.
pub(super) fn free<'t>(text: &'t str, came_in: bool, own: &str) -> Party<'t> {
    let named = code_word(text, "/NAME/");
    let account = code_word(text, "/IBAN/");
    let cif = find::cui_after(text, &find::CUI_LABELS);
    if named.is_some() || account.is_some() {
        return Party {
            name: named.and_then(reading::name),
            iban: account.and_then(|text| find::account(text, own)),
            cif,
        };
    }
    let labelled = LABELS.iter().find_map(|labels| {
        let party = labels.party(text, came_in, own)?;
        party.iban.is_some().then_some(party)
    });
    labelled.unwrap_or_else(|| Party {
        name: None,
        iban: find::iban(text, own).and_then(|place| find::at(text, place)),
        cif,
    })
}

/// Returns the text between a SWIFT code word and the next code word.
fn code_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let at = find::places(text, word).next()? + word.len();
    let value = text.get(at..)?;
    let end = value.match_indices('/').find_map(|(at, _)| {
        let (word, _) = value.get(at + 1..)?.split_once('/')?;
        let upper = (2..=5).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
        (upper || word.is_empty()).then_some(at)
    });
    value.get(..end.unwrap_or(value.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::mt940::narrative::tests::{Told, check};

    const CASES: [(&str, Told); 10] = [
        (
            ":61:2603020302CN60,00NTRFNONREF//0000000001\n:86:166?00INCASARE?20FACTURA EX-1042?30BTRLRO22?31RO45BTRLRONCRT0ABCD\nEF001?32CLIENT EXEMPLU?33 SRL",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO45BTRLRONCRT0ABCDEF001"),
                None,
                "166 INCASARE FACTURA EX-1042 BTRLRO22",
            ),
        ),
        // Purpose and name go on in the next subfield where one is full (27 characters).
        (
            ":61:2603020302CR60,00NTRFNONREF//1\n:86:166?00GUTSCHRIFT?100399?20EREF+RECHNUNG 00100000000 TE?21IL 1?22SV\nWZ+WARE?30COBADEFF?31DE89370400440532013000?32GESELLSCHAFT FUER BEISPIELE?33 UND MUSTER?60LETZTE ZEILE",
            (
                Some("GESELLSCHAFT FUER BEISPIELE UND MUSTER"),
                Some("DE89370400440532013000"),
                None,
                "166 GUTSCHRIFT EREF+RECHNUNG 00100000000 TEIL 1 SVWZ+WARE LETZTE ZEILE 0399 COBADEFF",
            ),
        ),
        (
            ":61:110101D15,70N000NONREF\n:86:000>100987654321\n>20ALGEMENE KOSTEN OVER DE MAA>21ND MAART>310390123456",
            (None, Some("0390123456"), None, "ALGEMENE KOSTEN OVER DE MAAND MAART 0987654321"),
        ),
        (
            ":61:1301010101D25,00N102EREF\nNL91ABNA0417164300\n:86:/EREF/01-01-2013 12:00 0030/BENM//NAME/CONTRA ACCOUN\nT HOLDER/REMI/A/B//ISDT/2013-07-11",
            (
                Some("CONTRA ACCOUN T HOLDER"),
                None,
                None,
                "/EREF/01-01-2013 12:00 0030/BENM//NAME/CONTRA ACCOUN T HOLDER/REMI/A/B//ISDT/2013-07-11 NL91ABNA0417164300",
            ),
        ),
        (
            ":61:1301010101C25,00N102EREF\n:86:/NAME/J/K JANSEN/IBAN/NL91 ABNA 0417 1643 00/REMI/factuur",
            (
                Some("J/K JANSEN"),
                Some("NL91ABNA0417164300"),
                None,
                "/NAME/J/K JANSEN/IBAN/NL91 ABNA 0417 1643 00/REMI/factuur",
            ),
        ),
        (
            ":61:2603020302C1,00NTRFX//1\n:86:Incasare Ordonator: CLIENT EXEMPLU SRL, RO45BTRLRONCRT0ABCDEF001 CUI: RO 12345678 avans",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO45BTRLRONCRT0ABCDEF001"),
                Some("12345678"),
                "Incasare Ordonator: CLIENT EXEMPLU SRL, RO45BTRLRONCRT0ABCDEF001 CUI: RO 12345678 avans",
            ),
        ),
        // Neither the own account nor one with wrong check digits is taken for the other party's.
        (
            ":61:2603020302C1,00NTRFX//1\n:86:din RO08BACX0000000900012345 DE88370400440532013000 DE89370400440532013000, avans",
            (
                None,
                Some("DE89370400440532013000"),
                None,
                "din RO08BACX0000000900012345 DE88370400440532013000 DE89370400440532013000, avans",
            ),
        ),
        // A full line is cut within a word, any other line between words.
        (
            ":61:2603020302C1,00NTRFX//1\n:86:Plata pentru servicii de consultanta conform contractului de prest\nari\n\nservicii",
            (
                None,
                None,
                None,
                "Plata pentru servicii de consultanta conform contractului de prest ari servicii",
            ),
        ),
        (
            ":61:2603020302C1,00NTRFX//1\n:86:Plata pentru servicii de consultanta conform contractului de pres\ntari +40721000000",
            (
                None,
                None,
                None,
                "Plata pentru servicii de consultanta conform contractului de prestari +40721000000",
            ),
        ),
        (
            ":61:2603020302C1,00NTRFX//1\n/OCMT/EUR4,5//IACC/D3/\n:86:020?00VIREMENT?20LIGNE ?25UNE",
            (None, None, None, "020 VIREMENT LIGNE UNE /OCMT/EUR4,5//IACC/D3/"),
        ),
    ];

    #[test]
    fn subfields_code_words_and_free_text_are_understood() {
        for (raw, told) in CASES {
            check(&Generic, "RO08BACX0000000900012345", raw, told);
        }
    }
}
