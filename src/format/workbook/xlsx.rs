//! xlsx: what calamine reads, cell by cell.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Reader, SheetType, Xlsx, XlsxError};

use super::{Room, Sheet, SheetRow, in_order, push};

type Workbook<'b> = Xlsx<Cursor<&'b [u8]>>;

/// Reads every sheet.
pub(super) fn all(bytes: &[u8], room: &mut Room) -> Result<Vec<Sheet>, String> {
    guarded(|| {
        let mut workbook = open(bytes)?;
        let is_1904 = workbook.has_1904_epoch();
        let mut sheets = Vec::new();
        for name in names(&workbook) {
            let mut rows = Vec::new();
            fill(&mut workbook, &name, u32::MAX, room, &mut rows)
                .and_then(|()| in_order(&mut rows))
                .map_err(|reason| format!("sheet {}: {reason}", sheets.len() + 1))?;
            sheets.push(Sheet { rows, is_1904 });
        }
        Ok(sheets)
    })
    .unwrap_or_else(|| Err("its sheets are not what they declare".to_owned()))
}

/// Adds the first rows of every sheet, as far as they can be read.
pub(super) fn first_rows(
    bytes: &[u8],
    count: u32,
    room: &mut Room,
    found: &mut Vec<SheetRow>,
) -> Option<()> {
    guarded(|| {
        let mut workbook = open(bytes).ok()?;
        for name in names(&workbook) {
            let mut rows = Vec::new();
            let _ = fill(&mut workbook, &name, count, room, &mut rows);
            let _ = in_order(&mut rows);
            found.extend(rows);
        }
        Some(())
    })?
}

/// Runs work that uses calamine, and returns `None` where it panics: in debug builds calamine's
/// arithmetic on hostile cell references does.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn open(bytes: &[u8]) -> Result<Workbook<'_>, String> {
    Xlsx::new(Cursor::new(bytes)).map_err(|err| err.to_string())
}

fn names(workbook: &Workbook<'_>) -> Vec<String> {
    let sheets = workbook.sheets_metadata().iter();
    sheets
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect()
}

/// Adds the cells of a sheet's first `row_count` rows in the order of the file.
fn fill(
    workbook: &mut Workbook<'_>,
    name: &str,
    row_count: u32,
    room: &mut Room,
    rows: &mut Vec<SheetRow>,
) -> Result<(), String> {
    let said = |err: XlsxError| err.to_string();
    let mut reader = workbook.worksheet_cells_reader(name).map_err(said)?;
    while let Some(found) = reader.next_cell().map_err(said)? {
        let place = found.get_position();
        if place.0 >= row_count {
            return Ok(());
        }
        let text = match found.get_value() {
            DataRef::Empty => continue,
            DataRef::SharedString(text) => text.len(),
            DataRef::String(text) => text.len(),
            _ => 0,
        };
        room.take(text)?;
        push(rows, place, Data::from(found.get_value().clone()));
    }
    Ok(())
}
