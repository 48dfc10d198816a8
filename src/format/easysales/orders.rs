//! Rows of easySales' list → orders. The rows of one order need not stand together.

use std::collections::{BTreeSet, HashMap};

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use super::columns::{Columns, ProductColumns};
use crate::format::listed::{self, Row};
use crate::record::{Currency, Damaged, Line, Order, OrderList, Reason, SoldProduct, Warning};

const ID: &str = "ID comandă";
const TOTAL: &str = "Valoarea totală Cu taxă";
const ORDERED_AT: &str = "Data comenzii";
const FINISHED_AT: &str = "Data de finalizare a comenzii";
const INVOICED_AT: &str = "Data facturii";
const REVERSED_AT: &str = "Data facturii storno";
const QUANTITY: &str = "Cantitate";

/// The orders of a list, in the order of their first rows.
#[derive(Default)]
pub(super) struct Orders {
    by_id: HashMap<String, usize>,
    orders: Vec<Gathered>,
    /// Rows without an order.
    damaged: Vec<Damaged>,
    /// The rows whose product has a price that cannot be read.
    without_price: Vec<Line>,
}

/// An order as its rows make it.
struct Gathered {
    id: String,
    line: Line,
    said: Said,
    newest: Option<NaiveDateTime>,
    products: Vec<SoldProduct>,
    has_several_parcels: bool,
    raw: String,
    /// The first row that could not be read, or that contradicts another one, and why.
    wrong: Option<(Line, Reason)>,
}

/// What the rows of an order say of it.
#[derive(Default)]
struct Said {
    total: Option<Decimal>,
    currency: Option<Currency>,
    ordered_at: Option<NaiveDateTime>,
    status: Option<String>,
    payment: Option<String>,
    client: Option<String>,
    cif: Option<String>,
    awb: Option<String>,
    series: Option<String>,
    number: Option<String>,
    invoice_date: Option<NaiveDate>,
}

/// A row, read.
#[derive(Default)]
struct Read {
    said: Said,
    newest: Option<NaiveDateTime>,
    product: Option<SoldProduct>,
    has_several_parcels: bool,
}

impl Orders {
    /// Takes the next row.
    pub(super) fn take(&mut self, row: Row<'_>, columns: &Columns, headers: &BTreeSet<u32>) {
        let Some(id) = row.document_number(Some(columns.id)) else {
            self.damaged.push(row.damaged(headers, Reason::Missing { field: ID }));
            return;
        };
        let read = self.read(row, columns, headers);
        let known = self.by_id.get(&id).and_then(|at| self.orders.get_mut(*at));
        let raw = row.raw(headers);
        match (known, read) {
            (Some(order), Ok(read)) => order.join(row.line(), read, &raw),
            (Some(order), Err(reason)) => order.spoil(row.line(), reason, &raw),
            (None, read) => {
                self.by_id.insert(id.clone(), self.orders.len());
                self.orders.push(Gathered::new(id, row.line(), read, raw));
            }
        }
    }

    fn read(
        &mut self,
        row: Row<'_>,
        columns: &Columns,
        headers: &BTreeSet<u32>,
    ) -> Result<Read, Reason> {
        let ordered_at = row.moment(Some(columns.ordered_at), ORDERED_AT)?;
        let invoiced_at = row.moment(columns.invoiced_at, INVOICED_AT)?;
        let finished_at = row.moment(columns.finished_at, FINISHED_AT)?;
        let reversed_at = row.moment(columns.reversed_at, REVERSED_AT)?;
        let number = row.document_number(columns.number);
        let (awb, has_several_parcels) =
            row.text(columns.awb).map(|text| listed::awb(&text)).unwrap_or_default();
        let said = Said {
            total: row.amount(Some(columns.total), TOTAL)?,
            currency: match columns.currency {
                Some(column) if row.text(Some(column)).is_none() => None,
                column => Some(row.currency(column)?),
            },
            ordered_at,
            status: row.text(columns.status),
            payment: row.text(columns.payment),
            client: row.text(columns.client),
            cif: row.text(columns.cif),
            awb,
            series: row.text(columns.series).filter(|_| number.is_some()),
            invoice_date: invoiced_at.filter(|_| number.is_some()).map(|at| at.date()),
            number,
        };
        let product = columns.product.as_ref();
        let product = product.map(|columns| self.product(row, columns, headers)).transpose()?;
        let newest = ordered_at.max(invoiced_at).max(finished_at).max(reversed_at);
        Ok(Read { said, newest, product: product.flatten(), has_several_parcels })
    }

    /// Reads the product of a row, where SKU and quantity are given. A price that cannot be read is
    /// left out: the order's own total does not follow from it.
    fn product(
        &mut self,
        row: Row<'_>,
        columns: &ProductColumns,
        headers: &BTreeSet<u32>,
    ) -> Result<Option<SoldProduct>, Reason> {
        let sku = row.text(Some(columns.sku));
        let quantity = row.exact(Some(columns.quantity), QUANTITY)?;
        let Some((sku, quantity)) = sku.zip(quantity) else {
            return Ok(None);
        };
        let prices = [columns.price, columns.purchase].map(|column| row.exact(column, ""));
        if prices.iter().any(Result::is_err) {
            self.without_price.push(row.line());
        }
        let [unit_price, purchase_price] = prices.map(|price| price.unwrap_or_default());
        Ok(Some(SoldProduct {
            line: row.line(),
            sku,
            name: row.text(columns.name),
            quantity,
            unit_price,
            purchase_price,
            raw: row.raw(headers),
        }))
    }

    /// Returns the list with its orders.
    pub(super) fn into_list(self, mut list: OrderList) -> OrderList {
        list.damaged = self.damaged;
        let mut with_several = Vec::new();
        for order in self.orders {
            let (newest, line) = (order.newest, order.line);
            let has_several = order.has_several_parcels;
            match order.finish() {
                Ok(order) => {
                    list.as_of = list.as_of.max(newest);
                    with_several.extend(has_several.then_some(line));
                    list.orders.push(order);
                }
                Err(damaged) => list.damaged.push(damaged),
            }
        }
        list.damaged.sort_by_key(|damaged| damaged.line);
        list.warnings.extend(listed::several_parcels(&with_several));
        if let Some(first) = self.without_price.first() {
            let count = self.without_price.len();
            let text = format!("prices of products that cannot be read were left out: {count}");
            list.warnings.push(Warning { line: Some(*first), text });
        }
        list
    }
}

impl Gathered {
    fn new(id: String, line: Line, read: Result<Read, Reason>, raw: String) -> Self {
        let (read, wrong) = match read {
            Ok(read) => (read, None),
            Err(reason) => (Read::default(), Some((line, reason))),
        };
        let Read { said, newest, product, has_several_parcels } = read;
        let products = Vec::from_iter(product);
        Self { id, line, said, newest, products, has_several_parcels, raw, wrong }
    }

    /// Joins a further row of the order.
    fn join(&mut self, line: Line, read: Read, raw: &str) {
        // One order may go in several parcels, so another AWB contradicts nothing.
        let is_other = self.said.awb.is_some() && read.said.awb.is_some();
        self.has_several_parcels |=
            read.has_several_parcels || (is_other && self.said.awb != read.said.awb);
        self.newest = self.newest.max(read.newest);
        self.products.extend(read.product);
        match self.said.join(read.said, self.line) {
            Ok(()) => self.add_raw(raw),
            Err(reason) => self.spoil(line, reason, raw),
        }
    }

    fn add_raw(&mut self, raw: &str) {
        self.raw.push('\n');
        self.raw.push_str(raw);
    }

    fn spoil(&mut self, line: Line, reason: Reason, raw: &str) {
        self.add_raw(raw);
        self.wrong.get_or_insert((line, reason));
    }

    fn finish(self) -> Result<Order, Damaged> {
        let Self { id, line, said, products, raw, wrong, .. } = self;
        if let Some((line, reason)) = wrong {
            return Err(Damaged { line, raw, reason });
        }
        let Some(total) = said.total else {
            return Err(Damaged { line, raw, reason: Reason::Missing { field: TOTAL } });
        };
        Ok(Order {
            line,
            number: id,
            ordered_at: said.ordered_at,
            status: said.status,
            payment_method: said.payment,
            client_name: said.client,
            client_cif: said.cif,
            total,
            currency: said.currency.unwrap_or(Currency::RON),
            awb_number: said.awb,
            invoice_series: said.series,
            invoice_number: said.number,
            invoice_date: said.invoice_date,
            products,
            raw,
        })
    }
}

impl Said {
    /// Takes what a further row says; what it leaves empty contradicts nothing.
    fn join(&mut self, other: Self, first: Line) -> Result<(), Reason> {
        agree(&mut self.total, other.total, TOTAL, first)?;
        agree(&mut self.currency, other.currency, "Moneda", first)?;
        agree(&mut self.ordered_at, other.ordered_at, ORDERED_AT, first)?;
        agree(&mut self.status, other.status, "Status", first)?;
        agree(&mut self.payment, other.payment, "Metoda de plată", first)?;
        agree(&mut self.client, other.client, "Nume client", first)?;
        agree(&mut self.cif, other.cif, "CUI", first)?;
        agree(&mut self.series, other.series, "Serie factură", first)?;
        agree(&mut self.number, other.number, "Numărul facturii", first)?;
        agree(&mut self.invoice_date, other.invoice_date, INVOICED_AT, first)?;
        self.awb = self.awb.take().or(other.awb);
        Ok(())
    }
}

fn agree<T: PartialEq>(
    known: &mut Option<T>,
    other: Option<T>,
    field: &'static str,
    first: Line,
) -> Result<(), Reason> {
    match (known.as_ref(), other) {
        (Some(known), Some(other)) if *known != other => {
            return Err(Reason::Contradiction { field, first });
        }
        (None, Some(other)) => *known = Some(other),
        _ => {}
    }
    Ok(())
}
