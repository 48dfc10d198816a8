//! Records that were set aside → rows of `held_rows`.

use std::borrow::Cow;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::record::pages::statements_of;
use crate::record::{Currency, Damaged, Document, Entry, Heading};
use crate::row::{ColumnWriter, Stamp, Table, tidy};

/// Held rows of a file that its report lists; it counts all, and all are in the table.
pub const REPORTED_MAX: usize = 20;

/// Why a row is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HeldKind {
    /// The record could not be read.
    Damaged,
    /// The record's key is in the table already, and the stored row says something else.
    Conflict,
    /// The entry is not booked yet; it comes again in a statement.
    Interim,
}

impl HeldKind {
    /// Returns the word that the table holds.
    pub fn name(self) -> &'static str {
        match self {
            Self::Damaged => "malformed",
            Self::Conflict => "conflict",
            Self::Interim => "interim",
        }
    }
}

/// A record that was read but not let in, with what a person needs to settle it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct HeldRow {
    /// Why the record is held.
    pub kind: HeldKind,
    /// The table that the record was for.
    pub table: Table,
    /// The key of the row that the record contradicts.
    pub key: Option<String>,
    /// Why the record is held, in words, without names and narrative.
    pub reason: String,
    /// The record as it stands in its file; kept in the table, never printed or logged.
    #[serde(skip)]
    pub raw: String,
    /// Where it stands.
    pub line: u32,
    /// The row that the record would have become, as JSON by table and column, so that it can be let
    /// in later; of a settlement that is held as a whole, its head has all rows.
    #[serde(skip)]
    pub rows: Option<String>,
    /// The key of the settlement that is held as a whole, which the record belongs to.
    #[serde(skip)]
    pub settlement: Option<String>,
    /// By what a statement settles it; nothing where it is no entry, or in conflict.
    #[serde(skip)]
    pub entry: Option<HeldEntry>,
}

/// By what a statement settles a held entry.
#[derive(Debug, Clone)]
pub struct HeldEntry {
    /// The account.
    pub account: String,
    /// The account's currency.
    pub currency: Option<Currency>,
    /// The value date, where the entry could be read.
    pub value_date: Option<NaiveDate>,
    /// The number of its statement among those of all files that go in together; none of an interim
    /// report.
    pub statement: Option<u32>,
}

impl HeldRow {
    /// Returns the held rows of the records that could not be read. `first` is the number that the
    /// file's first statement has among those of all files that go in together.
    pub fn of_damaged(document: &Document<'_>, first: u32) -> Vec<Self> {
        let table = Table::of_records(document);
        let Document::Statements(messages) = document else {
            return document.damaged().map(|damaged| Self::damaged(table, damaged, None)).collect();
        };
        let numbered = messages.iter().zip(statements_of(messages));
        let held = numbered.flat_map(|(message, number)| {
            message.damaged.iter().map(move |damaged| {
                let entry = HeldEntry {
                    account: tidy(&message.account),
                    currency: message.currency,
                    value_date: None,
                    statement: Some(first + number as u32),
                };
                Self::damaged(table, damaged, Some(entry))
            })
        });
        held.collect()
    }

    /// Makes the held row of an entry that is not booked yet.
    pub fn interim(heading: &Heading<'_>, entry: &Entry<'_>) -> Self {
        Self {
            kind: HeldKind::Interim,
            table: Table::BankTransactions,
            key: None,
            reason: "not booked yet; it comes again in the statement".to_owned(),
            raw: entry.raw.to_owned(),
            line: entry.line,
            entry: Some(HeldEntry {
                account: tidy(heading.account),
                currency: heading.currency,
                value_date: Some(entry.value_date),
                statement: None,
            }),
            rows: None,
            settlement: None,
        }
    }

    /// Makes the held row of a record that contradicts a row with that key.
    pub fn conflict(
        table: Table,
        key: Option<String>,
        reason: String,
        (raw, line): (Cow<'_, str>, u32),
    ) -> Self {
        Self {
            kind: HeldKind::Conflict,
            table,
            key,
            reason,
            raw: raw.into_owned(),
            line,
            entry: None,
            rows: None,
            settlement: None,
        }
    }

    /// Makes the held row of a record that could not be read.
    fn damaged(table: Table, damaged: &Damaged, entry: Option<HeldEntry>) -> Self {
        Self {
            kind: HeldKind::Damaged,
            table,
            key: None,
            reason: damaged.reason.to_string(),
            raw: damaged.raw.clone(),
            line: damaged.line,
            rows: None,
            settlement: None,
            entry,
        }
    }

    /// Hands over every column in the order of the table's COPY statement, the identifier first.
    pub fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        out.uuid(id);
        out.uuid(stamp.import_id);
        out.text(Some(self.kind.name()));
        out.text(Some(self.table.name()));
        out.text(self.key.as_deref());
        out.text(Some(&self.reason));
        // PostgreSQL's text cannot hold NUL.
        out.text(Some(&self.raw.replace('\0', "\u{fffd}")));
        out.int(self.line);
        out.text(self.rows.as_deref());
        out.text(self.settlement.as_deref());
        let entry = self.entry.as_ref();
        out.text(entry.map(|it| it.account.as_str()));
        out.text(entry.and_then(|it| it.currency.as_ref()).map(Currency::as_str));
        out.date(entry.and_then(|it| it.value_date));
        let statement = entry.and_then(|it| it.statement);
        out.uuid_or_null(statement.and_then(|it| stamp.statement_id(it)));
    }
}
