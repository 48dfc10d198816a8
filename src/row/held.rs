//! What was set aside → `held_rows`.

use uuid::Uuid;

use super::{Columns, Stamp, Table};
use crate::record::Damaged;

/// Held rows of a file that a report has; all are in the table, and counted.
pub const REPORTED_MAX: usize = 20;

/// Why a row is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HeldKind {
    /// It could not be read.
    Malformed,
    /// Its key is in the table already and the stored row says something else.
    Conflict,
}

impl HeldKind {
    /// Returns the word that the table holds.
    pub fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Conflict => "conflict",
        }
    }
}

/// A record that was read but not let in, with what a person needs to settle it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct HeldRow {
    /// Why.
    pub kind: HeldKind,
    /// The table it was for.
    pub table: Table,
    /// The key it collides with.
    pub key: Option<String>,
    /// Why, in words; no names, no narrative.
    pub reason: String,
    /// The record as it stands in its file; kept in the table, never printed or logged.
    #[serde(skip)]
    pub raw: String,
    /// Where it stands.
    pub line: u32,
}

impl HeldRow {
    /// Makes the held row of a record that could not be read.
    pub fn malformed(table: Table, damaged: &Damaged) -> Self {
        Self {
            kind: HeldKind::Malformed,
            table,
            key: None,
            reason: damaged.reason.to_string(),
            raw: damaged.raw.clone(),
            line: damaged.line,
        }
    }

    /// Hands over every column in the order of the table's COPY statement, the identifier first.
    pub fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl Columns) {
        out.uuid(id);
        out.uuid(stamp.import_id);
        out.text(Some(self.kind.name()));
        out.text(Some(self.table.name()));
        out.text(self.key.as_deref());
        out.text(Some(&self.reason));
        // PostgreSQL's text cannot hold NUL.
        out.text(Some(&self.raw.replace('\0', "\u{fffd}")));
        out.int(self.line);
    }
}
