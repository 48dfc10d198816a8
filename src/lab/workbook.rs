//! Workbooks as programs on servers write them: the least that Excel opens, no styles but one.

use std::io;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use zip::CompressionMethod;

use super::pack::pack;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const PARTS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const DECLARED: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// The day before the first that a spreadsheet program counts, with the 29 February 1900 that it
/// counts too and that did not exist.
const DAY_ZERO: Option<NaiveDate> = NaiveDate::from_ymd_opt(1899, 12, 30);

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A number.
    Number(Decimal),
    /// A day, as a spreadsheet program keeps it: the number of days since 1900.
    Day(NaiveDate),
}

impl Cell {
    /// Returns a cell with this text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Returns a cell with this number.
    pub fn number(number: impl Into<Decimal>) -> Self {
        Self::Number(number.into())
    }
}

/// A sheet: its name and its rows.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows, from the first on.
    pub rows: Vec<Vec<Cell>>,
}

/// Writes the sheets as a server does, each text in its cell, or as a spreadsheet program does, each
/// text once in a table of texts.
///
/// # Errors
///
/// None in practice: what writing a zip into memory reports.
pub fn write(sheets: &[Sheet], day: NaiveDate, shared_texts: bool) -> io::Result<Vec<u8>> {
    let mut texts = Texts(shared_texts.then(Vec::new));
    let mut parts: Vec<(String, String)> = Vec::new();
    for (number, sheet) in (1..).zip(sheets) {
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet_xml(sheet, &mut texts)));
    }
    parts.push(("xl/styles.xml".to_owned(), styles()));
    if let Some(texts) = texts.0 {
        parts.push(("xl/sharedStrings.xml".to_owned(), shared(&texts)));
    }
    let mut all = vec![
        ("[Content_Types].xml".to_owned(), content_types(&parts)),
        ("_rels/.rels".to_owned(), relations(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml".to_owned(), workbook(sheets)),
        ("xl/_rels/workbook.xml.rels".to_owned(), workbook_relations(&parts)),
    ];
    all.extend(parts);
    let files: Vec<(&str, &[u8])> =
        all.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())).collect();
    pack(&files, CompressionMethod::Deflated, (day, 9, 0))
}

/// The texts that cells share; `None` where each cell has its own.
struct Texts(Option<Vec<String>>);

impl Texts {
    /// Returns the cell of a text at that place.
    fn cell(&mut self, at: &str, text: &str) -> String {
        let Some(texts) = &mut self.0 else {
            return format!(r#"<c r="{at}" t="inlineStr"><is><t>{}</t></is></c>"#, escaped(text));
        };
        let known = texts.iter().position(|it| it == text);
        let index = known.unwrap_or_else(|| {
            texts.push(text.to_owned());
            texts.len() - 1
        });
        format!(r#"<c r="{at}" t="s"><v>{index}</v></c>"#)
    }
}

fn sheet_xml(sheet: &Sheet, texts: &mut Texts) -> String {
    let mut xml = format!(r#"{DECLARED}<worksheet xmlns="{MAIN}"><sheetData>"#);
    for (row, cells) in (1..).zip(&sheet.rows) {
        xml.push_str(&format!(r#"<row r="{row}">"#));
        for (column, cell) in (0..).zip(cells) {
            let at = format!("{}{row}", column_name(column));
            xml.push_str(&match cell {
                Cell::Empty => String::new(),
                Cell::Text(text) => texts.cell(&at, text),
                Cell::Number(number) => format!(r#"<c r="{at}"><v>{}</v></c>"#, number.normalize()),
                Cell::Day(day) => format!(r#"<c r="{at}" s="1"><v>{}</v></c>"#, serial(*day)),
            });
        }
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData></worksheet>");
    xml
}

/// Returns what a spreadsheet program calls a column: `A` to `Z`, then `AA` and so on, up to `ZZ`.
fn column_name(column: u8) -> String {
    let letter = |place: u8| char::from(b'A' + place % 26);
    match column.checked_sub(26) {
        None => letter(column).to_string(),
        Some(further) => format!("{}{}", letter(further / 26), letter(further)),
    }
}

/// Returns the number by which a spreadsheet program keeps a day.
pub(super) fn serial(day: NaiveDate) -> i64 {
    DAY_ZERO.map_or(0, |zero| (day - zero).num_days())
}

fn shared(texts: &[String]) -> String {
    let items: String =
        texts.iter().map(|text| format!("<si><t>{}</t></si>", escaped(text))).collect();
    format!(r#"{DECLARED}<sst xmlns="{MAIN}">{items}</sst>"#)
}

/// Returns two styles: a plain one, and that of days.
fn styles() -> String {
    format!(
        r#"{DECLARED}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#
    )
}

fn workbook(sheets: &[Sheet]) -> String {
    let sheets: String = (1..)
        .zip(sheets)
        .map(|(number, sheet)| {
            let name = escaped(&sheet.name);
            format!(r#"<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>"#)
        })
        .collect();
    format!(
        r#"{DECLARED}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>"#
    )
}

/// Returns the kind of a part, by its name.
fn kind(name: &str) -> &'static str {
    match name {
        "xl/styles.xml" => "styles",
        "xl/sharedStrings.xml" => "sharedStrings",
        _ => "worksheet",
    }
}

fn workbook_relations(parts: &[(String, String)]) -> String {
    let parts: Vec<(&str, &str)> = parts
        .iter()
        .map(|(name, _)| (kind(name), name.strip_prefix("xl/").unwrap_or(name)))
        .collect();
    relations(&parts)
}

fn relations(parts: &[(&str, &str)]) -> String {
    let relations: String = (1..)
        .zip(parts)
        .map(|(number, (kind, target))| {
            format!(r#"<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>"#)
        })
        .collect();
    format!(r#"{DECLARED}<Relationships xmlns="{PACKAGE}">{relations}</Relationships>"#)
}

fn content_types(parts: &[(String, String)]) -> String {
    let parts: String = parts
        .iter()
        .map(|(name, _)| {
            format!(r#"<Override PartName="/{name}" ContentType="{PARTS}.{}+xml"/>"#, kind(name))
        })
        .collect();
    format!(
        r#"{DECLARED}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{PARTS}.sheet.main+xml"/>{parts}</Types>"#
    )
}

/// Returns a text as XML has it.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
