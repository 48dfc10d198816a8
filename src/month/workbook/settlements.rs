//! `Deconturi`: every settlement of the month, and what came for it.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::cell::{Cell, Kind};
use super::sheet::{Columns, Frame, Sheet, Sums};
use super::{Known, words};
use crate::month::{Stated, sender_word};

const COLUMNS: Columns = &[
    ("Plătitor", Kind::Name),
    ("Document", Kind::Name),
    ("Data", Kind::Day),
    ("Rânduri", Kind::Count),
    ("Cu factură", Kind::Count),
    ("Sumă", Kind::Amount),
    ("Monedă", Kind::Name),
    ("Plătit", Kind::Amount),
    ("Data plății", Kind::Day),
    ("Număr OP", Kind::Name),
    ("Stare", Kind::Name),
    ("Diferență", Kind::Amount),
];

const SUMS: Sums = Sums { apart: &[6], of: &[5, 7, 11] };

/// Writes the sheet.
pub(super) fn write(
    workbook: &mut Workbook,
    frame: &Frame,
    known: &Known<'_>,
) -> Result<(), XlsxError> {
    let mut sheet = Sheet::begin(workbook, "Deconturi", frame, COLUMNS, Some(SUMS))?;
    let mut all: Vec<&Stated> = known.contents.facts.of_month().collect();
    all.sort_by_key(|it| (sender_word(&it.settlement.id.kind), it.settlement.dated));
    for stated in all {
        let row = sheet.next_row();
        let settlement = &stated.settlement;
        let lines = known.lines(&settlement.id);
        let with_invoice = lines.iter().filter(|line| line.invoice.is_some()).count();
        let count = |count: usize| u32::try_from(count).map_or(Cell::Empty, Cell::Count);
        // How many have an invoice is known only where the lines are.
        let with_invoice = if lines.is_empty() { Cell::Empty } else { count(with_invoice) };
        let difference = stated.paid.map(|paid| paid - settlement.amount);
        let difference = difference.filter(|by| !by.is_zero()).map_or(Cell::Empty, |by| {
            // Doubles: of the difference only the bani count.
            Cell::Sum(format!("=ROUND(H{row}-F{row},2)"), by)
        });
        sheet.row(&[
            Cell::text(sender_word(&settlement.id.kind)),
            Cell::text(&words::document(stated)),
            Cell::Day(settlement.dated),
            stated.lines.map_or(Cell::Empty, |lines| Cell::Count(lines.unsigned_abs())),
            with_invoice,
            Cell::Amount(settlement.amount),
            Cell::text(&settlement.currency),
            Cell::maybe_amount(stated.paid),
            Cell::maybe_day(stated.paid_on),
            Cell::maybe_text(stated.reference.as_deref()),
            Cell::text(words::state(stated.state)),
            difference,
        ])?;
    }
    sheet.end()
}
