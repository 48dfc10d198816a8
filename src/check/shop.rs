//! Do the amounts of an invoice fit together, do the invoices make the stated totals, and is a row
//! missing?

use rust_decimal::Decimal;

use super::Findings;
use crate::record::{Currency, Invoice, InvoiceReport, Line, OrderList, StatedTotal};
use crate::value::normalize::to_ban;

/// Takes over the warnings of a list of orders. It states no sum.
pub(super) fn check_orders(list: &OrderList, findings: &mut Findings) {
    findings.warnings.extend(list.warnings.iter().cloned());
    if list.orders.is_empty() && list.damaged.is_empty() {
        findings.warn(list.line, "the list has no orders".to_owned());
    }
}

/// Checks each invoice by itself, then the total rows and the running numbers.
pub(super) fn check_invoices(report: &InvoiceReport, findings: &mut Findings) {
    findings.warnings.extend(report.warnings.iter().cloned());
    if report.invoices.is_empty() && report.damaged.is_empty() {
        findings.warn(report.line, "the report has no invoices".to_owned());
    }
    for invoice in &report.invoices {
        check_invoice(invoice, findings);
    }
    for total in &report.totals {
        check_total(report, total, findings);
    }
    check_row_numbers(&report.row_numbers, findings);
}

/// Checks that net and VAT make the total, and that lei are lei.
fn check_invoice(invoice: &Invoice, findings: &mut Findings) {
    let mut compare = |what: &str, stated: Decimal, computed: Decimal| {
        let what = format!("invoice {}{}: {what}", invoice.series, invoice.number);
        findings.compare(invoice.line, what, stated, computed);
    };
    if let (Some(net), Some(vat)) = (invoice.net, invoice.vat) {
        compare("total (without VAT + VAT)", invoice.total, net + vat);
    }
    if let Some(in_lei) = invoice.total_in_lei.filter(|_| invoice.currency == Currency::RON) {
        compare("total in lei (its total)", in_lei, invoice.total);
    }
}

/// Checks that the invoices above a total row make it.
fn check_total(report: &InvoiceReport, total: &StatedTotal, findings: &mut Findings) {
    let above = report.invoices.get(total.above.clone()).unwrap_or(&report.invoices);
    if report.damaged.iter().any(|damaged| damaged.line < total.line) {
        let text = "the total row is not compared: rows above it could not be read".to_owned();
        return findings.warn(total.line, text);
    }
    let first = above.first().map(|it| it.currency);
    let one = first.filter(|first| above.iter().all(|it| it.currency == *first));
    let currency = total.currency.or(one);
    let sum = |amount: fn(&Invoice) -> Option<Decimal>, only: Option<Currency>| {
        let counted = above.iter().filter(|it| only.is_none_or(|only| it.currency == only));
        counted.map(amount).sum::<Option<Decimal>>().map(to_ban)
    };
    let mut compare = |what: &str, stated: Option<Decimal>, computed: Option<Decimal>| {
        if let (Some(stated), Some(computed)) = (stated, computed) {
            findings.compare(total.line, format!("{what} of the invoices"), stated, computed);
        }
    };
    if currency.is_some() {
        compare("total", total.total, sum(|it| Some(it.total), currency));
        compare("total without VAT", total.net, sum(|it| it.net, currency));
        compare("total VAT", total.vat, sum(|it| it.vat, currency));
    }
    compare("total in lei", total.total_in_lei, sum(|it| it.total_in_lei, total.currency));
}

/// Warns where a running number is missing: somebody deleted a row. A report that was sorted anew has
/// all of them.
fn check_row_numbers(numbers: &[(Line, u64)], findings: &mut Findings) {
    let mut sorted: Vec<u64> = numbers.iter().map(|(_, number)| *number).collect();
    sorted.sort_unstable();
    if sorted.iter().copied().eq((1..).take(sorted.len())) {
        return;
    }
    // Where a report follows below another one, it counts from one again.
    let before = std::iter::once(0).chain(numbers.iter().map(|(_, number)| *number));
    let odd: Vec<(Line, u64, u64)> = before
        .zip(numbers)
        .filter(|(before, (_, number))| *number != 1 && before.checked_add(1) != Some(*number))
        .map(|(before, (line, number))| (*line, before, *number))
        .collect();
    if let Some((line, before, number)) = odd.first() {
        let others = match odd.len() {
            1 => String::new(),
            places => format!(" (the first of {places} such places)"),
        };
        let text = format!(
            "Nr. crt. {number} follows {before}{others}: a row may have been deleted; export the report again"
        );
        findings.lacks(*line, text);
    }
}
