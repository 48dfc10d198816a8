//! Gomag's list of orders, as a workbook: a row an order.

mod orders;
#[cfg(test)]
mod tests;

use super::Format;
use super::listed;
use super::workbook;
use crate::fault::Refusal;
use crate::record::{Channel, Document, OrderList};
use crate::source::Source;
use orders::{Columns, order};

/// The format of Gomag's lists of orders.
#[derive(Debug)]
pub struct Gomag;

impl Format for Gomag {
    fn name(&self) -> &'static str {
        "gomag"
    }

    fn word(&self) -> &'static str {
        "list of orders"
    }

    fn export(&self) -> &'static str {
        "xlsx (Gomag orders)"
    }

    fn recognise(&self, source: &Source) -> bool {
        listed::is_in::<Columns>(source)
    }

    fn read<'s>(&self, source: &'s Source) -> Result<Document<'s>, Refusal> {
        let sheets = workbook::all(source)?;
        let (sections, warnings) = listed::sections::<Columns>(&sheets);
        let line = listed::first_line(&sections, "Numar Comanda, Data Comenzii and Total Comanda")?;
        let mut list = OrderList {
            line,
            channel: Channel::Gomag,
            as_of: None,
            orders: Vec::new(),
            damaged: Vec::new(),
            warnings,
        };
        let mut with_several = Vec::new();
        for section in &sections {
            for row in &section.rows {
                match order(*row, &section.columns, &section.headers) {
                    Ok(read) => {
                        list.as_of = list.as_of.max(read.newest);
                        with_several.extend(read.has_several_parcels.then_some(row.line()));
                        list.orders.push(read.order);
                    }
                    Err(reason) => list.damaged.push(row.damaged(&section.headers, reason)),
                }
            }
        }
        list.warnings.extend(listed::several_parcels(&with_several));
        Ok(Document::Orders(list))
    }
}
