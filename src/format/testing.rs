//! Workbooks for tests, written by hand so that their oddities are seen.

use crate::lab::workbook::{self as lab_workbook, Cell, Sheet};
use crate::lab::xls;
use crate::source::Source;
use crate::source::testing::zip;

/// A cell as `kind:value`: `n` number, `s` text, `i` inline text, `d` ISO date, `t` number shown as
/// a date. An empty text is no cell.
pub(super) type Cells<'c> = &'c [&'c str];

/// Returns the XML of a sheet with these rows, each with its number.
pub(super) fn sheet(rows: &[(u32, Cells<'_>)]) -> String {
    let rows: String = rows.iter().map(|(number, cells)| row(*number, cells)).collect();
    format!(
        r#"<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:dimension ref="A1:A10"/><x:sheetData>{rows}</x:sheetData></x:worksheet>"#
    )
}

fn row(number: u32, cells: Cells<'_>) -> String {
    let columns = ('A'..='Z').zip(cells);
    let cells: String = columns.map(|(column, cell)| xml(column, number, cell)).collect();
    format!(r#"<x:row r="{number}">{cells}</x:row>"#)
}

fn xml(column: char, row: u32, cell: &str) -> String {
    let Some((kind, value)) = cell.split_once(':') else {
        return String::new();
    };
    let at = format!(r#"r="{column}{row}""#);
    match kind {
        "n" => format!(r#"<x:c {at} t="n"><x:v>{value}</x:v></x:c>"#),
        "t" => format!(r#"<x:c {at} s="1"><x:v>{value}</x:v></x:c>"#),
        "d" => format!(r#"<x:c {at} t="d"><x:v>{value}</x:v></x:c>"#),
        "i" => format!(r#"<x:c {at} t="inlineStr"><x:is><x:t>{value}</x:t></x:is></x:c>"#),
        _ => format!(r#"<x:c {at} t="str"><x:v>{value}</x:v></x:c>"#),
    }
}

/// Returns a workbook of these sheets; `properties` goes into its `workbookPr`.
pub(super) fn workbook(sheets: &[String], properties: &str) -> Vec<u8> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let numbers = 1..=sheets.len();
    let listed: String = numbers
        .clone()
        .map(|n| format!(r#"<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>"#))
        .collect();
    let related: String = numbers
        .map(|n| format!(r#"<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>"#))
        .collect();
    let mut members = vec![
        (
            "[Content_Types].xml".to_owned(),
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#
                .to_owned(),
        ),
        (
            "_rels/.rels".to_owned(),
            format!(
                r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!(
                r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr {properties}/><sheets>{listed}</sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(r#"<Relationships xmlns="{PACKAGE}">{related}</Relationships>"#),
        ),
        (
            "xl/styles.xml".to_owned(),
            format!(
                r#"<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
            ),
        ),
    ];
    for (index, sheet) in sheets.iter().enumerate() {
        members.push((format!("xl/worksheets/sheet{}.xml", index + 1), sheet.clone()));
    }
    let members: Vec<(&str, &str)> =
        members.iter().map(|(n, c)| (n.as_str(), c.as_str())).collect();
    zip(&members)
}

/// Returns a workbook under a name.
pub(super) fn named(name: &str, sheets: &[String]) -> Source {
    Source::new(name, None, workbook(sheets, ""))
}

/// Returns invented sheets in each form that a workbook has: xlsx with texts in their cells and in a
/// table, xls likewise.
pub(super) fn every_form(name: &str, sheets: &[Sheet]) -> [Source; 4] {
    let day = "2026-05-02".parse().unwrap();
    let xlsx = |shared| lab_workbook::write(sheets, day, shared).unwrap();
    let files = [xlsx(false), xlsx(true), xls::write(sheets, false), xls::write(sheets, true)];
    files.map(|bytes| Source::new(name, None, bytes))
}

/// Returns a sheet as a spreadsheet program may save it again: what looks like a number is one, what
/// looks like a day too.
pub(super) fn typed(mut sheet: Sheet) -> Sheet {
    for cell in sheet.rows.iter_mut().flatten() {
        let Cell::Text(text) = &*cell else { continue };
        let day = chrono::NaiveDate::parse_from_str(text, "%d.%m.%Y");
        if let Ok(day) = day {
            *cell = Cell::Day(day);
        } else if let Ok(number) = text.parse::<rust_decimal::Decimal>() {
            *cell = Cell::Number(number);
        }
    }
    sheet
}

/// Returns a sheet where every number is a text.
pub(super) fn as_texts(mut sheet: Sheet) -> Sheet {
    for cell in sheet.rows.iter_mut().flatten() {
        if let Cell::Number(number) = cell {
            *cell = Cell::Text(format!("{number:.2}").replace(".00", ""));
        }
    }
    sheet
}

/// Returns a sheet whose columns stand in another order, from its header row on, with one unknown
/// column more. `order` are the places of the columns.
pub(super) fn moved(mut sheet: Sheet, header: usize, order: &[usize]) -> Sheet {
    for row in sheet.rows.iter_mut().skip(header) {
        row.resize(order.len(), Cell::Empty);
        let cells = order.iter().map(|place| row[*place].clone());
        *row = std::iter::once(Cell::text("Ceva nou")).chain(cells).collect();
    }
    sheet
}

/// Returns the decimal of a text.
pub(super) fn dec(text: &str) -> rust_decimal::Decimal {
    text.parse().unwrap()
}
