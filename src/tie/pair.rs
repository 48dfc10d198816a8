//! One settlement, one credit of the same amount.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::{Credit, Open, Rule, Settlement};

/// What a pair counts: more than all days together that pairs can be apart.
const PAIR: i64 = 1_000_000;

/// Settlements times credits that are compared each with each. So many of one amount are in no books;
/// this bounds the work.
const COMPARED_MAX: usize = 4_000_000;

/// Credits, each with its place, by sender, currency and amount.
type Paying<'a> = HashMap<(&'a str, &'a str, Decimal), Vec<(usize, &'a Credit)>>;

/// Settlements, each with its place, by account, sender, currency and amount.
type Owed<'a> =
    BTreeMap<(Option<&'a str>, &'a str, &'a str, Decimal), Vec<(usize, &'a Settlement)>>;

/// Ties settlements and credits of equal amounts and near days: as many as can be, oldest with oldest.
/// Where there are more of one side than of the other, those whose days are nearest are tied.
pub(super) fn tie(open: &mut Open<'_>) {
    let mut paying: Paying<'_> = HashMap::new();
    for (place, it) in open.unused() {
        let like = (it.sender.as_str(), it.currency.as_str(), it.amount);
        paying.entry(like).or_default().push((place, it));
    }
    let mut owed: Owed<'_> = BTreeMap::new();
    for (place, it) in open.unpaid() {
        let like = (it.account.as_deref(), it.id.kind.as_str(), it.currency.as_str(), it.amount);
        owed.entry(like).or_default().push((place, it));
    }
    // Settlements that state their account come first: fewer credits may pay them.
    for ((account, kind, currency, amount), settlements) in owed.into_iter().rev() {
        let Some(all) = paying.get(&(kind, currency, amount)) else { continue };
        let of_account = |it: &Credit| account.is_none() || it.account.as_deref() == account;
        let credits: Vec<(usize, &Credit)> = all
            .iter()
            .filter(|(place, it)| of_account(it) && open.is_unused(*place))
            .copied()
            .collect();
        let fits = |settlement: &Settlement, credit: &Credit| {
            settlement.days().contains(&credit.day) && open.may_pay(credit, settlement)
        };
        for (settlement, credit) in pairs(&settlements, &credits, fits) {
            open.tie(settlement, credit, amount, Rule::of_equal_amounts(kind));
        }
    }
}

/// Returns the places of those that belong together; both lists have the oldest first.
fn pairs(
    settlements: &[(usize, &Settlement)],
    credits: &[(usize, &Credit)],
    fits: impl Fn(&Settlement, &Credit) -> bool,
) -> Vec<(usize, usize)> {
    let worth = |(_, settlement): &(usize, &Settlement), (_, credit): &(usize, &Credit)| {
        let days = credit.day.signed_duration_since(settlement.dated).num_days();
        fits(settlement, credit).then_some(PAIR - days.abs())
    };
    let is_small = settlements.len().saturating_mul(credits.len()) <= COMPARED_MAX;
    // What the settlements and the credits behind a place are worth at most, row by row from the last
    // settlement on; of many it is not asked.
    let mut rows = vec![vec![0; credits.len() + 1]];
    for settlement in settlements.iter().rev().filter(|_| is_small) {
        let below = rows.last().map(Vec::as_slice).unwrap_or_default();
        let mut row = vec![0];
        for (credit, (diagonal, down)) in credits.iter().zip(below.iter().skip(1).zip(below)).rev()
        {
            let alone = row.last().copied().unwrap_or_default().max(*down);
            let paired = worth(settlement, credit).map(|worth| worth + diagonal);
            row.push(paired.map_or(alone, |paired| paired.max(alone)));
        }
        row.reverse();
        rows.push(row);
    }
    let at = |settlement: usize, credit: usize| -> i64 {
        let row = rows.get(settlements.len() - settlement);
        row.and_then(|row| row.get(credit)).copied().unwrap_or_default()
    };
    let (mut settlement, mut credit) = (0, 0);
    let mut pairs = Vec::new();
    while let (Some(owed), Some(paying)) = (settlements.get(settlement), credits.get(credit)) {
        let worth = worth(owed, paying);
        let best = at(settlement, credit);
        if worth.is_some_and(|worth| worth + at(settlement + 1, credit + 1) >= best) {
            pairs.push((owed.0, paying.0));
            (settlement, credit) = (settlement + 1, credit + 1);
        } else if at(settlement, credit + 1) == best && (is_small || paying.1.day < owed.1.dated) {
            credit += 1;
        } else {
            settlement += 1;
        }
    }
    pairs
}
