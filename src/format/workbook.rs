//! Workbook → rows of cells that hold something.
//!
//! Cells are read one after the other and kept with their places. calamine's own range is not used:
//! it is a rectangle, and two cells in opposite corners of a sheet make it larger than any memory.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Reader, SheetType, Xlsx};

use crate::fault::Refusal;
use crate::record::Line;

/// Cells that one workbook may hold: 700,000 parcels fit, and even so many cells fit into memory.
const CELLS_MAX: usize = 5_000_000;

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

type Workbook<'b> = Xlsx<Cursor<&'b [u8]>>;

/// Reads every sheet.
pub(super) fn all(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    guarded(|| {
        let mut workbook = open(bytes)?;
        let is_1904 = workbook.has_1904_epoch();
        let mut room = CELLS_MAX;
        let mut sheets = Vec::new();
        for name in names(&workbook) {
            let mut rows = Vec::new();
            let place = format!("sheet {}", sheets.len() + 1);
            fill(&mut workbook, &name, u32::MAX, &mut room, &mut rows)
                .and_then(|()| in_order(&mut rows))
                .map_err(|reason| unreadable(&format!("{place}: {reason}")))?;
            sheets.push(Sheet { rows, is_1904 });
        }
        Ok(sheets)
    })
    .unwrap_or_else(|| Err(unreadable("its sheets are not what they declare")))
}

/// Reads the first rows of every sheet as far as they can be read: enough to recognise a sender.
pub(super) fn first_rows(bytes: &[u8], count: u32) -> Vec<SheetRow> {
    guarded(|| {
        let (mut found, mut room) = (Vec::new(), CELLS_MAX);
        let Ok(mut workbook) = open(bytes) else {
            return found;
        };
        for name in names(&workbook) {
            // Where the sheet is damaged, the rows before the damage are enough; the damage is
            // reported when the file is read.
            let mut rows = Vec::new();
            let _ = fill(&mut workbook, &name, count, &mut room, &mut rows);
            let _ = in_order(&mut rows);
            found.extend(rows);
        }
        found
    })
    .unwrap_or_default()
}

/// Runs work that uses calamine, and returns `None` where it panics: in debug builds calamine's
/// arithmetic on hostile cell references does.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn open(bytes: &[u8]) -> Result<Workbook<'_>, Refusal> {
    Xlsx::new(Cursor::new(bytes)).map_err(|err| unreadable(&err.to_string()))
}

fn names(workbook: &Workbook<'_>) -> Vec<String> {
    let sheets = workbook.sheets_metadata().iter();
    sheets
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect()
}

/// Adds the cells of a sheet's first `row_count` rows in the order of the file; `room` is how many
/// more cells the workbook may hold.
fn fill(
    workbook: &mut Workbook<'_>,
    name: &str,
    row_count: u32,
    room: &mut usize,
    rows: &mut Vec<SheetRow>,
) -> Result<(), String> {
    let said = |err: calamine::XlsxError| err.to_string();
    let mut reader = workbook.worksheet_cells_reader(name).map_err(said)?;
    let mut last = None;
    while let Some(found) = reader.next_cell().map_err(said)? {
        let (row, column) = found.get_position();
        if row >= row_count {
            return Ok(());
        }
        let value = Data::from(found.get_value().clone());
        if is_blank(&value) {
            continue;
        }
        *room = room.checked_sub(1).ok_or("too many cells")?;
        match rows.last_mut().filter(|_| last == Some(row)) {
            Some(row) => row.cells.push((column, value)),
            None => {
                let mut cells = Vec::with_capacity(CELLS_EXPECTED);
                cells.push((column, value));
                rows.push(SheetRow { line: row.saturating_add(1), cells });
            }
        }
        last = Some(row);
    }
    Ok(())
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

fn unreadable(reason: &str) -> Refusal {
    Refusal::Archive { reason: format!("the workbook cannot be read: {reason}") }
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
