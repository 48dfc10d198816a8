//! Lines → operations: all lines with one `Id` and one moment are one group.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;
use rust_decimal::Decimal;

use super::line::{CsvRow, CsvRows, Details, Money, sum};
use super::names;
use crate::record::{Damaged, Operation, OperationKind, Reason};

/// Makes operations of the lines. A group with a line that cannot be understood is one damaged
/// record.
pub(super) fn operations(rows: &CsvRows<'_>) -> (Vec<Operation>, Vec<Damaged>) {
    let mut operations = Vec::new();
    let mut damaged = Vec::new();
    for group in groups(&rows.list) {
        match understood(&group, rows, &mut operations) {
            Ok(()) => {}
            Err(reason) => damaged.extend(group.first().map(|first| Damaged {
                line: first.line,
                raw: rows.raw(group.iter().copied()),
                reason,
            })),
        }
    }
    (operations, damaged)
}

/// Sorts the lines into groups, in the order of their first lines.
///
/// Where a line of an `Id` has no readable moment, nobody knows to which operation of that `Id` the
/// line belongs. Then all lines of the `Id` become one group, so that no operation lacks a line.
fn groups<'r, 't>(rows: &'r [CsvRow<'t>]) -> Vec<Vec<&'r CsvRow<'t>>> {
    let unclear = rows.iter().filter(|row| row.at.is_err() && !row.id.is_empty());
    let unclear: HashSet<&str> = unclear.map(|row| &*row.id).collect();
    let mut places: HashMap<(&str, Option<NaiveDateTime>), usize> = HashMap::new();
    let mut groups: Vec<Vec<&CsvRow<'_>>> = Vec::new();
    let mut last = None;
    for row in rows {
        let place = if row.id.is_empty() {
            // A line without `Id` (a payout fee, or a damaged line) is a group by itself.
            groups.len()
        } else {
            let at = row.at.as_ref().ok().copied();
            let at = at.filter(|_| unclear.is_empty() || !unclear.contains(&*row.id));
            let key = (&*row.id, at);
            match last {
                // Mostly an operation's lines follow each other, and need no look-up.
                Some((same, place)) if same == key => place,
                _ => {
                    let place = *places.entry(key).or_insert(groups.len());
                    last = Some((key, place));
                    place
                }
            }
        };
        match groups.get_mut(place) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// A line of which every cell was understood.
struct Whole<'r, 't> {
    row: &'r CsvRow<'t>,
    at: NaiveDateTime,
    money: Money,
    details: &'r Details<'t>,
}

/// Adds the operations of a group.
fn understood(
    group: &[&CsvRow<'_>],
    rows: &CsvRows<'_>,
    operations: &mut Vec<Operation>,
) -> Result<(), Reason> {
    use OperationKind::{FeeReturn, Payment, PayoutFee, Refund};
    let mut lines = Vec::with_capacity(group.len());
    for row in group {
        lines.push(Whole {
            row,
            money: *row.money.as_ref().map_err(Clone::clone)?,
            at: *row.at.as_ref().map_err(Clone::clone)?,
            details: row.details.as_ref().map_err(Clone::clone)?,
        });
    }
    let Some(first) = lines.first() else {
        return Ok(());
    };
    if let Some(payout) = &first.row.payout {
        operations.extend(operation(PayoutFee, payout, &lines, Part::Whole, rows));
        return Ok(());
    }
    let id = &first.row.id;
    if id.is_empty() {
        return Err(Reason::Missing { field: "Id" });
    }
    let total = |of: fn(&Money) -> Decimal| sum(lines.iter().map(|line| of(&line.money)));
    let is_payment = total(|money| money.processed) > Decimal::ZERO;
    let is_refund = total(|money| money.credited) < Decimal::ZERO;
    let is_fee_return = lines.iter().all(|line| line.money.at_most_returns_fee())
        && total(|money| money.fee + money.vat) > Decimal::ZERO;
    let parts: &[_] = match (is_payment, is_refund) {
        (true, false) => &[(Payment, Part::Whole)],
        (false, true) => &[(Refund, Part::Whole)],
        (true, true) => &[(Payment, Part::Payment), (Refund, Part::Refund)],
        (false, false) if is_fee_return => &[(FeeReturn, Part::Whole)],
        (false, false) => {
            return Err(Reason::Form {
                found: "lines that neither pay, refund nor give a fee back",
                expected: "one with Procesat above or Creditat below zero, or only Comision and TVA \
                           above zero",
            });
        }
    };
    for (kind, part) in parts {
        operations.extend(operation(*kind, id, &lines, *part, rows));
    }
    Ok(())
}

/// Which money of a group an operation gets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// All money of the group.
    Whole,
    /// The lines hold a payment and a refund with the same `Id` and moment. This operation gets the
    /// amounts of the payment, and all fees.
    Payment,
    /// Of such lines this operation gets the amounts of the refund.
    Refund,
}

impl Part {
    fn has_line(self, money: &Money) -> bool {
        let any = |amounts: &[Decimal]| amounts.iter().any(|amount| !amount.is_zero());
        let refunds = any(&[money.credited, money.refund_discount]);
        match self {
            Self::Whole => true,
            Self::Payment => {
                !refunds || any(&[money.processed, money.discount, money.fee, money.vat])
            }
            Self::Refund => refunds,
        }
    }

    /// Returns amount, fee and VAT, each with the sign that it has in the transfer.
    fn of(self, money: &Money) -> [Decimal; 3] {
        let paid = sum([money.processed, money.discount]);
        let refunded = sum([money.credited, money.refund_discount]);
        match self {
            Self::Whole => [sum([paid, refunded]), money.fee, money.vat],
            Self::Payment => [paid, money.fee, money.vat],
            Self::Refund => [refunded, Decimal::ZERO, Decimal::ZERO],
        }
    }
}

fn operation(
    kind: OperationKind,
    id: &str,
    lines: &[Whole<'_, '_>],
    part: Part,
    rows: &CsvRows<'_>,
) -> Option<Operation> {
    let lines = || lines.iter().filter(|line| part.has_line(&line.money));
    let first = lines().next()?;
    let find = |of: fn(&Details<'_>) -> Option<String>| lines().find_map(|line| of(line.details));
    let mut sums = [Decimal::ZERO; 3];
    for line in lines() {
        for (so_far, amount) in sums.iter_mut().zip(part.of(&line.money)) {
            *so_far = sum([*so_far, amount]);
        }
    }
    let [amount, fee, vat] = sums;
    let is_order = kind != OperationKind::PayoutFee;
    let order_id = find(|details| details.description.as_deref().map(names::order_id));
    Some(Operation {
        line: first.row.line,
        kind,
        netopia_id: id.to_owned(),
        merchant: find(|details| owned(details.merchant.as_ref())),
        terminal_id: find(|details| owned(details.terminal_id.as_ref())),
        at: first.at,
        amount,
        fee: cost(fee),
        vat: cost(vat),
        currency: first.details.currency,
        order_id: order_id.filter(|_| is_order),
        payer_name: find(|details| details.payer_name()),
        rrn: find(|details| owned(details.rrn.as_ref())),
        raw: rows.raw(lines().map(|line| line.row)),
    })
}

fn owned(text: Option<&Cow<'_, str>>) -> Option<String> {
    text.map(|text| text.to_string())
}

/// Returns a fee or VAT as a cost: positive where it is taken off the transfer. Zero is checked
/// apart, since a decimal may be a negative zero.
fn cost(added: Decimal) -> Decimal {
    if added.is_zero() { Decimal::ZERO } else { -added }
}
