//! The lists of a web shop: its orders and its invoices, as they stood when somebody exported them.

use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use super::{Currency, Damaged, Line, Warning};

/// The program of the shop that keeps orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Gomag, the shop itself.
    Gomag,
    /// easySales, which keeps the orders of marketplaces.
    EasySales,
}

impl Channel {
    /// Returns its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Gomag => "Gomag",
            Self::EasySales => "easySales",
        }
    }

    /// Returns its name in the column `channel`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gomag => "gomag",
            Self::EasySales => "easysales",
        }
    }
}

/// A list of orders.
#[derive(Debug, Clone)]
pub struct OrderList {
    /// Where its orders start.
    pub line: Line,
    /// Whose list it is.
    pub channel: Channel,
    /// The newest moment that the file states, local time of Romania: of two exports the one that states
    /// the later moment is the newer. `None` where it states none.
    pub as_of: Option<NaiveDateTime>,
    /// The orders that could be read, each once, in the order of the file.
    pub orders: Vec<Order>,
    /// The rows that could not be read.
    pub damaged: Vec<Damaged>,
    /// Oddities met on the way.
    pub warnings: Vec<Warning>,
}

/// One order as an export states it.
#[derive(Debug, Clone)]
pub struct Order {
    /// Its first sheet row.
    pub line: Line,
    /// The order's number, by which couriers, card processors and marketplaces name it.
    pub number: String,
    /// When it was placed, local time of Romania.
    pub ordered_at: Option<NaiveDateTime>,
    /// How it stands, in the words of the channel.
    pub status: Option<String>,
    /// How it is paid, in the words of the channel.
    pub payment_method: Option<String>,
    /// Who ordered.
    pub client_name: Option<String>,
    /// The tax number of who ordered.
    pub client_cif: Option<String>,
    /// What the order costs, taxes and delivery included.
    pub total: Decimal,
    /// What the amounts are counted in.
    pub currency: Currency,
    /// The parcel's number with its courier, without blanks and leading zeros.
    pub awb_number: Option<String>,
    /// The series of its invoice; of its proforma, where it has no invoice yet.
    pub invoice_series: Option<String>,
    /// The number of its invoice, or of its proforma.
    pub invoice_number: Option<String>,
    /// The day of its invoice.
    pub invoice_date: Option<NaiveDate>,
    /// What was sold, where the export lists it with SKU and quantity.
    pub products: Vec<SoldProduct>,
    /// Its rows' cells, joined with tabs; one row a line.
    pub raw: String,
}

/// A product of an order.
#[derive(Debug, Clone)]
pub struct SoldProduct {
    /// Its sheet row.
    pub line: Line,
    /// The shop's code of the product.
    pub sku: String,
    /// What it is called.
    pub name: Option<String>,
    /// How many of it.
    pub quantity: Decimal,
    /// The price of one, taxes included.
    pub unit_price: Option<Decimal>,
    /// What the shop itself paid for one.
    pub purchase_price: Option<Decimal>,
    /// The row's cells, joined with tabs.
    pub raw: String,
}

/// A report of invoices.
#[derive(Debug, Clone)]
pub struct InvoiceReport {
    /// Where its invoices start.
    pub line: Line,
    /// The days that it covers, where it states them.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// The newest moment that its invoices state, local time of Romania, as of [`OrderList::as_of`]; a due
    /// day and the end of its period lie ahead, and are none.
    pub as_of: Option<NaiveDateTime>,
    /// The invoices that could be read, in the order of the file.
    pub invoices: Vec<Invoice>,
    /// The total rows, in the order of the file.
    pub totals: Vec<StatedTotal>,
    /// The running numbers of the rows, damaged ones too, in the order of the file.
    pub row_numbers: Vec<(Line, u64)>,
    /// The rows that could not be read.
    pub damaged: Vec<Damaged>,
    /// Oddities met on the way.
    pub warnings: Vec<Warning>,
}

/// A total row: what the invoices above it come to.
#[derive(Debug, Clone)]
pub struct StatedTotal {
    /// Its sheet row.
    pub line: Line,
    /// What it is counted in, where the row says so; else it is the currency of all invoices.
    pub currency: Option<Currency>,
    /// Which of the report's invoices stand between its header row and it.
    pub above: Range<usize>,
    /// The sum without VAT.
    pub net: Option<Decimal>,
    /// The VAT.
    pub vat: Option<Decimal>,
    /// The sum with VAT.
    pub total: Option<Decimal>,
    /// The sum with VAT in lei, of invoices in any currency.
    pub total_in_lei: Option<Decimal>,
}

/// What an invoice is, as the shop's accounting program calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvoiceKind {
    /// An invoice that stands.
    Normala,
    /// One that takes another one back: its amounts are below zero.
    Storno,
    /// One that was taken back by a `Storno`.
    Stornata,
}

impl InvoiceKind {
    /// Returns its name in the column `invoice_type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normala => "Normala",
            Self::Storno => "Storno",
            Self::Stornata => "Stornata",
        }
    }
}

/// One invoice as a report states it.
#[derive(Debug, Clone)]
pub struct Invoice {
    /// Its sheet row.
    pub line: Line,
    /// Its series; empty where it has none.
    pub series: String,
    /// Its number.
    pub number: String,
    /// The day on which it was issued.
    pub issued_on: NaiveDate,
    /// The day on which it is due.
    pub due_on: Option<NaiveDate>,
    /// What it is.
    pub kind: InvoiceKind,
    /// Whether it was cancelled.
    pub is_canceled: bool,
    /// Whether the accounting program has all of its money.
    pub is_collected: bool,
    /// What the amounts are counted in.
    pub currency: Currency,
    /// Its amount without VAT, where stated.
    pub net: Option<Decimal>,
    /// Its VAT, where stated.
    pub vat: Option<Decimal>,
    /// Its amount with VAT.
    pub total: Decimal,
    /// The same in lei, where stated.
    pub total_in_lei: Option<Decimal>,
    /// Whom it is for.
    pub client_name: Option<String>,
    /// The tax number of whom it is for.
    pub client_cif: Option<String>,
    /// Their street.
    pub client_address: Option<String>,
    /// Their town.
    pub client_city: Option<String>,
    /// Their county.
    pub client_state: Option<String>,
    /// Their country.
    pub client_country: Option<String>,
    /// Their telephone.
    pub client_phone: Option<String>,
    /// Their e-mail.
    pub client_email: Option<String>,
    /// The row's cells, joined with tabs.
    pub raw: String,
}
