//! The sheet `expeditii`: the parcels.

use std::collections::BTreeSet;

use calamine::Data;

use crate::format::cell;
use crate::format::headers::Headers;
use crate::format::workbook::{self, Sheet, SheetRow};
use crate::record::{Currency, Damaged, Line, Parcel, Reason};
use crate::value::normalize;

const AMOUNT: &str = "Suma ramburs";
const NUMBER: &str = "AWB";
const COLLECTED: &str = "Data colectare ramburs";

/// What stands under `Referinta client` where the shop stated no order.
const NO_REFERENCE: &str = "nicio referinta";

/// Where each column of the parcels is.
#[derive(Debug)]
pub(super) struct Columns {
    number: u32,
    amount: u32,
    /// The day on which the cash was taken, which is the day of the delivery; the column `Data` has
    /// the day on which the parcel was sent.
    collected: u32,
    reference: Option<u32>,
    name: Option<u32>,
    county: Option<u32>,
    city: Option<u32>,
    address: Option<u32>,
    all: BTreeSet<u32>,
}

impl Columns {
    /// Returns the columns if the row is the header row of the parcels.
    pub(super) fn of(row: &SheetRow) -> Option<Self> {
        let headers = Headers::of(row);
        Some(Self {
            number: headers.named("awb")?,
            amount: headers.named("suma ramburs")?,
            collected: headers.named("data colectare ramburs")?,
            reference: headers.named("referinta client"),
            name: headers.named("nume destinatar"),
            county: headers.named("judet destinatar"),
            city: headers.named("oras destinatar"),
            address: headers.named("adresa destinatar"),
            all: row.columns().collect(),
        })
    }
}

/// The rows below the header row. Each is a parcel or damaged; none is left out.
#[derive(Debug)]
pub(super) struct Table {
    /// Where its rows start.
    pub line: Line,
    /// The parcels.
    pub parcels: Vec<Parcel>,
    /// The rows that could not be read as parcels.
    pub damaged: Vec<Damaged>,
}

impl Table {
    /// Reads the parcels of the first sheet that lists any, or `None` where no sheet does.
    pub(super) fn of(sheets: &[Sheet], currency: Currency) -> Option<Self> {
        let headed = |sheet: &'_ Sheet| {
            let mut rows = (0..).zip(&sheet.rows);
            rows.find_map(|(at, row)| Some((at, row.line, Columns::of(row)?)))
        };
        let (sheet, (at, line, columns)) =
            sheets.iter().find_map(|sheet| Some((sheet, headed(sheet)?)))?;
        let rows = sheet.rows.get(at + 1..).unwrap_or_default();
        let mut table = Self {
            line: line.saturating_add(1),
            parcels: Vec::with_capacity(rows.len()),
            damaged: Vec::new(),
        };
        for row in rows {
            match parcel(row, &columns, sheet.is_1904, currency) {
                Ok(parcel) => table.parcels.push(parcel),
                Err(reason) => {
                    let raw = row.raw(&columns.all);
                    table.damaged.push(Damaged { line: row.line, raw, reason });
                }
            }
        }
        Some(table)
    }
}

fn parcel(
    row: &SheetRow,
    columns: &Columns,
    is_1904: bool,
    currency: Currency,
) -> Result<Parcel, Reason> {
    let missing = |field| Reason::Missing { field };
    let number = row.get(columns.number).ok_or_else(|| missing(NUMBER))?;
    let amount = row.get(columns.amount).ok_or_else(|| missing(AMOUNT))?;
    let collected = row.get(columns.collected);
    let collected = collected.map(|day| cell::date(day, is_1904, COLLECTED)).transpose()?;
    let text = |column: Option<u32>| {
        let cell = column.and_then(|column| row.get(column));
        cell.map(|cell| workbook::text(cell).into_owned())
    };
    let (city, county) = (text(columns.city), text(columns.county));
    let address = [text(columns.address), city.clone(), county.clone()];
    let address: Vec<String> = address.into_iter().flatten().collect();
    Ok(Parcel {
        line: row.line,
        number: awb(number)?,
        reference: None,
        cod_reference: text(columns.reference).filter(|it| normalize::plain(it) != NO_REFERENCE),
        delivery_date: collected,
        amount: cell::amount(amount, AMOUNT)?,
        currency,
        recipient_name: text(columns.name),
        recipient_city: city,
        recipient_county: county,
        recipient_address: (!address.is_empty()).then(|| address.join(", ")),
        raw: row.raw(&columns.all),
    })
}

/// Returns the number of a parcel, letters and digits such as `1ONBLN528479440001`.
fn awb(cell: &Data) -> Result<String, Reason> {
    let number: String = workbook::text(cell).split_whitespace().collect();
    let is_number = number.bytes().all(|b| b.is_ascii_alphanumeric());
    is_number.then_some(number).ok_or(Reason::Form {
        found: "an AWB with other signs than letters and digits",
        expected: "the number of a parcel",
    })
}
