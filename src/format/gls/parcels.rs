//! The rows below the header row: parcels, the total, and damaged rows.

use rust_decimal::Decimal;

use super::address::Address;
use super::header::Columns;
use super::number::parcel_number;
use crate::format::cell;
use crate::format::workbook::{self, SheetRow};
use crate::record::{Currency, Damaged, Line, Parcel, Reason};

const AMOUNT: &str = "Sumă ramburs";
const NUMBER: &str = "Număr colet";
const DELIVERED: &str = "Livrat la data";

/// The rows below a header row. Each is a parcel, damaged, or the total; none is left out.
#[derive(Debug)]
pub(super) struct Table {
    /// The currency of all amounts.
    pub currency: Currency,
    /// The parcels.
    pub parcels: Vec<Parcel>,
    /// The rows that are neither a parcel nor the total.
    pub damaged: Vec<Damaged>,
    /// The total and where it stands.
    pub total: Option<(Line, Decimal)>,
}

impl Table {
    /// Reads the rows. `None` where neither the rows nor the file's name state a currency.
    pub(super) fn of(
        rows: &[SheetRow],
        columns: &Columns,
        is_1904: bool,
        named: Option<Currency>,
    ) -> Option<Self> {
        // The last row that looks like a total is the total. A row above it that has only an amount
        // is a damaged parcel, and must not end the table.
        let total_at = rows.iter().rposition(|row| total(row, columns).is_some());
        let (above, from_total) = rows.split_at(total_at.unwrap_or(rows.len()));
        let stated = |row| currency(row, columns).ok().flatten();
        let first_stated = || rows.iter().find_map(stated);
        let currency = from_total.first().and_then(stated);
        let mut table = Self {
            currency: currency.or_else(first_stated).or(named)?,
            parcels: Vec::with_capacity(above.len()),
            damaged: Vec::new(),
            total: None,
        };
        for row in above {
            match parcel(row, columns, is_1904, table.currency) {
                Ok(parcel) => table.parcels.push(parcel),
                Err(reason) => table.damaged.push(damaged(row, columns, reason)),
            }
        }
        if let Some((row, below)) = from_total.split_first() {
            table.total = total(row, columns).map(|amount| (row.line, amount));
            let below = below.iter().map(|row| damaged(row, columns, BELOW_TOTAL));
            table.damaged.extend(below);
        }
        Some(table)
    }
}

const BELOW_TOTAL: Reason =
    Reason::Form { found: "a row below the total", expected: "the total to be the last row" };

/// Returns the amount of a row that has only an amount, with or without a currency: the total.
fn total(row: &SheetRow, columns: &Columns) -> Option<Decimal> {
    let amount = row.get(columns.amount)?;
    let mut others = row.columns().filter(|column| *column != columns.amount);
    if others.any(|column| Some(column) != columns.currency) {
        return None;
    }
    currency(row, columns).ok()?;
    cell::amount(amount, AMOUNT).ok()
}

fn parcel(
    row: &SheetRow,
    columns: &Columns,
    is_1904: bool,
    expected: Currency,
) -> Result<Parcel, Reason> {
    let missing = |field| Reason::Missing { field };
    let at = |column: Option<u32>| column.and_then(|column| row.get(column));
    let number = at(Some(columns.number)).ok_or_else(|| missing(NUMBER))?;
    let amount = at(Some(columns.amount)).ok_or_else(|| missing(AMOUNT))?;
    let delivered = at(columns.delivery_date);
    let delivered = delivered.map(|cell| cell::date(cell, is_1904, DELIVERED));
    if currency(row, columns)?.is_some_and(|stated| stated != expected) {
        return Err(Reason::Form {
            found: "another currency",
            expected: "the currency of the total",
        });
    }
    let text = |column| at(column).map(|cell| workbook::text(cell).into_owned());
    let address = text(columns.address);
    let Address { name, city } = Address::of(address.as_deref().unwrap_or_default());
    Ok(Parcel {
        line: row.line,
        number: parcel_number(number, NUMBER)?,
        reference: text(columns.reference),
        cod_reference: text(columns.cod_reference),
        delivery_date: delivered.transpose()?,
        amount: cell::amount(amount, AMOUNT)?,
        currency: expected,
        recipient_name: name,
        recipient_city: city,
        recipient_county: None,
        recipient_address: address,
        raw: row.raw(&columns.all),
    })
}

/// Returns the currency of a row, or `None` where the row states none: then it has that of the
/// others.
fn currency(row: &SheetRow, columns: &Columns) -> Result<Option<Currency>, Reason> {
    let cell = columns.currency.and_then(|column| row.get(column));
    let Some(cell) = cell else {
        return Ok(None);
    };
    let currency = Currency::new(&workbook::text(cell)).ok_or(Reason::Form {
        found: "no currency after the amount",
        expected: "three letters such as RON",
    })?;
    Ok(Some(currency))
}

fn damaged(row: &SheetRow, columns: &Columns, reason: Reason) -> Damaged {
    Damaged { line: row.line, raw: row.raw(&columns.all), reason }
}
