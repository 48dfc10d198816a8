//! What a customer owes: an invoice, or an order that has none yet; and what people call it.

use rust_decimal::Decimal;

use super::name::NotNamed;
use super::{INVOICE, SettlementId};

/// An invoice or an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// The kind and the key by which ties name it.
    pub id: SettlementId,
    /// The series of the invoice; of an order, that of the proforma or invoice which it states.
    pub series: Option<String>,
    /// The number beside it.
    pub number: Option<String>,
    /// The number of the order, where it is one.
    pub order_number: Option<String>,
    /// The currency; empty where none is stated.
    pub currency: String,
    /// What is to be paid, where that is stated.
    pub total: Option<Decimal>,
    /// Whether it is cancelled.
    pub is_cancelled: bool,
}

impl Bill {
    /// Returns what people call it: `FNT 24172`, `order 3116401170`.
    pub fn name(&self) -> String {
        match (&self.order_number, &self.number) {
            (Some(order), _) => format!("order {order}"),
            (None, Some(number)) => {
                let series = self.series.as_deref().unwrap_or_default();
                format!("{} {}", series.trim(), number.trim()).trim().to_owned()
            }
            (None, None) => self.id.key.clone(),
        }
    }

    /// Returns whether somebody who typed `name` means it: its series and number, the number of the order,
    /// or its key. Case, blanks, signs and zeros before the number do not matter.
    fn is_called(&self, name: &str) -> bool {
        let name = letters_and_digits(name);
        let is_whole = |text: &String| !text.is_empty() && letters_and_digits(text) == name;
        let is_order = self.order_number.as_ref().is_some_and(|order| {
            is_whole(order) || name.strip_prefix("ORDER") == Some(&letters_and_digits(order))
        });
        let series = letters_and_digits(self.series.as_deref().unwrap_or_default());
        let number = letters_and_digits(self.number.as_deref().unwrap_or_default());
        let bare = |number: &str| number.trim_start_matches('0').to_owned();
        let is_number = |rest: &str| !bare(&number).is_empty() && bare(rest) == bare(&number);
        is_order || is_whole(&self.id.key) || name.strip_prefix(&series).is_some_and(is_number)
    }
}

/// Returns the bill of that name. An invoice comes before the order that states it.
///
/// # Errors
///
/// No bill or several bills of that name.
pub(super) fn bill_named<'a>(name: &str, all: &'a [Bill]) -> Result<&'a Bill, NotNamed> {
    let is_invoice = |it: &&&Bill| it.id.kind == INVOICE;
    let called: Vec<&Bill> = all.iter().filter(|it| it.is_called(name)).collect();
    let invoices: Vec<&Bill> = called.iter().filter(is_invoice).copied().collect();
    match if invoices.is_empty() { called } else { invoices }.as_slice() {
        [only] => Ok(only),
        [] => {
            let what = "settlement, invoice or order";
            Err(NotNamed::Nothing { what, name: name.to_owned() })
        }
        several => Err(NotNamed::Several {
            name: name.to_owned(),
            named: several.iter().map(|it| it.id.key.clone()).collect(),
        }),
    }
}

fn letters_and_digits(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bill(kind: &str, key: &str, series: &str, number: &str) -> Bill {
        Bill {
            id: SettlementId { kind: kind.to_owned(), key: key.to_owned() },
            series: Some(series.to_owned()),
            number: Some(number.to_owned()),
            order_number: (kind == "order").then(|| key.to_owned()),
            currency: "RON".to_owned(),
            total: Some(Decimal::ONE),
            is_cancelled: false,
        }
    }

    #[test]
    fn a_bill_is_called_by_its_series_and_number_or_its_key() {
        let all = [
            bill(INVOICE, "a1", "FNT", "024172"),
            bill(INVOICE, "b2", "TTP", "24172"),
            bill("order", "3116401170", "FNT", "24172"),
            bill("order", "3116401171", "TTPF", "231745"),
        ];
        for (name, expected) in [
            ("FNT24172", "a1"),
            ("fnt 24172", "a1"),
            ("FNT-024172", "a1"),
            ("b2", "b2"),
            ("TTPF 231745", "3116401171"),
            ("order 3116401170", "3116401170"),
            ("3116401171", "3116401171"),
        ] {
            assert_eq!(bill_named(name, &all).unwrap().id.key, expected, "{name}");
        }
        for none in ["", "24172", "FNT", "FNT241720", "FNT 0"] {
            let found = bill_named(none, &all);
            assert!(matches!(found, Err(NotNamed::Nothing { .. })), "{none}: {found:?}");
        }
        let names: Vec<String> = all.iter().map(Bill::name).collect();
        assert_eq!(names, ["FNT 024172", "TTP 24172", "order 3116401170", "order 3116401171"]);
        let twice = [bill(INVOICE, "a1", "FNT", "1"), bill(INVOICE, "b2", "FNT", "01")];
        assert!(matches!(bill_named("FNT1", &twice), Err(NotNamed::Several { .. })));
    }
}
