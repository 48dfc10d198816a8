//! xls: the workbooks of Excel 5 to 2003 (BIFF5, BIFF8; [MS-XLS]), record by record.
//!
//! A record has its kind, its length and a body. The first ones are about the workbook: its sheets
//! with the place where each begins, its texts, its number formats. Then come the sheets, whose
//! records are cells. Nothing is kept but texts and cells, so memory stays within the file's size and
//! the limits of a workbook.

use calamine::{Data, ExcelDateTime, ExcelDateTimeType};
use encoding_rs::Encoding;

use super::compound::stream;
use super::number_format::NumberFormats;
use super::sst::{self, Letters};
use super::{Room, Sheet, SheetRow, in_order, push};

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const CONTINUE: u16 = 0x003c;
const PASSWORD: u16 = 0x002f;
const CODE_PAGE: u16 = 0x0042;
const FROM_1904: u16 = 0x0022;
const NUMBER_FORMAT: u16 = 0x041e;
const STYLE: u16 = 0x00e0;
const SHEET: u16 = 0x0085;
const SHARED_TEXTS: u16 = 0x00fc;
const NUMBER: u16 = 0x0203;
const SHORT_NUMBER: u16 = 0x027e;
const SHORT_NUMBERS: u16 = 0x00bd;
const SHARED_TEXT: u16 = 0x00fd;
const TEXT: u16 = 0x0204;
const RICH_TEXT: u16 = 0x00d6;
const TRUTH_OR_ERROR: u16 = 0x0205;
const FORMULA: u16 = 0x0006;
const TEXT_OF_FORMULA: u16 = 0x0207;

const EXCEL_97: u16 = 0x0600;
const EXCEL_5: u16 = 0x0500;

/// The code page of Western Europe, which a workbook has that states none.
const WESTERN: u16 = 1252;

/// Why a compound file was not opened as a workbook.
pub(super) enum NotOpened {
    /// There is none in it.
    NoWorkbook,
    /// It has a password.
    Locked,
    /// It is damaged, or of a form that is not read.
    Unreadable(String),
}

impl From<&'static str> for NotOpened {
    fn from(reason: &'static str) -> Self {
        Self::Unreadable(reason.to_owned())
    }
}

/// A workbook: its records, and what its cells need to be read.
pub(super) struct Book {
    records: Vec<u8>,
    letters: Letters,
    texts: Vec<String>,
    formats: NumberFormats,
    is_1904: bool,
    /// Where the records of each sheet begin and end, in the order of the workbook.
    sheets: Vec<(usize, usize)>,
}

/// Reads every sheet.
pub(super) fn all(bytes: &[u8], room: &mut Room) -> Result<Vec<Sheet>, String> {
    let book = open(bytes).map_err(|reason| match reason {
        NotOpened::NoWorkbook => "there is none in the file".to_owned(),
        NotOpened::Locked => "it has a password".to_owned(),
        NotOpened::Unreadable(reason) => reason,
    })?;
    let mut sheets = Vec::new();
    for part in &book.sheets {
        let mut rows = Vec::new();
        book.fill(*part, u32::MAX, room, &mut rows)
            .and_then(|()| in_order(&mut rows))
            .map_err(|reason| format!("sheet {}: {reason}", sheets.len() + 1))?;
        sheets.push(Sheet { rows, is_1904: book.is_1904 });
    }
    Ok(sheets)
}

/// Adds the first rows of every sheet, as far as they can be read.
pub(super) fn first_rows(
    bytes: &[u8],
    count: u32,
    room: &mut Room,
    found: &mut Vec<SheetRow>,
) -> Option<()> {
    let book = open(bytes).ok()?;
    for part in &book.sheets {
        let mut rows = Vec::new();
        let _ = book.fill(*part, count, room, &mut rows);
        let _ = in_order(&mut rows);
        found.extend(rows);
    }
    Some(())
}

/// Reads what the workbook says of itself, before its sheets.
pub(super) fn open(bytes: &[u8]) -> Result<Book, NotOpened> {
    let records = stream(bytes, &["Workbook", "Book"])?.ok_or(NotOpened::NoWorkbook)?;
    let mut book = Book {
        records: Vec::new(),
        letters: Letters::Wide,
        texts: Vec::new(),
        formats: NumberFormats::default(),
        is_1904: false,
        sheets: Vec::new(),
    };
    let mut starts = Vec::new();
    let mut walk = Records { rest: &records };
    let (kind, body) = walk.next().ok_or("it is cut off")??;
    match (kind, u16_at(body, 0)) {
        (BEGIN, Some(EXCEL_97)) => {}
        (BEGIN, Some(EXCEL_5)) => book.letters = Letters::Paged(page(WESTERN)?),
        _ => return Err("it is of a version before Excel 5; save it as .xlsx".into()),
    }
    while let Some(record) = walk.next() {
        let (kind, body) = record?;
        match kind {
            END => break,
            PASSWORD => return Err(NotOpened::Locked),
            CODE_PAGE => {
                if let (Letters::Paged(_), Some(number)) = (book.letters, u16_at(body, 0)) {
                    book.letters = Letters::Paged(page(number)?);
                }
            }
            FROM_1904 => book.is_1904 = u16_at(body, 0) == Some(1),
            NUMBER_FORMAT => {
                let text = body.get(2..).and_then(|text| book.letters.text(text));
                if let (Some(number), Some(text)) = (u16_at(body, 0), text) {
                    book.formats.define(number, &text);
                }
            }
            STYLE => book.formats.style(body),
            // Of charts and macros nothing is read.
            SHEET if body.get(5) == Some(&0) => {
                let start = super::compound::u32_at(body, 0).ok_or("it is cut off")?;
                starts.push(start as usize);
            }
            SHARED_TEXTS => {
                let texts = sst::shared(walk.with_continued(body));
                book.texts = texts.ok_or("its texts are cut off")?;
            }
            _ => {}
        }
    }
    book.sheets = parts(&starts, records.len());
    book.records = records;
    Ok(book)
}

/// Returns where the records of each sheet begin and end: no sheet reaches into the next one, so no
/// record is read twice, however often a sheet is listed.
fn parts(starts: &[usize], end: usize) -> Vec<(usize, usize)> {
    let mut sorted = starts.to_vec();
    sorted.sort_unstable();
    sorted.push(end);
    let next = |start: usize| sorted.get(sorted.partition_point(|it| *it <= start)).copied();
    let mut seen = std::collections::BTreeSet::new();
    let once = starts.iter().filter(|start| seen.insert(**start));
    once.map(|start| (*start, next(*start).unwrap_or(end))).collect()
}

fn page(number: u16) -> Result<&'static Encoding, NotOpened> {
    let known = Encoding::for_label(format!("windows-{number}").as_bytes());
    known.ok_or_else(|| {
        NotOpened::Unreadable(format!("its texts are in code page {number}; save it as .xlsx"))
    })
}

/// The records that begin with the place of a cell. Rows follow on each other.
const CELLS: [u16; 8] =
    [NUMBER, SHORT_NUMBER, SHORT_NUMBERS, SHARED_TEXT, TEXT, RICH_TEXT, TRUTH_OR_ERROR, FORMULA];

impl Book {
    /// Adds the cells of a sheet's first `row_count` rows in the order of the file.
    fn fill(
        &self,
        (start, end): (usize, usize),
        row_count: u32,
        room: &mut Room,
        rows: &mut Vec<SheetRow>,
    ) -> Result<(), String> {
        let rest = self.records.get(start..end).ok_or("it is cut off")?;
        let mut formula = None;
        // A chart within a sheet has a beginning and an end of its own, and cells that are none.
        let mut depth = 0_usize;
        for record in (Records { rest }) {
            let (kind, body) = record?;
            if CELLS.contains(&kind) && place(body).is_some_and(|place| place.0 >= row_count) {
                return Ok(());
            }
            match kind {
                BEGIN => depth += 1,
                END if depth <= 1 => return Ok(()),
                END => depth -= 1,
                _ if depth > 1 => {}
                FORMULA => {
                    formula = place(body);
                    self.cell(kind, body, room, rows).ok_or_else(cut)??;
                }
                TEXT_OF_FORMULA => {
                    let text = self.letters.text(body).ok_or_else(cut)?;
                    if let Some(place) = formula.take() {
                        room.take(text.len())?;
                        push(rows, place, Data::String(text));
                    }
                }
                _ => self.cell(kind, body, room, rows).ok_or_else(cut)??,
            }
        }
        Err("it has no end".to_owned())
    }

    /// Adds the cell of a record, or the cells of one with several; `None` where the record is cut.
    fn cell(
        &self,
        kind: u16,
        body: &[u8],
        room: &mut Room,
        rows: &mut Vec<SheetRow>,
    ) -> Option<Result<(), String>> {
        let rest = |at: usize| body.get(at..);
        let value = match kind {
            NUMBER => self.number(u16_at(body, 4)?, f64::from_le_bytes(*rest(6)?.first_chunk()?)),
            SHORT_NUMBER => self.short_number(rest(4)?.first_chunk()?),
            SHARED_TEXT => {
                let index = super::compound::u32_at(body, 6)? as usize;
                Data::String(self.texts.get(index)?.clone())
            }
            TEXT | RICH_TEXT => Data::String(self.letters.text(rest(6)?)?),
            TRUTH_OR_ERROR => truth_or_error(*body.get(6)?, *body.get(7)?),
            FORMULA => self.result(u16_at(body, 4)?, rest(6)?.first_chunk()?),
            SHORT_NUMBERS => return self.short_numbers(body, room, rows),
            _ => return Some(Ok(())),
        };
        let place = place(body)?;
        let text = if let Data::String(text) = &value { text.len() } else { 0 };
        Some(room.take(text).map(|()| push(rows, place, value)))
    }

    fn short_numbers(
        &self,
        body: &[u8],
        room: &mut Room,
        rows: &mut Vec<SheetRow>,
    ) -> Option<Result<(), String>> {
        let (row, first) = place(body)?;
        let (numbers, _) = body.get(4..body.len().checked_sub(2)?)?.as_chunks::<6>();
        for (column, number) in (first..).zip(numbers) {
            if let Err(full) = room.take(0) {
                return Some(Err(full));
            }
            push(rows, (row, column), self.short_number(number));
        }
        Some(Ok(()))
    }

    /// Returns a number as its style shows it.
    fn number(&self, style: u16, number: f64) -> Data {
        match self.formats.is_date(style) {
            true => {
                let kind = ExcelDateTimeType::DateTime;
                Data::DateTime(ExcelDateTime::new(number, kind, self.is_1904))
            }
            false => Data::Float(number),
        }
    }

    /// Returns a number of four bytes, with its style before it: a whole number of 30 bits or the upper
    /// half of a float, each of them perhaps a hundred times as large.
    fn short_number(&self, [s1, s2, bytes @ ..]: &[u8; 6]) -> Data {
        const HUNDREDTH: u32 = 1;
        const WHOLE: u32 = 2;
        let bits = u32::from_le_bytes(*bytes);
        let number = match bits & WHOLE {
            0 => f64::from_bits(u64::from(bits & !(HUNDREDTH | WHOLE)) << 32),
            _ => f64::from(bits.cast_signed() >> 2),
        };
        let number = if bits & HUNDREDTH == 0 { number } else { number / 100.0 };
        self.number(u16::from_le_bytes([*s1, *s2]), number)
    }

    /// Returns what a formula came to; of a text, which stands in the next record, nothing.
    fn result(&self, style: u16, bytes: &[u8; 8]) -> Data {
        match bytes {
            [1, _, truth, .., 0xff, 0xff] => truth_or_error(*truth, 0),
            [2, _, error, .., 0xff, 0xff] => truth_or_error(*error, 1),
            [.., 0xff, 0xff] => Data::Empty,
            number => self.number(style, f64::from_le_bytes(*number)),
        }
    }
}

fn truth_or_error(value: u8, is_error: u8) -> Data {
    match is_error {
        0 => Data::Bool(value != 0),
        // Which error it is, is not told: none of them is a text, an amount or a date.
        _ => Data::Error(calamine::CellErrorType::Value),
    }
}

/// Returns row and column, both from 0.
fn place(body: &[u8]) -> Option<(u32, u32)> {
    Some((u16_at(body, 0)?.into(), u16_at(body, 2)?.into()))
}

fn cut() -> String {
    "a cell is cut off".to_owned()
}

/// Returns the number of two bytes at a place.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|number| u16::from_le_bytes(*number))
}

/// The records, one after the other: the kind and the body of each.
struct Records<'b> {
    rest: &'b [u8],
}

impl<'b> Records<'b> {
    /// Returns the body with those of the records that continue it, and goes past these.
    fn with_continued(&mut self, body: &'b [u8]) -> Vec<&'b [u8]> {
        let mut bodies = vec![body];
        while u16_at(self.rest, 0) == Some(CONTINUE)
            && let Some(Ok((_, body))) = self.next()
        {
            bodies.push(body);
        }
        bodies
    }
}

impl<'b> Iterator for Records<'b> {
    type Item = Result<(u16, &'b [u8]), &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        const HEAD: usize = 4;
        if self.rest.is_empty() {
            return None;
        }
        let record = (|| {
            let (kind, length) = (u16_at(self.rest, 0)?, u16_at(self.rest, 2)?);
            let end = HEAD + usize::from(length);
            Some(((kind, self.rest.get(HEAD..end)?), self.rest.get(end..)?))
        })();
        let Some((record, rest)) = record else {
            self.rest = &[];
            return Some(Err("it is cut off"));
        };
        self.rest = rest;
        Some(Ok(record))
    }
}
