//! easySales' list of orders, as a workbook: a row a product, so an order has one row or several.
//!
//! Names of headers repeat: one stands for the order and again for its product. The order's columns
//! stand first, so the first of a name is the order's.

mod columns;
mod orders;
#[cfg(test)]
mod tests;

use super::Format;
use super::listed;
use super::workbook;
use crate::fault::Refusal;
use crate::record::{Channel, Document, OrderList};
use crate::source::Source;
use columns::Columns;
use orders::Orders;

/// The format of easySales' lists of orders.
#[derive(Debug)]
pub struct EasySales;

impl Format for EasySales {
    fn name(&self) -> &'static str {
        "easysales"
    }

    fn word(&self) -> &'static str {
        "list of orders"
    }

    fn export(&self) -> &'static str {
        "xlsx (easySales orders)"
    }

    fn recognise(&self, source: &Source) -> bool {
        listed::is_in::<Columns>(source)
    }

    fn read<'s>(&self, source: &'s Source) -> Result<Document<'s>, Refusal> {
        let sheets = workbook::all(source)?;
        let (sections, warnings) = listed::sections::<Columns>(&sheets);
        let line = listed::first_line(&sections, "ID comandă, Data comenzii and Valoarea totală")?;
        let mut orders = Orders::default();
        for section in &sections {
            for row in &section.rows {
                orders.take(*row, &section.columns, &section.headers);
            }
        }
        let list = OrderList {
            line,
            channel: Channel::EasySales,
            as_of: None,
            orders: Vec::new(),
            damaged: Vec::new(),
            warnings,
        };
        Ok(Document::Orders(orders.into_list(list)))
    }
}
