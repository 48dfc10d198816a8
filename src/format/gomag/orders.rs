//! A row of Gomag's list → an order.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;

use crate::format::headers::Headers;
use crate::format::listed::{self, Row};
use crate::format::workbook::SheetRow;
use crate::record::{Order, Reason};

const NUMBER: &str = "Numar Comanda";
const ORDERED_AT: &str = "Data Comenzii";
const INVOICED_AT: &str = "Data Facturii";
const TOTAL: &str = "Total Comanda";

/// Where each column is.
#[derive(Debug)]
pub(super) struct Columns {
    /// `Numar Comanda`, by which couriers and card processors name an order.
    number: Option<u32>,
    /// `ID Comanda`, which stands in where no column has the number.
    id: Option<u32>,
    total: u32,
    ordered_at: u32,
    invoiced_at: Option<u32>,
    status: Option<u32>,
    payment: Option<u32>,
    client: Option<u32>,
    cif: Option<u32>,
    currency: Option<u32>,
    awb: Option<u32>,
    invoice: [Option<u32>; 2],
    proforma: [Option<u32>; 2],
}

impl listed::Columns for Columns {
    fn of(row: &SheetRow) -> Option<Self> {
        let headers = Headers::of(row);
        let number = headers.any_of(&["numar comanda", "nr. comanda", "nr comanda"]);
        let id = headers.named("id comanda");
        number.or(id)?;
        Some(Self {
            number,
            id,
            total: headers.named("total comanda")?,
            ordered_at: headers.any_of(&["data comenzii", "data comanda"])?,
            invoiced_at: headers.any_of(&["data facturii", "data factura"]),
            status: headers.named("status comanda"),
            payment: headers.any_of(&["metoda de plata", "titlu metoda de plata"]),
            client: headers.any_of(&["nume client", "nume client facturare"]),
            cif: headers.any_of(&["cui", "cif", "cod fiscal"]),
            currency: headers.any_of(&["moneda", "valuta"]),
            awb: headers.any_of(&["awb", "numar awb"]),
            invoice: [
                headers.named("serie factura"),
                headers.any_of(&["numar factura", "nr. factura", "nr factura"]),
            ],
            proforma: [
                headers.named("serie proforma"),
                headers.any_of(&["numar proforma", "nr. proforma", "nr proforma"]),
            ],
        })
    }

    fn number(&self) -> u32 {
        self.number.or(self.id).unwrap_or_default()
    }
}

/// An order, and what else its row says.
pub(super) struct Read {
    /// The order.
    pub order: Order,
    /// The newest moment that the row states.
    pub newest: Option<NaiveDateTime>,
    /// Whether it has more than one parcel.
    pub has_several_parcels: bool,
}

/// Reads a row.
pub(super) fn order(
    row: Row<'_>,
    columns: &Columns,
    headers: &BTreeSet<u32>,
) -> Result<Read, Reason> {
    let number = row.document_number(columns.number.or(columns.id));
    let total = row.amount(Some(columns.total), TOTAL)?;
    let ordered_at = row.moment(Some(columns.ordered_at), ORDERED_AT)?;
    let invoiced_at = row.moment(columns.invoiced_at, INVOICED_AT)?;
    let document =
        |[series, number]: [Option<u32>; 2]| Some((row.text(series), row.document_number(number)?));
    let invoice = document(columns.invoice);
    let has_invoice = invoice.is_some();
    let (series, document_number) = invoice.or_else(|| document(columns.proforma)).unzip();
    let (awb, has_several_parcels) =
        row.text(columns.awb).map(|text| listed::awb(&text)).unwrap_or_default();
    let order = Order {
        line: row.line(),
        number: number.ok_or(Reason::Missing { field: NUMBER })?,
        ordered_at,
        status: row.text(columns.status),
        payment_method: row.text(columns.payment),
        client_name: row.text(columns.client),
        client_cif: row.text(columns.cif),
        total: total.ok_or(Reason::Missing { field: TOTAL })?,
        currency: row.currency(columns.currency)?,
        awb_number: awb,
        invoice_series: series.flatten(),
        invoice_number: document_number,
        invoice_date: invoiced_at.filter(|_| has_invoice).map(|at| at.date()),
        products: Vec::new(),
        raw: row.raw(headers),
    };
    Ok(Read { order, newest: ordered_at.max(invoiced_at), has_several_parcels })
}
