//! What lists of orders and documents of fees have in common: numbers that all lines share, moments,
//! rows that could not be read.

use std::borrow::Cow;
use std::collections::BTreeSet;

use calamine::Data;
use chrono::NaiveDateTime;

use crate::fault::Refusal;
use crate::format::cell;
use crate::format::workbook::{self, SheetRow};
use crate::record::{Damaged, Line, Reason};
use crate::value::normalize;

/// A value that every line of a document states, such as its number.
#[derive(Debug)]
pub(super) struct Shared<T> {
    /// Its header.
    field: &'static str,
    /// The first line that states it, and the value.
    found: Option<(Line, T)>,
}

impl<T: PartialEq> Shared<T> {
    /// Begins without a value.
    pub(super) fn new(field: &'static str) -> Self {
        Self { field, found: None }
    }

    /// Takes the value of a line.
    ///
    /// # Errors
    ///
    /// A line that states another value than those before: the file holds two documents.
    pub(super) fn take(&mut self, line: Line, value: T) -> Result<(), Refusal> {
        match &self.found {
            None => self.found = Some((line, value)),
            Some((_, known)) if *known == value => {}
            Some((first, _)) => {
                let field = self.field;
                let reason = format!("another {field} than in line {first}, expected one document");
                return Err(Refusal::unreadable(line, reason));
            }
        }
        Ok(())
    }

    /// Returns the value.
    ///
    /// # Errors
    ///
    /// No line states it; `header` is where the header row stands.
    pub(super) fn value(self, header: Line) -> Result<T, Refusal> {
        let missing = || {
            let reason = format!("no line below the headers states {}", self.field);
            Refusal::unreadable(header, reason)
        };
        self.found.map(|(_, value)| value).ok_or_else(missing)
    }
}

/// Returns a number of eMag's, which is made of digits.
pub(super) fn number(cell: Option<&Data>, field: &'static str) -> Result<String, Reason> {
    let number = cell.map(workbook::text).ok_or(Reason::Missing { field })?;
    let number = number.strip_suffix(".0").unwrap_or(&number);
    match number.bytes().all(|b| b.is_ascii_digit()) {
        true => Ok(number.to_owned()),
        false => Err(Reason::Form {
            found: "an identifier that is not made of digits",
            expected: "a whole number",
        }),
    }
}

/// Returns the text of a cell.
pub(super) fn text(row: &SheetRow, column: Option<u32>) -> Option<String> {
    row.text(column).map(Cow::into_owned)
}

/// Returns the moment of an order. One that cannot be read is left out: it is in no sum and in no key.
pub(super) fn moment(cell: Option<&Data>, is_1904: bool) -> Option<NaiveDateTime> {
    cell::moment(cell?, is_1904, "").ok()
}

/// Returns a row that could not be read.
pub(super) fn damaged(row: &SheetRow, headers: &BTreeSet<u32>, reason: Reason) -> Damaged {
    Damaged { line: row.line, raw: row.raw(headers), reason }
}

/// Returns whether the row is the total: one of its cells says so, and it has no number of a document.
/// A line may say so too, where that is the brand of what was sold.
pub(super) fn is_total(row: &SheetRow, document: u32) -> bool {
    row.get(document).is_none()
        && row.values().any(|cell| normalize::plain(&workbook::text(cell)) == "total")
}
