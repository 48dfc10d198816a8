//! Documents of fees: commission, deliveries, charges, vouchers. Their total stands in the first row
//! below the headers.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::name::FileName;
use super::table::{Shared, damaged, is_total, moment, number, text};
use crate::fault::Refusal;
use crate::format::cell;
use crate::format::headers::Headers;
use crate::format::workbook::{self, Sheet, SheetRow};
use crate::record::{
    Currency, Damaged, Line, PayoutDocument, PayoutKind, PayoutLine, PayoutTotal, Reason, vat_rate,
};
use crate::value::month;

const DOCUMENT: &str = "Sheet ID";
const SELLER: &str = "Seller ID";
const COMMISSION: &str = "Comision Net";
const DELIVERY: &str = "Valoare produs";
const VOUCHERS: &str = "Valoare vouchere";

/// Where each column is.
#[derive(Debug)]
pub(super) struct Columns {
    document: u32,
    seller: u32,
    /// `Seller`. In `ded` its values stand under the header `Seller ID`, and the numbers here.
    seller_name: Option<u32>,
    month: Option<u32>,
    /// What is paid for, with its header.
    amount: (u32, &'static str),
    /// The vouchers beside a commission.
    vouchers: Option<u32>,
    order: Option<u32>,
    client: Option<u32>,
    ordered_at: Option<u32>,
    payment_method: Option<u32>,
    all: BTreeSet<u32>,
}

impl Columns {
    /// Returns the columns if the row is the header row.
    pub(super) fn of(row: &SheetRow) -> Option<Self> {
        let headers = Headers::of(row);
        let vouchers = headers.named("valoare vouchere");
        let commission = headers.named("comision net").map(|column| (column, COMMISSION));
        let delivery = headers.named("valoare produs").map(|column| (column, DELIVERY));
        let alone = vouchers.map(|column| (column, VOUCHERS));
        Some(Self {
            document: headers.named("sheet id")?,
            seller: headers.named("seller id")?,
            seller_name: headers.named("seller"),
            month: headers.named("luna"),
            amount: commission.or(delivery).or(alone)?,
            vouchers: vouchers.filter(|_| commission.is_some()),
            order: headers.named("id comanda"),
            client: headers.named("nume client"),
            ordered_at: headers.named("data comanda"),
            payment_method: headers.named("mod plata"),
            all: row.columns().collect(),
        })
    }

    /// Returns which document it is: where the columns fit several, the one that the file's name
    /// states.
    fn kind(&self, named: Option<PayoutKind>) -> Option<PayoutKind> {
        use PayoutKind::{
            CancelledDelivery, CancelledOrder, Charge, Commission, Deliveries, Reversed,
            ReversedVouchers, Vouchers,
        };
        let fitting: &[PayoutKind] = match self.amount.1 {
            COMMISSION => &[Commission, CancelledDelivery, CancelledOrder, Reversed],
            DELIVERY => &[Deliveries],
            _ => &[Charge, Vouchers, ReversedVouchers],
        };
        match fitting {
            [only] => Some(*only),
            several => named.filter(|kind| several.contains(kind)),
        }
    }
}

/// Reads the document of a sheet, or returns `None` where the sheet is none.
pub(super) fn document(sheet: &Sheet, name: &FileName) -> Result<Option<PayoutDocument>, Refusal> {
    let mut rows = (0..).zip(&sheet.rows);
    let found = rows.find_map(|(at, row)| Some((at, row.line, Columns::of(row)?)));
    let Some((at, header, columns)) = found else {
        return Ok(None);
    };
    let kind = columns.kind(name.kind).ok_or_else(|| renamed(header, "which document it is"))?;
    let made_on = name.made_on.ok_or_else(|| renamed(header, "when it was made"))?;
    let rows = sheet.rows.get(at + 1..).unwrap_or_default();
    let table = Table::of(rows, &columns, kind, sheet.is_1904)?;
    let month = table.month.or(name.month).ok_or_else(|| renamed(header, "its month"))?;
    Ok(Some(PayoutDocument {
        line: header.saturating_add(1),
        kind,
        document_id: table.document.value(header)?,
        seller_id: table.seller.value(header)?,
        made_on,
        period: None,
        month: Some(month),
        currency: Currency::RON,
        total: table.total,
        lines: table.lines,
        damaged: table.damaged,
    }))
}

/// Returns the refusal of a file whose name does not say what its content does not say either.
fn renamed(header: Line, what: &str) -> Refusal {
    let reason = format!(
        "only the file's name says {what}, and this name does not: give the file the name that it had \
         from eMag, such as SELLER_dc_042026_1775093495_v1.xlsx"
    );
    Refusal::unreadable(header, reason)
}

/// The rows below the header row. Each is a line, damaged, or the total; none is left out.
struct Table {
    document: Shared<String>,
    seller: Shared<String>,
    /// The last month that a line states. Where lines state several, their VAT rate is one.
    month: Option<NaiveDate>,
    total: Option<(Line, PayoutTotal)>,
    lines: Vec<PayoutLine>,
    damaged: Vec<Damaged>,
}

impl Table {
    fn of(
        rows: &[SheetRow],
        columns: &Columns,
        kind: PayoutKind,
        is_1904: bool,
    ) -> Result<Self, Refusal> {
        let mut table = Self {
            document: Shared::new(DOCUMENT),
            seller: Shared::new(SELLER),
            month: None,
            total: None,
            lines: Vec::new(),
            damaged: Vec::new(),
        };
        let mut rate = Shared::new("VAT rate (by Luna)");
        for row in rows {
            if table.total.is_none() && is_total(row, columns.document) {
                let total = total(row, columns);
                let total =
                    total.map_err(|reason| Refusal::unreadable(row.line, reason.to_string()))?;
                table.total = Some((row.line, total));
                continue;
            }
            match line(row, columns, kind, is_1904) {
                Ok((line, document, seller)) => {
                    table.document.take(row.line, document)?;
                    table.seller.take(row.line, seller)?;
                    if let Some(month) = month_of(row, columns, is_1904) {
                        rate.take(row.line, vat_rate(month))?;
                        table.month = table.month.max(Some(month));
                    }
                    table.lines.push(line);
                }
                Err(reason) => table.damaged.push(damaged(row, &columns.all, reason)),
            }
        }
        Ok(table)
    }
}

fn total(row: &SheetRow, columns: &Columns) -> Result<PayoutTotal, Reason> {
    let amount = |column: Option<u32>, field| {
        let cell = column.and_then(|column| row.get(column));
        cell.map(|cell| cell::exact(cell, field)).transpose()
    };
    let (column, field) = columns.amount;
    let vouchers = columns.vouchers;
    Ok(match field {
        VOUCHERS => PayoutTotal { net: None, vouchers: amount(Some(column), field)? },
        _ => {
            PayoutTotal { net: amount(Some(column), field)?, vouchers: amount(vouchers, VOUCHERS)? }
        }
    })
}

/// A line, with its document and its seller.
type Read = (PayoutLine, String, String);

fn line(
    row: &SheetRow,
    columns: &Columns,
    kind: PayoutKind,
    is_1904: bool,
) -> Result<Read, Reason> {
    let (amount, field) = columns.amount;
    let amount = row.get(amount).ok_or(Reason::Missing { field })?;
    let voucher = columns.vouchers.and_then(|column| row.get(column));
    let line = PayoutLine {
        line: row.line,
        order_id: text(row, columns.order),
        kind: kind.name().to_owned(),
        amount: cell::exact(amount, field)?,
        voucher: voucher.map(|cell| cell::exact(cell, VOUCHERS)).transpose()?,
        payment_method: text(row, columns.payment_method),
        client_name: text(row, columns.client),
        ordered_at: moment(columns.ordered_at.and_then(|column| row.get(column)), is_1904),
        raw: row.raw(&columns.all),
    };
    let document = number(row.get(columns.document), DOCUMENT)?;
    let other = columns.seller_name.and_then(|column| row.get(column));
    let seller = number(row.get(columns.seller), SELLER).or_else(|_| number(other, SELLER))?;
    Ok((line, document, seller))
}

/// Returns the first day of the month that a line states, as `aprilie 2026` or as a day.
fn month_of(row: &SheetRow, columns: &Columns, is_1904: bool) -> Option<NaiveDate> {
    let cell = row.get(columns.month?)?;
    let stated = workbook::text(cell);
    let of_words = stated.split_once(' ').and_then(|(name, year)| {
        NaiveDate::from_ymd_opt(year.trim().parse().ok()?, month::named(name)?, 1)
    });
    of_words.or_else(|| cell::date(cell, is_1904, "").ok()?.with_day(1))
}
