//! Held entries → a text in MT940, to be put right and imported.

use std::fmt::Write as _;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::record::KeptStatement;
use crate::record::export::{BroughtStatement, HeldImport, HeldLine};

/// Writes the held entries, those of one statement as a statement of their own that opens where the
/// stored entries of it end, and closes as it does: so the amounts that are put right add up.
///
/// What stands above the first `:20:` belongs to no statement: there the reasons are told.
///
/// Returns `None` where the sum of a statement's other entries is not known, since other imports brought
/// some of them: then no balance would be true.
pub(super) fn text(import: &HeldImport) -> Option<String> {
    let mut text = String::new();
    for (statement, held) in by_statement(import) {
        let statement = statement?;
        let opening = statement.rest(held.len())?;
        for it in held {
            // Writing into a text does not fail.
            let _ = writeln!(text, "line {}: {}", it.line, it.reason.replace(['\r', '\n'], " "));
        }
        text.push_str(&piece(&statement.statement, opening, held));
    }
    Some(text)
}

fn piece(statement: &KeptStatement, opening: Decimal, held: &[HeldLine]) -> String {
    let balance = |tag: &str, date: NaiveDate, amount: Decimal| {
        let mark = if amount.is_sign_negative() { 'D' } else { 'C' };
        let amount = format!("{:.2}", amount.abs()).replace('.', ",");
        format!(":{tag}:{mark}{}{}{amount}\n", date.format("%y%m%d"), statement.currency)
    };
    let number = if statement.number.is_empty() { "1" } else { &statement.number };
    let mut text = format!(":20:HELD\n:25:{}\n:28C:{number}\n", statement.account);
    text.push_str(&balance("60F", statement.opening_date, opening));
    for it in held {
        text.push_str(it.raw.trim_end());
        text.push('\n');
    }
    text.push_str(&balance("62F", statement.closing_date, statement.closing));
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
