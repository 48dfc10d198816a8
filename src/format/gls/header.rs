//! The header row of a sheet, and the rows above it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::cell;
use crate::fault::Refusal;
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
    ///
    /// Headers are compared without diacritics, which older files do not write.
    pub(super) fn of(row: &SheetRow) -> Option<Self> {
        let header = |cell| normalize::fold_blanks(&normalize::plain(&workbook::text(cell)));
        let headers: Vec<(u32, String)> = row.cells.iter().map(|(c, v)| (*c, header(v))).collect();
        let find = |is: fn(&str) -> bool| {
            let mut found = headers.iter().filter(|(_, text)| is(text));
            found.next().map(|(column, _)| *column)
        };
        let number = find(|text| text == "numar colet")?;
        let amount = find(|text| text == "suma ramburs")?;
        let unnamed = amount.checked_add(1).filter(|c| row.get(*c).is_none());
        let currency = find(|text| text == "moneda").or(unnamed);
        Some(Self {
            number,
            amount,
            currency,
            reference: find(|text| text == "numar referinta"),
            cod_reference: find(|text| text.starts_with("referire la ramb")),
            delivery_date: find(|text| text.starts_with("livrat la data")),
            address: find(|text| text.starts_with("postal address")),
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
