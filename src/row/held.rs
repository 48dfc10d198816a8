//! Records that were set aside → rows of `held_rows`.

use uuid::Uuid;

use crate::record::{Damaged, Document};
use crate::row::{ColumnWriter, Stamp, Table};

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
}

impl HeldRow {
    /// Returns the held rows of the records that could not be read.
    pub fn of_damaged<'d>(document: &'d Document<'_>) -> impl Iterator<Item = Self> + use<'d> {
        let table = Table::of_records(document);
        document.damaged().map(move |damaged| Self::damaged(table, damaged))
    }

    /// Makes the held row of an entry that is not booked yet.
    pub fn interim(raw: String, line: u32) -> Self {
        Self {
            kind: HeldKind::Interim,
            table: Table::BankTransactions,
            key: None,
            reason: "not booked yet; it comes again in the statement".to_owned(),
            raw,
            line,
            rows: None,
            settlement: None,
        }
    }

    /// Makes the held row of a record that could not be read.
    fn damaged(table: Table, damaged: &Damaged) -> Self {
        Self {
            kind: HeldKind::Damaged,
            table,
            key: None,
            reason: damaged.reason.to_string(),
            raw: damaged.raw.clone(),
            line: damaged.line,
            rows: None,
            settlement: None,
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
    }
}
