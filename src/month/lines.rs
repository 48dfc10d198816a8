//! A line of a settlement, and the order and the invoice behind it.

use rust_decimal::Decimal;

use crate::tie::SettlementId;

/// One parcel, payment or order of a settlement.
#[derive(Debug, Clone, serde::Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
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
    /// Returns the reason that the view of the lines calls so.
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "no_order" => Some(Self::NoOrder),
            "order_not_here" => Some(Self::OrderNotHere),
            "order_without_invoice" => Some(Self::OrderWithoutInvoice),
            _ => None,
        }
    }
}
