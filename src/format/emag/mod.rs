//! eMag's payout documents: what a payout to a seller of its marketplace is made of, as workbooks.
//!
//! A payout has lists of the orders that are paid (`dp`), and documents of the fees and vouchers that
//! are taken off (`dc`, `dccd`, `dcco`, `dcs`, `ded`, `dy`; `dv` and `dvs` list the vouchers once
//! more). The header row tells lists of orders, fees, deliveries and vouchers apart.

mod fees;
mod name;
mod orders;
mod table;
#[cfg(test)]
mod tests;

use super::Format;
use super::workbook;
use crate::fault::Refusal;
use crate::record::Document;
use crate::source::Source;
use name::FileName;

/// Rows of a sheet that are read to recognise it: eMag's header rows are the first.
const RECOGNISED_WITHIN: u32 = 30;

/// The format of eMag's payout documents.
#[derive(Debug)]
pub struct Emag;

impl Format for Emag {
    fn name(&self) -> &'static str {
        "emag"
    }

    fn word(&self) -> &'static str {
        "payout document"
    }

    fn export(&self) -> &'static str {
        "xlsx (eMag payout documents)"
    }

    fn recognise(&self, source: &Source) -> bool {
        source.is_zip()
            && workbook::first_rows(source.bytes(), RECOGNISED_WITHIN)
                .iter()
                .any(|row| orders::Columns::of(row).is_some() || fees::Columns::of(row).is_some())
    }

    fn read<'s>(&self, source: &'s Source) -> Result<Document<'s>, Refusal> {
        let none = || {
            let reason =
                "no header row of a payout document (Sheet ID or DP ID, Seller ID)".to_owned();
            Refusal::Unreadable { line: None, reason }
        };
        if !source.is_zip() {
            return Err(none());
        }
        let name = FileName::of(source.file_name());
        for sheet in &workbook::all(source.bytes())? {
            if let Some(document) = orders::document(sheet)? {
                return Ok(Document::Payout(Box::new(document)));
            }
            if let Some(document) = fees::document(sheet, &name)? {
                return Ok(Document::Payout(Box::new(document)));
            }
        }
        Err(none())
    }
}
