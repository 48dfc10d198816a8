//! Which held rows statements settle: entries that were not booked yet, by booked statements over their
//! days; damaged entries, by their statement come in whole.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::check::coverage::coverage;
use crate::record::KeptStatement;
use crate::store::connection::turn::{Turn, Value};

const CLOSING: &str = "closing the held rows that came in";

/// What statements settle, in columns.
#[derive(Debug, Default)]
pub(crate) struct Settling {
    accounts: Vec<String>,
    currencies: Vec<String>,
    /// The first and the last of the days that the statement of an import covers.
    from: Vec<String>,
    to: Vec<String>,
    imports: Vec<String>,
    /// Statements that came in whole, and the imports that brought them so.
    statements: Vec<String>,
    whole_by: Vec<String>,
}

impl Settling {
    /// Takes in statements, each with the import that brought it. A day is settled by the first
    /// statement that ends on it or behind it, where no gap is between the two.
    pub(super) fn days_of(&mut self, mut statements: Vec<(&KeptStatement, Uuid)>) {
        statements.sort_unstable_by_key(|(it, import)| (it.closing_date, *import));
        let mut accounts: BTreeMap<(&str, &str), Vec<(NaiveDate, Uuid)>> = BTreeMap::new();
        for (statement, import) in &statements {
            let account = (statement.account.as_str(), statement.currency.as_str());
            accounts.entry(account).or_default().push((statement.closing_date, *import));
        }
        for covered in coverage(statements.iter().map(|(it, _)| *it)) {
            let account = (covered.account.as_str(), covered.currency.as_str());
            let mut closings = accounts.get(&account).into_iter().flatten().peekable();
            for span in covered.spans {
                let mut from = span.from;
                while let Some((to, import)) = closings.next_if(|(to, _)| *to <= span.to) {
                    if *to >= from {
                        self.days(account, from, *to, *import);
                        from = to.succ_opt().unwrap_or(*to);
                    }
                }
            }
        }
    }

    fn days(&mut self, account: (&str, &str), from: NaiveDate, to: NaiveDate, import: Uuid) {
        self.accounts.push(account.0.to_owned());
        self.currencies.push(account.1.to_owned());
        self.from.push(from.to_string());
        self.to.push(to.to_string());
        self.imports.push(import.to_string());
    }

    /// Takes in a stored statement that an import has brought in whole.
    pub(super) fn statement(&mut self, id: Uuid, import: Uuid) {
        self.statements.push(id.to_string());
        self.whole_by.push(import.to_string());
    }

    /// Adds the statements that close the held rows which these imports settle: conflicts that are none
    /// any more; where there may be any, those that statements settle.
    pub(super) fn close(&self, turn: Turn, imports: &[String]) -> Turn {
        let imports = [Value::Texts(imports)];
        let turn = turn.add(CLOSING, include_str!("../sql/close_conflicts.sql"), &imports);
        if self.accounts.is_empty() && self.statements.is_empty() {
            return turn;
        }
        let turn = turn.add(CLOSING, include_str!("../sql/close_rest.sql"), &imports);
        let columns = [
            &self.accounts,
            &self.currencies,
            &self.from,
            &self.to,
            &self.imports,
            &self.statements,
            &self.whole_by,
        ];
        let columns = columns.map(|column| Value::Texts(column));
        turn.add(CLOSING, include_str!("../sql/close_settled.sql"), &columns)
    }
}
