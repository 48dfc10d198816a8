//! Text → rows, each with the line where it starts.

use csv::StringRecord;

use super::cells::trimmed;
use super::columns::{Columns, is_header};
use super::line::CsvRows;
use super::records::Records;
use crate::fault::Refusal;
use crate::format::delimited::reader;

/// What may separate two cells: the comma, as Netopia writes it, or what Excel saves in its place.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Returns what separates the cells, if the text starts with a batch's header line.
pub(super) fn delimiter(text: &str) -> Option<u8> {
    DELIMITERS.into_iter().find(|delimiter| {
        let mut header = StringRecord::new();
        let found = reader(text, *delimiter).read_record(&mut header);
        found.is_ok_and(|found| found) && is_header(&header)
    })
}

/// Reads the lines below the header line, without blank ones.
pub(super) fn rows(text: &str) -> Result<CsvRows<'_>, Refusal> {
    let Some(delimiter) = delimiter(text) else {
        return Err(Refusal::Unreadable {
            line: Some(1),
            reason: "no header line, expected one with Comerciant, Procesat, Creditat and Comision"
                .to_owned(),
        });
    };
    let mut records = Records::of(text, delimiter);
    let mut rows = CsvRows::default();
    let mut columns = None;
    while let Some(record) = records.next()? {
        let Some(columns) = &columns else {
            columns = Some(Columns::of(&record.cells.iter().collect())?);
            continue;
        };
        if record.cells.iter().all(|cell| trimmed(cell).is_empty()) {
            continue;
        }
        let row = rows.read(record.cells, columns, record.line, delimiter != b',');
        let swallowed = record.cells.first().map(|cell| trimmed(cell));
        let swallowed = swallowed.filter(|batch| !batch.is_empty());
        let swallowed = record.below.iter().any(|line| {
            let rest = swallowed.and_then(|batch| line.trim_start().strip_prefix(batch));
            rest.is_some_and(|rest| rest.as_bytes().first() == Some(&delimiter))
        });
        if swallowed || (!record.below.is_empty() && !row.is_whole) {
            // Nearly always a quotation mark was not closed and swallowed the lines below it; two
            // lines can even look like one whole record. If they were held as one record, nobody
            // would see how many records there are.
            let reason = "a quotation mark that is not closed on its line";
            return Err(Refusal::unreadable(record.line, reason));
        }
        rows.list.push(row);
    }
    Ok(rows)
}
