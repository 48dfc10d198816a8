//! CEC Bank: labels between commas.

use super::Bank;
use super::find;
use super::generic;
use super::join::join;
use super::reading::{self, Party};
use crate::format::mt940::blocks::blocks;
use crate::record::{Entry, Narrative};

/// `…,Platitor NAME,Iban Platitor IBAN,CUI/CNP Platitor nORDONATOR,…`, with `Beneficiar` for money
/// that left; IBAN and code may be missing.
#[derive(Debug)]
pub(super) struct Cec;

/// One side's labels.
struct Side {
    name: &'static str,
    iban: &'static str,
    cui: &'static str,
}

const PAYER: Side = Side { name: "Platitor ", iban: "Iban Platitor", cui: "CUI/CNP Platitor" };

const BENEFICIARY: Side =
    Side { name: "Beneficiar ", iban: "Iban Beneficiar", cui: "CUI/CNP Beneficiar" };

/// Labels that end a name; a comma alone does not, since a name may have one.
const NEXT: [&str; 5] = [",Iban ", ",CUI/CNP", ",Detalii", ",Platitor ", ",Beneficiar "];

impl Bank for Cec {
    fn name(&self) -> &'static str {
        "CEC Bank"
    }

    fn narrative<'s>(&self, entry: &Entry<'s>, own: &str) -> Narrative<'s> {
        let came_in = !entry.amount.is_sign_negative();
        let blocks = blocks(entry.raw);
        let text = join(&blocks.narrative, |_, _| true);
        reading::narrative(&blocks, text, |text| {
            let side = if came_in { PAYER } else { BENEFICIARY };
            labelled(text, &side, own).unwrap_or_else(|| generic::free(text, came_in, own)).into()
        })
    }
}

fn labelled<'t>(text: &'t str, side: &Side, own: &str) -> Option<Party<'t>> {
    let name = name(text, side.name);
    let iban = find::places(text, side.iban).next().and_then(|at| {
        let field = text.get(at + side.iban.len()..)?.trim_start();
        let field = field.split_once(',').map_or(field, |(field, _)| field);
        match find::iban(field, own) {
            Some(place) => find::at(field, place),
            None => find::account(field, own),
        }
    });
    let cif = find::cui_after(text, &[side.cui]);
    let found = name.is_some() || iban.is_some() || cif.is_some();
    found.then(|| Party { name: name.and_then(reading::name), iban, cif })
}

/// Returns the name behind its label. The label must stand first or after a comma, since
/// `Iban Platitor` contains the same word.
fn name<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    let at = find::places(text, label).find(|at| {
        let before = text.get(..*at).unwrap_or_default().trim_end();
        before.is_empty() || before.ends_with(',')
    })?;
    let value = text.get(at + label.len()..)?;
    let end = find::first_of(value, NEXT.into_iter());
    value.get(..end.or_else(|| value.find(',')).unwrap_or(value.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::mt940::narrative::tests::{Told, check};

    const CASES: [(&str, Told); 3] = [
        (
            ":61:2603020302C60,00NTRF.//2026030210000001\n:86:Incasare,Platitor CLIENT EXEMPLU SRL,Iban Platitor RO45BTRLRONCRT\n0ABCDEF001,CUI/CNP Platitor 12345678ORDONATOR,Detalii FACTURA EX-\n1042",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO45BTRLRONCRT0ABCDEF001"),
                Some("12345678"),
                "Incasare,Platitor CLIENT EXEMPLU SRL,Iban Platitor RO45BTRLRONCRT0ABCDEF001,CUI/CNP Platitor 12345678ORDONATOR,Detalii FACTURA EX-1042",
            ),
        ),
        (
            ":61:2603020302D60,00NTRF.//2026030210000002\n:86:Plata,Platitor MAGAZIN FICTIV SRL,Beneficiar FURNIZOR, FILIALA SRL,CUI/CNP Beneficiar 0,Detalii CVF 77",
            (
                Some("FURNIZOR, FILIALA SRL"),
                None,
                None,
                "Plata,Platitor MAGAZIN FICTIV SRL,Beneficiar FURNIZOR, FILIALA SRL,CUI/CNP Beneficiar 0,Detalii CVF 77",
            ),
        ),
        (
            ":61:2603020302C60,00NTRF.//2026030210000003\n:86:Decontare -Platitor  CLIENT EXEMPLU SRL  RO45BTRLRONCRT0ABCDEF001  CODFISC 12345678-Beneficiar  MAGAZIN FICTIV SRL  RO59CECEB31430RON0012345",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO45BTRLRONCRT0ABCDEF001"),
                Some("12345678"),
                "Decontare -Platitor  CLIENT EXEMPLU SRL  RO45BTRLRONCRT0ABCDEF001  CODFISC 12345678-Beneficiar  MAGAZIN FICTIV SRL  RO59CECEB31430RON0012345",
            ),
        ),
    ];

    #[test]
    fn the_code_ends_where_the_next_label_begins() {
        for (raw, told) in CASES {
            check(&Cec, "RO59CECEB31430RON0012345", raw, told);
        }
    }
}
