//! Workbooks as Excel 97 to 2003 wrote them (xls): records in one stream of a compound file.

use super::workbook::{Cell, Sheet, serial};

const SECTOR: usize = 512;
/// A shorter stream would stand elsewhere in the file.
const STREAM_MIN: usize = 4096;
const RECORD_MAX: usize = 8224;
const END_OF_CHAIN: u32 = 0xffff_fffe;
const FREE: u32 = 0xffff_ffff;

/// Writes the sheets, each text in its cell or once in a table of texts.
pub fn write(sheets: &[Sheet], shared_texts: bool) -> Vec<u8> {
    compound("Workbook", records(sheets, shared_texts))
}

/// Returns the records of a workbook.
pub fn records(sheets: &[Sheet], shared_texts: bool) -> Vec<u8> {
    let mut texts = shared_texts.then(Vec::new);
    let parts: Vec<Vec<u8>> = sheets.iter().map(|sheet| cells(sheet, &mut texts)).collect();
    let start = beginning(sheets, &[], texts.as_deref()).len();
    let starts = parts.iter().scan(start, |next, part| {
        let own = *next;
        *next += part.len();
        Some(own)
    });
    let starts: Vec<usize> = starts.collect();
    let mut all = beginning(sheets, &starts, texts.as_deref());
    all.extend(parts.concat());
    all
}

/// Returns the records about the workbook; their length does not depend on where the sheets start.
fn beginning(sheets: &[Sheet], starts: &[usize], texts: Option<&[String]>) -> Vec<u8> {
    let mut out = Vec::new();
    begin(&mut out, 0x0005);
    // Two styles: a plain one, and that of days.
    for number_format in [0_u16, 14] {
        let mut style = [0; 20];
        if let Some(place) = style.get_mut(2..4) {
            place.copy_from_slice(&number_format.to_le_bytes());
        }
        record(&mut out, 0x00e0, &style);
    }
    for (place, sheet) in sheets.iter().enumerate() {
        let start = starts.get(place).copied().unwrap_or_default();
        let letters: Vec<u16> = sheet.name.encode_utf16().collect();
        let mut body = number(start).to_le_bytes().to_vec();
        body.extend([0, 0, u8::try_from(letters.len()).unwrap_or(u8::MAX), 1]);
        body.extend(letters.iter().flat_map(|letter| letter.to_le_bytes()));
        record(&mut out, 0x0085, &body);
    }
    if let Some(texts) = texts {
        shared(&mut out, texts);
    }
    record(&mut out, 0x000a, &[]);
    out
}

fn begin(out: &mut Vec<u8>, kind: u16) {
    let body = [0x0600, kind, 0x0dbb, 0x07cc, 0, 0, 0, 0];
    record(out, 0x0809, &body.map(u16::to_le_bytes).concat());
}

fn cells(sheet: &Sheet, texts: &mut Option<Vec<String>>) -> Vec<u8> {
    let mut out = Vec::new();
    begin(&mut out, 0x0010);
    for (row, cells) in (0_u16..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            let is_day = matches!(cell, Cell::Day(_));
            let head = [row, column, u16::from(is_day)].map(u16::to_le_bytes).concat();
            let (kind, value) = match (cell, texts.as_mut()) {
                (Cell::Empty, _) => continue,
                (Cell::Text(text), Some(texts)) => (0x00fd, shared_place(texts, text)),
                (Cell::Text(text), None) => (0x0204, own_text(text)),
                (Cell::Number(number), _) => (0x0203, float(&number.to_string())),
                (Cell::Day(day), _) => (0x0203, float(&serial(*day).to_string())),
            };
            record(&mut out, kind, &[head, value].concat());
        }
    }
    record(&mut out, 0x000a, &[]);
    out
}

/// Returns the bytes of a number, which is a float in a workbook.
fn float(number: &str) -> Vec<u8> {
    number.parse::<f64>().unwrap_or_default().to_le_bytes().to_vec()
}

fn own_text(text: &str) -> Vec<u8> {
    let letters: Vec<u16> = text.encode_utf16().collect();
    let count = u16::try_from(letters.len()).unwrap_or(u16::MAX);
    let letters = letters.iter().flat_map(|letter| letter.to_le_bytes());
    count.to_le_bytes().into_iter().chain([1]).chain(letters).collect()
}

fn shared_place(texts: &mut Vec<String>, text: &str) -> Vec<u8> {
    let known = texts.iter().position(|it| it == text);
    let place = known.unwrap_or_else(|| {
        texts.push(text.to_owned());
        texts.len() - 1
    });
    number(place).to_le_bytes().to_vec()
}

/// Writes the table of texts, over several records where one is too small.
fn shared(out: &mut Vec<u8>, texts: &[String]) {
    let count = number(texts.len()).to_le_bytes();
    let mut kind = 0x00fc;
    let mut body = [count, count].concat();
    for text in texts {
        let letters: Vec<u16> = text.encode_utf16().collect();
        let mut full = |body: &mut Vec<u8>, room: usize, again: &[u8]| {
            if body.len() + room > RECORD_MAX {
                record(out, kind, &std::mem::replace(body, again.to_vec()));
                kind = 0x003c;
            }
        };
        full(&mut body, 5, &[]);
        body.extend(u16::try_from(letters.len()).unwrap_or(u16::MAX).to_le_bytes());
        body.push(1);
        for letter in letters {
            // Where a text goes on in the next record, that one begins with its flags.
            full(&mut body, 2, &[1]);
            body.extend(letter.to_le_bytes());
        }
    }
    record(out, kind, &body);
}

/// Writes a record.
pub fn record(out: &mut Vec<u8>, kind: u16, body: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend(u16::try_from(body.len()).unwrap_or(u16::MAX).to_le_bytes());
    out.extend(body);
}

/// Returns a compound file with one stream.
pub fn compound(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    stream.resize(stream.len().max(STREAM_MIN).next_multiple_of(SECTOR), 0);
    let sectors = stream.len() / SECTOR;
    let mut tables = 1;
    while tables * SECTOR / 4 < sectors + 1 + tables {
        tables += 1;
    }
    let mut next: Vec<u32> = (1..sectors).map(number).collect();
    next.extend([END_OF_CHAIN; 2]);
    next.extend(vec![0xffff_fffd; tables]);
    next.resize(tables * SECTOR / 4, FREE);
    let mut file = header(sectors, tables);
    file.extend(&stream);
    file.extend(entry("Root Entry", 5, 1, END_OF_CHAIN, 0));
    file.extend(entry(name, 2, FREE, 0, stream.len()));
    file.extend([0; SECTOR / 2]);
    file.extend(next.into_iter().flat_map(u32::to_le_bytes));
    file
}

fn header(directory: usize, tables: usize) -> Vec<u8> {
    let mut header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    header.extend([0; 16]);
    header.extend([0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    header.extend([0; 10]);
    let numbers = [number(tables), number(directory), 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0];
    header.extend(numbers.into_iter().flat_map(u32::to_le_bytes));
    let own = (directory + 1..).take(tables).map(number);
    let named = own.chain(std::iter::repeat(FREE)).take(109);
    header.extend(named.flat_map(u32::to_le_bytes));
    header
}

fn entry(name: &str, kind: u8, child: u32, start: u32, length: usize) -> Vec<u8> {
    let letters: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut entry = letters.clone();
    entry.resize(64, 0);
    entry.extend([u8::try_from(letters.len() + 2).unwrap_or_default(), 0, kind, 1]);
    entry.extend([FREE, FREE, child].into_iter().flat_map(u32::to_le_bytes));
    entry.extend([0; 36]);
    entry.extend([start, number(length), 0].into_iter().flat_map(u32::to_le_bytes));
    entry
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
