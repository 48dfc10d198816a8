//! A month → the workbook that the office works with, in Romanian. A file has a sheet; no database.

mod blocks;
mod cell;
mod direct;
mod entries;
mod mark;
mod missing;
mod paid;
mod settlements;
mod sheet;
mod unexplained;
mod words;

use std::collections::HashMap;

use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

pub use mark::is_as_written;

use self::sheet::Frame;
use super::{Arrived, Bank, BankEntry, Facts, InvoiceLine, Invoices, Month, PaidLine, Stated};
use crate::tie::SettlementId;

/// By this word in its properties a workbook of vama is known.
const KEYWORD: &str = "vama";

/// What a workbook is made of.
#[derive(Debug, Clone, Copy)]
pub struct Contents<'a> {
    /// The company's name.
    pub company: &'a str,
    /// The page of the month.
    pub page: &'a Month,
    /// What the page was made of.
    pub facts: &'a Facts,
    /// The bank's part.
    pub bank: &'a Bank,
}

/// Returns the bytes of the workbook. The same contents make the same bytes: the day in its
/// properties is the last one of the month.
///
/// # Errors
///
/// More rows than a sheet of a workbook can have.
pub fn workbook(contents: Contents<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let month = contents.page.month;
    let frame = Frame::new(contents.company, &words::month_name(month));
    let mut properties =
        DocProperties::new().set_title(frame.title()).set_keywords(KEYWORD).set_author(KEYWORD);
    if let Some(day) = cell::excel_day(month.last()) {
        properties = properties.set_creation_datetime(&day.and_hms(0, 0, 0)?);
    }
    workbook.set_properties(&properties);
    let known = Known::of(contents);
    paid::write(&mut workbook, &frame, &known)?;
    settlements::write(&mut workbook, &frame, &known)?;
    missing::write(&mut workbook, &frame, &known)?;
    direct::write(&mut workbook, &frame, &known)?;
    unexplained::write(&mut workbook, &frame, &known)?;
    entries::write(&mut workbook, &frame, &known)?;
    workbook.save_to_buffer()
}

/// The contents, to be looked up.
struct Known<'a> {
    contents: Contents<'a>,
    /// The settlements of the month, and those that its credits pay.
    settlements: HashMap<&'a SettlementId, &'a Stated>,
    /// The lines of these settlements, in the order of their documents.
    lines: HashMap<&'a SettlementId, Vec<&'a PaidLine>>,
    /// The entries by the keys of their rows.
    entries: HashMap<&'a str, &'a BankEntry>,
    /// The credits by the keys of their rows.
    credits: HashMap<&'a str, &'a Arrived>,
    /// The invoices that do not stand or are paid twice, by their names.
    odd_invoices: HashMap<&'a str, &'a InvoiceLine>,
}

impl<'a> Known<'a> {
    fn of(contents: Contents<'a>) -> Self {
        let Contents { facts, bank, page, .. } = contents;
        let Invoices { invoices_paid_twice, cancelled_invoices_paid, .. } = &page.invoices;
        let odd = invoices_paid_twice.iter().chain(cancelled_invoices_paid);
        let all = || std::iter::once(facts).chain(&bank.elsewhere);
        let settlements = all().flat_map(|it| &it.settlements);
        let mut lines: HashMap<&SettlementId, Vec<&PaidLine>> = HashMap::new();
        for line in all().flat_map(|it| &it.lines) {
            lines.entry(&line.settlement).or_default().push(line);
        }
        let entries = bank.entries.iter();
        Self {
            contents,
            settlements: settlements.map(|it| (&it.settlement.id, it)).collect(),
            lines,
            entries: entries.filter_map(|it| Some((it.key.as_deref()?, it))).collect(),
            credits: facts.credits.iter().map(|it| (it.credit.key.as_str(), it)).collect(),
            odd_invoices: odd.map(|it| (it.name.as_str(), it)).collect(),
        }
    }

    /// Returns the lines of a settlement; none where they are not known.
    fn lines(&self, id: &SettlementId) -> &[&'a PaidLine] {
        self.lines.get(id).map(Vec::as_slice).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
