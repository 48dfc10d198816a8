//! Held parcels → a workbook in the layout of GLS, with the reasons in a last column, to be put right
//! and imported.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Formula, Workbook, Worksheet, XlsxError};
use serde_json::{Map, Value};

use crate::record::export::{HeldImport, column};

/// The columns of a borderou, then that of the reasons.
const HEADERS: [&str; 8] = [
    "Număr referinta",
    "Număr colet",
    "Referire la ramb.",
    "Livrat la data",
    "Sumă ramburs",
    "",
    "Postal Address",
    "Motiv",
];

/// The row of the headers, from 0.
const HEADER_ROW: u32 = 7;

/// The column of the amounts, from 0; the currency stands right of it.
const AMOUNT: u16 = 4;

/// Writes the whole borderou: its stored parcels, then the held ones as they stand in the file. Their
/// sum is a formula, so it is right again when the amounts are.
pub(super) fn workbook(import: &HeldImport) -> Option<Result<Vec<u8>, XlsxError>> {
    let (head, _) = import.settlements.first()?;
    Some(write(import, head))
}

fn write(import: &HeldImport, head: &Map<String, Value>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Daily")?;
    let day = |text: String| text.split('-').rev().collect::<Vec<_>>().join(".");
    let above = [
        (0, "GLS General Logistics Systems Romania SRL".to_owned()),
        (2, format!("Nume Client: {}", column(head, "client_name"))),
        (4, format!("Cont bancar nr.: {}", column(head, "account_iban"))),
        (5, format!("Data tranferarii banilor: {}", day(column(head, "borderou_date")))),
    ];
    for (row, text) in above {
        sheet.write_string(row, 0, text)?;
    }
    for (header, at) in HEADERS.iter().zip(0..) {
        sheet.write_string(HEADER_ROW, at, *header)?;
    }
    let stored = import.settlements.iter().map(|(_, parcel)| {
        let text = |name: &str| column(parcel, name);
        let names = ["reference", "parcel_number", "cod_reference"];
        let mut cells = names.map(text).to_vec();
        cells.push(day(text("delivery_date")));
        cells.extend(["cod_amount", "currency", "recipient_address"].map(text));
        cells
    });
    let held = import.held.iter().map(|it| {
        let mut cells: Vec<String> = it.raw.split('\t').map(str::to_owned).collect();
        cells.resize(HEADERS.len() - 1, String::new());
        cells.push(format!("{}: {}", it.line, it.reason));
        cells
    });
    let (mut row, mut sum) = (HEADER_ROW + 1, Decimal::ZERO);
    for cells in stored.chain(held) {
        sum += write_cells(sheet, row, &cells)?;
        row += 1;
    }
    // Sheet rows are counted from 1.
    let formula = format!("=SUM(E{}:E{row})", HEADER_ROW + 2);
    sheet.write_formula(row, AMOUNT, Formula::new(formula).set_result(sum.to_string()))?;
    sheet.write_string(row, AMOUNT + 1, column(head, "currency"))?;
    workbook.save_to_buffer()
}

/// Writes the cells of a parcel, and returns its amount; zero where that is no number.
fn write_cells(sheet: &mut Worksheet, row: u32, cells: &[String]) -> Result<Decimal, XlsxError> {
    let mut amount = Decimal::ZERO;
    for (cell, at) in cells.iter().zip(0..) {
        match cell.parse::<Decimal>() {
            // A cell of a workbook holds no decimal. A double holds 15 digits of an amount as they are.
            Ok(number) if at == AMOUNT => {
                amount = number;
                sheet.write_number(row, at, cell.parse::<f64>().unwrap_or_default())?;
            }
            _ => {
                sheet.write_string(row, at, cell)?;
            }
        }
    }
    Ok(amount)
}
