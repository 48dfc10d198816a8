//! `Încasări directe`: what customers paid by transfer for an invoice or an order.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::cell::{Cell, Kind};
use super::sheet::{Columns, Frame, Sheet, Sums};
use super::{Known, words};
use crate::month::{BankEntry, KnownTie};

const COLUMNS: Columns = &[
    ("Data", Kind::Day),
    ("Client", Kind::Name),
    ("Factură sau comandă", Kind::Name),
    ("Sumă", Kind::Amount),
    ("Monedă", Kind::Name),
    ("Număr OP", Kind::Name),
    ("Explicații", Kind::Words),
];

const SUMS: Sums = Sums { apart: &[4], of: &[3] };

/// Writes the sheet.
pub(super) fn write(
    workbook: &mut Workbook,
    frame: &Frame,
    known: &Known<'_>,
) -> Result<(), XlsxError> {
    let mut sheet = Sheet::begin(workbook, "Încasări directe", frame, COLUMNS, Some(SUMS))?;
    let ties = known.contents.bank.ties.iter().filter(|tie| tie.is_direct());
    let of_month = ties.filter_map(|tie| Some((*known.entries.get(tie.credit.as_str())?, tie)));
    let mut of_month: Vec<(&BankEntry, &KnownTie)> = of_month.collect();
    of_month.sort_by_key(|(entry, tie)| (entry.day, &entry.key, &tie.settlement));
    for (entry, tie) in of_month {
        sheet.row(&[
            Cell::Day(entry.day),
            Cell::maybe_text(entry.counterparty.as_deref()),
            Cell::text(&words::direct(tie)),
            Cell::Amount(tie.amount),
            Cell::text(&entry.currency),
            Cell::maybe_text(entry.reference.as_deref()),
            Cell::maybe_text(entry.text.as_deref()),
        ])?;
    }
    sheet.end()
}
