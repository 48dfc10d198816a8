//! `OP-uri`: a block for each credit that pays settlements, a row for each of their lines.

use rust_xlsxwriter::{Color, Format, Workbook, XlsxError};

use super::Known;
use super::blocks::{Block, Row, blocks, off_by};
use super::cell::{Cell, Kind};
use super::sheet::{Columns, Frame, Sheet, shown};
use crate::month::sender_word;
use crate::tie::{EMAG, NETOPIA};

/// The columns that offices know from before vama, in their order.
const COLUMNS: Columns = &[
    ("Data OP", Kind::Day),
    ("Număr OP", Kind::Name),
    ("Nume borderou", Kind::Name),
    ("Curier", Kind::Name),
    ("Order ID", Kind::Name),
    ("Număr factură", Kind::Name),
    ("Sumă", Kind::Amount),
    ("Erori", Kind::Words),
    ("Diferență", Kind::Amount),
];

/// The column of the sender, from 0.
const SENDER: u16 = 3;

/// By these colours an office finds a sender: its kind, the ground, the letters.
const COLOURS: [(&str, u32, Color); 4] = [
    ("gls", 0x00_70C0, Color::White),
    ("sameday", 0xFF_0000, Color::White),
    (NETOPIA, 0xDA_EEF3, Color::Black),
    (EMAG, 0xFF_A500, Color::Black),
];

/// The letter of the amounts' column.
const AMOUNT: char = 'G';

/// Writes the sheet.
pub(super) fn write(
    workbook: &mut Workbook,
    frame: &Frame,
    known: &Known<'_>,
) -> Result<(), XlsxError> {
    let mut sheet = Sheet::begin(workbook, "OP-uri", frame, COLUMNS, None)?;
    let coloured = COLOURS.map(|(kind, fill, text)| {
        let format = shown(Kind::Name).set_background_color(Color::RGB(fill));
        (kind, format.set_font_color(text))
    });
    for (number, block) in blocks(known).iter().enumerate() {
        if number > 0 {
            sheet.skip();
        }
        write_block(&mut sheet, block, &coloured)?;
    }
    sheet.end()
}

fn write_block(
    sheet: &mut Sheet<'_>,
    block: &Block<'_>,
    colours: &[(&str, Format)],
) -> Result<(), XlsxError> {
    let day = Cell::Day(block.credit.day);
    let reference = Cell::maybe_text(block.credit.reference.as_deref());
    let first = sheet.next_row();
    for row in &block.rows {
        let Row { kind, document, order, invoice, amount, error, difference } = row;
        let sender = Cell::text(sender_word(kind));
        sheet.row(&[
            day.clone(),
            reference.clone(),
            Cell::text(document),
            sender.clone(),
            Cell::maybe_text(*order),
            Cell::maybe_text(invoice.as_deref()),
            Cell::Amount(*amount),
            Cell::maybe_text(error.as_deref()),
            Cell::maybe_amount(*difference),
        ])?;
        if let Some((_, colours)) = colours.iter().find(|(of, _)| of == kind) {
            sheet.paint(SENDER, &sender, colours)?;
        }
    }
    let sum = format!("=SUM({AMOUNT}{first}:{AMOUNT}{})", sheet.next_row() - 1);
    // Most accounts are in lei; another currency is told.
    let label = match block.credit.currency.as_str() {
        "RON" | "" => "Total OP".to_owned(),
        other => format!("Total OP {other}"),
    };
    let (error, difference) = off_by(block).unzip();
    sheet.total(&[
        day,
        reference,
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::text(&label),
        Cell::Sum(sum, block.total),
        Cell::maybe_text(error.as_deref()),
        Cell::maybe_amount(difference),
    ])
}
