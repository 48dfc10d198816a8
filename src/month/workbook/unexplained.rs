//! `Neexplicate`: credits that nobody has explained, those first that name a document which is not here.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::cell::{Cell, Kind};
use super::sheet::{Columns, Frame, Sheet, Sums};
use super::{Known, words};

const COLUMNS: Columns = &[
    ("Data", Kind::Day),
    ("Plătitor", Kind::Name),
    ("De la", Kind::Name),
    ("Sumă", Kind::Amount),
    ("Monedă", Kind::Name),
    ("Document numit", Kind::Name),
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
    let mut sheet = Sheet::begin(workbook, "Neexplicate", frame, COLUMNS, Some(SUMS))?;
    let page = known.contents.page;
    for line in page.customers.iter().chain(&page.unexplained) {
        let credit = known.credits.get(line.key.as_str());
        let reference = credit.and_then(|it| it.credit.reference.as_deref());
        sheet.row(&[
            Cell::Day(line.day),
            Cell::text(words::payer(credit.map_or("", |it| &it.credit.sender))),
            Cell::maybe_text(line.from.as_deref()),
            Cell::Amount(line.amount),
            Cell::text(&line.currency),
            Cell::maybe_text(line.document.as_deref()),
            Cell::maybe_text(reference),
            Cell::maybe_text(credit.map(|it| it.text.as_str())),
        ])?;
    }
    sheet.end()
}
