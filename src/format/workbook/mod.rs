//! Workbook (xlsx, xls) → rows of cells that hold something.
//!
//! Cells are read one after the other and kept with their places. calamine's own range is not used:
//! it is a rectangle, and two cells in opposite corners of a sheet make it larger than any memory. Its
//! reader of xls knows nothing else, so that form has one of its own (`xls.rs`).

mod compound;
mod number_format;
mod sst;
#[cfg(test)]
mod tests;
mod xls;
mod xlsx;

use std::borrow::Cow;
use std::collections::BTreeSet;

use calamine::Data;

use crate::fault::Refusal;
use crate::record::Line;
use crate::source::Source;

/// Cells that one workbook may hold: 700,000 parcels fit, and even so many cells fit into memory.
const CELLS_MAX: usize = 5_000_000;

/// Bytes that the texts of all cells may have together: a workbook keeps a text once, however many
/// cells show it.
const TEXT_BYTES_MAX: usize = 512 * 1024 * 1024;

/// Rows of a sheet that are read to recognise a file: what stands above a header row is a title.
const FIRST_ROWS: u32 = 100;

/// 2⁵³: from here on a float no longer holds every whole number.
pub(super) const FLOAT_EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// Cells that a new row has room for.
const CELLS_EXPECTED: usize = 8;

/// A sheet without its empty rows.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// The rows that hold something, in their order.
    pub rows: Vec<SheetRow>,
    /// Whether its dates count from 1904 instead of 1900.
    pub is_1904: bool,
}

/// A row that holds something.
#[derive(Debug)]
pub(super) struct SheetRow {
    /// Its number as Excel shows it.
    pub line: Line,
    /// The cells that hold something, with their columns from 0, in their order.
    pub cells: Vec<(u32, Data)>,
}

impl SheetRow {
    /// Returns the cell of a column, if it holds something.
    pub(super) fn get(&self, column: u32) -> Option<&Data> {
        // A row has about seven cells: looking at each is faster than a binary search.
        self.cells.iter().find(|(at, _)| *at == column).map(|(_, cell)| cell)
    }

    /// Returns what the cell of a column says, if it holds something.
    pub(super) fn text(&self, column: Option<u32>) -> Option<Cow<'_, str>> {
        self.get(column?).map(text)
    }

    /// Returns the columns that hold something.
    pub(super) fn columns(&self) -> impl Iterator<Item = u32> {
        self.cells.iter().map(|(column, _)| *column)
    }

    /// Returns the values of these cells, in the order of their columns.
    pub(super) fn values(&self) -> impl Iterator<Item = &Data> {
        self.cells.iter().map(|(_, cell)| cell)
    }

    /// Joins the cells with tabs, as a held row keeps them. Where a column with a header is empty, an
    /// empty text stands in.
    pub(super) fn raw(&self, headers: &BTreeSet<u32>) -> String {
        const LEN_EXPECTED: usize = 128;
        let mut raw = String::with_capacity(LEN_EXPECTED);
        let mut missing = headers.iter().copied().peekable();
        let mut first = true;
        let mut push = |text: &str| {
            if !std::mem::take(&mut first) {
                raw.push('\t');
            }
            raw.push_str(text);
        };
        for (column, cell) in &self.cells {
            while missing.next_if(|header| header < column).is_some() {
                push("");
            }
            let _ = missing.next_if_eq(column);
            push(&text(cell));
        }
        for _ in missing {
            push("");
        }
        raw
    }
}

/// Reads every sheet.
///
/// # Errors
///
/// A file that is no workbook, or one that cannot be read.
pub(super) fn all(source: &Source) -> Result<Vec<Sheet>, Refusal> {
    let bytes = source.bytes();
    let mut room = Room::default();
    let read = if source.is_zip() {
        xlsx::all(bytes, &mut room)
    } else if source.is_compound() {
        xls::all(bytes, &mut room)
    } else {
        let reason = "no workbook, expected one (xlsx or xls)".to_owned();
        return Err(Refusal::Unreadable { line: None, reason });
    };
    read.map_err(|reason| {
        let reason = format!("the workbook cannot be read: {reason}");
        Refusal::Archive { reason }
    })
}

/// Returns the first rows of every sheet as far as they can be read: enough to recognise a sender. Each
/// format asks for them, so they are read once.
pub(super) fn first_rows(source: &Source) -> &[SheetRow] {
    let found: Option<&Vec<SheetRow>> = source.first_seen(|| {
        let mut rows = Vec::new();
        let mut room = Room::default();
        // Where a sheet is damaged, the rows before the damage are enough; the damage is reported
        // when the file is read.
        if source.is_zip() {
            let _ = xlsx::first_rows(source.bytes(), FIRST_ROWS, &mut room, &mut rows);
        } else if source.is_compound() {
            let _ = xls::first_rows(source.bytes(), FIRST_ROWS, &mut room, &mut rows);
        }
        rows
    });
    found.map_or(&[], Vec::as_slice)
}

/// Returns what keeps a compound file with a workbook in it from being read; `None` where nothing does,
/// or where there is no workbook in it.
pub(super) fn closed(bytes: &[u8]) -> Option<Closed> {
    match xls::open(bytes) {
        Err(xls::NotOpened::Locked) => Some(Closed::Locked),
        Err(xls::NotOpened::Unreadable(_)) => Some(Closed::Damaged),
        Ok(_) | Err(xls::NotOpened::NoWorkbook) => None,
    }
}

/// What keeps an xls from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    /// It has a password.
    Locked,
    /// It is cut, or is no workbook of Excel 5 and later.
    Damaged,
}

/// How much more a workbook may hold.
#[derive(Debug)]
struct Room {
    cells: usize,
    text: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { cells: CELLS_MAX, text: TEXT_BYTES_MAX }
    }
}

impl Room {
    /// Takes a cell with a text of so many bytes.
    fn take(&mut self, text: usize) -> Result<(), String> {
        self.cells = self.cells.checked_sub(1).ok_or("too many cells")?;
        self.text = self.text.checked_sub(text).ok_or("too much text")?;
        Ok(())
    }
}

/// Adds a cell, unless it is blank; nearly every cell stands in the row of the one before it.
fn push(rows: &mut Vec<SheetRow>, (row, column): (u32, u32), value: Data) {
    if is_blank(&value) {
        return;
    }
    let line = row.saturating_add(1);
    match rows.last_mut().filter(|last| last.line == line) {
        Some(row) => row.cells.push((column, value)),
        None => {
            let mut cells = Vec::with_capacity(CELLS_EXPECTED);
            cells.push((column, value));
            rows.push(SheetRow { line, cells });
        }
    }
}

/// Sorts the rows by line and their cells by column; nearly every file has them in this order.
fn in_order(rows: &mut Vec<SheetRow>) -> Result<(), String> {
    rows.sort_by_key(|row| row.line);
    rows.dedup_by(|row, before| {
        let same = row.line == before.line;
        if same {
            before.cells.append(&mut row.cells);
        }
        same
    });
    for row in rows {
        row.cells.sort_by_key(|(column, _)| *column);
        if row.cells.array_windows().any(|[(a, _), (b, _)]| a == b) {
            return Err(format!("two cells at one place in row {}", row.line));
        }
    }
    Ok(())
}

/// Returns whether a person would see nothing in the cell.
fn is_blank(cell: &Data) -> bool {
    match cell {
        Data::Empty => true,
        Data::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Returns what the cell says, trimmed; a whole number without `.0`.
pub(super) fn text(cell: &Data) -> Cow<'_, str> {
    match cell {
        Data::String(text) | Data::DateTimeIso(text) => Cow::Borrowed(text.trim()),
        Data::Float(float) if is_whole(*float) => Cow::Owned((*float as u64).to_string()),
        _ => Cow::Owned(cell.to_string().trim().to_owned()),
    }
}

/// Returns whether a float is exactly a whole number above zero.
fn is_whole(float: f64) -> bool {
    float.fract() == 0.0 && (1.0..FLOAT_EXACT_MAX).contains(&float)
}
