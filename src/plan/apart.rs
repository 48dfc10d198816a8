//! Which statements are proven to have no entry in common?

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::decide::Origin;
use crate::record::{Currency, KeptStatement};

/// The statements that stored rows name, and how these and those of the files follow on each other.
#[derive(Debug, Default)]
pub(super) struct NamedStatements {
    /// By their identifiers; nothing for one that is not there.
    named: HashMap<Uuid, Option<KeptStatement>>,
    chains: Chains,
}

impl NamedStatements {
    /// Takes in the statements of the files.
    pub(super) fn know_files(&mut self, statements: &[Option<KeptStatement>]) {
        self.chains.add(statements.iter().flatten());
    }

    /// Takes in stored statements.
    pub(super) fn take(&mut self, statements: HashMap<Uuid, Option<KeptStatement>>) {
        self.chains.add(statements.values().flatten());
        self.named.extend(statements);
    }

    /// Returns whether it is known of a stored statement what it states, or that it is not there.
    pub(super) fn knows(&self, id: Uuid) -> bool {
        self.named.contains_key(&id)
    }

    /// Returns whether a statement of the files, by its number, is proven apart from the one that a
    /// known row comes from.
    pub(super) fn is_apart(
        &self,
        of_files: &[Option<KeptStatement>],
        number: usize,
        origin: Origin,
    ) -> bool {
        let of_file = |number: usize| of_files.get(number)?.as_ref();
        let other = match origin {
            Origin::New(other) => of_file(other),
            Origin::Stored(named) => named.and_then(|id| self.named.get(&id)?.as_ref()),
        };
        of_file(number).zip(other).is_some_and(|(one, other)| self.chains.are_apart(one, other))
    }
}

/// Statements of the same days by their balances, so that each can be followed to those behind it.
#[derive(Debug, Default)]
struct Chains(HashMap<Opening, Closing>);

/// Statements that a chain is followed over: a bank makes few of the same days.
const LENGTH_MAX: usize = 64;

/// What a statement opens with.
type Opening = (String, Currency, (NaiveDate, NaiveDate), Decimal);

/// What the statements that open so close with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    With(Decimal),
    /// Several of them close otherwise: one is a part of another.
    Unclear,
}

impl Chains {
    /// Takes statements in.
    fn add<'k>(&mut self, statements: impl IntoIterator<Item = &'k KeptStatement>) {
        for statement in statements.into_iter().filter(|it| it.opening != it.closing) {
            let closing = Closing::With(statement.closing);
            let known = self.0.entry(opening(statement, statement.opening)).or_insert(closing);
            if *known != closing {
                *known = Closing::Unclear;
            }
        }
    }

    /// Returns whether the two are proven apart: by themselves, or since statements of the same days
    /// chain from the one to the other.
    fn are_apart(&self, one: &KeptStatement, other: &KeptStatement) -> bool {
        // Of an entry that comes again, the two are nearly always the same statement.
        if one.stated() == other.stated() {
            return false;
        }
        let days = |it: &KeptStatement| (it.opening_date, it.closing_date);
        let chain = || self.lead(one, other) || self.lead(other, one);
        one.is_apart(other) || one.is_of_one_account(other) && days(one) == days(other) && chain()
    }

    /// Returns whether the chain from the first statement leads to the second. A balance that comes
    /// back proves nothing: the second may then be the first once more.
    fn lead(&self, first: &KeptStatement, second: &KeptStatement) -> bool {
        let mut seen = HashSet::from([first.opening]);
        let mut balance = first.closing;
        while seen.insert(balance) && seen.len() <= LENGTH_MAX {
            if balance == second.opening {
                return second.opening != second.closing;
            }
            match self.0.get(&opening(first, balance)) {
                Some(Closing::With(closing)) => balance = *closing,
                Some(Closing::Unclear) | None => return false,
            }
        }
        false
    }
}

fn opening(statement: &KeptStatement, balance: Decimal) -> Opening {
    let KeptStatement { account, currency, opening_date, closing_date, .. } = statement;
    (account.clone(), *currency, (*opening_date, *closing_date), balance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_day(opening: i64, closing: i64) -> KeptStatement {
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        KeptStatement {
            line: 1,
            account: "A".to_owned(),
            currency: Currency::RON,
            number: String::new(),
            opening_date: day,
            opening: opening.into(),
            closing_date: day,
            closing: closing.into(),
            entries: 1,
            is_whole: true,
        }
    }

    fn are_apart(one: (i64, i64), other: (i64, i64), between: &[(i64, i64)]) -> bool {
        let mut chains = Chains::default();
        let between: Vec<KeptStatement> =
            between.iter().map(|(from, to)| of_day(*from, *to)).collect();
        chains.add(&between);
        chains.are_apart(&of_day(one.0, one.1), &of_day(other.0, other.1))
    }

    #[test]
    fn statements_of_a_day_are_apart_where_others_chain_from_one_to_the_other() {
        assert!(are_apart((1000, 998), (996, 994), &[(998, 996)]));
        assert!(are_apart((996, 994), (1000, 998), &[(998, 997), (997, 996)]));
        assert!(!are_apart((1000, 998), (996, 994), &[]), "what is between them is not here");
        assert!(!are_apart((1000, 998), (996, 994), &[(998, 996), (998, 994)]), "unclear");
    }

    #[test]
    fn a_balance_that_comes_back_proves_nothing() {
        assert!(!are_apart((1000, 998), (1000, 998), &[(998, 1000)]), "it may be the same");
        assert!(!are_apart((1000, 998), (5, 4), &[(998, 997), (997, 998)]), "round and round");
    }
}
