//! Which invoice takes back which other one.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::invoices::{Invoice, STORNATA, STORNO};

/// An invoice that takes another one back, or was taken back.
#[derive(Debug, Clone)]
pub struct Reversed {
    /// The invoice.
    pub invoice: Invoice,
    /// Whom it is for, in a form that is equal for the same client; of one whose client is not known
    /// nothing is said.
    pub client: Option<String>,
}

/// An invoice that was taken back, and the one that did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair<'f> {
    /// The key of the one that was taken back.
    pub(super) stornata: &'f str,
    /// The name of the one that took it back.
    pub(super) storno: &'f str,
    /// The day on which it did.
    pub(super) taken_back_on: NaiveDate,
}

/// What the two of a pair have in common: client, currency, amount without sign.
type Alike<'f> = (&'f str, &'f str, Decimal);

/// Returns the pairs: the same client and currency, amounts that make zero together. Where several fit, an
/// invoice takes back the one that was issued last before it; each stands in one pair.
pub(super) fn pairs(reversed: &[Reversed]) -> Vec<Pair<'_>> {
    let mut alike: BTreeMap<Alike<'_>, Vec<(NaiveDate, &Invoice)>> = BTreeMap::new();
    for Reversed { invoice, client } in reversed {
        if let (Some(client), Some(day)) = (client, invoice.issued_on) {
            let key = (client.as_str(), invoice.currency.as_str(), invoice.total.abs());
            alike.entry(key).or_default().push((day, invoice));
        }
    }
    let mut pairs = Vec::new();
    for mut invoices in alike.into_values() {
        // On one day the one that is taken back comes first.
        invoices.sort_by_key(|(day, it)| (*day, it.total < Decimal::ZERO, it.key.as_str()));
        let mut open: Vec<&Invoice> = Vec::new();
        for (day, it) in invoices {
            match it.kind.as_deref() {
                Some(STORNATA) if it.total > Decimal::ZERO => open.push(it),
                Some(STORNO) if it.total < Decimal::ZERO => pairs.extend(open.pop().map(|last| {
                    Pair { stornata: &last.key, storno: &it.name, taken_back_on: day }
                })),
                _ => {}
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reversed(name: &str, day: &str, total: i64, client: &str) -> Reversed {
        Reversed {
            invoice: Invoice {
                key: name.to_owned(),
                name: name.to_owned(),
                issued_on: day.parse().ok(),
                total: total.into(),
                currency: "RON".to_owned(),
                kind: Some(if total < 0 { STORNO } else { STORNATA }.to_owned()),
                is_canceled: false,
            },
            client: Some(client.to_owned()).filter(|it| !it.is_empty()),
        }
    }

    fn told(all: &[Reversed]) -> Vec<(&str, &str)> {
        pairs(all).iter().map(|it| (it.stornata, it.storno)).collect()
    }

    #[test]
    fn an_invoice_takes_back_the_last_one_before_it_of_the_same_client_and_amount() {
        let all = [
            reversed("S2", "2026-04-12", -100, "x"),
            reversed("S1", "2026-04-10", -100, "x"),
            reversed("A", "2026-04-01", 100, "x"),
            reversed("B", "2026-04-10", 100, "x"),
            reversed("C", "2026-04-11", 100, "y"),
            reversed("D", "2026-04-11", 90, "x"),
            reversed("E", "2026-04-20", 100, "x"),
        ];
        assert_eq!(told(&all), [("B", "S1"), ("A", "S2")]);
    }

    #[test]
    fn nothing_is_paired_without_a_client() {
        let all = [reversed("A", "2026-04-01", 100, ""), reversed("S", "2026-04-02", -100, "")];
        assert_eq!(told(&all), []);
    }
}
