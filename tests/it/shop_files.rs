//! Lists of orders and reports of invoices in a plain form of the tests: a line for the head, a line for
//! each record, its fields between bars.

use chrono::{NaiveDate, NaiveDateTime};
use vama::inside::fault::Refusal;
use vama::inside::format::Format;
use vama::inside::road::Options;
use vama::inside::road::report::FileReport;
use vama::inside::source::Source;
use vama::inside::store::{self, StoreError, Undoing};
use vama::record::{
    Channel, Currency, Document, Invoice, InvoiceKind, InvoiceReport, Order, OrderList, SoldProduct,
};

use crate::world::Company;

/// `orders|{gomag or easysales}|{as of}`, then `number|total|client|status|awb|series|number|products`,
/// each product as `sku:quantity:price`.
pub struct OrderLines;

/// `invoices|{as of}`, then `series|number|total|client|kind|collected`.
pub struct InvoiceLines;

impl Format for OrderLines {
    fn name(&self) -> &'static str {
        "order-lines"
    }

    fn word(&self) -> &'static str {
        "list of orders"
    }

    fn export(&self) -> &'static str {
        "order lines"
    }

    fn recognise(&self, source: &Source) -> bool {
        source.bytes().starts_with(b"orders|")
    }

    fn read<'s>(&self, source: &'s Source) -> Result<Document<'s>, Refusal> {
        let (head, records) = records(source.text()?);
        let channel = if head[1] == "gomag" { Channel::Gomag } else { Channel::EasySales };
        let orders = records.map(|(line, raw)| order(line, raw));
        Ok(Document::Orders(OrderList {
            line: 1,
            channel,
            as_of: moment(head[2]),
            orders: orders.collect(),
            damaged: Vec::new(),
            warnings: Vec::new(),
        }))
    }
}

impl Format for InvoiceLines {
    fn name(&self) -> &'static str {
        "invoice-lines"
    }

    fn word(&self) -> &'static str {
        "report of invoices"
    }

    fn export(&self) -> &'static str {
        "invoice lines"
    }

    fn recognise(&self, source: &Source) -> bool {
        source.bytes().starts_with(b"invoices|")
    }

    fn read<'s>(&self, source: &'s Source) -> Result<Document<'s>, Refusal> {
        let (head, records) = records(source.text()?);
        let invoices = records.map(|(line, raw)| invoice(line, raw));
        Ok(Document::Invoices(InvoiceReport {
            line: 1,
            period: None,
            as_of: moment(head[1]),
            invoices: invoices.collect(),
            totals: Vec::new(),
            row_numbers: Vec::new(),
            damaged: Vec::new(),
            warnings: Vec::new(),
        }))
    }
}

/// Returns the fields of the head, and each record with its line.
fn records(text: &str) -> (Vec<&str>, impl Iterator<Item = (u32, &str)>) {
    let mut lines = text.lines();
    let head = lines.next().unwrap_or_default().split('|').collect();
    (head, (2..).zip(lines))
}

fn moment(text: &str) -> Option<NaiveDateTime> {
    text.parse().ok()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|it| !it.is_empty())
}

fn order(line: u32, raw: &str) -> Order {
    let mut fields: Vec<&str> = raw.split('|').collect();
    fields.resize(8, "");
    let [number, total, client, status, awb, series, invoice, products] = fields[..] else {
        panic!("{raw}")
    };
    let product = |text: &str| {
        let parts: Vec<&str> = text.split(':').collect();
        SoldProduct {
            line,
            sku: parts[0].to_owned(),
            name: Some(format!("Produs {}", parts[0])),
            quantity: parts[1].parse().unwrap(),
            unit_price: parts.get(2).and_then(|it| it.parse().ok()),
            purchase_price: None,
            raw: text.to_owned(),
        }
    };
    Order {
        line,
        number: number.to_owned(),
        ordered_at: moment("2026-04-01T10:00:00"),
        status: some(status),
        payment_method: None,
        client_name: some(client),
        client_cif: None,
        total: total.parse().unwrap(),
        currency: Currency::RON,
        awb_number: some(awb),
        invoice_series: some(series),
        invoice_number: some(invoice),
        invoice_date: None,
        products: products.split(',').filter(|it| !it.is_empty()).map(product).collect(),
        raw: raw.replace('|', "\t"),
    }
}

fn invoice(line: u32, raw: &str) -> Invoice {
    let mut fields: Vec<&str> = raw.split('|').collect();
    fields.resize(6, "");
    let [series, number, total, client, kind, collected] = fields[..] else { panic!("{raw}") };
    Invoice {
        line,
        series: series.to_owned(),
        number: number.to_owned(),
        issued_on: NaiveDate::from_ymd_opt(2026, 4, 1).unwrap(),
        due_on: None,
        kind: match kind {
            "Stornata" => InvoiceKind::Stornata,
            "Storno" => InvoiceKind::Storno,
            _ => InvoiceKind::Normala,
        },
        is_canceled: kind == "Anulata",
        is_collected: collected == "yes",
        currency: Currency::RON,
        net: None,
        vat: None,
        total: total.parse().unwrap(),
        total_in_lei: None,
        client_name: some(client),
        client_cif: None,
        client_address: None,
        client_city: None,
        client_state: None,
        client_country: None,
        client_phone: None,
        client_email: None,
        raw: raw.replace('|', "\t"),
    }
}

impl Company {
    /// Imports the orders of a Gomag export as of a day of April, each a line.
    pub async fn orders(&mut self, day: u32, lines: &[&str]) -> FileReport {
        let text = format!("orders|gomag|2026-04-{day:02}T12:00:00\n{}\n", lines.join("\n"));
        let options = Options { format: Some(&OrderLines), ..Options::default() };
        self.import_with(&format!("orders {day}.txt"), text.as_bytes(), options).await
    }

    /// Imports the invoices of a report as of a day of April, each a line.
    pub async fn invoices(&mut self, day: u32, lines: &[&str]) -> FileReport {
        let text = format!("invoices|2026-04-{day:02}T12:00:00\n{}\n", lines.join("\n"));
        let options = Options { format: Some(&InvoiceLines), ..Options::default() };
        self.import_with(&format!("invoices {day}.txt"), text.as_bytes(), options).await
    }

    /// Takes an import out.
    pub async fn take_out(&mut self, report: &FileReport) -> Undoing {
        store::undo(&mut self.session, &self.slug, report.import.unwrap()).await.unwrap()
    }

    /// Lets the first held record of an import in.
    pub async fn let_in(&mut self, report: &FileReport) -> Result<store::Accepted, StoreError> {
        store::accept(&mut self.session, &self.slug, (report.import.unwrap(), 1)).await
    }

    /// Returns the one column of some rows, in which fields that are missing are `-`.
    pub async fn column(&mut self, sql: &'static str) -> Vec<String> {
        self.rows::<(String,)>(sql).await.into_iter().map(|(it,)| it).collect()
    }

    /// Returns the orders, each as one text.
    pub async fn stored_orders(&mut self) -> Vec<String> {
        self.column(
            "select concat_ws('|', order_number, total, coalesce(status, '-'), \
                coalesce(awb_number, '-'), coalesce(invoice_number, '-'), coalesce(client_name, '-'), \
                to_char(as_of, 'DD')) \
             from orders order by order_number",
        )
        .await
    }

    /// Returns the invoices, each as one text: with its key, and the day of its updated_at.
    pub async fn stored_invoices(&mut self) -> Vec<String> {
        self.column(
            "select concat_ws('|', oblio_id, series_name, invoice_number, total, \
                coalesce(invoice_type, '-'), is_canceled, is_collected, coalesce(client_name, '-'), \
                coalesce(pdf_link, '-'), to_char(updated_at, 'DD'), coalesce(to_char(as_of, 'DD'), '-')) \
             from invoices order by oblio_id",
        )
        .await
    }
}
