//! One credit for several settlements of one sender.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{DAYS_AFTER, DAYS_BEFORE, Open, Rule, Settlement};

/// Settlements that one credit pays at most.
const TOGETHER_MAX: usize = 5;

/// Days from the oldest to the newest of settlements that one credit can pay.
const SPAN_MAX: u64 = DAYS_BEFORE + DAYS_AFTER;

/// Places of settlements that one credit may pay together.
type Together = Vec<usize>;

/// Settlements of one sender, one currency and one account, by their days.
type ByDay<'a> = BTreeMap<NaiveDate, Vec<(usize, &'a Settlement)>>;

/// What settlements and credits have in common: the sender, the currency, the account.
type Like<'a> = (&'a str, &'a str, Option<&'a str>);

/// Ties each credit that is the sum of exactly one set of two to five unpaid settlements, neighbours by
/// day. A set that shares a settlement with another credit's set is left alone: nobody could say
/// which of the two it is.
pub(super) fn tie(open: &mut Open<'_>) {
    let mut sets: Vec<(usize, Together)> = Vec::new();
    let sums = sums(open);
    for (credit, paying) in open.unused() {
        let account = paying.account.as_deref();
        let likes = [account, None].into_iter().take(if account.is_some() { 2 } else { 1 });
        let found = likes.filter_map(|account| {
            sums.get(&(paying.sender.as_str(), paying.currency.as_str(), account))
        });
        let found = found.filter_map(|sums| sums.get(&paying.amount)).flatten();
        let may_pay = |set: &&Together| {
            set.iter().all(|at| {
                open.settlements.get(*at).is_some_and(|settlement| {
                    settlement.days().contains(&paying.day) && open.may_pay(paying, settlement)
                })
            })
        };
        let mut found = found.filter(may_pay);
        if let (Some(only), None) = (found.next(), found.next()) {
            sets.push((credit, only.clone()));
        }
    }
    let mut claims: HashMap<usize, usize> = HashMap::new();
    for place in sets.iter().flat_map(|(_, set)| set) {
        *claims.entry(*place).or_default() += 1;
    }
    sets.retain(|(_, set)| set.iter().all(|place| claims.get(place) == Some(&1)));
    for (credit, set) in sets {
        for place in set {
            let amount = open.settlements.get(place).map(|it| it.amount).unwrap_or_default();
            open.tie(place, credit, amount, Rule::Sum);
        }
    }
}

/// Returns the sets of neighbours whose sum some credit has, by what they have in common and by sum.
fn sums<'a>(open: &Open<'a>) -> HashMap<Like<'a>, HashMap<Decimal, Vec<Together>>> {
    let mut groups: HashMap<Like<'a>, ByDay<'a>> = HashMap::new();
    for (place, it) in open.unpaid() {
        let like = (it.id.kind.as_str(), it.currency.as_str(), it.account.as_deref());
        groups.entry(like).or_default().entry(it.dated).or_default().push((place, it));
    }
    let amounts: HashSet<Decimal> = open.unused().map(|(_, credit)| credit.amount).collect();
    let sums = groups.into_iter().map(|(like, days)| {
        let mut sums: HashMap<Decimal, Vec<Together>> = HashMap::new();
        for set in neighbours(&days) {
            let sum = set.iter().map(|(_, it)| it.amount).sum();
            if amounts.contains(&sum) {
                sums.entry(sum).or_default().push(set.iter().map(|(place, _)| *place).collect());
            }
        }
        (like, sums)
    });
    sums.collect()
}

/// Returns every set of two to five settlements that are neighbours by day: of the days between its
/// first and its last one it has all settlements.
///
/// A day with more settlements than one credit pays is in no set; this bounds the work.
fn neighbours<'a>(days: &ByDay<'a>) -> Vec<Vec<(usize, &'a Settlement)>> {
    let mut sets = Vec::new();
    for (first, of_first) in days {
        let starts = parts(of_first);
        sets.extend(starts.iter().filter(|it| it.len() > 1).cloned());
        let mut between: Vec<(usize, &Settlement)> = Vec::new();
        for (last, of_last) in days.range(*first..).skip(1) {
            let span = last.signed_duration_since(*first).num_days();
            if span.unsigned_abs() > SPAN_MAX || 1 + between.len() >= TOGETHER_MAX {
                break;
            }
            for end in parts(of_last) {
                for start in &starts {
                    let set = [start, between.as_slice(), &end].concat();
                    sets.extend((set.len() <= TOGETHER_MAX).then_some(set));
                }
            }
            between.extend(of_last);
        }
    }
    sets
}

/// Returns every part of a day's settlements that is not empty; none where there are too many.
fn parts<'a>(of_day: &[(usize, &'a Settlement)]) -> Vec<Vec<(usize, &'a Settlement)>> {
    if of_day.len() > TOGETHER_MAX {
        return Vec::new();
    }
    let mut parts: Vec<Vec<(usize, &Settlement)>> = vec![Vec::new()];
    for it in of_day {
        let with = parts.iter().map(|part| [part.as_slice(), &[*it]].concat());
        let with: Vec<_> = with.collect();
        parts.extend(with);
    }
    parts.retain(|part| !part.is_empty());
    parts
}
