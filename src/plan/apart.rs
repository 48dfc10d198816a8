//! Which statements are proven to have no entry in common?

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::record::{Currency, KeptStatement};

/// Statements of the same days by their balances, so that each can be followed to those behind it.
#[derive(Debug, Default)]
pub(super) struct Chains(HashMap<Opening, Closing>);

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
    pub(super) fn add<'k>(&mut self, statements: impl IntoIterator<Item = &'k KeptStatement>) {
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
    pub(super) fn are_apart(&self, one: &KeptStatement, other: &KeptStatement) -> bool {
        let days = |it: &KeptStatement| (it.opening_date, it.closing_date);
        let chain = || self.lead(one, other) || self.lead(other, one);
        one.is_apart(other) || one.is_of_one_account(other) && days(one) == days(other) && chain()
    }

    /// Returns whether the chain from the first statement leads to the second. A balance that comes
    /// back proves nothing: the second may then be the first once more.
    fn lead(&self, first: &KeptStatement, second: &KeptStatement) -> bool {
        let mut seen = HashSet::from([first.opening]);
        let mut balance = first.closing;
        while seen.insert(balance) {
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
