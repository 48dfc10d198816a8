//! Reports of invoices → `invoice_states`.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::record::{Invoice, InvoiceKind, InvoiceReport};
use crate::row::key::{invoice_name, state_key};
use crate::row::{ColumnWriter, Identity, Row, Said, Stamp, State, Table, clean, tidy};
use crate::value::bucharest;
use crate::value::normalize::{amount_text, to_ban};

/// What one report says of an invoice.
#[derive(Debug)]
pub struct InvoiceState {
    name: String,
    series: String,
    number: String,
    issued_on: NaiveDate,
    due_on: Option<NaiveDate>,
    currency: String,
    total: Decimal,
    kind: InvoiceKind,
    is_canceled: bool,
    is_collected: bool,
    client_name: Option<String>,
    client_cif: Option<String>,
    /// Street, town, county, country, telephone, e-mail.
    contact: [Option<String>; 6],
    as_of: Option<DateTime<Utc>>,
    raw: String,
    line: u32,
}

/// Returns what the invoices of a report become, in their order.
pub fn invoice_states(report: &InvoiceReport) -> Vec<InvoiceState> {
    let as_of = report.as_of.map(bucharest::moment_of);
    report.invoices.iter().map(|invoice| state_of(invoice, as_of)).collect()
}

fn state_of(invoice: &Invoice, as_of: Option<DateTime<Utc>>) -> InvoiceState {
    let (series, number) = (tidy(&invoice.series), tidy(&invoice.number));
    let contact = [
        &invoice.client_address,
        &invoice.client_city,
        &invoice.client_state,
        &invoice.client_country,
        &invoice.client_phone,
        &invoice.client_email,
    ];
    InvoiceState {
        name: invoice_name(&series, &number),
        series,
        number,
        issued_on: invoice.issued_on,
        due_on: invoice.due_on,
        currency: invoice.currency.to_string(),
        total: to_ban(invoice.total),
        kind: invoice.kind,
        is_canceled: invoice.is_canceled,
        is_collected: invoice.is_collected,
        client_name: clean(invoice.client_name.as_deref()),
        client_cif: clean(invoice.client_cif.as_deref()),
        contact: contact.map(|it| clean(it.as_deref())),
        as_of,
        raw: invoice.raw.clone(),
        line: invoice.line,
    }
}

impl InvoiceState {
    /// Returns how far the invoice has come, for reports that state the same newest moment: a cancelled
    /// one is not issued again, one that was taken back is no normal one again, and money that came
    /// stays. `sql/states/keep_platform.sql` counts the same way.
    fn progress(&self) -> u32 {
        4 * u32::from(self.is_canceled)
            + 2 * u32::from(self.kind == InvoiceKind::Stornata)
            + u32::from(self.is_collected)
    }
}

impl Row for InvoiceState {
    const TABLE: Table = Table::InvoiceStates;
    const SAYS: &'static [&'static str] = Identity::PARTS;

    fn key(&self) -> Cow<'_, str> {
        let as_of = self.as_of.map(|at| at.to_string());
        let (issued_on, due_on) =
            (self.issued_on.to_string(), self.due_on.map(|it| it.to_string()));
        let (total, progress) = (amount_text(self.total), self.progress().to_string());
        let mut parts = vec![
            Some(self.series.as_str()),
            Some(&self.number),
            as_of.as_deref(),
            Some(&issued_on),
            due_on.as_deref(),
            Some(&self.currency),
            Some(&total),
            Some(self.kind.name()),
            // With the kind it says whether the invoice is cancelled and collected.
            Some(&progress),
            self.client_name.as_deref(),
            self.client_cif.as_deref(),
        ];
        parts.extend(self.contact.iter().map(Option::as_deref));
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
        out.text(Some(&self.name));
        out.text(Some(&self.series));
        out.text(Some(&self.number));
        out.date(Some(self.issued_on));
        out.date(self.due_on);
        out.text(Some(&self.currency));
        out.decimal(self.total);
        out.text(Some(self.kind.name()));
        out.bool(self.is_canceled);
        out.bool(self.is_collected);
        out.text(self.client_name.as_deref());
        out.text(self.client_cif.as_deref());
        self.contact.iter().for_each(|it| out.text(it.as_deref()));
        out.instant(self.as_of);
        out.int(self.progress());
        out.uuid(stamp.import_id);
        out.int(self.line);
    }
}

impl State for InvoiceState {
    const OF: Table = Table::Invoices;

    fn name(&self) -> &str {
        &self.name
    }

    fn identity(&self) -> Identity {
        Identity::of(Some(self.total), Some(&self.currency), self.client_name.as_deref())
    }
}
