//! Sameday's borderouri: the parcels whose cash one transfer pays, as a workbook (xlsx).
//!
//! The sheet `client` says which account is paid, how much and for which days; the sheet `expeditii`
//! lists the parcels. Both are found by their header rows, never by their names or numbers: who saves
//! the file again may rename, reorder or extend them.

mod client;
mod parcels;
mod period;
#[cfg(test)]
mod tests;

use super::Format;
use super::workbook::{self, Sheet};
use crate::fault::Refusal;
use crate::record::{Borderou, Courier, Currency, Document};
use crate::source::Source;
use client::Client;
use parcels::Table;

/// The format of Sameday's borderouri.
#[derive(Debug)]
pub struct Sameday;

impl Format for Sameday {
    fn name(&self) -> &'static str {
        "sameday"
    }

    fn word(&self) -> &'static str {
        "borderou"
    }

    fn export(&self) -> &'static str {
        "xlsx (Sameday borderouri)"
    }

    fn recognise(&self, source: &Source) -> bool {
        workbook::first_rows(source)
            .iter()
            .any(|row| client::Columns::of(row).is_some() || parcels::Columns::of(row).is_some())
    }

    fn read<'s>(&self, source: &'s Source) -> Result<Document<'s>, Refusal> {
        let sheets = workbook::all(source)?;
        let borderou = borderou(&sheets, currency(source.file_name()))?;
        Ok(Document::Borderouri(vec![borderou]))
    }
}

fn borderou(sheets: &[Sheet], currency: Currency) -> Result<Borderou, Refusal> {
    let missing = |what: &str| {
        let reason = format!("no header row with {what}");
        Refusal::Unreadable { line: None, reason }
    };
    let client = Client::of(sheets)?;
    let client = client.ok_or_else(|| missing("IBAN, Suma totala and Perioada export"))?;
    let table = Table::of(sheets, currency);
    let table = table.ok_or_else(|| missing("AWB, Suma ramburs and Data colectare ramburs"))?;
    Ok(Borderou {
        line: table.line,
        courier: Courier::Sameday,
        date: client.period.transfer_day(),
        period: Some((client.period.from, client.period.to)),
        client_name: client.name,
        client_number: None,
        account: client.account,
        currency,
        total: client.total,
        parcels: table.parcels,
        damaged: table.damaged,
        warnings: Vec::new(),
    })
}

/// Returns the currency that the file's name ends with, as in `…-ramburs-de-transferat-ron.xlsx`.
///
/// The content states none. Under another name it is lei: a Romanian courier collects nothing else at
/// the door unless it says so.
fn currency(file_name: &str) -> Currency {
    let (_, behind) = file_name.rsplit_once("transferat-").unwrap_or_default();
    behind.get(..3).and_then(Currency::new).unwrap_or(Currency::RON)
}
