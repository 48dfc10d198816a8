//! What people call settlements and credits: `gls/2026-04-08`, `netopia/53001314`,
//! `015ZEXA261121996`, `2026-04-14/777.00`.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Credit, Settlement};
use crate::value::normalize::{amount, date};

/// Characters of a bank's reference that people may be asked to type.
const REFERENCE_MAX: usize = 24;

/// Letters of a key that tell it from all others of a company.
const KEY_LETTERS: usize = 8;

/// A name that stands for no settlement or credit, or for several.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotNamed {
    /// Nothing has that name.
    #[error("no {what} is called {name}")]
    Nothing {
        /// What was looked for: `settlement`, `credit`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Several have that name.
    #[error("several have the name {name}: {}", .named.join(", "))]
    Several {
        /// The name.
        name: String,
        /// Names that tell them apart.
        named: Vec<String>,
    },
}

/// A part of a name, read once: a name is compared with thousands of settlements.
struct Part<'n> {
    text: &'n str,
    day: Option<NaiveDate>,
    amount: Option<Decimal>,
}

impl<'n> Part<'n> {
    fn of(text: &'n str) -> Self {
        Self { text, day: date(text), amount: amount(text) }
    }

    /// Returns whether the part is this day, this amount, this key or the beginning of it.
    fn says(&self, day: NaiveDate, amount: Decimal, key: &str) -> bool {
        self.day == Some(day)
            || self.amount == Some(amount)
            || !self.text.is_empty() && key == self.text
            || self.text.len() >= KEY_LETTERS && key.starts_with(self.text)
    }
}

/// Returns the settlement of that name. Behind its kind a name has its day, its amount, the beginning
/// of its key, or several of these.
///
/// # Errors
///
/// No settlement or several settlements of that name.
pub fn settlement_named<'a>(name: &str, all: &'a [Settlement]) -> Result<&'a Settlement, NotNamed> {
    let (kind, parts) = name.split_once('/').unwrap_or((name, ""));
    let parts: Vec<Part<'_>> = parts.split('/').map(Part::of).collect();
    let is_meant = |it: &&Settlement| {
        let says = |part: &Part<'_>| part.says(it.dated, it.amount, &it.id.key);
        it.id.kind.eq_ignore_ascii_case(kind) && parts.iter().all(says)
    };
    only("settlement", name, all.iter().filter(is_meant).collect(), settlement_in_full)
}

/// Returns the credit of that name: the bank's reference, or its day, amount, reference and the
/// beginning of its key in any order.
///
/// # Errors
///
/// No credit or several credits of that name.
pub fn credit_named<'a>(name: &str, all: &'a [Credit]) -> Result<&'a Credit, NotNamed> {
    let has_reference = |it: &Credit, text: &str| {
        it.reference.as_deref().is_some_and(|reference| reference == text)
    };
    let parts: Vec<Part<'_>> = name.split('/').map(Part::of).collect();
    let is_meant = |it: &&Credit| {
        let says =
            |part: &Part<'_>| part.says(it.day, it.amount, &it.key) || has_reference(it, part.text);
        !name.is_empty() && (has_reference(it, name) || parts.iter().all(says))
    };
    only("credit", name, all.iter().filter(is_meant).collect(), credit_in_full)
}

fn only<'a, T>(
    what: &'static str,
    name: &str,
    found: Vec<&'a T>,
    in_full: impl Fn(&T) -> String,
) -> Result<&'a T, NotNamed> {
    match found.as_slice() {
        [only] => Ok(*only),
        [] => Err(NotNamed::Nothing { what, name: name.to_owned() }),
        several => Err(NotNamed::Several {
            name: name.to_owned(),
            named: several.iter().map(|it| in_full(it)).collect(),
        }),
    }
}

/// Returns the shortest name of a settlement that no other one of these has.
pub fn settlement_name(it: &Settlement, others: &[Settlement]) -> String {
    let kind = &it.id.kind;
    if *kind == super::NETOPIA {
        return format!("{kind}/{}", it.id.key);
    }
    let (day, sum) = (it.dated, told(it.amount));
    let short = [format!("{kind}/{day}"), format!("{kind}/{day}/{sum}")];
    let is_its =
        |name: &String| settlement_named(name, others).is_ok_and(|found| found.id == it.id);
    short.into_iter().find(is_its).unwrap_or_else(|| settlement_in_full(it))
}

fn settlement_in_full(it: &Settlement) -> String {
    let key: String = it.id.key.chars().take(KEY_LETTERS).collect();
    match it.id.kind.as_str() {
        kind @ (super::NETOPIA | super::EMAG) => format!("{kind}/{}", it.id.key),
        kind => format!("{kind}/{}/{}/{key}", it.dated, told(it.amount)),
    }
}

/// Returns the name of a credit: the bank's reference where it is one that can be typed, else its day
/// and amount.
pub fn credit_name(it: &Credit) -> String {
    let can_be_typed = |reference: &&str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
        let has_digits = reference.bytes().any(|b| b.is_ascii_digit());
        has_digits && reference.len() <= REFERENCE_MAX && reference.chars().all(is_plain)
    };
    let reference = it.reference.as_deref().filter(can_be_typed);
    let reference = reference.filter(|it_| it.account.as_deref() != Some(*it_));
    reference.map_or_else(|| format!("{}/{}", it.day, told(it.amount)), str::to_owned)
}

fn credit_in_full(it: &Credit) -> String {
    let key: String = it.key.chars().take(KEY_LETTERS).collect();
    format!("{}/{}/{key}", it.day, told(it.amount))
}

/// Returns an amount as it is shown and typed.
fn told(amount: Decimal) -> String {
    format!("{amount:.2}")
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::tie::SettlementId;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 4, day).unwrap()
    }

    fn settlement(kind: &str, key: &str, dated: u32, bani: i64) -> Settlement {
        Settlement {
            id: SettlementId { kind: kind.to_owned(), key: key.to_owned() },
            account: None,
            currency: "RON".to_owned(),
            dated: day(dated),
            amount: Decimal::new(bani, 2),
        }
    }

    fn credit(key: &str, on: u32, bani: i64, reference: &str) -> Credit {
        Credit {
            key: key.to_owned(),
            sender: "gls".to_owned(),
            account: None,
            currency: "RON".to_owned(),
            day: day(on),
            amount: Decimal::new(bani, 2),
            names: None,
            reference: Some(reference.to_owned()),
        }
    }

    #[test]
    fn a_settlement_has_the_shortest_name_that_is_its_own() {
        let all = [
            settlement("gls", "0011223344", 8, 77_010),
            settlement("gls", "1111223344", 9, 100),
            settlement("gls", "2211223344", 9, 200),
            settlement("gls", "3311223344", 10, 300),
            settlement("gls", "4411223344", 10, 300),
            settlement("netopia", "53001314", 7, 143_018),
            settlement("emag", "1|2026-04-02", 2, 226_769),
        ];
        let names: Vec<String> = all.iter().map(|it| settlement_name(it, &all)).collect();
        let expected = [
            "gls/2026-04-08",
            "gls/2026-04-09/1.00",
            "gls/2026-04-09/2.00",
            "gls/2026-04-10/3.00/33112233",
            "gls/2026-04-10/3.00/44112233",
            "netopia/53001314",
            "emag/2026-04-02",
        ];
        assert_eq!(names, expected);
        for (it, name) in all.iter().zip(names) {
            assert_eq!(settlement_named(&name, &all).unwrap().id, it.id);
        }
        for other in ["GLS/08.04.2026", "gls/770,10", "gls/00112233"] {
            assert_eq!(settlement_named(other, &all).unwrap().id.key, "0011223344", "{other}");
        }
        assert!(matches!(settlement_named("gls/2026-04-09", &all), Err(NotNamed::Several { .. })));
        for none in ["", "gls", "gls/", "gls/0011", "gls/2026-04-11", "fan/2026-04-08"] {
            assert!(
                matches!(settlement_named(none, &all), Err(NotNamed::Nothing { .. })),
                "{none}"
            );
        }
    }

    #[test]
    fn a_credit_is_called_by_its_reference_or_by_day_and_amount() {
        let all = [
            credit("0011223344", 14, 77_700, "043ZEXA261046228"),
            credit("1111223344", 14, 100, "Incasare OP"),
            credit("2211223344", 14, 100, "NONREF"),
        ];
        assert_eq!(credit_name(&all[0]), "043ZEXA261046228");
        assert_eq!(credit_name(&all[1]), "2026-04-14/1.00");
        assert_eq!(credit_named("043ZEXA261046228", &all).unwrap().key, all[0].key);
        assert_eq!(credit_named("14.04.2026/777", &all).unwrap().key, all[0].key);
        let several = credit_named("2026-04-14/1.00", &all).unwrap_err();
        let NotNamed::Several { named, .. } = &several else { panic!("{several}") };
        assert_eq!(named, &["2026-04-14/1.00/11112233", "2026-04-14/1.00/22112233"]);
        assert_eq!(credit_named(&named[1], &all).unwrap().key, all[2].key);
        assert!(credit_named("", &all).is_err());
    }
}
