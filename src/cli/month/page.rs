//! A month on the screen.

use std::io;

use rust_decimal::Decimal;

use super::OfCompany;
use crate::cli::output::{Paint, show, show_exactly};
use crate::cli::table::{Column, show_table};
use crate::month::{AccountDays, CreditLine, Month, Perhaps, SettlementLine, State};
use crate::road::route::shortened;
use crate::road::words::NOTHING;
use crate::value::day::days_without_year;

/// Rows of a list that are shown, so that the page fits a screen.
const ROWS_MAX: usize = 8;

/// Shows a company's month.
pub(super) fn show_page(company: &str, month: &Month) -> io::Result<()> {
    show(&format!("{}, {company}", month.month.name()))?;
    show_accounts(month)?;
    show_senders(month)?;
    let unpaid: Vec<&SettlementLine> = month.unpaid().collect();
    let columns = [
        Column::Name("settlement"),
        Column::Number("amount"),
        Column::Number("came"),
        Column::Word("state"),
        Column::Name("document"),
    ];
    show_list("Not paid, or not to the ban", &columns, &unpaid, |it| {
        let came = it.paid.map_or_else(|| NOTHING.to_owned(), |paid| format!("{paid:.2}"));
        let document = it.document.clone().unwrap_or_default();
        vec![
            it.name.clone(),
            sum(it.amount, &it.currency),
            came,
            it.state.word().to_owned(),
            document,
        ]
    })?;
    let unpaid = unpaid.iter().take(ROWS_MAX);
    show_remarks(unpaid.filter_map(|it| Some((it.name.as_str(), it.perhaps.as_ref()?))), credit)?;
    for payout in month.payouts_with_fewer() {
        show(&format!("eMag of {}: {}", days_without_year(payout.day, payout.day), payout.told()))?;
    }
    match month.late_beside_gaps() {
        0 => {}
        1 => show("1 of the late ones may be paid on the days that are missing")?,
        late => show(&format!("{late} of the late ones may be paid on the days that are missing"))?,
    }
    show_credits("Money came, and its document is missing", "missing", &month.missing)?;
    let missing = month.missing.iter().take(ROWS_MAX);
    let remarks = missing.filter_map(|it| Some((it.name.as_str(), it.perhaps.as_ref()?)));
    show_remarks(remarks, settlement)?;
    for payout in month.payouts_without_list() {
        show(&format!("eMag: missing is {}", payout.told()))?;
    }
    show_customers_paid(&month.customers_paid)?;
    show_credits(
        "Customers name a document, and no bill of that amount is here",
        "names",
        &month.customers,
    )?;
    show_credits("Nobody has explained", "from", &month.unexplained)?;
    super::lines::show_lines_and_invoices(month)?;
    show("")?;
    if month.held > 0 {
        let records = if month.held == 1 { "record is" } else { "records are" };
        show(&format!("{} {records} held: vama held -c {company}", month.held))?;
    }
    if month.waiting > 0 {
        let tie = if month.waiting == 1 { "tie by hand waits" } else { "ties by hand wait" };
        show(&format!("{} {tie} for a row that was undone", month.waiting))?;
    }
    show(&verdict(month))
}

/// Shows a line for each company.
pub(super) fn show_companies(months: &[OfCompany]) -> io::Result<()> {
    let columns = [
        Column::Name("company"),
        Column::Word("month"),
        Column::Number("settlements"),
        Column::Number("paid"),
        Column::Word("closed"),
        Column::Name("why not"),
    ];
    let rows = months.iter().map(|OfCompany { company, month }| {
        let settlements = month.settlements.len();
        vec![
            company.clone(),
            month.month.to_string(),
            settlements.to_string(),
            (settlements - month.unpaid().count()).to_string(),
            if month.is_closed { "yes" } else { "no" }.to_owned(),
            month.reasons().join("; "),
        ]
    });
    show_table(&columns, rows.collect())
}

fn show_accounts(month: &Month) -> io::Result<()> {
    let accounts = &month.accounts;
    let row = |account: &AccountDays| {
        let (shown, currency) = (shortened(&account.account), account.currency.clone());
        let spans: Vec<Vec<String>> = account
            .spans
            .iter()
            .map(|span| {
                let balances = [span.opening, span.closing].map(|it| sum(it, &currency));
                let days = days_without_year(span.from, span.to);
                [shown.clone(), days].into_iter().chain(balances).collect()
            })
            .collect();
        spans
    };
    let rows: Vec<Vec<String>> = accounts.iter().flat_map(row).collect();
    if !rows.is_empty() {
        show("")?;
        let columns = [
            Column::Word("statements"),
            Column::Word("days"),
            Column::Number("opening"),
            Column::Number("closing"),
        ];
        show_table(&columns, rows)?;
    }
    for account in accounts {
        let goes_on = account.spans.last().is_some_and(|it| it.to > month.month.last());
        if let Some(end) = account.month_end.filter(|_| goes_on) {
            let balance = sum(end.balance, &account.currency);
            let (shown, day) = (shortened(&account.account), month.month.last());
            let day = days_without_year(day, day);
            show_exactly(&format!("{shown}: {balance} at the end of {day}"))?;
        }
        for missing in &account.missing {
            let line = format!("{}: {missing}", shortened(&account.account));
            show_exactly(&Paint::Yellow.on(&line))?;
        }
    }
    Ok(())
}

fn show_senders(month: &Month) -> io::Result<()> {
    if month.senders.is_empty() {
        return Ok(());
    }
    let columns = [
        Column::Word("sender"),
        Column::Word("state"),
        Column::Number("settlements"),
        Column::Number("sum"),
        Column::Number("difference"),
    ];
    let rows = month.senders.iter().map(|it| {
        let differs = it.state == State::Differs;
        let difference = differs.then(|| sum(it.paid - it.sum, &it.currency));
        vec![
            it.sender.clone(),
            it.state.word().to_owned(),
            it.settlements.to_string(),
            sum(it.sum, &it.currency),
            difference.unwrap_or_default(),
        ]
    });
    show("")?;
    show_table(&columns, rows.collect())
}

fn show_credits(head: &str, last: &str, credits: &[CreditLine]) -> io::Result<()> {
    let columns = [
        Column::Word("day"),
        Column::Word("sender"),
        Column::Number("amount"),
        Column::Name("credit"),
        Column::Name(last),
    ];
    show_list(head, &columns, credits, |it| {
        let last = it.document.as_ref().or(it.from.as_ref());
        vec![
            it.day.to_string(),
            it.sender.clone(),
            sum(it.amount, &it.currency),
            it.name.clone(),
            last.cloned().unwrap_or_default(),
        ]
    })
}

/// Says what may belong to the settlements or credits of these names, a line each.
fn show_remarks<'m>(
    remarks: impl Iterator<Item = (&'m str, &'m Perhaps)>,
    told: fn(&Perhaps) -> String,
) -> io::Result<()> {
    for (name, perhaps) in remarks {
        show(&format!("{name}: perhaps {}", told(perhaps)))?;
    }
    Ok(())
}

/// Returns what is told of the credit beside a settlement.
fn credit(it: &Perhaps) -> String {
    let more = if it.difference.is_sign_negative() { "less" } else { "more" };
    format!("credit {}, {:.2} {more}", it.name, it.difference.abs())
}

/// Returns what is told of the settlement beside a credit.
fn settlement(it: &Perhaps) -> String {
    let more = if it.difference.is_sign_negative() { "more" } else { "less" };
    format!("{}, which states {:.2} {more}", it.name, it.difference.abs())
}

/// Says how many payments of customers are tied to invoices, and what they come to.
fn show_customers_paid(paid: &[CreditLine]) -> io::Result<()> {
    if paid.is_empty() {
        return Ok(());
    }
    let payments = if paid.len() == 1 { "payment" } else { "payments" };
    show("")?;
    show(&format!("{} {payments} of customers, each for an invoice or an order", paid.len()))
}

/// Shows a list below its head: its first rows, and how many there are further; nothing where it is
/// empty.
pub(super) fn show_list<T>(
    head: &str,
    columns: &[Column<'_>],
    items: &[T],
    row: impl Fn(&T) -> Vec<String>,
) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    show(&format!("\n{head}: {}", items.len()))?;
    show_table(columns, items.iter().take(ROWS_MAX).map(row).collect())?;
    match items.len().saturating_sub(ROWS_MAX) {
        0 => Ok(()),
        further => show(&format!("… and {further} further; --csv and --json have all")),
    }
}

/// Returns an amount with its currency.
pub(super) fn sum(amount: Decimal, currency: &str) -> String {
    format!("{amount:.2} {currency}")
}

/// Returns the sentence that says whether the month is closed.
fn verdict(month: &Month) -> String {
    let name = month.month.name();
    match month.is_closed {
        true => Paint::Green.on(&format!(
            "{name} is closed: every credit is explained, every settlement paid, no day missing."
        )),
        false => {
            let reasons = month.reasons().join("; ");
            Paint::Yellow.on(&format!("{name} is not closed: {reasons}."))
        }
    }
}
