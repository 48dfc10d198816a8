//! Records → typed rows, one struct for each table.
//!
//! A row is made only when every field has been understood: the day is in the calendar, the amount
//! is exact and signed, the text is normalised. A row knows its key and its columns, not the
//! database.

mod bank;
mod borderou;
mod cards;
mod couriers;
mod held;
mod identity;
mod invoice;
pub mod key;
mod order;
mod payout;
mod said;
mod statement;

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::record::{Courier, Document};
use crate::source::MailHead;

pub use bank::{BankSays, BankTransaction, ColumnValue};
pub use borderou::{BorderouRow, BorderouRows, ParcelRow, borderou_rows};
pub use cards::{BatchRow, OperationRow, batch_rows};
pub use couriers::{BorderouTables, GlsParcel, OfGls, OfOthers, SamedayParcel};
pub use held::{HeldEntry, HeldKind, HeldRow, REPORTED_MAX};
pub use identity::Identity;
pub use invoice::{InvoiceState, invoice_states};
pub use order::{OrderRows, OrderState, ProductRow, SaleRow, order_rows, own_oblio_id};
pub use payout::{PayoutLineRow, PayoutRow, payout_rows};
pub use said::Said;
pub use statement::StatementRow;

/// A table that imports write.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// `bank_transactions`
    BankTransactions,
    /// `bank_statements`
    BankStatements,
    /// `gls_borderouri`
    GlsBorderouri,
    /// `gls_borderou_parcels`
    GlsBorderouParcels,
    /// `gls_parcels`
    GlsParcels,
    /// `netopia_batches`
    NetopiaBatches,
    /// `netopia_transactions`
    NetopiaTransactions,
    /// `courier_borderouri`
    CourierBorderouri,
    /// `courier_borderou_parcels`
    CourierBorderouParcels,
    /// `sameday_parcels`
    SamedayParcels,
    /// `emag_documents`
    EmagDocuments,
    /// `emag_lines`
    EmagLines,
    /// `orders`
    Orders,
    /// `order_states`
    OrderStates,
    /// `invoices`
    Invoices,
    /// `invoice_states`
    InvoiceStates,
    /// `products`
    Products,
    /// `product_sales`
    ProductSales,
}

impl Table {
    /// Every table, heads before the rows that point to them.
    pub const ALL: [Self; 18] = [
        Self::BankStatements,
        Self::BankTransactions,
        Self::GlsBorderouri,
        Self::GlsBorderouParcels,
        Self::GlsParcels,
        Self::NetopiaBatches,
        Self::NetopiaTransactions,
        Self::CourierBorderouri,
        Self::CourierBorderouParcels,
        Self::SamedayParcels,
        Self::EmagDocuments,
        Self::EmagLines,
        Self::Orders,
        Self::OrderStates,
        Self::Invoices,
        Self::InvoiceStates,
        Self::Products,
        Self::ProductSales,
    ];

    /// Returns the names of all.
    pub fn names() -> Vec<String> {
        Self::ALL.map(|table| table.name().to_owned()).to_vec()
    }

    /// Returns the table that the records of the document become rows of.
    pub fn of_records(document: &Document<'_>) -> Self {
        match document {
            Document::Statements(_) => Self::BankTransactions,
            Document::Borderouri(borderouri) => match borderouri.first().map(|it| it.courier) {
                Some(Courier::Gls) | None => Self::GlsBorderouParcels,
                Some(Courier::Sameday) => Self::CourierBorderouParcels,
            },
            Document::Batch(_) => Self::NetopiaTransactions,
            Document::Payout(_) => Self::EmagLines,
            Document::Orders(_) => Self::Orders,
            Document::Invoices(_) => Self::Invoices,
        }
    }

    /// Returns the table of the lines whose heads are in this table; for other tables the table
    /// itself.
    pub fn lines(self) -> Self {
        match self {
            Self::GlsBorderouri => Self::GlsBorderouParcels,
            Self::NetopiaBatches => Self::NetopiaTransactions,
            Self::CourierBorderouri => Self::CourierBorderouParcels,
            Self::EmagDocuments => Self::EmagLines,
            it => it,
        }
    }

    /// Returns whether its rows are derived of what others keep, and so are of no import: orders and
    /// invoices, which are what the newest of their states says.
    pub fn is_derived(self) -> bool {
        self.states().is_some()
    }

    /// Returns the table of the states that its rows are derived of.
    pub fn states(self) -> Option<Self> {
        match self {
            Self::Orders => Some(Self::OrderStates),
            Self::Invoices => Some(Self::InvoiceStates),
            _ => None,
        }
    }

    /// Returns the names of those whose rows go in and out with an import.
    pub fn names_of_imported() -> Vec<String> {
        let imported = Self::ALL.into_iter().filter(|it| !it.is_derived());
        imported.map(|table| table.name().to_owned()).collect()
    }

    /// Returns the table of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// Returns the table's name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::BankTransactions => "bank_transactions",
            Self::BankStatements => "bank_statements",
            Self::GlsBorderouri => "gls_borderouri",
            Self::GlsBorderouParcels => "gls_borderou_parcels",
            Self::GlsParcels => "gls_parcels",
            Self::NetopiaBatches => "netopia_batches",
            Self::NetopiaTransactions => "netopia_transactions",
            Self::CourierBorderouri => "courier_borderouri",
            Self::CourierBorderouParcels => "courier_borderou_parcels",
            Self::SamedayParcels => "sameday_parcels",
            Self::EmagDocuments => "emag_documents",
            Self::EmagLines => "emag_lines",
            Self::Orders => "orders",
            Self::OrderStates => "order_states",
            Self::Invoices => "invoices",
            Self::InvoiceStates => "invoice_states",
            Self::Products => "products",
            Self::ProductSales => "product_sales",
        }
    }

    /// Returns the column of its key.
    pub fn key_column(self) -> &'static str {
        match self {
            Self::BankTransactions => "transaction_hash",
            Self::BankStatements => "statement_hash",
            Self::GlsBorderouri | Self::CourierBorderouri => "borderou_hash",
            Self::GlsBorderouParcels | Self::CourierBorderouParcels => "parcel_hash",
            Self::GlsParcels => "parcel_number",
            Self::NetopiaBatches => "batch_id",
            Self::NetopiaTransactions => "transaction_id",
            Self::SamedayParcels => "awb_number",
            Self::EmagDocuments => "document_hash",
            Self::EmagLines => "line_hash",
            Self::Orders => "order_number",
            Self::OrderStates | Self::InvoiceStates => "state_hash",
            Self::Invoices => "oblio_id",
            Self::Products => "sku",
            Self::ProductSales => "sale_hash",
        }
    }
}

/// What all rows of one import share.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The identifier of the import's row in `sync_logs`.
    pub import_id: Uuid,
    /// The file's name.
    pub file_name: String,
    /// What the mail says of itself that the file came in.
    pub mail: Option<MailHead>,
    /// The company's own accounts: a transfer between two of them is no income.
    pub own_accounts: Arc<[String]>,
    /// The identifiers of the statements of all files that go in together, by their numbers; none of
    /// those that are not kept.
    pub statement_ids: Arc<[Option<Uuid>]>,
}

impl Stamp {
    /// Returns the identifier of a statement by its number.
    fn statement_id(&self, number: u32) -> Option<Uuid> {
        self.statement_ids.get(number as usize).copied().flatten()
    }
}

impl Stamp {
    /// Hands over the columns `email_date` and `email_subject`: NULL where the file came in no mail.
    fn put_mail(&self, out: &mut impl ColumnWriter) {
        let mail = self.mail.as_ref();
        out.instant(mail.and_then(|it| it.date).map(|it| it.to_utc()));
        out.text(clean(mail.and_then(|it| it.subject.as_deref())).as_deref());
    }
}

/// A row of one table.
pub trait Row: Send + Sync {
    /// The table it belongs to.
    const TABLE: Table;

    /// The names of the columns by which a row is [compared](Self::says): the firm ones, then the
    /// wording.
    const SAYS: &'static [&'static str];

    /// Returns the text of its unique key.
    fn key(&self) -> Cow<'_, str>;

    /// Returns what a stored row with the same key must agree with.
    fn says(&self) -> Said;

    /// Returns the record as it stands in its file, and its line, for the case that the row is
    /// held.
    fn raw(&self) -> (Cow<'_, str>, u32);

    /// Hands over every column in the order of the table's COPY statement, the identifier first.
    fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter);
}

/// The head of a settlement: a borderou, a batch, a payout document.
pub trait Head: Row {
    /// Returns its day and amount, as the `known_….sql` of its table writes them.
    fn says_briefly(&self) -> String;
}

/// What one export says of an order or invoice.
pub trait State: Row {
    /// The table that is derived of the states.
    const OF: Table;

    /// Returns what the order or invoice is known by, whatever is said of it.
    fn name(&self) -> &str;

    /// Returns what no other export may contradict.
    fn identity(&self) -> Identity;
}

/// A line of a settlement: a parcel, an operation, an order or fee of a payout document.
pub trait Line: Row {
    /// Returns the name that it has in its settlement, whatever its amounts.
    fn name(&self) -> &str;

    /// Returns its amounts, as the `known_….sql` of its settlement's table writes them.
    fn says_briefly(&self) -> String;

    /// Sets the identifier of its settlement's row, once that has one.
    fn belongs_to(&mut self, head: Uuid);
}

/// Takes the columns of a row one after the other.
pub trait ColumnWriter {
    /// An identifier.
    fn uuid(&mut self, value: Uuid);
    /// An identifier, or NULL.
    fn uuid_or_null(&mut self, value: Option<Uuid>) {
        match value {
            Some(value) => self.uuid(value),
            None => self.text(None),
        }
    }
    /// Text, or NULL.
    fn text(&mut self, value: Option<&str>);
    /// A day, or NULL.
    fn date(&mut self, value: Option<NaiveDate>);
    /// A moment without a zone.
    fn moment(&mut self, value: NaiveDateTime);
    /// A moment, or NULL.
    fn instant(&mut self, value: Option<DateTime<Utc>>);
    /// An exact amount.
    fn decimal(&mut self, value: Decimal);
    /// An exact amount, or NULL, which is the same for every type.
    fn decimal_or_null(&mut self, value: Option<Decimal>) {
        match value {
            Some(value) => self.decimal(value),
            None => self.text(None),
        }
    }
    /// A count or line.
    fn int(&mut self, value: u32);
    /// Yes or no.
    fn bool(&mut self, value: bool);
}

fn month_of(date: NaiveDate) -> String {
    date.format("%Y-%m").to_string()
}

fn clean(raw: Option<&str>) -> Option<String> {
    raw.map(crate::value::normalize::text).filter(|text| !text.is_empty()).map(Cow::into_owned)
}

/// Returns the text of a field that is never missing.
fn tidy(raw: &str) -> String {
    crate::value::normalize::text(raw).into_owned()
}

/// The word in the column `source` of tables where it says only who wrote the row.
const WRITER: &str = "vama";
