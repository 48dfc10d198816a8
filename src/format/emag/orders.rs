//! `dp`: the orders that a payout pays, each a line. It states no total.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::table::{Shared, damaged, moment, number, text};
use crate::fault::Refusal;
use crate::format::cell;
use crate::format::headers::Headers;
use crate::format::workbook::{Sheet, SheetRow};
use crate::record::{Currency, PayoutDocument, PayoutKind, PayoutLine, Reason};

const DOCUMENT: &str = "DP ID";
const SELLER: &str = "Seller ID";
const PAYOUT_DATE: &str = "Payout date";
const AMOUNT: &str = "Fraction value";
const KIND: &str = "Fraction type";

/// Where each column is.
#[derive(Debug)]
pub(super) struct Columns {
    document: u32,
    seller: u32,
    payout_date: u32,
    order: u32,
    kind: u32,
    amount: u32,
    from: Option<u32>,
    to: Option<u32>,
    client: Option<u32>,
    ordered_at: Option<u32>,
    payment_method: Option<u32>,
    all: BTreeSet<u32>,
}

impl Columns {
    /// Returns the columns if the row is the header row.
    pub(super) fn of(row: &SheetRow) -> Option<Self> {
        let headers = Headers::of(row);
        Some(Self {
            document: headers.named("dp id")?,
            seller: headers.named("seller id")?,
            payout_date: headers.named("payout date")?,
            order: headers.named("order id")?,
            kind: headers.named("fraction type")?,
            amount: headers.named("fraction value")?,
            from: headers.named("reference period start"),
            to: headers.named("reference period end"),
            client: headers.named("client name"),
            ordered_at: headers.named("order date"),
            payment_method: headers.named("payment method"),
            all: row.columns().collect(),
        })
    }
}

/// What all lines of a document say, beside their own.
struct Common {
    document: Shared<String>,
    seller: Shared<String>,
    made_on: Shared<NaiveDate>,
    period: Option<(NaiveDate, NaiveDate)>,
}

/// Reads the list of a sheet, or returns `None` where the sheet is none.
pub(super) fn document(sheet: &Sheet) -> Result<Option<PayoutDocument>, Refusal> {
    let mut rows = sheet.rows.iter();
    let Some((header, columns)) = rows.find_map(|row| Some((row.line, Columns::of(row)?))) else {
        return Ok(None);
    };
    let mut common = Common {
        document: Shared::new(DOCUMENT),
        seller: Shared::new(SELLER),
        made_on: Shared::new(PAYOUT_DATE),
        period: None,
    };
    let (mut lines, mut spoilt) = (Vec::new(), Vec::new());
    for row in rows {
        match line(row, &columns, sheet.is_1904) {
            Ok((line, document, seller, made_on)) => {
                common.document.take(row.line, document)?;
                common.seller.take(row.line, seller)?;
                common.made_on.take(row.line, made_on)?;
                common.period = common.period.or_else(|| period(row, &columns, sheet.is_1904));
                lines.push(line);
            }
            Err(reason) => spoilt.push(damaged(row, &columns.all, reason)),
        }
    }
    Ok(Some(PayoutDocument {
        line: header.saturating_add(1),
        kind: PayoutKind::Orders,
        document_id: common.document.value(header)?,
        seller_id: common.seller.value(header)?,
        made_on: common.made_on.value(header)?,
        period: common.period,
        month: None,
        currency: Currency::RON,
        total: None,
        lines,
        damaged: spoilt,
    }))
}

/// A line, with its document, its seller and its day.
type Read = (PayoutLine, String, String, NaiveDate);

fn line(row: &SheetRow, columns: &Columns, is_1904: bool) -> Result<Read, Reason> {
    let cell = |column, field| row.get(column).ok_or(Reason::Missing { field });
    let kind = text(row, Some(columns.kind)).ok_or(Reason::Missing { field: KIND })?;
    let line = PayoutLine {
        line: row.line,
        order_id: text(row, Some(columns.order)),
        kind,
        amount: cell::amount(cell(columns.amount, AMOUNT)?, AMOUNT)?,
        voucher: None,
        payment_method: text(row, columns.payment_method),
        client_name: text(row, columns.client),
        ordered_at: moment(columns.ordered_at.and_then(|column| row.get(column)), is_1904),
        raw: row.raw(&columns.all),
    };
    Ok((
        line,
        number(row.get(columns.document), DOCUMENT)?,
        number(row.get(columns.seller), SELLER)?,
        cell::date(cell(columns.payout_date, PAYOUT_DATE)?, is_1904, PAYOUT_DATE)?,
    ))
}

fn period(row: &SheetRow, columns: &Columns, is_1904: bool) -> Option<(NaiveDate, NaiveDate)> {
    let day = |column: Option<u32>| cell::date(row.get(column?)?, is_1904, "").ok();
    Some((day(columns.from)?, day(columns.to)?))
}
