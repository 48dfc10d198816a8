//! Sheets as GLS writes them, for tests.

use crate::format::testing::{Cells, named, sheet};
use crate::source::Source;

/// Returns a workbook of one sheet under the name that GLS gives it.
pub(super) fn source(sheet: &str) -> Source {
    named("553000676_RON_01082025.xlsx", &[sheet.to_owned()])
}

/// The rows above the headers as GLS writes them.
pub(super) const ABOVE: [(u32, Cells<'static>); 4] = [
    (1, &["s:GLS General Logistics Systems Romania SRL", "s:"]),
    (3, &["s:Nume Client: FIRMA NOUA SRL"]),
    (5, &["s:Cont bancar nr.: RO27 BTRL RONC RT01 4427 2509"]),
    (6, &["s:Data tranferarii banilor: 01.08.2025"]),
];

/// The header row as GLS writes it.
pub(super) const HEADERS: Cells<'static> = &[
    "s:Număr referinta",
    "s:Număr colet",
    "s:Referire la ramb.",
    "s:Livrat la data",
    "s:Sumă ramburs",
    "s:",
    "s:Postal Address",
];

/// Returns a sheet as GLS writes it, with these rows from row 9 on.
pub(super) fn daily(rows: &[Cells<'_>]) -> String {
    let mut all: Vec<(u32, Cells<'_>)> = ABOVE.to_vec();
    all.push((8, HEADERS));
    all.extend((9..).zip(rows.iter().copied()));
    sheet(&all)
}
