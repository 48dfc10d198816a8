//! Held entries → a text in MT940, to be put right and imported.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use crate::record::export::{BroughtStatement, HeldImport, HeldLine};

/// Writes the held entries, those of one statement as a statement of their own that opens where the
/// stored entries of it end, and closes as it does: so the amounts that are put right add up.
///
/// What stands above the first `:20:` belongs to no statement: there the reasons are told.
pub(super) fn text(import: &HeldImport) -> String {
    let mut text = String::new();
    for (statement, held) in by_statement(import) {
        for it in held {
            // Writing into a text does not fail.
            let _ = writeln!(text, "line {}: {}", it.line, it.reason.replace(['\r', '\n'], " "));
        }
        let opening = statement.and_then(|it| it.rest(held.len()));
        if opening.is_none() {
            text.push_str("put the amounts right, then the closing balance: their sum\n");
        }
        text.push_str(&piece(statement, opening, held, &import.accounts));
    }
    text
}

fn piece(
    statement: Option<&BroughtStatement>,
    opening: Option<Decimal>,
    held: &[HeldLine],
    accounts: &[String],
) -> String {
    let kept = statement.map(|it| &it.statement);
    let account = kept.map(|it| &it.account).or(accounts.first()).map_or("", String::as_str);
    let balance = |tag: &str, date: Option<chrono::NaiveDate>, amount: Decimal| {
        let mark = if amount.is_sign_negative() { 'D' } else { 'C' };
        let date = date.map(|it| it.format("%y%m%d").to_string()).unwrap_or_default();
        let currency = kept.map(|it| it.currency.to_string()).unwrap_or("RON".to_owned());
        let amount = format!("{:.2}", amount.abs()).replace('.', ",");
        format!(":{tag}:{mark}{date}{currency}{amount}\n")
    };
    let closing = kept.filter(|_| opening.is_some()).map(|it| it.closing).unwrap_or_default();
    let number = kept.map_or("1", |it| if it.number.is_empty() { "1" } else { &it.number });
    let mut text = format!(":20:HELD\n:25:{account}\n:28C:{number}\n");
    text.push_str(&balance("60F", kept.map(|it| it.opening_date), opening.unwrap_or_default()));
    for it in held {
        text.push_str(it.raw.trim_end());
        text.push('\n');
    }
    text.push_str(&balance("62F", kept.map(|it| it.closing_date), closing));
    text.push_str("-\n");
    text
}

/// Returns the held entries of each statement; the statement is `None` where none is known.
fn by_statement(import: &HeldImport) -> Vec<(Option<&BroughtStatement>, &[HeldLine])> {
    let of = |it: &HeldLine| {
        let started = |brought: &BroughtStatement| brought.statement.line <= it.line;
        import.statements.partition_point(started).checked_sub(1)
    };
    let pieces = import.held.chunk_by(|a, b| of(a) == of(b));
    let first = |held: &[HeldLine]| import.statements.get(of(held.first()?)?);
    pieces.map(|held| (first(held), held)).collect()
}

impl BroughtStatement {
    /// Returns the balance behind the stored entries; `None` where an entry is neither stored nor held,
    /// or stored with another statement, so that the sum of all is not known.
    fn rest(&self, held: usize) -> Option<Decimal> {
        let (count, sum) = self.stored;
        (count as usize + held == self.statement.entries as usize)
            .then(|| self.statement.opening + sum)
    }
}
