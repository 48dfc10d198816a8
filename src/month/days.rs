//! The days of a month that an account's statements cover.

use std::collections::HashMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use rust_decimal::Decimal;
use serde::Serialize;

use super::MonthOfYear;
use crate::check::coverage::{AccountCoverage, Gap, Span, coverage};
use crate::record::KeptStatement;
use crate::value::day::days_without_year;

/// An account's statements in a month.
#[derive(Debug, Clone, Serialize)]
pub struct AccountDays {
    /// The account.
    pub account: String,
    /// Its currency.
    pub currency: String,
    /// The days that are covered without a gap; the first may begin before the month and the last end
    /// behind it.
    pub spans: Vec<Span>,
    /// The gaps between them.
    pub gaps: Vec<Gap>,
    /// The balance at the month's end, where the statements state it.
    pub month_end: Option<Balance>,
    /// The days of the month that are missing before the first span and behind the last one.
    #[serde(skip)]
    pub edges: Vec<(NaiveDate, NaiveDate)>,
    /// What is missing, in words: the gaps, and days of the month before the first span and behind the
    /// last one.
    pub missing: Vec<String>,
}

/// A balance that a statement closes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// The last day of that statement.
    pub day: NaiveDate,
    /// The balance at its end.
    pub balance: Decimal,
}

/// Returns what the statements cover of a month, account by account. An account that had no statement
/// since the month before is left out: it may be closed.
pub fn days(month: MonthOfYear, statements: &[KeptStatement]) -> Vec<AccountDays> {
    let month_before = month.first().pred_opt().map_or(month, MonthOfYear::of);
    let is_in_use = |it: &AccountCoverage| {
        let ends = it.spans.last().is_some_and(|span| span.to >= month_before.first());
        ends && it.spans.first().is_some_and(|span| span.from <= month.last())
    };
    let covered = coverage(statements).into_iter().filter(is_in_use);
    let ends = month_ends(month, statements);
    let end = |it: &AccountCoverage| {
        let found = ends.get(&(it.account.clone(), it.currency.clone())).copied()?;
        is_at_end(month, &found, it, statements).then_some(found)
    };
    covered.map(|account| days_of(month, end(&account), account)).collect()
}

/// Returns the balance with which the last statement until the month's end closes, by account and
/// currency.
fn month_ends(
    month: MonthOfYear,
    statements: &[KeptStatement],
) -> HashMap<(String, String), Balance> {
    let until = statements.iter().filter(|it| it.closing_date <= month.last());
    let last = coverage(until).into_iter().filter_map(|it| {
        let span = it.spans.last()?;
        Some(((it.account, it.currency), Balance { day: span.to, balance: span.closing }))
    });
    last.collect()
}

/// Returns whether the balance is that of the month's end: no working day is left behind it, or the next
/// statement goes on with it and begins in a later month.
fn is_at_end(
    month: MonthOfYear,
    found: &Balance,
    account: &AccountCoverage,
    statements: &[KeptStatement],
) -> bool {
    let is_last = found.day.succ_opt().is_none_or(|next| !has_working_day(next, month.last()));
    let goes_on = account.spans.iter().any(|it| it.from <= found.day && it.to > month.last());
    let is_over_end = |it: &KeptStatement| {
        it.opening_date <= month.last()
            && it.closing_date > month.last()
            && it.account == account.account
            && it.currency.as_str() == account.currency
    };
    is_last || goes_on && !statements.iter().any(is_over_end)
}

fn days_of(
    month: MonthOfYear,
    month_end: Option<Balance>,
    account: AccountCoverage,
) -> AccountDays {
    let AccountCoverage { account, currency, spans, gaps } = account;
    let begin = spans.first().map_or(month.first(), |span| span.from);
    let end = spans.last().map_or(month.last(), |span| span.to);
    let before = begin.pred_opt().map(|last| (month.first(), last));
    let behind = end.succ_opt().map(|first| (first.max(month.first()), month.last()));
    // On a Saturday or Sunday a bank writes no statement; in the middle the balances tell of that.
    let is_missing = |days: &(NaiveDate, NaiveDate)| has_working_day(days.0, days.1);
    let at_edge = |(from, to): (NaiveDate, NaiveDate)| {
        let are = if from == to { "is" } else { "are" };
        format!("{} {are} missing", days_without_year(from, to))
    };
    let in_month = |gap: &Gap| gap.after <= month.last() && gap.before >= month.first();
    let gaps: Vec<Gap> = gaps.into_iter().filter(in_month).collect();
    let (before, behind) = (before.filter(is_missing), behind.filter(is_missing));
    let edges = before.into_iter().chain(behind).collect();
    let missing = before.map(at_edge).into_iter();
    let missing = missing.chain(gaps.iter().map(Gap::to_string));
    let missing = missing.chain(behind.map(at_edge)).collect();
    let touches = |span: &Span| span.from <= month.last() && span.to >= month.first();
    let spans = spans.into_iter().filter(touches).collect();
    AccountDays { account, currency, spans, gaps, month_end, edges, missing }
}

fn has_working_day(from: NaiveDate, to: NaiveDate) -> bool {
    let is_working = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    // Of eight days in a row at least one is a working day.
    let end = from.checked_add_days(Days::new(7)).unwrap_or(to).min(to);
    from.iter_days().take_while(|day| *day <= end).any(|day| is_working(&day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Currency;

    fn statement(from: &str, to: &str, opening: i64, closing: i64) -> KeptStatement {
        KeptStatement {
            line: 1,
            account: "A".to_owned(),
            currency: Currency::RON,
            number: String::new(),
            opening_date: from.parse().unwrap(),
            opening: opening.into(),
            closing_date: to.parse().unwrap(),
            closing: closing.into(),
            entries: 1,
            is_whole: true,
        }
    }

    fn missing(month: &str, statements: &[KeptStatement]) -> Vec<String> {
        days(month.parse().unwrap(), statements).into_iter().flat_map(|it| it.missing).collect()
    }

    #[test]
    fn a_gap_and_the_ends_of_the_month_are_told_and_weekends_are_not() {
        // 1 May 2026 is a Friday, 31 May a Sunday.
        let all = [
            statement("2026-05-01", "2026-05-13", 0, 10),
            statement("2026-05-16", "2026-05-29", 20, 30),
        ];
        assert_eq!(missing("2026-05", &all), ["14–15 May are missing: 10.00 → 20.00"]);
        assert_eq!(missing("2026-05", &all[..1]), ["14–31 May are missing"]);
        assert_eq!(missing("2026-05", &all[1..]), ["1–15 May are missing"]);
        assert_eq!(missing("2026-06", &all), ["1–30 June are missing"]);
        assert!(days("2026-07".parse().unwrap(), &all).is_empty(), "it may be closed");
        assert!(days("2026-04".parse().unwrap(), &all).is_empty(), "it was not there yet");
    }

    #[test]
    fn the_balance_at_the_months_end_is_told_where_a_statement_closes_with_it() {
        let end = |statements: &[KeptStatement]| {
            let found = days("2026-04".parse().unwrap(), statements).remove(0).month_end;
            found.map(|it| (it.day.to_string(), it.balance))
        };
        // 30 April 2026 is a Thursday.
        let first = statement("2026-04-01", "2026-04-28", 0, 10);
        let rest = statement("2026-04-29", "2026-04-30", 10, 15);
        let next = statement("2026-05-04", "2026-05-04", 15, 20);
        let told = |day: &str, balance: i64| Some((day.to_owned(), balance.into()));
        assert_eq!(end(&[first.clone(), rest.clone()]), told("2026-04-30", 15));
        assert_eq!(end(&[first.clone(), rest, next]), told("2026-04-30", 15));
        // The days behind the last statement: nobody knows, or the next one says that nothing moved.
        assert_eq!(end(std::slice::from_ref(&first)), None);
        let later = statement("2026-05-04", "2026-05-05", 10, 20);
        assert_eq!(end(&[first.clone(), later]), told("2026-04-28", 10));
        let over = statement("2026-04-29", "2026-05-04", 10, 20);
        assert_eq!(end(&[first.clone(), over]), None, "it moved on an unknown day");
        let apart = statement("2026-05-04", "2026-05-05", 11, 20);
        assert_eq!(end(&[first, apart]), None);
    }
}
