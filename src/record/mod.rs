//! What every format returns: records with their lines, and the damaged records.
//!
//! A record says what the file says. It is not yet a row: its text is as the sender wrote it, and
//! nothing here knows a table, a key or a company.

pub mod export;
mod fields;
pub mod kept;
pub mod pages;
mod payout;
mod shop;
mod statement;

use std::fmt;

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

pub use fields::EntryFields;
pub use kept::KeptStatement;
pub use payout::{PayoutDocument, PayoutKind, PayoutLine, PayoutTotal, vat_rate};
pub use shop::{
    Channel, Invoice, InvoiceKind, InvoiceReport, Order, OrderList, SoldProduct, StatedTotal,
};
pub use statement::{
    Balance, Dialect, Entry, Heading, Narrative, Statement, StatementKind, Tally, Terms, Turnover,
};

pub use crate::value::Line;

/// A file as its format understood it.
#[derive(Debug)]
pub enum Document<'s> {
    /// Bank statements, one for each message, in the order of the file.
    Statements(Vec<Statement<'s>>),
    /// Courier borderouri, one for each sheet.
    Borderouri(Vec<Borderou>),
    /// A batch of card payments.
    Batch(Batch),
    /// A document of a marketplace's payout.
    Payout(Box<PayoutDocument>),
    /// A shop's list of orders.
    Orders(OrderList),
    /// A shop's report of invoices.
    Invoices(InvoiceReport),
}

impl Document<'_> {
    /// Returns the records that could not be read, in the order of the file.
    pub fn damaged(&self) -> Box<dyn Iterator<Item = &Damaged> + '_> {
        match self {
            Self::Statements(messages) => Box::new(messages.iter().flat_map(|it| &it.damaged)),
            Self::Borderouri(borderouri) => Box::new(borderouri.iter().flat_map(|it| &it.damaged)),
            Self::Batch(batch) => Box::new(batch.damaged.iter()),
            Self::Payout(document) => Box::new(document.damaged.iter()),
            Self::Orders(list) => Box::new(list.damaged.iter()),
            Self::Invoices(report) => Box::new(report.damaged.iter()),
        }
    }
}

/// A record that could not be understood: it is held, and the rest of its file goes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// Where it starts.
    pub line: Line,
    /// The record as it stands in the file.
    pub raw: String,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The text is no amount.
    #[error("{field} {found:?} is not an amount")]
    Amount {
        /// The field's name as the format calls it.
        field: &'static str,
        /// What stands there, shortened.
        found: String,
    },
    /// The amount is exact but no money column keeps it.
    #[error("{field} {found} has more digits than a table keeps (16 before the point, 2 after)")]
    AmountDigits {
        /// The field's name as the format calls it.
        field: &'static str,
        /// The amount.
        found: Decimal,
    },
    /// The text is no date.
    #[error("{field} {found:?} is not a date")]
    Date {
        /// The field's name as the format calls it.
        field: &'static str,
        /// What stands there, shortened.
        found: String,
    },
    /// A field that every record must have is missing.
    #[error("{field} is missing")]
    Missing {
        /// The field's name as the format calls it.
        field: &'static str,
    },
    /// Two rows of one record say different things.
    #[error(
        "{field} is another one than in the rows from line {first} on, expected one in all of them"
    )]
    Contradiction {
        /// The field's name as the format calls it.
        field: &'static str,
        /// The record's first row.
        first: Line,
    },
    /// The record does not have the form that its format gives it.
    #[error("{found}, expected {expected}")]
    Form {
        /// What stands there, in words.
        found: &'static str,
        /// What should stand there.
        expected: &'static str,
    },
}

/// Something odd that does not keep a file out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The line, where the warning is about one.
    pub line: Option<Line>,
    /// What is odd, in words for a bookkeeper.
    pub text: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// A currency by its three letters (ISO 4217).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Leu.
    pub const RON: Self = Self(*b"RON");

    /// Returns the currency of three letters, whatever their case, or `None`.
    pub fn new(code: &str) -> Option<Self> {
        let letters: [u8; 3] = code.as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(letters.map(|b| b.to_ascii_uppercase())))
    }

    /// Returns the three letters.
    pub fn as_str(&self) -> &str {
        // `new` lets only ASCII letters in.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A courier that pays out cash on delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Courier {
    /// GLS Romania.
    Gls,
    /// Sameday.
    Sameday,
}

impl Courier {
    /// Returns the courier's name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Gls => "GLS",
            Self::Sameday => "Sameday",
        }
    }

    /// Returns the courier's name in keys of accounts and in the column `courier`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gls => "gls",
            Self::Sameday => "sameday",
        }
    }
}

/// One borderou: the parcels that one transfer to the shop pays.
#[derive(Debug, Clone)]
pub struct Borderou {
    /// Where its parcels start.
    pub line: Line,
    /// Who paid.
    pub courier: Courier,
    /// The day of the transfer.
    pub date: NaiveDate,
    /// The first and the last day whose collected cash the transfer pays, where the file states them.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// The shop as the courier calls it.
    pub client_name: Option<String>,
    /// The shop's number with the courier, from the file's name.
    pub client_number: Option<String>,
    /// The IBAN that was paid, without blanks.
    pub account: String,
    /// What the amounts are counted in.
    pub currency: Currency,
    /// The stated total and where it stands.
    pub total: Option<(Line, Decimal)>,
    /// The parcels that could be read, in the order of the file.
    pub parcels: Vec<Parcel>,
    /// The rows that could not be read.
    pub damaged: Vec<Damaged>,
    /// Oddities met on the way.
    pub warnings: Vec<Warning>,
}

/// One parcel of a borderou.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// Its sheet row.
    pub line: Line,
    /// The courier's number of the parcel.
    pub number: String,
    /// The courier's reference.
    pub reference: Option<String>,
    /// The shop's order.
    pub cod_reference: Option<String>,
    /// The day it was delivered.
    pub delivery_date: Option<NaiveDate>,
    /// Cash taken at the door.
    pub amount: Decimal,
    /// What the amount is counted in.
    pub currency: Currency,
    /// Who received it.
    pub recipient_name: Option<String>,
    /// The town, where the address tells it.
    pub recipient_city: Option<String>,
    /// The county, where the file states it.
    pub recipient_county: Option<String>,
    /// The whole address line.
    pub recipient_address: Option<String>,
    /// The row's cells, joined with tabs.
    pub raw: String,
}

/// One Netopia batch: the card operations that one transfer to the shop pays.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Its first line.
    pub line: Line,
    /// Column `#` of the first line.
    pub batch_id: String,
    /// Lines that name another batch, each with the batch that it names.
    pub strays: Vec<(Line, String)>,
    /// The batch that the file's name names.
    pub name_batch_id: Option<String>,
    /// The report that the file's name names.
    pub report_id: Option<String>,
    /// The day it was paid.
    pub paid_on: NaiveDate,
    /// What the amounts are counted in.
    pub currency: Currency,
    /// The amount of the transfer to the shop, before rounding.
    pub net: Decimal,
    /// The operations that could be read, in the order of the file.
    pub operations: Vec<Operation>,
    /// The lines that could not be read.
    pub damaged: Vec<Damaged>,
    /// Oddities met on the way.
    pub warnings: Vec<Warning>,
}

/// What an operation of a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// A card payment.
    Payment,
    /// Money given back to the payer.
    Refund,
    /// The fee of paying out an earlier batch.
    PayoutFee,
    /// The fee of a payment that Netopia gives back, without any other movement of that payment.
    FeeReturn,
}

/// One operation of a batch: all lines with one `Id` and one moment together.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its first line.
    pub line: Line,
    /// What it is.
    pub kind: OperationKind,
    /// Column `Id`; for a payout fee the text after `BankTransfer:`.
    pub netopia_id: String,
    /// Column `Comerciant`.
    pub merchant: Option<String>,
    /// Column `ID Terminal`.
    pub terminal_id: Option<String>,
    /// The moment of the operation, local time of Romania as the file writes it.
    pub at: NaiveDateTime,
    /// Processed + credited + discounts: positive for a payment, negative for a refund, else zero.
    pub amount: Decimal,
    /// The fee as a cost: positive where it is paid, negative where it comes back.
    pub fee: Decimal,
    /// The fee's VAT as a cost.
    pub vat: Decimal,
    /// What the amounts are counted in.
    pub currency: Currency,
    /// The shop's order.
    pub order_id: Option<String>,
    /// Who paid.
    pub payer_name: Option<String>,
    /// The card network's retrieval reference.
    pub rrn: Option<String>,
    /// Its lines as they stand in the file, without e-mail, telephone and card BIN.
    pub raw: String,
}

impl Operation {
    /// Returns what the operation adds to the batch's transfer.
    pub fn net(&self) -> Decimal {
        self.amount - self.fee - self.vat
    }
}
