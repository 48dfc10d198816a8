//! GLS borderouri: the xlsx that says which parcels were paid for and what is handed over.
//!
//! GLS writes them with the Open XML SDK, so they look as no spreadsheet program would write them:
//! every element is prefixed, dates are ISO text, there are no shared strings, the stated dimension
//! is too small, the number of styles is not stated and the list of parts has a byte order mark.

use std::io;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use zip::CompressionMethod;

use super::pack::pack;
use super::workbook::escaped;

const CONTENT_TYPES: &str = concat!(
    "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>",
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
    r#"<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml" />"#,
    r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" />"#,
    r#"<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml" />"#,
    r#"<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml" />"#,
    "</Types>",
);
const ROOT_RELATIONS: &str = concat!(
    r#"<?xml version="1.0" encoding="utf-8"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="/xl/workbook.xml" Id="R1" />"#,
    "</Relationships>",
);
const WORKBOOK: &str = concat!(
    r#"<?xml version="1.0" encoding="utf-8"?>"#,
    r#"<x:workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
    r#"<x:sheets><x:sheet name="Daily" sheetId="1" r:id="R2" /></x:sheets></x:workbook>"#,
);
const WORKBOOK_RELATIONS: &str = concat!(
    r#"<?xml version="1.0" encoding="utf-8"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="/xl/styles.xml" Id="R3" />"#,
    r#"<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="/xl/worksheets/sheet1.xml" Id="R2" />"#,
    "</Relationships>",
);
const SHEET_START: &str = concat!(
    r#"<?xml version="1.0" encoding="utf-8"?>"#,
    r#"<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
    r#"<x:dimension ref="A1:A10" /><x:sheetData>"#,
);
const SHEET_END: &str = concat!(
    "</x:sheetData><x:mergeCells>",
    r#"<x:mergeCell ref="A1:G1" /></x:mergeCells></x:worksheet>"#,
);
const STYLES_START: &str = concat!(
    r#"<?xml version="1.0" encoding="utf-8"?>"#,
    r#"<x:styleSheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
    r#"<x:fonts count="1"><x:font><x:name val="Calibri" /><x:sz val="11" /></x:font></x:fonts>"#,
    r#"<x:fills><x:fill><x:patternFill patternType="none" /></x:fill></x:fills>"#,
    "<x:borders><x:border /></x:borders><x:cellXfs>",
);
const STYLES_END: &str = "</x:cellXfs></x:styleSheet>";
/// The number format of each style; a cell's `s` is the style's place here. 14 is a date, 4 an
/// amount.
const STYLES: [u8; 22] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 14, 0, 0, 4, 4, 0, 0];
const HEADERS: [&str; 7] = [
    "Număr referinta",
    "Număr colet",
    "Referire la ramb.",
    "Livrat la data",
    "Sumă ramburs",
    "",
    "Postal Address",
];

/// What GLS hands over on one day.
#[derive(Debug, Clone)]
pub struct Borderou {
    /// The client's number at GLS.
    pub client_number: u64,
    /// The client's name.
    pub client_name: String,
    /// The address it is mailed to.
    pub email: String,
    /// The account that is paid.
    pub account_iban: String,
    /// The day on which it is paid.
    pub date: NaiveDate,
    /// The parcels paid for.
    pub parcels: Vec<Parcel>,
}

/// A parcel that its recipient paid for.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// GLS's number of the shipment.
    pub reference: u64,
    /// GLS's number of the parcel, 10 digits.
    pub number: u64,
    /// The shop's order; empty where the shop stated none.
    pub cod_reference: String,
    /// The day of delivery.
    pub delivered: NaiveDate,
    /// The sum paid, in lei.
    pub amount: Decimal,
    /// Name, ` RO-` and postal code, town, street.
    pub address: String,
}

impl Borderou {
    /// Returns the sum of its parcels.
    pub fn total(&self) -> Decimal {
        self.parcels.iter().map(|parcel| parcel.amount).sum()
    }

    /// Returns the name that GLS gives the file.
    pub fn file_name(&self) -> String {
        format!("{}_RON_{}.xlsx", self.client_number, self.date.format("%d%m%Y"))
    }
}

/// Writes a borderou as a workbook.
///
/// # Errors
///
/// None in practice: what writing a zip into memory reports.
pub fn write(borderou: &Borderou) -> io::Result<Vec<u8>> {
    let mut styles = String::from(STYLES_START);
    for format in STYLES {
        styles.push_str(&format!(r#"<x:xf numFmtId="{format}" />"#));
    }
    styles.push_str(STYLES_END);
    let sheet = sheet(borderou);
    pack(
        &[
            ("[Content_Types].xml", CONTENT_TYPES.as_bytes()),
            ("_rels/.rels", ROOT_RELATIONS.as_bytes()),
            ("xl/workbook.xml", WORKBOOK.as_bytes()),
            ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS.as_bytes()),
            ("xl/styles.xml", styles.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ],
        CompressionMethod::Deflated,
        (borderou.date, 9, 0),
    )
}

/// A cell: its style, its type and what it says.
type Cell = (u8, &'static str, String);

fn text(style: u8, value: &str) -> Cell {
    (style, "str", value.to_owned())
}

fn number(style: u8, value: impl ToString) -> Cell {
    (style, "n", value.to_string())
}

fn sheet(borderou: &Borderou) -> String {
    let mut title = vec![text(7, ""); 7];
    if let Some(first) = title.first_mut() {
        *first = text(6, "GLS General Logistics Systems Romania SRL");
    }
    let label = |label: &str, value: &str| vec![text(1, &format!("{label}: {value}"))];
    let paid_on = borderou.date.format("%d.%m.%Y").to_string();
    let mut rows = vec![
        title,
        vec![],
        label("Nume Client", &borderou.client_name),
        label("Email", &borderou.email),
        label("Cont bancar nr.", &borderou.account_iban),
        // The misspelling is GLS's own.
        label("Data tranferarii banilor", &paid_on),
        vec![],
        HEADERS.map(|header| text(14, header)).to_vec(),
    ];
    rows.extend(borderou.parcels.iter().map(parcel_row));
    let blank = || text(11, "");
    let total = number(19, borderou.total().normalize());
    let last = [blank(), blank(), blank(), blank(), total, text(13, "RON"), blank()];
    rows.push(last.to_vec());

    let mut xml = String::from(SHEET_START);
    for (row, cells) in (1..).zip(&rows) {
        push_row(&mut xml, row, cells);
    }
    xml.push_str(SHEET_END);
    xml
}

fn parcel_row(parcel: &Parcel) -> Vec<Cell> {
    vec![
        number(9, parcel.reference),
        number(9, parcel.number),
        text(9, &parcel.cod_reference),
        (15, "d", parcel.delivered.to_string()),
        number(18, parcel.amount.normalize()),
        text(10, "RON"),
        text(10, &parcel.address),
    ]
}

fn push_row(xml: &mut String, row: u32, cells: &[Cell]) {
    if cells.is_empty() {
        xml.push_str(&format!(r#"<x:row r="{row}" />"#));
        return;
    }
    xml.push_str(&format!(r#"<x:row r="{row}">"#));
    for (column, (style, kind, value)) in ('A'..).zip(cells) {
        let value = escaped(value);
        xml.push_str(&format!(
            r#"<x:c r="{column}{row}" s="{style}" t="{kind}"><x:v>{value}</x:v></x:c>"#
        ));
    }
    xml.push_str("</x:row>");
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    fn borderou() -> Borderou {
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let parcel = |number, cod_reference: &str, bani| Parcel {
            reference: 90_641_001,
            number,
            cod_reference: cod_reference.to_owned(),
            delivered: date,
            amount: Decimal::new(bani, 2),
            address: "Dănuț & Fiii RO-500010 Brașov Str. Fictivă 7".to_owned(),
        };
        Borderou {
            client_number: 553_000_101,
            client_name: "FIRMA NOUA SRL".to_owned(),
            email: "comenzi@firma-noua.example".to_owned(),
            account_iban: "RO27BTRLRONCRT0144272509".to_owned(),
            date,
            parcels: vec![
                parcel(6_235_391_001, "3115391001", 27_378),
                parcel(6_235_391_002, "", 59_220),
            ],
        }
    }

    #[test]
    fn a_spreadsheet_reader_sees_the_cells_that_gls_writes() {
        let bytes = write(&borderou()).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range("Daily").unwrap();
        let cell = |row, column| sheet.get_value((row, column)).unwrap().clone();
        assert_eq!(
            cell(4, 0),
            Data::String("Cont bancar nr.: RO27BTRLRONCRT0144272509".to_owned())
        );
        assert_eq!(cell(7, 4), Data::String("Sumă ramburs".to_owned()));
        assert_eq!(cell(8, 1), Data::Float(6_235_391_001.0));
        assert_eq!(cell(8, 2), Data::String("3115391001".to_owned()));
        assert_eq!(cell(8, 3), Data::DateTimeIso("2026-03-02".to_owned()));
        assert_eq!(cell(9, 4), Data::Float(592.2));
        assert_eq!(
            cell(9, 6),
            Data::String("Dănuț & Fiii RO-500010 Brașov Str. Fictivă 7".to_owned())
        );
        assert_eq!(cell(10, 4), Data::Float(865.98));
        assert_eq!(sheet.height(), 11);
    }

    #[test]
    fn the_name_states_client_currency_and_day() {
        assert_eq!(borderou().file_name(), "553000101_RON_02032026.xlsx");
    }
}
