//! A row of Oblio's report → an invoice.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::columns::Columns;
use super::number;
use crate::format::listed::Row;
use crate::record::{Invoice, InvoiceKind, Reason};
use crate::value::normalize;

const INVOICE: &str = "Factura";
const ISSUED_ON: &str = "Data emiterii";
const DUE_ON: &str = "Data scadentei";
const KIND: &str = "Tip factura";
const NET: &str = "Valoare fara TVA";
const VAT: &str = "Total TVA";
const TOTAL: &str = "Total valoare";
const TOTAL_IN_LEI: &str = "Total valoare RON";
const COLLECTED: &str = "Incasat";
const REST: &str = "Rest de incasat";

/// Reads a row.
pub(super) fn invoice(
    row: Row<'_>,
    columns: &Columns,
    headers: &BTreeSet<u32>,
) -> Result<Invoice, Reason> {
    let missing = |field| Reason::Missing { field };
    let factura = row.text(Some(columns.invoice)).ok_or_else(|| missing(INVOICE))?;
    let (series, number) = number::split(&factura)?;
    let issued_on = row.date(Some(columns.issued_on), ISSUED_ON)?;
    let kind = row.text(Some(columns.kind)).ok_or_else(|| missing(KIND))?;
    let total = row.amount(Some(columns.total), TOTAL)?.ok_or_else(|| missing(TOTAL))?;
    let (kind, is_canceled_kind) = kind_of(&kind)?;
    let [name, cif, address, city, county, country, phone, email] =
        columns.client.map(|column| row.text(column));
    Ok(Invoice {
        line: row.line(),
        series,
        number,
        issued_on: issued_on.ok_or_else(|| missing(ISSUED_ON))?,
        due_on: row.date(columns.due_on, DUE_ON)?,
        kind,
        is_canceled: is_canceled_kind || is_canceled(row, columns),
        is_collected: is_collected(row, columns, total)?,
        currency: row.currency(columns.currency)?,
        net: row.amount(columns.net, NET)?,
        vat: vat(row, columns)?,
        total,
        total_in_lei: row.amount(columns.total_in_lei, TOTAL_IN_LEI)?,
        client_name: name,
        client_cif: cif,
        client_address: address,
        client_city: city,
        client_state: county,
        client_country: country,
        client_phone: phone,
        client_email: email,
        raw: row.raw(headers),
    })
}

/// Returns what an invoice is, and whether its kind says that it was cancelled.
fn kind_of(text: &str) -> Result<(InvoiceKind, bool), Reason> {
    let text = normalize::plain(text);
    let word = text.strip_prefix("factura ").unwrap_or(&text);
    match word {
        "normala" => Ok((InvoiceKind::Normala, false)),
        "storno" => Ok((InvoiceKind::Storno, false)),
        "stornata" => Ok((InvoiceKind::Stornata, false)),
        "anulata" => Ok((InvoiceKind::Normala, true)),
        _ => Err(Reason::Form {
            found: "a kind of document under Tip factura that is not known",
            expected: "Normala, Storno, Stornata or Anulata",
        }),
    }
}

/// Returns whether a remark or the column `Anulata` says that the invoice was cancelled. An amount of
/// zero does not.
fn is_canceled(row: Row<'_>, columns: &Columns) -> bool {
    let remarks = columns.remarks.iter().filter_map(|column| row.text(Some(*column)));
    let mut remarks = remarks.map(|text| normalize::plain(&text));
    let says_so = |text: String| {
        text.starts_with("anulat")
            || ["factura anulata", "document anulat"].iter().any(|it| text.contains(it))
    };
    let marked = row.text(columns.is_canceled).map(|text| normalize::plain(&text));
    let marks = ["da", "1", "x", "true", "yes", "anulata", "anulat"];
    remarks.any(says_so) || marked.is_some_and(|text| marks.contains(&text.as_str()))
}

/// Returns whether nothing is left to be collected of an invoice that is not of zero.
fn is_collected(row: Row<'_>, columns: &Columns, total: Decimal) -> Result<bool, Reason> {
    let rest = row.amount(columns.rest, REST)?;
    let collected = row.amount(columns.collected, COLLECTED)?;
    let rest = rest.or_else(|| collected.map(|collected| total - collected));
    Ok(rest.is_some_and(|rest| rest.is_zero()) && !total.is_zero())
}

/// Returns the VAT: `Total TVA`, or the sum of the columns of the rates.
fn vat(row: Row<'_>, columns: &Columns) -> Result<Option<Decimal>, Reason> {
    if columns.total_vat.is_some() {
        return row.amount(columns.total_vat, VAT);
    }
    let mut sum = None;
    for column in &columns.vat {
        if let Some(amount) = row.amount(Some(*column), "TVA")? {
            sum = Some(sum.unwrap_or(Decimal::ZERO) + amount);
        }
    }
    Ok(sum)
}
