//! Messages → the statements that a company keeps: booked ones, each with all its pages.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::pages::statements_of;
use super::{Balance, Currency, Line, Statement, StatementKind};
use crate::value::normalize::{date_digits, text};

/// A booked statement, its pages together, as a company keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptStatement {
    /// Where it starts in its file.
    pub line: Line,
    /// The account.
    pub account: String,
    /// The account's currency.
    pub currency: Currency,
    /// The statement number, without the page. Empty if missing.
    pub number: String,
    /// The day of the opening balance. Some banks write the first day of the statement, others the day
    /// before it.
    pub opening_date: NaiveDate,
    /// The opening balance.
    pub opening: Decimal,
    /// The last day of the statement.
    pub closing_date: NaiveDate,
    /// The closing balance.
    pub closing: Decimal,
    /// How many booked entries it has, damaged ones included.
    pub entries: u32,
    /// Whether each of its entries could be read.
    pub is_whole: bool,
}

impl KeptStatement {
    /// Returns whether the two are of one account and currency.
    pub fn is_of_one_account(&self, other: &Self) -> bool {
        (&self.account, self.currency) == (&other.account, other.currency)
    }

    /// Returns what it states: account, currency, and both balances with their days.
    pub fn stated(&self) -> (&str, Currency, (NaiveDate, Decimal), (NaiveDate, Decimal)) {
        let opening = (self.opening_date, self.opening);
        (&self.account, self.currency, opening, (self.closing_date, self.closing))
    }

    /// Returns whether the two statements are proven to have no entry in common: their days do not
    /// overlap, or one opens with the balance that the other closed with.
    ///
    /// Where the two share a day, a balance that moved neither in the one nor in the other proves
    /// nothing: the one may be a part of the other.
    pub fn is_apart(&self, other: &Self) -> bool {
        let follows = |first: &Self, second: &Self| {
            let has_moved = |it: &Self| it.opening != it.closing;
            let days = |it: &Self| (it.opening_date, it.closing_date);
            first.closing_date < second.opening_date
                || (first.closing_date == second.opening_date || days(first) == days(second))
                    && first.closing == second.opening
                    && has_moved(first)
                    && has_moved(second)
        };
        let is_in_order = |it: &Self| it.opening_date <= it.closing_date;
        self.is_of_one_account(other)
            && is_in_order(self)
            && is_in_order(other)
            && (follows(self, other) || follows(other, self))
    }
}

/// Returns the statements that the messages of a file make, by the numbers that [`statements_of`]
/// gives them. An interim report is none, and neither is a statement that lacks a balance or closes
/// in another currency than it opened in.
pub fn kept_statements(messages: &[Statement<'_>]) -> Vec<Option<KeptStatement>> {
    let mut pages: Vec<Vec<&Statement<'_>>> = Vec::new();
    for (message, number) in messages.iter().zip(statements_of(messages)) {
        match pages.get_mut(number) {
            Some(pages) => pages.push(message),
            None => pages.push(vec![message]),
        }
    }
    pages.iter().map(|pages| kept(pages)).collect()
}

fn kept(pages: &[&Statement<'_>]) -> Option<KeptStatement> {
    let (first, last) = (pages.first()?, pages.last()?);
    let (opening, closing) = (first.opening?, last.closing?);
    if first.kind != StatementKind::Booked || opening.currency != closing.currency {
        return None;
    }
    // A year of more than four digits is no year of a statement.
    if [opening, closing].iter().any(|it| date_digits(it.date).is_none()) {
        return None;
    }
    let entries = |page: &&Statement<'_>| {
        page.tally.entries() - page.tally.expected + page.damaged.len() as u64
    };
    let entries = pages.iter().map(entries).sum::<u64>();
    let Balance { date: opening_date, amount: opening, currency, .. } = opening;
    Some(KeptStatement {
        line: first.line,
        account: text(&first.account).into_owned(),
        currency,
        number: text(&first.number).into_owned(),
        opening_date,
        opening,
        closing_date: closing.date,
        closing: closing.amount,
        entries: u32::try_from(entries).ok()?,
        is_whole: pages.iter().all(|page| page.damaged.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(opening: (&str, i64), closing: (&str, i64)) -> KeptStatement {
        KeptStatement {
            line: 1,
            account: "A".to_owned(),
            currency: Currency::RON,
            number: String::new(),
            opening_date: opening.0.parse().unwrap(),
            opening: opening.1.into(),
            closing_date: closing.0.parse().unwrap(),
            closing: closing.1.into(),
            entries: 1,
            is_whole: true,
        }
    }

    #[test]
    fn statements_of_other_days_are_apart_and_those_of_one_day_where_they_chain() {
        let first = kept(("2026-03-02", 1000), ("2026-03-02", 998));
        let apart = |opening, closing| {
            let other = kept(opening, closing);
            assert_eq!(first.is_apart(&other), other.is_apart(&first));
            first.is_apart(&other)
        };
        assert!(apart(("2026-03-03", 5), ("2026-03-03", 5)), "other days");
        assert!(apart(("2026-03-02", 998), ("2026-03-02", 996)), "they chain");
        assert!(apart(("2026-03-01", 1005), ("2026-03-02", 1000)), "they chain");
        assert!(!apart(("2026-03-02", 1000), ("2026-03-02", 998)), "the same");
        assert!(!apart(("2026-03-02", 1000), ("2026-03-02", 996)), "the whole day");
        assert!(!apart(("2026-03-01", 998), ("2026-03-31", 1000)), "a month around it");
        assert!(!apart(("2026-03-02", 998), ("2026-03-02", 998)), "nothing moved");
        assert!(!apart(("2026-03-05", 998), ("2026-03-01", 900)), "days in the wrong order");
        let elsewhere = KeptStatement { account: "B".to_owned(), ..first.clone() };
        assert!(!first.is_apart(&elsewhere), "another account");
    }
}
