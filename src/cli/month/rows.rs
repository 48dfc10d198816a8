//! Months as CSV.

use super::OfCompany;
use crate::month::{CreditLine, InvoiceLine, NoInvoice, PayoutLine, SettlementLine, ToldLine};

/// The head of the columns.
const HEAD: [&str; 12] = [
    "company", "month", "what", "name", "sender", "day", "amount", "currency", "state", "paid",
    "paid_on", "document",
];

/// Returns a row for each settlement, each credit that is not tied, each payout that lacks documents and
/// each missing piece.
pub(super) fn csv(months: &[OfCompany]) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEAD)?;
    for OfCompany { company, month } in months {
        let mut write = |what: &str, cells: [String; 9]| {
            let first = [company.clone(), month.month.to_string(), what.to_owned()];
            writer.write_record(first.iter().chain(&cells))
        };
        for it in &month.settlements {
            write("settlement", settlement(it))?;
        }
        for (what, credits) in [
            ("missing", &month.missing),
            ("customer_paid", &month.customers_paid),
            ("customer", &month.customers),
            ("unexplained", &month.unexplained),
        ] {
            for it in credits {
                write(what, credit(it))?;
            }
        }
        for it in &month.payouts {
            write("payout", payout(it))?;
        }
        for it in &month.lines.lines_without_invoice {
            write("line_without_invoice", line(it))?;
        }
        for it in &month.lines.lines_that_differ {
            write("line_that_differs", line(it))?;
        }
        for (what, invoices) in [
            ("invoice_not_paid", &month.invoices.invoices_not_paid),
            ("invoice_paid_twice", &month.invoices.invoices_paid_twice),
            ("cancelled_invoice_paid", &month.invoices.cancelled_invoices_paid),
        ] {
            for it in invoices {
                write(what, invoice(it))?;
            }
        }
        for account in &month.accounts {
            for missing in &account.missing {
                let mut cells: [String; 9] = Default::default();
                let [name, .., currency, _, _, _, document] = &mut cells;
                (*name, *currency, *document) =
                    (account.account.clone(), account.currency.clone(), missing.clone());
                write("days", cells)?;
            }
        }
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn settlement(it: &SettlementLine) -> [String; 9] {
    let text = |it: Option<String>| it.unwrap_or_default();
    [
        it.name.clone(),
        it.sender.clone(),
        it.day.to_string(),
        format!("{:.2}", it.amount),
        it.currency.clone(),
        it.state.word().to_owned(),
        text(it.paid.map(|paid| format!("{paid:.2}"))),
        text(it.paid_on.map(|day| day.to_string())),
        text(it.document.clone()),
    ]
}

fn payout(it: &PayoutLine) -> [String; 9] {
    let mut cells: [String; 9] = Default::default();
    let [name, sender, day, .., document] = &mut cells;
    (*name, *sender) = (format!("emag/{}", it.day), "eMag".to_owned());
    (*day, *document) = (it.day.to_string(), it.told());
    cells
}

fn credit(it: &CreditLine) -> [String; 9] {
    let none = String::new;
    [
        it.name.clone(),
        it.sender.clone(),
        it.day.to_string(),
        format!("{:.2}", it.amount),
        it.currency.clone(),
        none(),
        none(),
        none(),
        it.document.clone().unwrap_or_default(),
    ]
}

/// A line's amount is what its invoice says, where that is known, and beside it what is paid; else what is
/// paid stands in both.
fn line(it: &ToldLine) -> [String; 9] {
    let due = it.amount - it.difference.unwrap_or_default();
    [
        it.name.clone(),
        it.sender.clone(),
        it.day.to_string(),
        format!("{due:.2}"),
        it.currency.clone(),
        it.reason.map(NoInvoice::name).unwrap_or_default().to_owned(),
        format!("{:.2}", it.amount),
        String::new(),
        it.invoice.clone().or_else(|| it.order.clone()).unwrap_or_default(),
    ]
}

fn invoice(it: &InvoiceLine) -> [String; 9] {
    let none = String::new;
    [
        it.name.clone(),
        none(),
        it.issued_on.map(|day| day.to_string()).unwrap_or_default(),
        format!("{:.2}", it.total),
        it.currency.clone(),
        it.state.clone().unwrap_or_default(),
        format!("{:.2}", it.paid),
        none(),
        it.storno.clone().or_else(|| it.order.clone()).unwrap_or_default(),
    ]
}
