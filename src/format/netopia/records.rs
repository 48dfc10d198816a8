//! Text → records of cells, which borrow from the text where possible.
//!
//! Nearly every record is one line, with quotation marks only around whole cells; it is split here,
//! and its cells are borrowed. Any other record is read by the csv crate.

use std::borrow::Cow;

use csv::StringRecord;

use crate::fault::Impossible;
use crate::fault::Refusal;
use crate::format::delimited::reader;
use crate::record::Line;

/// The records of a text, one after the other.
pub(super) struct Records<'t> {
    rest: &'t str,
    line: Line,
    delimiter: u8,
    cells: Vec<Cow<'t, str>>,
}

/// One record; its cells are overwritten by the next.
pub(super) struct Record<'r, 't> {
    /// Where it starts.
    pub line: Line,
    pub cells: &'r [Cow<'t, str>],
    /// The record's lines below its first, as they stand in the text, where a cell has line breaks.
    pub below: Vec<&'t str>,
}

impl<'t> Records<'t> {
    /// Starts at the first line.
    pub(super) fn of(text: &'t str, delimiter: u8) -> Self {
        // A file that was saved twice may have two byte order marks.
        let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { rest, line: 1, delimiter, cells: Vec::new() }
    }

    /// Returns the next record that is not an empty line.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_, 't>>, Refusal> {
        let start = self.rest.trim_start_matches(['\r', '\n']);
        self.advance(self.rest.len() - start.len())?;
        if start.is_empty() {
            return Ok(None);
        }
        self.cells.clear();
        let line = self.line;
        let end = memchr::memchr2(b'\n', b'\r', start.as_bytes()).unwrap_or(start.len());
        let (own, _) = start.split_at_checked(end).unwrap_or((start, ""));
        let mut below = Vec::new();
        if split(own, self.delimiter, &mut self.cells).is_some() {
            self.advance(end)?;
        } else {
            let length = self.read_odd(start)?;
            let record = self.advance(length)?.trim_end_matches(['\r', '\n']);
            below.extend(record.lines().skip(1));
        }
        Ok(Some(Record { line, cells: &self.cells, below }))
    }

    /// Passes over `length` bytes, counts their lines, and returns them.
    fn advance(&mut self, length: usize) -> Result<&'t str, Impossible> {
        let split = self.rest.split_at_checked(length);
        let (passed, rest) =
            split.ok_or_else(|| Impossible::new("a record behind the end of its text"))?;
        let breaks = memchr::memchr_iter(b'\n', passed.as_bytes()).count();
        self.line = self.line.saturating_add(Line::try_from(breaks).unwrap_or(Line::MAX));
        self.rest = rest;
        Ok(passed)
    }

    /// Reads a record with the csv crate, and returns how many bytes the record has.
    fn read_odd(&mut self, text: &'t str) -> Result<usize, Refusal> {
        let unreadable =
            |err: csv::Error| Refusal::Unreadable { line: None, reason: err.to_string() };
        let mut reader = reader(text, self.delimiter);
        let mut record = StringRecord::new();
        reader.read_record(&mut record).map_err(unreadable)?;
        self.cells.clear();
        self.cells.extend(record.iter().map(|cell| Cow::Owned(cell.to_owned())));
        Ok(usize::try_from(reader.position().byte()).unwrap_or(usize::MAX))
    }
}

/// Splits a line at its delimiters, or returns `None` where a quotation mark stands anywhere but
/// around a whole cell.
fn split<'t>(line: &'t str, delimiter: u8, cells: &mut Vec<Cow<'t, str>>) -> Option<()> {
    let mut rest = line;
    loop {
        let (cell, end) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let length = quoted.bytes().position(|b| b == b'"')?;
                (quoted.get(..length)?, length + 2)
            }
            None => {
                let length = rest.bytes().position(|b| b == delimiter).unwrap_or(rest.len());
                (rest.get(..length)?, length)
            }
        };
        cells.push(Cow::Borrowed(cell));
        match rest.as_bytes().get(end) {
            None => return Some(()),
            Some(b) if *b == delimiter => rest = rest.get(end + 1..)?,
            Some(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn records_are_those_of_the_csv_crate(
            text in "([ab ș,]{0,3}|\"|\"\"|\"[a,]{0,2}\"|,|\r\n|\n|\r){0,30}",
        ) {
            let mut ours = Vec::new();
            let mut records = Records::of(&text, b',');
            while let Some(record) = records.next().unwrap() {
                ours.push(record.cells.iter().map(|cell| cell.to_string()).collect::<Vec<_>>());
            }
            let theirs: Vec<Vec<String>> = reader(&text, b',')
                .records()
                .map(|record| record.unwrap().iter().map(str::to_owned).collect())
                .collect();
            prop_assert_eq!(ours, theirs);
        }
    }
}
