//! The rows of a month's lines and invoices.

use rust_decimal::Decimal;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row};

use crate::month::{Invoice, Issued, NoInvoice, PaidLine, Payment, Reversed};
use crate::tie::SettlementId;

/// A row of `sql/month/lines.sql`: a line of the month, of another one, with its invoice where that is
/// here.
pub(super) struct LineRow {
    line: PaidLine,
    is_of_month: bool,
    currency: Option<String>,
    invoice: Option<Invoice>,
}

/// Returns the lines of the month, and what all lines pay.
pub(super) fn paid_lines(rows: Vec<LineRow>) -> (Vec<PaidLine>, Vec<Payment>) {
    let (mut lines, mut payments) = (Vec::new(), Vec::new());
    for LineRow { line, is_of_month, currency, invoice } in rows {
        let order = line.order.clone();
        payments.extend(payment(invoice, order, line.amount, currency, is_of_month));
        if is_of_month {
            lines.push(line);
        }
    }
    (lines, payments)
}

/// A row of `sql/month/customers.sql`.
pub(super) struct CustomerRow {
    is_of_month: bool,
    amount: Decimal,
    currency: Option<String>,
    invoice: Option<Invoice>,
}

/// Returns what customers paid.
pub(super) fn from_customers(rows: Vec<CustomerRow>) -> impl Iterator<Item = Payment> {
    let paid = |CustomerRow { is_of_month, amount, currency, invoice }| {
        payment(invoice, None, amount, currency, is_of_month)
    };
    rows.into_iter().filter_map(paid)
}

/// Returns what came for an invoice; nothing where the amounts cannot be compared.
fn payment(
    invoice: Option<Invoice>,
    order: Option<String>,
    amount: Decimal,
    currency: Option<String>,
    is_of_month: bool,
) -> Option<Payment> {
    let invoice = invoice.filter(|it| currency.as_ref().is_none_or(|paid| *paid == it.currency))?;
    Some(Payment { invoice, order, amount, is_of_month }).filter(|it| !it.amount.is_zero())
}

/// Reads an invoice from seven columns: key, name, day of issue, total, currency, kind, whether it was
/// cancelled. `None` where it has no key, name or total.
fn invoice(row: &PgRow, at: usize) -> Result<Option<Invoice>, sqlx::Error> {
    let key: Option<String> = row.try_get(at)?;
    let name: Option<String> = row.try_get(at + 1)?;
    let total: Option<Decimal> = row.try_get(at + 3)?;
    let (Some(key), Some(name), Some(total)) = (key, name, total) else { return Ok(None) };
    let currency: Option<String> = row.try_get(at + 4)?;
    Ok(Some(Invoice {
        key,
        name,
        issued_on: row.try_get(at + 2)?,
        total,
        currency: currency.unwrap_or_default(),
        kind: row.try_get(at + 5)?,
        is_canceled: row.try_get(at + 6)?,
    }))
}

/// Reads an invoice of a row that has one.
fn one_invoice(row: &PgRow, at: usize) -> Result<Invoice, sqlx::Error> {
    invoice(row, at)?.ok_or(sqlx::Error::RowNotFound)
}

impl FromRow<'_, PgRow> for LineRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let reason: Option<&str> = row.try_get(7)?;
        Ok(Self {
            is_of_month: row.try_get(0)?,
            line: PaidLine {
                settlement: SettlementId { kind: row.try_get(1)?, key: row.try_get(2)? },
                name: row.try_get(3)?,
                order: row.try_get(4)?,
                amount: row.try_get(5)?,
                difference: row.try_get(6)?,
                reason: reason.and_then(NoInvoice::by_name),
                invoice: row.try_get(8)?,
            },
            currency: row.try_get(9)?,
            invoice: invoice(row, 10)?,
        })
    }
}

impl FromRow<'_, PgRow> for CustomerRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            is_of_month: row.try_get(0)?,
            amount: row.try_get(1)?,
            currency: row.try_get(2)?,
            invoice: invoice(row, 3)?,
        })
    }
}

impl FromRow<'_, PgRow> for Issued {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            invoice: one_invoice(row, 0)?,
            order: row.try_get(7)?,
            status: row.try_get(8)?,
            has_delivered_parcel: row.try_get(9)?,
        })
    }
}

impl FromRow<'_, PgRow> for Reversed {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self { invoice: one_invoice(row, 0)?, client: row.try_get(7)? })
    }
}
