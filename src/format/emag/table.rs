//! What lists of orders and documents of fees have in common: numbers that all lines share, moments,
//! rows that could not be read.

use std::collections::BTreeSet;

use calamine::Data;
use chrono::{NaiveDateTime, NaiveTime};

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
    let cell = column.and_then(|column| row.get(column));
    cell.map(|cell| workbook::text(cell).into_owned())
}

/// Returns the moment of an order: a text or a number of days. One that cannot be read is left out: it
/// is in no sum and in no key.
pub(super) fn moment(cell: Option<&Data>, is_1904: bool) -> Option<NaiveDateTime> {
    let cell = cell?;
    let day = cell::date(cell, is_1904, "").ok()?;
    let time = match cell {
        Data::String(text) | Data::DateTimeIso(text) => {
            let time = text.trim().get(10..).unwrap_or_default();
            let time = time.trim_start_matches(['T', ' ']);
            ["%H:%M:%S", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(time, form).ok())
        }
        Data::DateTime(moment) => time_of(moment.as_f64()),
        Data::Float(serial) => time_of(*serial),
        _ => None,
    };
    Some(day.and_time(time.unwrap_or_default()))
}

/// Returns the time of day that the decimals of a number of days state.
fn time_of(serial: f64) -> Option<NaiveTime> {
    const SECONDS: f64 = 86_400.0;
    // The cast is exact, since the fraction of a day has fewer seconds than a day.
    let seconds = (serial.fract() * SECONDS).round() as u32;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)
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
