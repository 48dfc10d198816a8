//! What the settlements of a month pay for, on the screen.

use std::io;

use super::page::{show_list, sum};
use crate::cli::output::show;
use crate::cli::table::{Column, show_table};
use crate::month::{InvoiceLine, Lines, Month, NoInvoice};

/// Shows how many lines lead to an invoice, and what is odd about lines and invoices.
pub(super) fn show_lines_and_invoices(month: &Month) -> io::Result<()> {
    show_lines(&month.lines)?;
    show_invoices(month)
}

fn show_lines(all: &Lines) -> io::Result<()> {
    let Lines { lines, lines_without_invoice, lines_that_differ } = all;
    if lines.is_empty() {
        return Ok(());
    }
    if !all.know_an_order() {
        let count: usize = lines.iter().map(|it| it.lines).sum();
        return show(&format!(
            "\nThe orders of the {count} lines are not here: import the shop's orders and invoices to \
             see what is paid for"
        ));
    }
    show_sums(all)?;
    let columns = [
        Column::Name("line"),
        Column::Name("settlement"),
        Column::Number("amount"),
        Column::Name("order"),
        Column::Word("why"),
    ];
    show_list("Lines without an invoice", &columns, lines_without_invoice, |it| {
        vec![
            it.name.clone(),
            it.settlement.clone(),
            sum(it.amount, &it.currency),
            it.order.clone().unwrap_or_default(),
            it.reason.map(NoInvoice::words).unwrap_or_default().to_owned(),
        ]
    })?;
    let columns = [
        Column::Name("line"),
        Column::Name("settlement"),
        Column::Name("invoice"),
        Column::Number("paid"),
        Column::Number("difference"),
    ];
    show_list(
        "Lines that pay another amount than their invoice",
        &columns,
        lines_that_differ,
        |it| {
            vec![
                it.name.clone(),
                it.settlement.clone(),
                it.invoice.clone().unwrap_or_default(),
                sum(it.amount, &it.currency),
                it.difference.map(|by| format!("{by:+.2}")).unwrap_or_default(),
            ]
        },
    )
}

fn show_sums(lines: &Lines) -> io::Result<()> {
    let columns = [
        Column::Word("sender"),
        Column::Number("lines"),
        Column::Number("invoice"),
        Column::Number("not compared"),
        Column::Number("no order"),
        Column::Number("order missing"),
        Column::Number("no invoice"),
    ];
    let rows = lines.lines.iter().map(|it| {
        let counts = [
            it.lines,
            it.with_invoice,
            it.not_compared,
            it.no_order,
            it.order_not_here,
            it.order_without_invoice,
        ];
        let counts = counts.into_iter().map(|count| count.to_string());
        [it.sender.clone()].into_iter().chain(counts).collect()
    });
    show("")?;
    show_table(&columns, rows.collect())?;
    let not_compared: usize = lines.lines.iter().map(|it| it.not_compared).sum();
    match not_compared {
        0 => Ok(()),
        _ => show("not compared: the order names an invoice, or a proforma, that was not imported"),
    }
}

fn show_invoices(month: &Month) -> io::Result<()> {
    let invoices = &month.invoices;
    let day = |it: &InvoiceLine| it.issued_on.map(|day| day.to_string()).unwrap_or_default();
    let order = |it: &InvoiceLine| it.order.clone().unwrap_or_default();
    let columns = [
        Column::Name("invoice"),
        Column::Word("issued"),
        Column::Number("total"),
        Column::Name("order"),
    ];
    show_list("Delivered, and not paid", &columns, &invoices.invoices_not_paid, |it| {
        vec![it.name.clone(), day(it), sum(it.total, &it.currency), order(it)]
    })?;
    let columns = [
        Column::Name("invoice"),
        Column::Word("issued"),
        Column::Number("total"),
        Column::Number("paid"),
        Column::Number("payments"),
    ];
    show_list("Paid twice", &columns, &invoices.invoices_paid_twice, |it| {
        let paid = sum(it.paid, &it.currency);
        vec![it.name.clone(), day(it), sum(it.total, &it.currency), paid, it.payments.to_string()]
    })?;
    let columns = [
        Column::Name("invoice"),
        Column::Word("state"),
        Column::Number("total"),
        Column::Number("paid"),
        Column::Name("taken back by"),
    ];
    show_list("Cancelled, and paid", &columns, &invoices.cancelled_invoices_paid, |it| {
        let state = it.state.clone().unwrap_or_default();
        let (total, paid) = (sum(it.total, &it.currency), sum(it.paid, &it.currency));
        vec![it.name.clone(), state, total, paid, it.storno.clone().unwrap_or_default()]
    })?;
    match invoices.storno_pairs {
        0 => Ok(()),
        1 => show("\n1 storno takes back an invoice that is known"),
        pairs => show(&format!("\n{pairs} stornos take back an invoice each that is known")),
    }
}
