//! The lines of settlements, and the order and the invoice behind each.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::{SettlementLine, sender_word};
use crate::tie::SettlementId;

/// One parcel, payment or order of a settlement.
#[derive(Debug, Clone, Serialize)]
pub struct PaidLine {
    /// The settlement that it is of.
    pub settlement: SettlementId,
    /// What it is called there: the number of a parcel, of a payment, of an order.
    pub name: String,
    /// The number of the order behind it, where it names one.
    pub order: Option<String>,
    /// The series and number of the invoice behind it.
    pub invoice: Option<String>,
    /// What it pays; of money that is given back, below zero.
    pub amount: Decimal,
    /// What it pays more than its invoice says; nothing where the invoice's total is not known.
    pub difference: Option<Decimal>,
    /// Why no invoice is known.
    pub reason: Option<NoInvoice>,
}

/// Why no invoice is known for a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoInvoice {
    /// The line names no order, and no order has its parcel.
    NoOrder,
    /// The order is in no file that was imported.
    OrderNotHere,
    /// The order has no invoice.
    OrderWithoutInvoice,
}

impl NoInvoice {
    /// Every reason.
    const ALL: [Self; 3] = [Self::NoOrder, Self::OrderNotHere, Self::OrderWithoutInvoice];

    /// Returns what the view of the lines calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoOrder => "no_order",
            Self::OrderNotHere => "order_not_here",
            Self::OrderWithoutInvoice => "order_without_invoice",
        }
    }

    /// Returns the reason that the view of the lines calls so.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Returns the reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoOrder => "names no order",
            Self::OrderNotHere => "order not imported",
            Self::OrderWithoutInvoice => "order without invoice",
        }
    }
}

/// How many lines of a sender lead to an invoice.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LineSum {
    /// The sender.
    pub sender: String,
    /// How many lines its settlements of the month have.
    pub lines: usize,
    /// How many of them lead to an invoice.
    pub with_invoice: usize,
    /// Of those with an invoice: how many have one that is not imported, so that nothing is compared.
    pub not_compared: usize,
    /// How many name no order.
    pub no_order: usize,
    /// How many name an order that is not imported.
    pub order_not_here: usize,
    /// How many have an order without invoice.
    pub order_without_invoice: usize,
}

/// A line on the page.
#[derive(Debug, Clone, Serialize)]
pub struct ToldLine {
    /// What it is called in its settlement.
    pub name: String,
    /// Who pays.
    pub sender: String,
    /// What its settlement is called.
    pub settlement: String,
    /// The day of its settlement.
    pub day: NaiveDate,
    /// The number of its order.
    pub order: Option<String>,
    /// Its invoice.
    pub invoice: Option<String>,
    /// What is paid: by the line, or where it differs, by all lines of the settlement for its order.
    pub amount: Decimal,
    /// The currency.
    pub currency: String,
    /// What is paid more than the invoice says.
    pub difference: Option<Decimal>,
    /// Why no invoice is known.
    pub reason: Option<NoInvoice>,
}

/// What is told of the lines of a month.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Lines {
    /// How many lines of each sender lead to an invoice.
    pub lines: Vec<LineSum>,
    /// The lines that lead to none.
    pub lines_without_invoice: Vec<ToldLine>,
    /// The lines that pay another amount than their invoice says.
    pub lines_that_differ: Vec<ToldLine>,
}

impl Lines {
    /// Tells of the lines of these settlements, which stand in the order of their lines' documents.
    pub(super) fn of(
        lines: &[PaidLine],
        settlements: &HashMap<&SettlementId, &SettlementLine>,
    ) -> Self {
        let mut told = Self { lines: sums(lines), ..Self::default() };
        let mut for_order: HashMap<_, Decimal> = HashMap::new();
        for line in lines {
            *for_order.entry(order_of(line)).or_default() += line.amount;
        }
        for line in lines {
            let Some(settlement) = settlements.get(&line.settlement) else { continue };
            let (list, amount) = match line.difference {
                _ if line.reason.is_some() => (&mut told.lines_without_invoice, line.amount),
                Some(difference) if !difference.is_zero() => {
                    let together = for_order.get(&order_of(line)).copied();
                    (&mut told.lines_that_differ, together.unwrap_or(line.amount))
                }
                _ => continue,
            };
            list.push(ToldLine {
                name: line.name.clone(),
                sender: settlement.sender.clone(),
                settlement: settlement.name.clone(),
                day: settlement.day,
                order: line.order.clone(),
                invoice: line.invoice.clone(),
                amount,
                currency: settlement.currency.clone(),
                difference: line.difference,
                reason: line.reason,
            });
        }
        told
    }

    /// Returns whether the order behind some line is known.
    pub fn know_an_order(&self) -> bool {
        self.lines.iter().any(|it| it.with_invoice > 0 || it.order_without_invoice > 0)
    }
}

/// What the lines have in common that pay together for one order, or give its money back.
fn order_of(line: &PaidLine) -> (&SettlementId, Option<&str>, bool) {
    (&line.settlement, line.order.as_deref(), line.amount < Decimal::ZERO)
}

fn sums(lines: &[PaidLine]) -> Vec<LineSum> {
    let mut sums: BTreeMap<&str, LineSum> = BTreeMap::new();
    for line in lines {
        let sum = sums.entry(&line.settlement.kind).or_default();
        sum.sender = sender_word(&line.settlement.kind).to_owned();
        sum.lines += 1;
        let (with, not_compared) = (line.reason.is_none(), line.difference.is_none());
        sum.with_invoice += usize::from(with);
        sum.not_compared += usize::from(with && not_compared);
        match line.reason {
            Some(NoInvoice::NoOrder) => sum.no_order += 1,
            Some(NoInvoice::OrderNotHere) => sum.order_not_here += 1,
            Some(NoInvoice::OrderWithoutInvoice) => sum.order_without_invoice += 1,
            None => {}
        }
    }
    sums.into_values().collect()
}
