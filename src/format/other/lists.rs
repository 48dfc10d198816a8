//! Lists of shops, couriers and card processors that are known by their header row, as a workbook or
//! as delimited text.

use super::{Help, Kind};
use crate::format::delimited::reader;
use crate::format::{gls, workbook};
use crate::source::Source;
use crate::value::normalize;

/// Rows that are read of a list or a sheet: header rows stand at the beginning.
const ROWS_READ: u32 = 30;

/// Cells that are read of a row: no list has more columns.
const CELLS_READ: usize = 200;

/// What may separate two cells of a text.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// How PlatiOnline writes its name.
const PLATIONLINE: [&str; 3] = ["plationline", "plati.online", "plati online"];

/// A row of a list: its cells without diacritics, in lower case.
type Row = Vec<String>;

/// A kind, and whether a row below these texts is its header row.
type List = (Kind, fn(&Row, &str) -> bool);

const LISTS: [List; 7] = [
    (
        Kind::new(
            "an eMAG account statement",
            Help::Do("leave it out: the bank's statement has what eMAG pays"),
        ),
        |row, _| {
            has_all(row, &["customer id", "seller company", "sap document id", "document code"])
                && has_all(row, &["document amount", "clearing document"])
        },
    ),
    (Kind::new("a FAN Courier borderou", Help::LeaveOut), |row, above| {
        has_all(row, &["numar awb", "suma incasata", "data virament"])
            || (above.contains("fan courier") && heads_cash_on_delivery(row))
    }),
    (Kind::new("a Cargus list", Help::LeaveOut), |row, above| {
        has_all(row, &["awb", "refexp1", "data op"])
            || has_all(row, &["ramburs numerar", "ramburs cont colector"])
            || (above.contains("cargus") && heads_cash_on_delivery(row))
    }),
    (Kind::new("a euPlatesc report", Help::LeaveOut), |row, _| {
        has_all(row, &["merchantid", "invoiceid", "rrn"]) || has_all(row, &["ep_id", "invoice_id"])
    }),
    (Kind::new("a PlatiOnline report", Help::LeaveOut), |row, above| {
        has_all(row, &["f_order_number", "x_trans_id"])
            || (PLATIONLINE.iter().any(|name| above.contains(name)) && heads_payments(row))
    }),
    (
        Kind::new(
            "a GLS list in Hungarian",
            Help::Do("leave it out; ask GLS for it in Romanian, only that is read"),
        ),
        |row, above| {
            above.contains(gls::SENDER)
                && has_all(row, &["csomagszam"])
                && has_any(row, &["utanvet"])
        },
    ),
    (
        Kind::new(
            "a GLS list of another country",
            Help::Do("leave it out: only the lists of GLS Romania are read"),
        ),
        // The name alone in its row is the title: a bank's list names GLS beside days and amounts.
        |row, _| is_title(row, gls::is_of_another_country),
    ),
];

/// Returns the kind of the list, if it is one of those that are known: a workbook, or a text that
/// begins so.
pub(super) fn kind(source: &Source, head: Option<&str>) -> Option<Kind> {
    if source.is_zip() || source.is_compound() {
        return among(&of_workbook(source));
    }
    DELIMITERS.iter().find_map(|delimiter| among(&of_text(head?, *delimiter)))
}

/// Returns the first kind of which one of the rows is the header row.
fn among(rows: &[Row]) -> Option<Kind> {
    LISTS.iter().find_map(|(kind, is_header)| {
        let mut above = String::new();
        let found = rows.iter().any(|row| {
            let is_header = is_header(row, &above);
            above.push_str(&row.join("\n"));
            above.push('\n');
            is_header
        });
        found.then_some(*kind)
    })
}

fn of_workbook(source: &Source) -> Vec<Row> {
    let rows = workbook::first_rows(source).iter().filter(|row| row.line <= ROWS_READ);
    let cells = |row: &workbook::SheetRow| {
        let cells = row.values().take(CELLS_READ);
        cells.map(|cell| compared(&workbook::text(cell))).collect()
    };
    rows.map(cells).collect()
}

fn of_text(head: &str, delimiter: u8) -> Vec<Row> {
    let mut reader = reader(head, delimiter);
    let records = reader.records().take(ROWS_READ as usize).map_while(Result::ok);
    records.map(|record| record.iter().map(compared).collect()).collect()
}

fn compared(cell: &str) -> String {
    normalize::fold_blanks(&normalize::plain(cell.trim_start_matches('\u{feff}')))
}

/// Returns whether each of the texts is a cell of the row.
fn has_all(row: &Row, headers: &[&str]) -> bool {
    headers.iter().all(|header| row.iter().any(|cell| cell == header))
}

/// Returns whether a cell of the row has one of the texts in it.
fn has_any(row: &Row, words: &[&str]) -> bool {
    row.iter().any(|cell| words.iter().any(|word| cell.contains(word)))
}

/// Returns whether the row has one cell alone, and that is such a title.
fn is_title(row: &Row, is: fn(&str) -> bool) -> bool {
    let mut cells = row.iter().filter(|cell| !cell.is_empty());
    cells.next().is_some_and(|cell| is(cell)) && cells.next().is_none()
}

/// Returns whether the row may be a header row. A bank's list names couriers and their parcels too, in
/// rows with days and amounts.
fn is_header(row: &Row) -> bool {
    const CHARS_MAX: usize = 40;
    row.len() > 2
        && row
            .iter()
            .all(|cell| cell.len() <= CHARS_MAX && !cell.bytes().any(|b| b.is_ascii_digit()))
}

/// Returns whether the row heads a list of parcels and what was paid for them on delivery.
fn heads_cash_on_delivery(row: &Row) -> bool {
    is_header(row) && has_any(row, &["awb"]) && has_any(row, &["ramburs", "incasat", "virament"])
}

/// Returns whether the row heads a list of card payments.
fn heads_payments(row: &Row) -> bool {
    is_header(row)
        && has_any(row, &["tranzact", "transact"])
        && has_any(row, &["suma", "valoare", "amount"])
}
