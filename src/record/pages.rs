//! Messages → statements: which messages of a file are pages of one statement.
//!
//! Twins are counted within one statement, all its pages together, so it matters where a statement
//! ends.

use std::collections::{HashMap, HashSet};

use crate::record::{Currency, Statement, StatementKind};

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
/// statement: either the statement is repeated, or the bank uses last year's number again.
pub fn statements_of(messages: &[Statement<'_>]) -> Vec<usize> {
    let mut open: HashMap<Numbered<'_>, (usize, HashSet<u32>)> = HashMap::new();
    let mut count = 0;
    let mut statement_of = Vec::with_capacity(messages.len());
    for message in messages {
        let statement = match open.get_mut(&numbered(message)) {
            Some((statement, pages)) if continues(message, pages) => {
                pages.extend(message.page);
                *statement
            }
            _ => {
                let pages = message.page.into_iter().collect();
                open.insert(numbered(message), (count, pages));
                count += 1;
                count - 1
            }
        };
        statement_of.push(statement);
    }
    statement_of
}

fn continues(message: &Statement<'_>, pages: &HashSet<u32>) -> bool {
    match message.page {
        _ if message.number.is_empty() => false,
        Some(page) => !pages.contains(&page),
        None => message.opening.is_some_and(|opening| opening.intermediate),
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
