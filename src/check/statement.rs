//! Do a statement's entries make its closing balance, and do its statements follow on each other?

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Findings;
use crate::fault::Refusal;
use crate::record::pages::statements_of;
use crate::record::{Balance, Currency, Statement, StatementKind, Turnover};

/// Checks every message by itself, then the pages of each statement, then looks for missing days.
pub(super) fn check(messages: &[Statement<'_>], findings: &mut Findings) -> Result<(), Refusal> {
    for message in messages {
        let terms = message.dialect.terms();
        findings.warnings.extend(message.warnings.iter().cloned());
        if message.account.is_empty() {
            let reason = format!("a statement without account ({})", terms.account);
            return Err(Refusal::unreadable(message.line, reason));
        }
        if message.currency.is_none() && message.tally.entries() > 0 {
            let reason = format!("a statement without currency ({})", terms.opening);
            return Err(Refusal::unreadable(message.line, reason));
        }
        match message.kind {
            StatementKind::Booked => {
                expected(message, findings);
                booked(message, findings);
            }
            StatementKind::Interim => interim(message, findings),
        }
    }
    pages(messages, findings);
    missing_days(messages, findings);
    Ok(())
}

/// Says that entries are only expected: the balance does not count them.
fn expected(message: &Statement<'_>, findings: &mut Findings) {
    let count = message.tally.expected;
    if count > 0 {
        let what = if count == 1 { "entry is" } else { "entries are" };
        findings.warn(
            message.line,
            format!(
                "{count} {what} only expected, not booked yet: held until a statement has them"
            ),
        );
    }
}

/// Checks that opening balance + booked entries = closing balance.
fn booked(message: &Statement<'_>, findings: &mut Findings) {
    let terms = message.dialect.terms();
    let (opening, closing) = match (message.opening, message.closing) {
        (Some(opening), Some(closing)) => (opening, closing),
        (None, _) => {
            let reason = format!("no opening balance ({})", terms.opening);
            return findings.unproven(message.line, reason);
        }
        (_, None) => {
            let closing = terms.closing;
            let reason = format!("no closing balance ({closing}): the statement may be cut short");
            return findings.unproven(message.line, reason);
        }
    };
    if opening.currency != closing.currency {
        let reason = format!("closes in {}, opened in {}", closing.currency, opening.currency);
        return findings.unproven(closing.line, reason);
    }
    let computed = opening.amount + message.tally.sum();
    if computed == closing.amount {
        return findings.fits();
    }
    if message.damaged.is_empty() {
        findings.unbalanced.push(Refusal::Unbalanced {
            line: closing.line,
            what: "closing balance".to_owned(),
            stated: closing.amount,
            computed,
        });
    } else {
        held_difference(closing.line, closing.amount, computed, findings);
    }
}

fn held_difference(line: u32, stated: Decimal, computed: Decimal, findings: &mut Findings) {
    let difference = stated - computed;
    findings.warn(
        line,
        format!(
            "stated {stated}, the entries that could be read make {computed}: the difference of \
             {difference} is in the held rows"
        ),
    );
}

/// Checks that number and sum of debits and of credits are as the interim report states them.
fn interim(message: &Statement<'_>, findings: &mut Findings) {
    let terms = message.dialect.terms();
    findings.warn(
        message.line,
        format!(
            "an interim report ({}): its entries are not booked yet, and wait until a statement has \
             them",
            terms.interim
        ),
    );
    let tally = &message.tally;
    let (debits, credits) = ((tally.debits, -tally.debited), (tally.credits, tally.credited));
    let (debit, credit) = (terms.debits, terms.credits);
    side(&format!("debits ({debit})"), message, message.debits, debits, findings);
    side(&format!("credits ({credit})"), message, message.credits, credits, findings);
}

fn side(
    what: &str,
    message: &Statement<'_>,
    stated: Option<Turnover>,
    (count, computed): (u64, Decimal),
    findings: &mut Findings,
) {
    // Without a stated sum there is nothing to prove: nothing of the report is booked.
    let Some(stated) = stated else { return };
    let complete = u64::from(stated.count) == count;
    if complete && stated.sum == computed {
        return findings.fits();
    }
    if !message.damaged.is_empty() {
        return held_difference(stated.line, stated.sum, computed, findings);
    }
    let what = match complete {
        true => format!("sum of {what}"),
        false => format!("sum of {what}, {} stated, {count} read", stated.count),
    };
    findings.unbalanced.push(Refusal::Unbalanced {
        line: stated.line,
        what,
        stated: stated.sum,
        computed,
    });
}

/// Checks that each page opens with the balance that the page before closed with.
fn pages(messages: &[Statement<'_>], findings: &mut Findings) {
    let mut last: HashMap<usize, Balance> = HashMap::new();
    for (message, statement) in messages.iter().zip(statements_of(messages)) {
        let before = last.get(&statement).copied();
        if let Some(closing) = message.closing {
            last.insert(statement, closing);
        }
        let (Some(before), Some(opening)) = (before, message.opening) else {
            continue;
        };
        if opening.intermediate && before.intermediate && opening.amount != before.amount {
            findings.unbalanced.push(Refusal::Unbalanced {
                line: opening.line,
                what: format!("opening of a page, which line {} closes", before.line),
                stated: opening.amount,
                computed: before.amount,
            });
        }
    }
    for open in last.values().filter(|closing| closing.intermediate) {
        findings.lacks(open.line, "the statement goes on with a page that is not here".to_owned());
    }
    findings.warnings.sort_by_key(|warning| warning.line);
}

/// Checks that each statement opens with the balance that the one before closed with. Otherwise
/// days are missing between the two, and a warning says so.
fn missing_days(messages: &[Statement<'_>], findings: &mut Findings) {
    let mut accounts: HashMap<(&str, Currency), Vec<(Balance, Balance)>> = HashMap::new();
    for message in messages.iter().filter(|it| it.kind == StatementKind::Booked) {
        if let (Some(opening), Some(closing)) = (message.opening, message.closing) {
            accounts
                .entry((&message.account, opening.currency))
                .or_default()
                .push((opening, closing));
        }
    }
    let mut gaps = Vec::new();
    for balances in accounts.values_mut() {
        balances.sort_by_key(|(opening, closing)| (opening.date, closing.date));
        let known = Balances::of(balances);
        for pair in balances.windows(2) {
            if let [(_, before), (opening, _)] = pair
                && !opening.intermediate
                && opening.date >= before.date
                && opening.amount != before.amount
                && !known.has_before(opening)
            {
                gaps.push((opening.line, gap(before, opening)));
            }
        }
    }
    gaps.sort_unstable();
    for (line, text) in gaps {
        findings.lacks(line, text);
    }
}

/// The balances of an account, sorted so that they can be looked up.
struct Balances {
    /// Of each balance: amount, day, and the line of its statement's opening balance.
    openings: Vec<(Decimal, NaiveDate, u32)>,
    closings: Vec<(Decimal, NaiveDate, u32)>,
}

impl Balances {
    fn of(balances: &[(Balance, Balance)]) -> Self {
        let sorted = |of: fn(&(Balance, Balance)) -> Balance| {
            let known = |pair| (of(pair).amount, of(pair).date, pair.0.line);
            let mut all: Vec<_> = balances.iter().map(known).collect();
            all.sort_unstable();
            all
        };
        Self { openings: sorted(|pair| pair.0), closings: sorted(|pair| pair.1) }
    }

    /// Returns whether another statement closed up to that day with the amount that this one opens
    /// with, or opened on the same day with the same amount. Then the statement beside this one is
    /// a repetition or overlaps with it, and nothing is missing.
    fn has_before(&self, opening: &Balance) -> bool {
        let Balance { amount, date, line, .. } = *opening;
        let other = |all: &[(Decimal, NaiveDate, u32)], from: NaiveDate| {
            let start = all.partition_point(|it| (it.0, it.1) < (amount, from));
            let end = all.partition_point(|it| (it.0, it.1) <= (amount, date));
            all.get(start..end).is_some_and(|them| them.iter().any(|it| it.2 != line))
        };
        other(&self.openings, date) || other(&self.closings, NaiveDate::MIN)
    }
}

fn gap(before: &Balance, opening: &Balance) -> String {
    let first = before.date.succ_opt().unwrap_or(before.date);
    let last = opening.date.pred_opt().unwrap_or(opening.date);
    let days = match first.cmp(&last) {
        std::cmp::Ordering::Less => format!("{first} to {last} are missing"),
        std::cmp::Ordering::Equal => format!("{first} is missing"),
        std::cmp::Ordering::Greater => {
            format!("movements between {} and {} are missing", before.date, opening.date)
        }
    };
    format!(
        "{days}: opens with {}, but line {} closed with {} (difference {})",
        opening.amount,
        before.line,
        before.amount,
        opening.amount - before.amount
    )
}
