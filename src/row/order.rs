//! Orders → `order_states`; what they sold → `products` and `product_sales`.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::record::{Channel, Order, OrderList};
use crate::row::key::{Key, invoice_name, sale_key, state_key};
use crate::row::{ColumnWriter, Identity, Row, Said, Stamp, State, Table, clean, tidy};
use crate::value::bucharest;
use crate::value::normalize::{amount_text, fits_money, to_ban};
use crate::value::order_status::{says_delivered, says_gone_back};

/// What one export says of an order.
#[derive(Debug)]
pub struct OrderState {
    name: String,
    number: String,
    channel: Channel,
    ordered_at: Option<DateTime<Utc>>,
    status: Option<String>,
    payment_method: Option<String>,
    client_name: Option<String>,
    client_cif: Option<String>,
    total: Decimal,
    currency: String,
    awb_number: Option<String>,
    invoice_series: Option<String>,
    invoice_number: Option<String>,
    invoice_date: Option<NaiveDate>,
    as_of: Option<DateTime<Utc>>,
    raw: String,
    line: u32,
}

/// A product by itself: a row of `products`.
#[derive(Debug)]
pub struct ProductRow {
    sku: String,
    name: Option<String>,
    purchase_price: Option<Decimal>,
    raw: String,
    line: u32,
}

/// A product that was sold with an invoice: a row of `product_sales`.
#[derive(Debug)]
pub struct SaleRow {
    invoice: String,
    oblio_id: String,
    key: Key,
    sku: String,
    occurrence: u32,
    name: Option<String>,
    quantity: Decimal,
    unit_price: Option<Decimal>,
    sold_on: Option<NaiveDate>,
    raw: String,
    line: u32,
}

/// What an order becomes.
#[derive(Debug)]
pub struct OrderRows {
    /// What the export says of it.
    pub state: OrderState,
    /// Its products by themselves.
    pub products: Vec<ProductRow>,
    /// What was sold, where the order has an invoice.
    pub sales: Vec<SaleRow>,
}

/// Returns what the orders of a list become, in their order.
pub fn order_rows(list: &OrderList) -> Vec<OrderRows> {
    let as_of = list.as_of.map(bucharest::moment_of);
    let mut sold = Sold::new();
    list.orders.iter().map(|order| rows_of(order, list.channel, as_of, &mut sold)).collect()
}

/// How many sales of each invoice, SKU and quantity there are so far.
type Sold = HashMap<(String, String, Decimal), u32>;

fn rows_of(
    order: &Order,
    channel: Channel,
    as_of: Option<DateTime<Utc>>,
    sold: &mut Sold,
) -> OrderRows {
    let number = tidy(&order.number);
    let state = OrderState {
        name: format!("{}|{number}", channel.name()),
        number,
        channel,
        ordered_at: order.ordered_at.map(bucharest::moment_of),
        status: clean(order.status.as_deref()),
        payment_method: clean(order.payment_method.as_deref()),
        client_name: clean(order.client_name.as_deref()),
        client_cif: clean(order.client_cif.as_deref()),
        total: to_ban(order.total),
        currency: order.currency.to_string(),
        awb_number: clean(order.awb_number.as_deref()),
        invoice_series: clean(order.invoice_series.as_deref()),
        invoice_number: clean(order.invoice_number.as_deref()),
        invoice_date: order.invoice_date,
        as_of,
        raw: order.raw.clone(),
        line: order.line,
    };
    let products = order.products.iter().map(|it| ProductRow {
        sku: tidy(&it.sku),
        name: clean(it.name.as_deref()),
        purchase_price: it.purchase_price.map(to_ban),
        raw: it.raw.clone(),
        line: it.line,
    });
    OrderRows { products: products.collect(), sales: sales_of(order, &state, sold), state }
}

/// Returns the sales of an order. Equal ones (same invoice, SKU and quantity) are numbered, as all twins are;
/// an invoice may be that of several orders.
fn sales_of(order: &Order, state: &OrderState, sold: &mut Sold) -> Vec<SaleRow> {
    let Some(number) = &state.invoice_number else { return Vec::new() };
    let invoice = invoice_name(state.invoice_series.as_deref().unwrap_or_default(), number);
    let day = |at: NaiveDateTime| at.date();
    let sale = order.products.iter().map(|it| {
        let (sku, quantity) = (tidy(&it.sku), it.quantity.normalize());
        let same = (invoice.clone(), sku.clone(), quantity);
        let twins = sold.entry(same).and_modify(|k| *k += 1).or_insert(1);
        let oblio_id = own_oblio_id(&invoice);
        SaleRow {
            key: sale_key(&oblio_id, &sku, *twins, quantity),
            oblio_id,
            invoice: invoice.clone(),
            sku,
            occurrence: *twins,
            name: clean(it.name.as_deref()),
            quantity,
            unit_price: it.unit_price.map(to_ban),
            sold_on: order.invoice_date.or(order.ordered_at.map(day)),
            raw: it.raw.clone(),
            line: it.line,
        }
    });
    sale.collect()
}

/// Returns the `oblio_id` of an invoice that the platform does not have: its series and number.
pub fn own_oblio_id(invoice_name: &str) -> String {
    invoice_name.replace('|', "")
}

impl OrderState {
    /// Returns how far the order has come, for exports that state the same newest moment: one that has gone
    /// back is behind one that has arrived; one with an invoice is behind one without, and so is one with a
    /// parcel. An invoice without a day may be a proforma.
    fn progress(&self) -> u32 {
        let status = self.status.as_deref().unwrap_or_default();
        16 * u32::from(says_gone_back(status))
            + 8 * u32::from(says_delivered(status))
            + 4 * u32::from(self.invoice_date.is_some())
            + 2 * u32::from(self.invoice_number.is_some())
            + u32::from(self.awb_number.is_some())
    }
}

impl Row for OrderState {
    const TABLE: Table = Table::OrderStates;
    const SAYS: &'static [&'static str] = Identity::PARTS;

    fn key(&self) -> Cow<'_, str> {
        let moment = |at: Option<DateTime<Utc>>| at.map(|at| at.to_string());
        let (ordered_at, as_of) = (moment(self.ordered_at), moment(self.as_of));
        let (total, invoice_date) =
            (amount_text(self.total), self.invoice_date.map(|it| it.to_string()));
        let parts = [
            Some(self.name.as_str()),
            as_of.as_deref(),
            ordered_at.as_deref(),
            self.status.as_deref(),
            self.payment_method.as_deref(),
            self.client_name.as_deref(),
            self.client_cif.as_deref(),
            Some(&total),
            Some(&self.currency),
            self.awb_number.as_deref(),
            self.invoice_series.as_deref(),
            self.invoice_number.as_deref(),
            invoice_date.as_deref(),
        ];
        Cow::Owned(state_key(&parts).to_string())
    }

    fn says(&self) -> Said {
        self.identity().said()
    }

    fn raw(&self) -> (Cow<'_, str>, u32) {
        (Cow::Borrowed(&self.raw), self.line)
    }

    fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        out.uuid(id);
        out.text(Some(&self.key()));
        out.text(Some(self.channel.name()));
        out.text(Some(&self.number));
        out.instant(self.ordered_at);
        out.text(self.status.as_deref());
        out.text(self.payment_method.as_deref());
        out.text(self.client_name.as_deref());
        out.text(self.client_cif.as_deref());
        out.decimal(self.total);
        out.text(Some(&self.currency));
        out.text(self.awb_number.as_deref());
        out.text(self.invoice_series.as_deref());
        out.text(self.invoice_number.as_deref());
        out.date(self.invoice_date);
        out.instant(self.as_of);
        out.int(self.progress());
        out.uuid(stamp.import_id);
        out.int(self.line);
    }
}

impl State for OrderState {
    const OF: Table = Table::Orders;

    fn name(&self) -> &str {
        &self.name
    }

    fn identity(&self) -> Identity {
        Identity::of(Some(self.total), Some(&self.currency), self.client_name.as_deref())
    }
}

impl SaleRow {
    /// Returns the [name](invoice_name) of its invoice.
    pub fn invoice(&self) -> &str {
        &self.invoice
    }

    /// Names the invoice by the identifier that it is stored with. Returns the key under which the sale
    /// may be stored by its invoice's series and number.
    pub fn of_stored(&mut self, oblio_id: &str) -> Key {
        oblio_id.clone_into(&mut self.oblio_id);
        let key = sale_key(oblio_id, &self.sku, self.occurrence, self.quantity);
        std::mem::replace(&mut self.key, key)
    }

    /// Returns what was paid for all of it; nothing where the price of one is not known, or no column
    /// holds the product.
    fn total(&self) -> Option<Decimal> {
        let total = self.unit_price?.checked_mul(self.quantity).map(to_ban)?;
        fits_money(total).then_some(total)
    }
}

impl Row for ProductRow {
    const TABLE: Table = Table::Products;
    const SAYS: &'static [&'static str] = &[];

    fn key(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.sku)
    }

    /// Returns nothing to compare: a product that is stored already is left as it is, whatever the
    /// file says.
    fn says(&self) -> Said {
        Said::default()
    }

    fn raw(&self) -> (Cow<'_, str>, u32) {
        (Cow::Borrowed(&self.raw), self.line)
    }

    fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        out.uuid(id);
        out.text(Some(&self.sku));
        out.text(self.name.as_deref());
        out.decimal_or_null(self.purchase_price);
        out.uuid(stamp.import_id);
        out.int(self.line);
    }
}

impl Row for SaleRow {
    const TABLE: Table = Table::ProductSales;
    const SAYS: &'static [&'static str] = &[];

    fn key(&self) -> Cow<'_, str> {
        Cow::Owned(self.key.to_string())
    }

    /// Returns nothing to compare: the key has all that makes a sale.
    fn says(&self) -> Said {
        Said::default()
    }

    fn raw(&self) -> (Cow<'_, str>, u32) {
        (Cow::Borrowed(&self.raw), self.line)
    }

    fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        out.uuid(id);
        out.text(Some(&self.key()));
        out.text(Some(&self.oblio_id));
        out.text(Some(&self.sku));
        out.text(self.name.as_deref());
        out.decimal(self.quantity);
        out.decimal_or_null(self.unit_price);
        out.decimal_or_null(self.total());
        out.date(self.sold_on);
        out.uuid(stamp.import_id);
        out.int(self.line);
    }
}
