//! The sheet `client`: one row that says whose account is paid, how much and for which days.

use rust_decimal::Decimal;

use super::parcels;
use super::period::Period;
use crate::fault::Refusal;
use crate::format::cell;
use crate::format::headers::Headers;
use crate::format::workbook::{self, Sheet, SheetRow};
use crate::record::Line;

const TOTAL: &str = "Suma totala";

/// Where each column of the client's row is.
#[derive(Debug)]
pub(super) struct Columns {
    account: u32,
    total: u32,
    period: u32,
    name: Option<u32>,
}

impl Columns {
    /// Returns the columns if the row is the header row of the client.
    pub(super) fn of(row: &SheetRow) -> Option<Self> {
        let headers = Headers::of(row);
        Some(Self {
            account: headers.named("iban")?,
            total: headers.named("suma totala")?,
            period: headers.named("perioada export")?,
            name: headers.beginning("nume client"),
        })
    }
}

/// The row of the client.
#[derive(Debug)]
pub(super) struct Client {
    /// `Nume client / companie`.
    pub name: Option<String>,
    /// `IBAN`, without blanks; empty where the row has none.
    pub account: String,
    /// `Suma totala`, and where it stands.
    pub total: Option<(Line, Decimal)>,
    /// `Perioada export`.
    pub period: Period,
}

impl Client {
    /// Finds the client's row in the sheets, or `None` where no sheet has its header row.
    pub(super) fn of(sheets: &[Sheet]) -> Result<Option<Self>, Refusal> {
        for sheet in sheets {
            let mut rows = sheet.rows.iter();
            let Some((line, columns)) = rows.find_map(|row| Some((row.line, Columns::of(row)?)))
            else {
                continue;
            };
            let mut below = rows.take_while(|row| parcels::Columns::of(row).is_none());
            let first = below.next().ok_or_else(|| {
                Refusal::unreadable(line, "no row below the headers IBAN and Suma totala")
            })?;
            if let Some(second) = below.find(|row| row.get(columns.account).is_some()) {
                let reason = "a second client, expected one account that is paid";
                return Err(Refusal::unreadable(second.line, reason));
            }
            return Self::of_row(first, &columns).map(Some);
        }
        Ok(None)
    }

    fn of_row(row: &SheetRow, columns: &Columns) -> Result<Self, Refusal> {
        let text = |column| row.get(column).map(workbook::text);
        let total = row.get(columns.total).map(|total| cell::amount(total, TOTAL)).transpose();
        let total = total.map_err(|reason| Refusal::unreadable(row.line, reason.to_string()))?;
        let period = text(columns.period).unwrap_or_default();
        let period = Period::of(&period).ok_or_else(|| {
            let expected = "expected days such as 30 Jul 2025 - 31 Jul 2025";
            let found = cell::shortened(&period);
            Refusal::unreadable(row.line, format!("Perioada export {found:?}, {expected}"))
        })?;
        Ok(Self {
            name: columns.name.and_then(text).map(Into::into),
            account: text(columns.account).unwrap_or_default().split_whitespace().collect(),
            total: total.map(|total| (row.line, total)),
            period,
        })
    }
}
