//! Oblio's report of invoices, as a workbook (xls; saved again, xlsx): a row an invoice, with a title and
//! the days of the report above, and a note below.

mod columns;
mod invoice;
mod number;
#[cfg(test)]
mod tests;

use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime};

use super::Format;
use super::listed::{self, Columns as _, Row};
use super::workbook::{self, Sheet};
use crate::fault::Refusal;
use crate::record::{Document, InvoiceReport, Line, StatedTotal};
use crate::source::Source;
use crate::value::normalize;
use columns::Columns;
use invoice::invoice;

/// The format of Oblio's reports of invoices.
#[derive(Debug)]
pub struct Oblio;

impl Format for Oblio {
    fn name(&self) -> &'static str {
        "oblio"
    }

    fn word(&self) -> &'static str {
        "report of invoices"
    }

    fn export(&self) -> &'static str {
        "xls (Oblio invoices)"
    }

    fn recognise(&self, source: &Source) -> bool {
        listed::is_in::<Columns>(source)
    }

    fn read<'s>(&self, source: &'s Source) -> Result<Document<'s>, Refusal> {
        let sheets = workbook::all(source)?;
        let (sections, warnings) = listed::sections::<Columns>(&sheets);
        let line =
            listed::first_line(&sections, "Factura, Data emiterii, Tip factura and Total valoare")?;
        let mut report = InvoiceReport {
            line,
            period: period(&sheets, line),
            as_of: None,
            invoices: Vec::new(),
            totals: Vec::new(),
            row_numbers: Vec::new(),
            damaged: Vec::new(),
            warnings,
        };
        for section in &sections {
            let first = report.invoices.len();
            for row in &section.rows {
                take(&mut report, *row, section, first);
            }
        }
        Ok(Document::Invoices(report))
    }
}

/// Takes a row: an invoice, damaged, a total, or a note. `first` is the place of the section's first invoice.
fn take(
    report: &mut InvoiceReport,
    row: Row<'_>,
    section: &listed::Section<'_, Columns>,
    first: usize,
) {
    let columns = &section.columns;
    let read = invoice(row, columns, &section.headers);
    if read.is_err() && !number::is_one(row.text(Some(columns.number()))) {
        if let Some(total) = total(row, columns, first..report.invoices.len()) {
            return report.totals.push(total);
        }
        if columns.is_note(row) {
            return;
        }
    }
    if let Some(number) = row.text(columns.row_number).and_then(|it| it.parse().ok()) {
        report.row_numbers.push((row.line(), number));
    }
    match read {
        Ok(invoice) => {
            let issued = invoice.issued_on.and_time(chrono::NaiveTime::MIN);
            report.as_of = report.as_of.max(Some::<NaiveDateTime>(issued));
            report.invoices.push(invoice);
        }
        Err(reason) => report.damaged.push(row.damaged(&section.headers, reason)),
    }
}

/// Returns the total that a row states, if it is a total row: one of its cells begins with that word,
/// and each of its amounts is one.
fn total(row: Row<'_>, columns: &Columns, above: Range<usize>) -> Option<StatedTotal> {
    let label =
        row.texts().map(|text| normalize::plain(&text)).find(|it| it.starts_with("total"))?;
    let amounts = [Some(columns.total), columns.net, columns.total_vat, columns.total_in_lei];
    let [total, net, vat, total_in_lei] = amounts.map(|column| row.amount(column, "").ok());
    let own = row.text(columns.currency).and_then(|text| listed::currency(&text));
    let named = || label.split(|c: char| !c.is_alphabetic()).skip(1).find_map(listed::currency);
    Some(StatedTotal {
        line: row.line(),
        currency: own.or_else(named),
        above,
        net: net?,
        vat: vat?,
        total: total?,
        total_in_lei: total_in_lei?,
    })
}

/// Returns the days of the report, which stand above the header row as `01.04.2026 - 30.04.2026`.
fn period(sheets: &[Sheet], first: Line) -> Option<(NaiveDate, NaiveDate)> {
    let above = sheets.iter().flat_map(|sheet| &sheet.rows).filter(|row| row.line < first);
    let texts = above.flat_map(|row| row.values().map(workbook::text));
    texts.into_iter().find_map(|text| {
        let (from, to) = text.split_once(" - ")?;
        // A word may stand before the days.
        let from = from.trim().rsplit(' ').next()?;
        let days = normalize::date(from).zip(normalize::date(to))?;
        (days.0 <= days.1).then_some(days)
    })
}
