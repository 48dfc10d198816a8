//! Text → rows, with the line each starts on.

use csv::{Reader, ReaderBuilder, StringRecord};

use super::columns::{Columns, is_header};
use super::line::Row;
use crate::record::Line;
use crate::refusal::Refusal;

/// What may stand between two cells: Netopia's comma, or what Excel makes of it.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Returns what separates the cells, if the text starts with a batch's header line.
pub(super) fn delimiter(text: &str) -> Option<u8> {
    DELIMITERS.into_iter().find(|delimiter| {
        let mut header = StringRecord::new();
        let found = reader(text, *delimiter).read_record(&mut header);
        found.is_ok_and(|found| found) && is_header(&header)
    })
}

/// Reads every line below the header that holds something.
pub(super) fn rows(text: &str) -> Result<Vec<Row>, Refusal> {
    let Some(delimiter) = delimiter(text) else {
        return Err(Refusal::Unreadable {
            line: Some(1),
            reason: "no header line, expected one with Comerciant, Procesat, Creditat and Comision"
                .to_owned(),
        });
    };
    let mut reader = reader(text, delimiter);
    let mut lines = Lines::of(text);
    let mut record = StringRecord::new();
    let mut columns = None;
    let mut rows = Vec::new();
    while reader.read_record(&mut record).map_err(|err| unreadable(&err))? {
        let (line, continuation) = lines.until(reader.position().byte());
        let Some(columns) = &columns else {
            columns = Some(Columns::of(&record)?);
            continue;
        };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let row = Row::of(&record, columns, line, delimiter != b',');
        let swallowed = record.get(0).map(str::trim).filter(|batch| !batch.is_empty());
        let swallowed = continuation.lines().skip(1).any(|line| {
            let rest = swallowed.and_then(|batch| line.trim_start().strip_prefix(batch));
            rest.is_some_and(|rest| rest.as_bytes().first() == Some(&delimiter))
        });
        let is_broken_up = continuation.lines().nth(1).is_some();
        if swallowed || (is_broken_up && !row.is_whole) {
            // Nearly always a quotation mark that swallowed the lines below it, two of which can
            // even make a whole record. Holding those as one would hide how many there are.
            let reason = "a quotation mark that is not closed on its line";
            return Err(Refusal::unreadable(line, reason));
        }
        rows.push(row);
    }
    Ok(rows)
}

fn reader(text: &str, delimiter: u8) -> Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    let builder = builder.delimiter(delimiter).has_headers(false).flexible(true);
    builder.from_reader(text.as_bytes())
}

fn unreadable(err: &csv::Error) -> Refusal {
    Refusal::Unreadable { line: None, reason: err.to_string() }
}

/// Counts lines by the bytes that were read.
///
/// The reader counts them too, but gives a record the number of the blank line before it.
struct Lines<'t> {
    rest: &'t str,
    read: u64,
    line: Line,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        Self { rest: text, read: 0, line: 1 }
    }

    /// Returns the line of the record that ends before the byte, and its text, which may have several
    /// lines.
    fn until(&mut self, byte: u64) -> (Line, &'t str) {
        let length = usize::try_from(byte.saturating_sub(self.read)).unwrap_or(usize::MAX);
        let (record, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        let text = record.trim_start_matches(['\r', '\n']);
        let blank = record.len() - text.len();
        let before = line_breaks(record.get(..blank).unwrap_or_default());
        let start = self.line.saturating_add(before);
        self.line = self.line.saturating_add(line_breaks(record));
        (self.rest, self.read) = (rest, byte);
        (start, text.trim_end_matches(['\r', '\n']))
    }
}

fn line_breaks(text: &str) -> Line {
    let count = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    Line::try_from(count).unwrap_or(Line::MAX)
}
