//! The header row of a sheet, and the rows above it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::fault::Refusal;
use crate::format::cell;
use crate::format::headers::Headers;
use crate::format::workbook::{self, Sheet, SheetRow};
use crate::record::Line;
use crate::value::normalize;

/// Where each column of a borderou is.
#[derive(Debug)]
pub(super) struct Columns {
    /// `Număr colet`.
    pub number: u32,
    /// `Sumă ramburs`.
    pub amount: u32,
    /// The column right of the amount, which GLS leaves without a header, or `Moneda`.
    pub currency: Option<u32>,
    /// `Număr referinta`.
    pub reference: Option<u32>,
    /// `Referire la ramb.`, the shop's order.
    pub cod_reference: Option<u32>,
    /// `Livrat la data`.
    pub delivery_date: Option<u32>,
    /// `Postal Address`.
    pub address: Option<u32>,
    /// Every column that has a header, and the currency's.
    pub all: BTreeSet<u32>,
}

impl Columns {
    /// Returns the columns if the row is a header row.
    pub(super) fn of(row: &SheetRow) -> Option<Self> {
        let headers = Headers::of(row);
        let number = headers.named("numar colet")?;
        let amount = headers.named("suma ramburs")?;
        let unnamed = amount.checked_add(1).filter(|c| row.get(*c).is_none());
        let currency = headers.named("moneda").or(unnamed);
        Some(Self {
            number,
            amount,
            currency,
            reference: headers.named("numar referinta"),
            cod_reference: headers.beginning("referire la ramb"),
            delivery_date: headers.beginning("livrat la data"),
            address: headers.beginning("postal address"),
            all: row.columns().chain(currency).collect(),
        })
    }
}

/// The header row and the rows above it.
#[derive(Debug)]
pub(super) struct Header {
    /// Where the header row stands.
    pub line: Line,
    /// Its columns.
    pub columns: Columns,
    /// `Nume Client:`.
    pub client_name: Option<String>,
    /// `Cont bancar nr.:`, without blanks.
    pub account: String,
    /// `Data tranferarii banilor:`, the day of the transfer.
    pub date: NaiveDate,
}

impl Header {
    /// Finds the header row of a sheet, or `None` where there is none.
    pub(super) fn of(sheet: &Sheet) -> Result<Option<Self>, Refusal> {
        let rows = || sheet.rows.iter();
        let found = rows().find_map(|row| Some((row.line, Columns::of(row)?)));
        let Some((line, columns)) = found else {
            return Ok(None);
        };
        let above: Vec<&SheetRow> = rows().take_while(|row| row.line < line).collect();
        let missing = |what: &str| {
            let reason = format!("no row above the headers says {what}");
            Refusal::unreadable(line, reason)
        };
        let account = labelled(&above, "cont bancar").ok_or_else(|| missing("Cont bancar nr.:"))?;
        // GLS misspells it `tranferarii`. The label is cut so short that it also fits the right
        // spelling.
        let date = labelled(&above, "data tran")
            .and_then(|label| label.date(sheet.is_1904))
            .ok_or_else(|| missing("Data transferarii banilor: DD.MM.YYYY"))?;
        Ok(Some(Self {
            line,
            columns,
            client_name: labelled(&above, "nume client").map(|label| label.text),
            account: account.text.split_whitespace().collect(),
            date,
        }))
    }
}

/// The text after a label, in the label's own cell or in the next.
struct Labelled<'r> {
    text: String,
    next: Option<&'r calamine::Data>,
}

impl Labelled<'_> {
    fn date(&self, is_1904: bool) -> Option<NaiveDate> {
        match self.next {
            Some(next) => cell::date(next, is_1904, "").ok(),
            None => normalize::date(&self.text),
        }
    }
}

/// Finds the first row with a cell that begins with the label, and the text after the label.
fn labelled<'r>(rows: &[&'r SheetRow], label: &str) -> Option<Labelled<'r>> {
    rows.iter().find_map(|row| {
        let mut cells = row.values();
        let own = cells.by_ref().map(workbook::text);
        let mut own = own.filter(|text| normalize::plain(text).starts_with(label));
        let own = own.next()?;
        let after = own.split_once(':').map_or("", |(_, after)| after.trim());
        if !after.is_empty() {
            return Some(Labelled { text: after.to_owned(), next: None });
        }
        let next = cells.next()?;
        Some(Labelled { text: workbook::text(next).into_owned(), next: Some(next) })
    })
}
