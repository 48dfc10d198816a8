//! A header row of a workbook: which column has which header.

use super::workbook::{self, SheetRow};
use crate::value::normalize;

/// The headers of a row with their columns, as they are compared: without diacritics, which older
/// files do not write, in lower case, with runs of blanks as one.
#[derive(Debug)]
pub(super) struct Headers(Vec<(u32, String)>);

impl Headers {
    /// Takes each cell of the row for a header.
    pub(super) fn of(row: &SheetRow) -> Self {
        let header = |cell| normalize::fold_blanks(&normalize::plain(&workbook::text(cell)));
        Self(row.cells.iter().map(|(column, cell)| (*column, header(cell))).collect())
    }

    /// Returns the first column with this header.
    pub(super) fn named(&self, header: &str) -> Option<u32> {
        self.find(|text| text == header)
    }

    /// Returns the first column with the first of these headers that there is.
    pub(super) fn any_of(&self, headers: &[&str]) -> Option<u32> {
        headers.iter().find_map(|header| self.named(header))
    }

    /// Returns the columns whose header is such a text.
    pub(super) fn all(&self, is: impl Fn(&str) -> bool) -> Vec<u32> {
        self.0.iter().filter(|(_, text)| is(text)).map(|(column, _)| *column).collect()
    }

    /// Returns the first column whose header begins so.
    pub(super) fn beginning(&self, start: &str) -> Option<u32> {
        self.find(|text| text.starts_with(start))
    }

    fn find(&self, is: impl Fn(&str) -> bool) -> Option<u32> {
        let mut found = self.0.iter().filter(|(_, text)| is(text));
        found.next().map(|(column, _)| *column)
    }
}
