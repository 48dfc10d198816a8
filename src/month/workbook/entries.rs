//! `Extras`: the entries of the month, account by account.

use std::collections::HashMap;

use rust_xlsxwriter::{Workbook, XlsxError};

use super::cell::{Cell, Kind};
use super::sheet::{Columns, Frame, Sheet, Sums};
use super::{Known, words};
use crate::month::KnownTie;

const COLUMNS: Columns = &[
    ("Cont", Kind::Name),
    ("Data valutei", Kind::Day),
    ("Data înreg.", Kind::Day),
    ("Sumă", Kind::Amount),
    ("Monedă", Kind::Name),
    ("Partener", Kind::Name),
    ("Explicații", Kind::Words),
    ("Referință", Kind::Name),
    ("Ce plătește", Kind::Words),
];

const SUMS: Sums = Sums { apart: &[0, 4], of: &[3] };

/// Writes the sheet.
pub(super) fn write(
    workbook: &mut Workbook,
    frame: &Frame,
    known: &Known<'_>,
) -> Result<(), XlsxError> {
    let mut sheet = Sheet::begin(workbook, "Extras", frame, COLUMNS, Some(SUMS))?;
    let mut ties: HashMap<&str, Vec<&KnownTie>> = HashMap::new();
    for tie in &known.contents.bank.ties {
        ties.entry(&tie.credit).or_default().push(tie);
    }
    for entry in &known.contents.bank.entries {
        let paid = entry.key.as_deref().and_then(|key| ties.get(key));
        let names = paid.into_iter().flatten().map(|tie| {
            let stated = known.settlements.get(&tie.settlement);
            stated.map_or_else(|| words::direct(tie), |stated| words::document(stated))
        });
        sheet.row(&[
            Cell::maybe_text(entry.account.as_deref()),
            Cell::Day(entry.day),
            Cell::maybe_day(entry.booked),
            Cell::Amount(entry.amount),
            Cell::text(&entry.currency),
            Cell::maybe_text(entry.counterparty.as_deref()),
            Cell::maybe_text(entry.text.as_deref()),
            Cell::maybe_text(entry.reference.as_deref()),
            Cell::text(&names.collect::<Vec<_>>().join(", ")),
        ])?;
    }
    sheet.end()
}
