//! Workbook → rows of cells that hold something.
//!
//! Cells are read one after the other and kept by their place: calamine's own range is a rectangle,
//! which two cells in opposite corners of a sheet make larger than any memory.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Reader, SheetType, Xlsx};

use super::cell;
use crate::record::Line;
use crate::refusal::Refusal;

/// Cells that one workbook may hold: 700,000 parcels fit, and a hostile one fits into memory.
const CELLS_MAX: usize = 5_000_000;

/// A sheet without its empty rows.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// The rows that hold something, in their order.
    pub rows: Vec<Row>,
    /// Whether its dates count from 1904 instead of 1900.
    pub is_1904: bool,
}

/// A row that holds something.
#[derive(Debug)]
pub(super) struct Row {
    /// Its number as Excel shows it.
    pub line: Line,
    /// The cells that hold something, by column from 0.
    pub cells: BTreeMap<u32, Data>,
}

type Cells = BTreeMap<u32, BTreeMap<u32, Data>>;
type Workbook<'b> = Xlsx<Cursor<&'b [u8]>>;

/// Reads every sheet.
pub(super) fn all(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    guarded(|| {
        let mut workbook = open(bytes)?;
        let is_1904 = workbook.has_1904_epoch();
        let mut room = CELLS_MAX;
        let mut sheets = Vec::new();
        for name in names(&workbook) {
            let mut cells = Cells::new();
            let place = format!("sheet {}", sheets.len() + 1);
            fill(&mut workbook, &name, u32::MAX, &mut room, &mut cells)
                .map_err(|reason| unreadable(&format!("{place}: {reason}")))?;
            let rows = rows(cells);
            sheets.push(Sheet { rows, is_1904 });
        }
        Ok(sheets)
    })
    .unwrap_or_else(|| Err(unreadable("its sheets are not what they declare")))
}

/// Reads the first rows of every sheet as far as they can be read: enough to recognise a sender.
pub(super) fn first_rows(bytes: &[u8], count: u32) -> Vec<Row> {
    guarded(|| {
        let (mut found, mut room) = (Vec::new(), CELLS_MAX);
        let Ok(mut workbook) = open(bytes) else {
            return found;
        };
        for name in names(&workbook) {
            let mut cells = Cells::new();
            // What stands before a damage is enough: reading the file will name the damage.
            let _ = fill(&mut workbook, &name, count, &mut room, &mut cells);
            found.extend(rows(cells));
        }
        found
    })
    .unwrap_or_default()
}

/// Runs what touches calamine: its arithmetic on hostile cell references panics in debug builds.
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

/// Adds the cells of a sheet's first rows; `room` is how many more the workbook may hold.
fn fill(
    workbook: &mut Workbook<'_>,
    name: &str,
    row_count: u32,
    room: &mut usize,
    cells: &mut Cells,
) -> Result<(), String> {
    let said = |err: calamine::XlsxError| err.to_string();
    let mut reader = workbook.worksheet_cells_reader(name).map_err(said)?;
    while let Some(found) = reader.next_cell().map_err(said)? {
        let (row, column) = found.get_position();
        if row >= row_count {
            return Ok(());
        }
        let value = Data::from(found.get_value().clone());
        if cell::is_blank(&value) {
            continue;
        }
        *room = room.checked_sub(1).ok_or("too many cells")?;
        if cells.entry(row).or_default().insert(column, value).is_some() {
            return Err(format!("two cells at one place in row {}", u64::from(row) + 1));
        }
    }
    Ok(())
}

fn rows(cells: Cells) -> Vec<Row> {
    let row = |(row, cells): (u32, BTreeMap<u32, Data>)| Row { line: row.saturating_add(1), cells };
    cells.into_iter().map(row).collect()
}

fn unreadable(reason: &str) -> Refusal {
    Refusal::Archive { reason: format!("the workbook cannot be read: {reason}") }
}
