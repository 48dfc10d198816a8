//! Kept statements → rows of `bank_statements`.

use uuid::Uuid;

use crate::record::KeptStatement;
use crate::row::key::{Key, statement_key};
use crate::row::{ColumnWriter, Stamp};

/// A statement as a row.
#[derive(Debug)]
pub struct StatementRow<'k> {
    key: Key,
    kept: &'k KeptStatement,
    format: &'static str,
}

impl<'k> StatementRow<'k> {
    /// Makes the row of a statement that a file of that format has.
    pub fn of(kept: &'k KeptStatement, format: &'static str) -> Self {
        Self { key: statement_key(kept), kept, format }
    }

    /// Returns the text of its unique key.
    pub fn key(&self) -> String {
        self.key.to_string()
    }

    /// Hands over every column in the order of the table's COPY statement, the identifier first.
    pub fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        let kept = self.kept;
        out.uuid(id);
        out.text(Some(&self.key()));
        out.text(Some(&kept.account));
        out.text(Some(kept.currency.as_str()));
        out.text(Some(&*kept.number).filter(|it| !it.is_empty()));
        out.date(Some(kept.opening_date));
        out.decimal(kept.opening);
        out.date(Some(kept.closing_date));
        out.decimal(kept.closing);
        out.int(kept.entries);
        out.text(Some(self.format));
        out.text(Some(&stamp.file_name));
        out.uuid(stamp.import_id);
        out.int(kept.line);
    }
}
