//! BRD: subfields behind `+`, although telephone numbers in texts begin with `+` too.

use super::Bank;
use super::generic;
use super::reading::{Party, Reading};
use super::subfields::{Subfields, goes_on};
use crate::record::{Entry, Narrative};

/// `000+20kind+30bank+31IBAN+32name+33CUI+23details…+61address`; payments abroad have `+21name`
/// and `+22BIC, currency and amount` instead of 30 to 33.
#[derive(Debug)]
pub(super) struct Brd;

impl Bank for Brd {
    fn name(&self) -> &'static str {
        "BRD"
    }

    fn narrative<'s>(&self, entry: &Entry<'s>, own: &str) -> Narrative<'s> {
        generic::numbered(entry, own, '+', may_follow, structured)
    }
}

/// BRD's order is 20 to 22, 30 to 33, 23 to 27, 61, 62. Anything else is text, such as the
/// telephone number `+33612345678` in the details.
fn may_follow(before: Option<u8>, number: u8) -> bool {
    let place = |number| match number {
        20..=22 => Some(number),
        30..=33 => Some(number - 5),
        23..=27 => Some(number + 10),
        61 | 62 => Some(number),
        _ => None,
    };
    match (before, place(number)) {
        (None, Some(_)) => number == 20,
        (Some(before), Some(now)) => place(before).is_some_and(|before| before < now),
        (_, None) => false,
    }
}

fn structured<'t>(mut fields: Subfields<'t>, own: &str) -> Reading<'t> {
    let abroad = fields.get(20).is_some_and(|kind| kind.ends_with(" EXT"));
    let name = if abroad { 21 } else { 32 };
    let party = Party {
        name: fields.take_name(name, None),
        iban: fields.take_account(31, own),
        cif: fields.take_cui(33),
    };
    let details = Some(fields.readable(goes_on));
    Reading { party, details }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::mt940::narrative::tests::{Told, check};

    const CASES: [(&str, Told); 6] = [
        (
            ":61:2603020302C150,00NTRFOPH101\nPLATA FACT EX-1042\n:86:000+20Plata           +30000000000+31RO45BTRLRONCRT0ABCDEF001\n+32CLIENT EXEMPLU SRL+3312345678\n+23PLATA FACT EX-1042",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO45BTRLRONCRT0ABCDEF001"),
                Some("12345678"),
                "Plata PLATA FACT EX-1042",
            ),
        ),
        (
            ":61:2603020302D2,00NCOMNC55\nComision MULTIX\n:86:000+20Comision\n+23Comision MULTIX",
            (None, None, None, "Comision Comision MULTIX"),
        ),
        (
            ":61:2603020302C150,00NTRFOPH102\nPLATA TEL +40721000000 SI +33612345\n:86:000+20Plata           +30302410000+31RO45BTRLRONCRT0ABCDEF001\n+32CLIENT EXEMPLU SRL+33/\n+23PLATA TEL +40721000000 SI +24+33612345678",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO45BTRLRONCRT0ABCDEF001"),
                None,
                "Plata PLATA TEL +40721000000 SI +33612345678 302410000",
            ),
        ),
        // A person's code is not taken for a fiscal code, but stays in the details.
        (
            ":61:2603020302C150,00NTRFOPH103\n:86:000+20Plata           +31RO45BTRLRONCRT0ABCDEF001+32ION EXEMPLU\n+331234567890123+23CHIRIE PENTRU LUNA MARTIE +2426 SI APRILIE+61STR. EXEMPLU 1",
            (
                Some("ION EXEMPLU"),
                Some("RO45BTRLRONCRT0ABCDEF001"),
                None,
                "Plata CHIRIE PENTRU LUNA MARTIE 26 SI APRILIE STR. EXEMPLU 1 1234567890123",
            ),
        ),
        (
            ":61:2603020302D150,00NTRFOPH104\n:86:000+20Plata EXT       +21SUPPLIER GMBH+22COBADEFFEUR150,00+23INVOICE 7",
            (Some("SUPPLIER GMBH"), None, None, "Plata EXT COBADEFFEUR150,00 INVOICE 7"),
        ),
        (":61:2603020302D5,00NMSCX\n:86:DOBANDA", (None, None, None, "DOBANDA")),
    ];

    #[test]
    fn a_telephone_number_is_no_subfield() {
        for (raw, told) in CASES {
            check(&Brd, "RO75BRDE450SV00012345678", raw, told);
        }
    }
}
