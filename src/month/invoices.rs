//! The invoices of a month: which are delivered and not paid, paid twice, or cancelled and paid.
//!
//! Each is judged by what came for it in all months, since the money for an invoice of April may come in
//! May.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::storno::{Pair, Reversed, pairs};
use crate::value::order_status::says_delivered;

/// An invoice.
#[derive(Debug, Clone)]
pub struct Invoice {
    /// The key of its row.
    pub key: String,
    /// Its series and number.
    pub name: String,
    /// The day on which it was issued.
    pub issued_on: Option<NaiveDate>,
    /// Its amount; of one that takes another back, below zero.
    pub total: Decimal,
    /// Its currency.
    pub currency: String,
    /// What the accounting program calls it: `Normala`, `Storno`, `Stornata`.
    pub kind: Option<String>,
    /// Whether it was cancelled.
    pub is_canceled: bool,
}

/// The kind of an invoice that takes another one back.
pub(super) const STORNO: &str = "Storno";

/// The kind of an invoice that was taken back.
pub(super) const STORNATA: &str = "Stornata";

impl Invoice {
    /// Returns whether it stands: it was not cancelled, takes nothing back and was not taken back. An
    /// invoice of which nothing is said stands.
    fn stands(&self) -> bool {
        let is_reversal = |kind: &str| [STORNO, STORNATA].contains(&kind);
        !self.is_canceled && !self.kind.as_deref().is_some_and(is_reversal)
    }
}

/// What came for an invoice: by a line of a settlement, or from a customer.
#[derive(Debug, Clone)]
pub struct Payment {
    /// The invoice.
    pub invoice: Invoice,
    /// The number of the order by which it leads there, where it is known.
    pub order: Option<String>,
    /// What came, in the invoice's currency; of money that was given back, below zero.
    pub amount: Decimal,
    /// Whether it came in the month that is looked at.
    pub is_of_month: bool,
}

/// An invoice of the month, and one of its orders.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The invoice.
    pub invoice: Invoice,
    /// The order's number.
    pub order: Option<String>,
    /// How the order stands, in the words of the shop's program.
    pub status: Option<String>,
    /// Whether a courier's list says that its parcel was delivered.
    pub has_delivered_parcel: bool,
}

/// What is known of the invoices that a month issued or got money for.
#[derive(Debug, Clone, Default)]
pub struct InvoiceFacts {
    /// What came for them, in all months.
    pub payments: Vec<Payment>,
    /// The invoices that the month issued and that have an order.
    pub issued: Vec<Issued>,
    /// All invoices that take others back or were taken back.
    pub reversed: Vec<Reversed>,
}

/// An invoice on the page.
#[derive(Debug, Clone, Serialize)]
pub struct InvoiceLine {
    /// Its series and number.
    pub name: String,
    /// The day on which it was issued.
    pub issued_on: Option<NaiveDate>,
    /// Its amount.
    pub total: Decimal,
    /// Its currency.
    pub currency: String,
    /// The number of its order, where one is known.
    pub order: Option<String>,
    /// What came for it in all months, less what was given back.
    pub paid: Decimal,
    /// How many times money came for it.
    pub payments: usize,
    /// Of an invoice that was paid although it does not stand, why it does not: `cancelled`, `Storno`,
    /// `Stornata`.
    pub state: Option<String>,
    /// The invoice that took it back.
    pub storno: Option<String>,
}

/// What is told of the invoices of a month.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Invoices {
    /// Invoices of the month whose order is delivered, and for which nothing came in any month.
    pub invoices_not_paid: Vec<InvoiceLine>,
    /// Invoices for which more than their total came, by several payments of which one is of the month.
    pub invoices_paid_twice: Vec<InvoiceLine>,
    /// Invoices that are cancelled, take others back or were taken back, for which money came in the
    /// month and was not given back.
    pub cancelled_invoices_paid: Vec<InvoiceLine>,
    /// How many invoices take back one that is known, as far as they are of the month or the month got
    /// money for the one that they take back.
    pub storno_pairs: usize,
}

/// What came for one invoice.
struct Paid<'f> {
    invoice: &'f Invoice,
    order: Option<&'f str>,
    sum: Decimal,
    /// How many times money came.
    payments: usize,
    /// Whether money came in the month.
    is_of_month: bool,
}

impl Invoices {
    /// Judges the invoices of the month whose days are these.
    pub(super) fn of(facts: &InvoiceFacts, days: (NaiveDate, NaiveDate)) -> Self {
        let pairs = pairs(&facts.reversed);
        let got_money: HashSet<&str> = facts
            .payments
            .iter()
            .filter(|it| it.is_of_month && it.amount > Decimal::ZERO)
            .map(|it| it.invoice.key.as_str())
            .collect();
        let concerns = |pair: &&Pair<'_>| {
            (days.0..=days.1).contains(&pair.taken_back_on) || got_money.contains(pair.stornata)
        };
        let storno_pairs = pairs.iter().filter(concerns).count();
        let stornos: HashMap<&str, &str> =
            pairs.iter().map(|it| (it.stornata, it.storno)).collect();
        let mut told = Self { storno_pairs, ..Self::default() };
        for paid in paid(&facts.payments).filter(|it| it.is_of_month) {
            let Paid { invoice, order, sum, payments, .. } = paid;
            let line = InvoiceLine { paid: sum, payments, ..line(invoice, order) };
            if !invoice.stands() && sum > Decimal::ZERO {
                let storno = stornos.get(invoice.key.as_str()).map(|it| (*it).to_owned());
                let state = Some(state(invoice));
                told.cancelled_invoices_paid.push(InvoiceLine { state, storno, ..line });
            } else if invoice.stands() && payments > 1 && sum > invoice.total {
                told.invoices_paid_twice.push(line);
            }
        }
        told.invoices_not_paid = not_paid(facts);
        told
    }
}

/// Returns what came for each invoice, in the order of their days and names.
fn paid(payments: &[Payment]) -> impl Iterator<Item = Paid<'_>> {
    let mut all: BTreeMap<(Option<NaiveDate>, &str, &str), Paid<'_>> = BTreeMap::new();
    for Payment { invoice, order, amount, is_of_month } in payments {
        let key = (invoice.issued_on, invoice.name.as_str(), invoice.key.as_str());
        let paid = all.entry(key).or_insert_with(|| Paid {
            invoice,
            order: None,
            sum: Decimal::ZERO,
            payments: 0,
            is_of_month: false,
        });
        paid.order = paid.order.or(order.as_deref());
        paid.sum += *amount;
        if *amount > Decimal::ZERO {
            paid.payments += 1;
            paid.is_of_month |= *is_of_month;
        }
    }
    all.into_values()
}

/// Returns the invoices that are delivered and for which nothing came.
fn not_paid(facts: &InvoiceFacts) -> Vec<InvoiceLine> {
    let mut known: HashSet<&str> =
        facts.payments.iter().map(|it| it.invoice.key.as_str()).collect();
    let is_delivered =
        |it: &&Issued| it.has_delivered_parcel || it.status.as_deref().is_some_and(says_delivered);
    let is_owed = |it: &&Issued| it.invoice.stands() && it.invoice.total > Decimal::ZERO;
    let delivered = facts.issued.iter().filter(is_owed).filter(is_delivered);
    // An invoice of two orders is told once.
    let mut lines = Vec::new();
    for it in delivered {
        if known.insert(&it.invoice.key) {
            lines.push(line(&it.invoice, it.order.as_deref()));
        }
    }
    lines
}

fn line(invoice: &Invoice, order: Option<&str>) -> InvoiceLine {
    InvoiceLine {
        name: invoice.name.clone(),
        issued_on: invoice.issued_on,
        total: invoice.total,
        currency: invoice.currency.clone(),
        order: order.map(str::to_owned),
        paid: Decimal::ZERO,
        payments: 0,
        state: None,
        storno: None,
    }
}

fn state(invoice: &Invoice) -> String {
    match &invoice.kind {
        Some(kind) if !invoice.is_canceled => kind.clone(),
        _ => "cancelled".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invoice(name: &str, total: i64, kind: &str) -> Invoice {
        Invoice {
            key: name.to_owned(),
            name: name.to_owned(),
            issued_on: "2026-04-03".parse().ok(),
            total: total.into(),
            currency: "RON".to_owned(),
            kind: Some(kind.to_owned()),
            is_canceled: false,
        }
    }

    fn issued(invoice: &Invoice, status: &str) -> Issued {
        Issued {
            invoice: invoice.clone(),
            order: Some(format!("1{}", invoice.name)),
            status: Some(status.to_owned()),
            has_delivered_parcel: false,
        }
    }

    fn payment(invoice: &Invoice, amount: i64, is_of_month: bool) -> Payment {
        Payment { invoice: invoice.clone(), order: None, amount: amount.into(), is_of_month }
    }

    fn told(facts: &InvoiceFacts) -> Invoices {
        Invoices::of(facts, ("2026-04-01".parse().unwrap(), "2026-04-30".parse().unwrap()))
    }

    fn names(lines: &[InvoiceLine]) -> Vec<&str> {
        lines.iter().map(|it| it.name.as_str()).collect()
    }

    #[test]
    fn an_invoice_that_is_delivered_and_for_which_nothing_came_is_told_once() {
        let all = ["A", "B", "C", "D"].map(|name| invoice(name, 100, "Normala"));
        let [paid, owed, under_way, given_back] = &all;
        let facts = InvoiceFacts {
            issued: vec![
                issued(paid, "Livrata"),
                issued(owed, "Livrata"),
                issued(owed, "Completed"),
                issued(under_way, "Expediata"),
                issued(given_back, "Livrata"),
                issued(&invoice("E", 100, "Stornata"), "Livrata"),
                issued(&Invoice { is_canceled: true, ..invoice("F", 9, "Normala") }, "Livrata"),
            ],
            payments: vec![payment(paid, 100, false), payment(given_back, -100, true)],
            ..InvoiceFacts::default()
        };
        assert_eq!(names(&told(&facts).invoices_not_paid), ["B"]);
        let by_courier = Issued { has_delivered_parcel: true, ..issued(under_way, "Expediata") };
        let facts = InvoiceFacts { issued: vec![by_courier], ..InvoiceFacts::default() };
        assert_eq!(names(&told(&facts).invoices_not_paid), ["C"]);
    }

    #[test]
    fn paid_twice_is_more_than_the_total_by_several_payments_of_which_one_is_of_the_month() {
        let all = ["A", "B", "C", "D", "E"].map(|name| invoice(name, 100, "Normala"));
        let [twice, in_parts, given_back, too_much, long_ago] = &all;
        let facts = InvoiceFacts {
            payments: vec![
                payment(twice, 100, true),
                payment(twice, 100, false),
                payment(in_parts, 60, true),
                payment(in_parts, 40, true),
                payment(given_back, 100, true),
                payment(given_back, 100, true),
                payment(given_back, -100, false),
                payment(too_much, 120, true),
                payment(long_ago, 100, false),
                payment(long_ago, 100, false),
            ],
            ..InvoiceFacts::default()
        };
        let told = told(&facts);
        assert_eq!(names(&told.invoices_paid_twice), ["A"]);
        let line = &told.invoices_paid_twice[0];
        assert_eq!((line.paid, line.payments), (200.into(), 2));
    }

    #[test]
    fn a_cancelled_invoice_that_was_paid_names_what_took_it_back() {
        let [stornata, given_back] = ["A", "B"].map(|name| invoice(name, 100, "Stornata"));
        let canceled = Invoice { is_canceled: true, ..invoice("C", 50, "Normala") };
        let storno =
            Invoice { issued_on: "2026-04-20".parse().ok(), ..invoice("S", -100, "Storno") };
        let reversed = [&stornata, &storno]
            .map(|it| Reversed { invoice: it.clone(), client: Some("x".to_owned()) });
        let facts = InvoiceFacts {
            payments: vec![
                payment(&stornata, 100, true),
                payment(&given_back, 100, true),
                payment(&given_back, -100, true),
                payment(&canceled, 50, true),
            ],
            reversed: reversed.to_vec(),
            ..InvoiceFacts::default()
        };
        let told = told(&facts);
        let lines: Vec<_> = told
            .cancelled_invoices_paid
            .iter()
            .map(|it| (it.name.as_str(), it.state.as_deref(), it.storno.as_deref()))
            .collect();
        let expected = [("A", Some("Stornata"), Some("S")), ("C", Some("cancelled"), None)];
        assert_eq!(lines, expected);
        assert_eq!(told.storno_pairs, 1);
    }
}
