//! What the bank says of a month, entry by entry, and what its credits pay.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Facts, MonthOfYear};
use crate::tie::{INVOICE, ORDER, SettlementId};

/// An entry of a statement.
#[derive(Debug, Clone)]
pub struct BankEntry {
    /// The key of its row; `None` where somebody else wrote a row without one.
    pub key: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The day that the bank counts the money from.
    pub day: NaiveDate,
    /// The day on which it was booked.
    pub booked: Option<NaiveDate>,
    /// Positive when money arrived.
    pub amount: Decimal,
    /// Its currency.
    pub currency: String,
    /// Who it is from or for, as the bank names them.
    pub counterparty: Option<String>,
    /// Its text.
    pub text: Option<String>,
    /// What the bank calls it.
    pub reference: Option<String>,
}

/// A tie, with what people know its credit and its settlement by.
#[derive(Debug, Clone)]
pub struct KnownTie {
    /// The settlement, or the invoice or order that a customer paid.
    pub settlement: SettlementId,
    /// The key of the credit's row.
    pub credit: String,
    /// The part of the credit that pays it.
    pub amount: Decimal,
    /// The credit's day; `None` where its row is gone.
    pub day: Option<NaiveDate>,
    /// What the bank calls the credit.
    pub reference: Option<String>,
    /// The settlement's day; `None` for an invoice or order.
    pub dated: Option<NaiveDate>,
    /// The settlement's document, or the invoice's series and number; `None` where it is gone.
    pub document: Option<String>,
}

impl KnownTie {
    /// Returns whether a customer paid an invoice or an order, and nobody settles anything.
    pub fn is_direct(&self) -> bool {
        [INVOICE, ORDER].contains(&self.settlement.kind.as_str())
    }
}

/// The bank's part of a company's month.
#[derive(Debug, Clone, Default)]
pub struct Bank {
    /// The entries whose day is in the month, account by account, in the order of the bank.
    pub entries: Vec<BankEntry>,
    /// The ties of the settlements, invoices and orders that credits of the month pay; of one that
    /// several credits pay, also the ties of the other months.
    pub ties: Vec<KnownTie>,
    /// The facts of the other months whose settlements the credits of this one pay.
    pub elsewhere: Vec<Facts>,
}

impl Bank {
    /// Returns the other months whose settlements are tied, each once.
    pub fn other_months(ties: &[KnownTie], month: MonthOfYear) -> Vec<MonthOfYear> {
        let dated = ties.iter().filter_map(|tie| tie.dated);
        let mut months: Vec<MonthOfYear> = dated.map(MonthOfYear::of).collect();
        months.sort_unstable();
        months.dedup();
        months.retain(|it| *it != month);
        months
    }
}
