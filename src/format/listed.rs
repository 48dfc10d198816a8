//! What lists of orders and invoices have in common: their rows stand below a header row, which may
//! stand anywhere, and their cells say nothing in several ways.

use std::borrow::Cow;
use std::collections::BTreeSet;

use calamine::Data;
use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use super::cell;
use super::workbook::{self, Sheet, SheetRow};
use crate::fault::Refusal;
use crate::record::{Currency, Damaged, Line, Reason, Warning};
use crate::source::Source;
use crate::value::normalize;

/// Where the columns of a list are, by its header row.
pub(super) trait Columns: Sized {
    /// Returns the columns if the row is a header row.
    fn of(row: &SheetRow) -> Option<Self>;

    /// Returns the column of the numbers of orders or invoices.
    fn number(&self) -> u32;
}

/// A header row and the rows below it, up to the next one.
pub(super) struct Section<'s, C> {
    /// Where its rows start.
    pub line: Line,
    /// Its columns.
    pub columns: C,
    /// All columns that have a header.
    pub headers: BTreeSet<u32>,
    /// Its rows.
    pub rows: Vec<Row<'s>>,
}

/// A row of a list.
#[derive(Clone, Copy)]
pub(super) struct Row<'s> {
    cells: &'s SheetRow,
    is_1904: bool,
}

/// Returns the sections of all sheets, and warnings of what may surprise.
///
/// A header row that stands again among the rows, where somebody put two exports below each other,
/// begins a section of its own: its columns may be others.
pub(super) fn sections<C: Columns>(sheets: &[Sheet]) -> (Vec<Section<'_, C>>, Vec<Warning>) {
    let (mut sections, mut warnings) = (Vec::<Section<'_, C>>::new(), Vec::new());
    let mut listing = 0;
    for (number, sheet) in (1..).zip(sheets) {
        let before = sections.len();
        for row in &sheet.rows {
            let open = sections.get_mut(before..).and_then(|own| own.last_mut());
            // The number of an order or invoice has a digit, the header above it has none.
            let is_data = open.as_ref().is_some_and(|open| {
                let number = row.text(Some(open.columns.number()));
                number.is_some_and(|it| it.bytes().any(|b| b.is_ascii_digit()))
            });
            match (if is_data { None } else { C::of(row) }, open) {
                (Some(columns), _) => sections.push(Section {
                    line: row.line.saturating_add(1),
                    columns,
                    headers: row.columns().collect(),
                    rows: Vec::new(),
                }),
                (None, Some(open)) => {
                    open.rows.push(Row { cells: row, is_1904: sheet.is_1904 });
                }
                (None, None) => {}
            }
        }
        if sections.len() > before {
            listing += 1;
        } else if !sheet.rows.is_empty() {
            let text = format!("sheet {number} has no header row and was left out");
            warnings.push(Warning { line: None, text });
        }
    }
    if listing > 1 {
        let text = format!("{listing} sheets have a list; a line is counted on its own sheet");
        warnings.push(Warning { line: None, text });
    }
    (sections, warnings)
}

/// Returns whether the source has such a list: one of its first rows is a header row.
pub(super) fn is_in<C: Columns>(source: &Source) -> bool {
    workbook::first_rows(source).iter().any(|row| C::of(row).is_some())
}

/// Returns where the rows of the first section start.
///
/// # Errors
///
/// No section: the file has no header row with these `headers`.
pub(super) fn first_line<C>(sections: &[Section<'_, C>], headers: &str) -> Result<Line, Refusal> {
    sections.first().map(|section| section.line).ok_or_else(|| {
        let reason = format!("no header row with {headers}");
        Refusal::Unreadable { line: None, reason }
    })
}

impl<'s> Row<'s> {
    /// Returns its number on the sheet.
    pub(super) fn line(self) -> Line {
        self.cells.line
    }

    /// Joins its cells with tabs.
    pub(super) fn raw(self, headers: &BTreeSet<u32>) -> String {
        self.cells.raw(headers)
    }

    /// Returns the row as one that could not be read.
    pub(super) fn damaged(self, headers: &BTreeSet<u32>, reason: Reason) -> Damaged {
        Damaged { line: self.line(), raw: self.raw(headers), reason }
    }

    /// Returns what its cells say, in the order of their columns.
    pub(super) fn texts(self) -> impl Iterator<Item = Cow<'s, str>> {
        self.cells.values().map(workbook::text)
    }

    /// Returns the cell of a column, where it says something: such programs write a dash for nothing.
    fn cell(self, column: Option<u32>) -> Option<&'s Data> {
        self.cells.get(column?).filter(|cell| workbook::text(cell) != "-")
    }

    /// Returns what a cell says.
    pub(super) fn text(self, column: Option<u32>) -> Option<String> {
        self.cell(column).map(|cell| workbook::text(cell).into_owned())
    }

    /// Returns the number of a document; zeros are none.
    pub(super) fn document_number(self, column: Option<u32>) -> Option<String> {
        self.text(column).filter(|number| number.bytes().any(|b| b != b'0'))
    }

    /// Returns the amount of a cell, exact to the ban.
    pub(super) fn amount(
        self,
        column: Option<u32>,
        field: &'static str,
    ) -> Result<Option<Decimal>, Reason> {
        self.cell(column).map(|cell| cell::amount(cell, field)).transpose()
    }

    /// Returns the number of a cell with all its decimals: a quantity or a price.
    pub(super) fn exact(
        self,
        column: Option<u32>,
        field: &'static str,
    ) -> Result<Option<Decimal>, Reason> {
        self.cell(column).map(|cell| cell::exact(cell, field)).transpose()
    }

    /// Returns the day of a cell.
    pub(super) fn date(
        self,
        column: Option<u32>,
        field: &'static str,
    ) -> Result<Option<NaiveDate>, Reason> {
        let cell = self.cell(column).filter(|cell| !is_no_date(cell));
        cell.map(|cell| cell::date(cell, self.is_1904, field)).transpose()
    }

    /// Returns the moment of a cell, local time of Romania as all these programs write it.
    pub(super) fn moment(
        self,
        column: Option<u32>,
        field: &'static str,
    ) -> Result<Option<NaiveDateTime>, Reason> {
        let cell = self.cell(column).filter(|cell| !is_no_date(cell));
        cell.map(|cell| cell::moment(cell, self.is_1904, field)).transpose()
    }

    /// Returns the currency of a cell. A list without such a column is in lei, as all that a shop in
    /// Romania sells without saying otherwise.
    pub(super) fn currency(self, column: Option<u32>) -> Result<Currency, Reason> {
        const FIELD: &str = "Moneda";
        if column.is_none() {
            return Ok(Currency::RON);
        }
        let stated = self.text(column).ok_or(Reason::Missing { field: FIELD })?;
        currency(&stated).ok_or(Reason::Form {
            found: "a currency of other than three letters",
            expected: "one such as RON",
        })
    }
}

/// Returns the currency of a text, by its three letters or as people call it.
pub(super) fn currency(text: &str) -> Option<Currency> {
    match normalize::plain(text).as_str() {
        "lei" | "leu" => Some(Currency::RON),
        _ => Currency::new(text.trim()),
    }
}

/// Returns whether a cell says that there is no date: `0000-00-00`, or zero.
fn is_no_date(cell: &Data) -> bool {
    let text = workbook::text(cell);
    text.bytes().all(|b| matches!(b, b'0' | b'-' | b'.' | b'/' | b':' | b' '))
}

/// Returns the number of a parcel without blanks and leading zeros, and whether the text has several,
/// of which it is the first.
pub(super) fn awb(text: &str) -> (Option<String>, bool) {
    let parts = text.split([',', ';', '\n', '\r']);
    let numbers = parts.map(|part| part.split_whitespace().collect::<String>());
    let numbers = numbers.map(|number| number.trim_start_matches('0').to_owned());
    let mut numbers = numbers.filter(|number| !number.is_empty() && number != "-");
    let first = numbers.next();
    let other = numbers.any(|number| Some(&number) != first.as_ref());
    (first, other)
}

/// Returns the warning of orders with several parcels, if there are any: `lines` are theirs.
pub(super) fn several_parcels(lines: &[Line]) -> Option<Warning> {
    let first = *lines.first()?;
    let text = match lines.len() {
        1 => "an order has several AWBs; it is found by the first".to_owned(),
        count => format!("{count} orders have several AWBs; each is found by the first"),
    };
    Some(Warning { line: Some(first), text })
}
