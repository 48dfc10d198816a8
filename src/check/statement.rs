//! Do a statement's entries make its closing balance, and do its statements follow on each other?

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::Findings;
use super::coverage::coverage;
use crate::fault::Refusal;
use crate::record::kept::kept_statements;
use crate::record::pages::statements_of;
use crate::record::{Balance, KeptStatement, Statement, StatementKind, Turnover};

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

/// Checks that the statements of each account follow on each other. Otherwise days are missing, and a
/// warning says so.
fn missing_days(messages: &[Statement<'_>], findings: &mut Findings) {
    let statements: Vec<KeptStatement> = kept_statements(messages).into_iter().flatten().collect();
    let opens = |it: &KeptStatement| (it.account.clone(), it.opening_date, it.opening);
    let lines: HashMap<_, _> = statements.iter().map(|it| (opens(it), it.line)).collect();
    let mut gaps = Vec::new();
    for account in coverage(&statements) {
        for gap in account.gaps {
            let behind = (account.account.clone(), gap.opening_date, gap.opening);
            gaps.extend(lines.get(&behind).map(|line| (*line, gap.to_string())));
        }
    }
    gaps.sort_unstable();
    for (line, text) in gaps {
        findings.lacks(line, text);
    }
}
