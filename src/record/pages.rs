//! Messages → statements: which messages of a file are pages of one statement.
//!
//! Twins are counted within one statement, all its pages together, so it matters where a statement
//! ends.

use std::collections::{HashMap, HashSet};

use crate::record::{Balance, Currency, Statement, StatementKind};

/// What all pages of one statement have in common.
#[derive(PartialEq, Eq, Hash)]
struct Numbered<'s> {
    account: &'s str,
    currency: Option<Currency>,
    kind: StatementKind,
    number: &'s str,
}

/// Returns for each message the index of the statement that it is a page of, counted from 0 in the
/// order of the file.
///
/// A message continues the statement of the same account, currency, kind and number if it has a
/// page number that the statement does not have yet or, without a page number, opens with an
/// intermediate balance (`:60M:`). A page number that the statement has already starts a new
/// statement: either the statement is repeated, or the bank uses last year's number again. But where
/// the message opens with the intermediate balance that the page before closed with, it is the next
/// page: some banks give all pages the same number.
pub fn statements_of(messages: &[Statement<'_>]) -> Vec<usize> {
    let mut open: HashMap<Numbered<'_>, Open> = HashMap::new();
    let mut count = 0;
    let mut statement_of = Vec::with_capacity(messages.len());
    for message in messages {
        let closing = message.closing.filter(|it| it.intermediate);
        let statement = match open.get_mut(&numbered(message)) {
            Some(open) if open.goes_on_with(message) => {
                open.pages.extend(message.page);
                open.closing = closing;
                open.statement
            }
            _ => {
                let pages = message.page.into_iter().collect();
                open.insert(numbered(message), Open { statement: count, pages, closing });
                count += 1;
                count - 1
            }
        };
        statement_of.push(statement);
    }
    statement_of
}

/// A statement that may go on with a further page.
struct Open {
    statement: usize,
    /// The page numbers that it has.
    pages: HashSet<u32>,
    /// What its last page closed with, where that is no end of the statement.
    closing: Option<Balance>,
}

impl Open {
    fn goes_on_with(&self, message: &Statement<'_>) -> bool {
        let opening = message.opening.filter(|it| it.intermediate);
        let follows = match (self.closing, opening) {
            (Some(closing), Some(opening)) => closing.amount == opening.amount,
            _ => false,
        };
        match message.page {
            _ if message.number.is_empty() => false,
            Some(page) => follows || !self.pages.contains(&page),
            None => opening.is_some(),
        }
    }
}

fn numbered<'m>(message: &'m Statement<'_>) -> Numbered<'m> {
    Numbered {
        account: &message.account,
        currency: message.currency,
        kind: message.kind,
        number: &message.number,
    }
}
