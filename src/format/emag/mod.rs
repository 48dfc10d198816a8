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
        workbook::first_rows(source)
            .iter()
            .any(|row| orders::Columns::of(row).is_some() || fees::Columns::of(row).is_some())
    }

    fn read<'s>(&self, source: &'s Source) -> Result<Document<'s>, Refusal> {
        let none = || {
            let reason =
                "no header row of a payout document (Sheet ID or DP ID, Seller ID)".to_owned();
            Refusal::Unreadable { line: None, reason }
        };
        let name = FileName::of(source.file_name());
        for sheet in &workbook::all(source)? {
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
