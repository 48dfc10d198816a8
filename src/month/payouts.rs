//! Which documents of a marketplace's payouts are not here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::{MonthOfYear, State, Stated};
use crate::tie::EMAG;
use crate::value::day::days_without_year;

/// The kind of the list of the orders that are paid.
const LIST: &str = "dp";

/// The kinds that a payout's amount is made of. The others only detail these.
const COUNTED: [&str; 7] = [LIST, "dc", "dccd", "dcco", "dcs", "ded", "dy"];

/// The documents of a payout that are here.
#[derive(Debug, Clone)]
pub struct Payout {
    /// The seller.
    pub seller: String,
    /// The day on which they were made.
    pub day: NaiveDate,
    /// The kind of each.
    pub kinds: Vec<String>,
}

/// A payout that lacks documents.
#[derive(Debug, Clone, Serialize)]
pub struct PayoutLine {
    /// The seller.
    pub seller: String,
    /// Its day.
    pub day: NaiveDate,
    /// The kinds that are here.
    pub here: Vec<String>,
    /// Whether the list of its orders is here; without one it is no settlement.
    pub has_list: bool,
    /// Kinds of which other payouts of the seller have more.
    pub missing: Vec<MissingKind>,
    /// The credit that came for it, where it has no list and one credit alone may be for it.
    pub credit: Option<String>,
}

/// A kind of document that a payout lacks in comparison with others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingKind {
    /// The kind.
    pub kind: String,
    /// How many of it are here.
    pub here: usize,
    /// How many other payouts of the seller have more of it.
    pub others: usize,
    /// How many other payouts of the seller are here.
    pub of: usize,
}

impl PayoutLine {
    /// Returns what is missing, in words.
    pub fn told(&self) -> String {
        let day = days_without_year(self.day, self.day);
        if !self.has_list {
            let are = if self.here.len() == 1 { "is" } else { "are" };
            let here = self.here.join(", ");
            return format!("the payout list ({LIST}) of {day}; {here} {are} here");
        }
        let kind = |it: &MissingKind| {
            let further = if it.here > 0 { "a further " } else { "" };
            format!("{further}{} ({} of {} others have it)", it.kind, it.others, it.of)
        };
        let kinds: Vec<String> = self.missing.iter().map(kind).collect();
        format!("perhaps missing: {}", kinds.join(", "))
    }
}

/// Returns the payouts of the month that lack documents: those without a list of orders, and of those that
/// are not paid the ones that have fewer kinds than others of their seller.
pub(super) fn lacking(
    month: MonthOfYear,
    payouts: &[Payout],
    settlements: &[Stated],
) -> Vec<PayoutLine> {
    let unpaid: BTreeSet<&str> = settlements
        .iter()
        .filter(|it| it.settlement.id.kind == EMAG && it.state != State::Paid)
        .map(|it| it.settlement.id.key.as_str())
        .collect();
    let of_month = payouts.iter().filter(|it| month.has(it.day));
    let line = |it: &Payout| {
        // As the view of the settlements makes it.
        let key = format!("{}|{}", it.seller, it.day);
        let counts = counts(it);
        let has_list = counts.contains_key(LIST);
        let missing = if has_list { missing(it, payouts) } else { Vec::new() };
        let lacks = !missing.is_empty() && unpaid.contains(key.as_str());
        let here = counts.keys().map(|&kind| kind.to_owned()).collect();
        (lacks || !has_list && !counts.is_empty()).then(|| PayoutLine {
            seller: it.seller.clone(),
            day: it.day,
            here,
            has_list,
            missing,
            credit: None,
        })
    };
    of_month.filter_map(line).collect()
}

/// Returns how many documents of each kind that counts the payout has.
fn counts(payout: &Payout) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    let counted = payout.kinds.iter().map(String::as_str).filter(|it| COUNTED.contains(it));
    counted.for_each(|kind| *counts.entry(kind).or_default() += 1);
    counts
}

/// Returns the kinds of which other payouts of the seller have more.
fn missing(payout: &Payout, payouts: &[Payout]) -> Vec<MissingKind> {
    let here = counts(payout);
    let others = payouts.iter().filter(|it| it.seller == payout.seller && it.day != payout.day);
    let others: Vec<_> = others.map(counts).filter(|it| !it.is_empty()).collect();
    let missing = COUNTED.iter().map(|kind| {
        let count = here.get(kind).copied().unwrap_or_default();
        let more = others.iter().filter(|it| it.get(kind).copied().unwrap_or_default() > count);
        let kind = (*kind).to_owned();
        MissingKind { kind, here: count, others: more.count(), of: others.len() }
    });
    missing.filter(|it| it.others > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payout(day: &str, kinds: &str) -> Payout {
        let kinds = kinds.split(' ').map(str::to_owned).collect();
        Payout { seller: "1".to_owned(), day: day.parse().unwrap(), kinds }
    }

    #[test]
    fn a_payout_without_its_list_is_told_with_what_is_here() {
        let payouts = [
            payout("2026-04-02", "dc dccd dv"),
            payout("2026-04-17", "dp ded"),
            payout("2026-04-20", "dvs"),
            payout("2026-05-02", "dc"),
        ];
        let lacking = lacking("2026-04".parse().unwrap(), &payouts, &[]);
        let told: Vec<String> = lacking.iter().map(PayoutLine::told).collect();
        assert_eq!(told, ["the payout list (dp) of 2 April; dc, dccd are here"]);
    }

    #[test]
    fn what_others_of_the_seller_have_more_of_is_missing() {
        let mut payouts = vec![
            payout("2026-04-02", "dp dc"),
            payout("2026-04-17", "dp dp dc ded"),
            payout("2026-05-02", "dp dc ded dv"),
            payout("2026-05-17", "ded dy"),
        ];
        payouts.push(Payout { seller: "2".to_owned(), ..payout("2026-05-02", "dp dcs") });
        let found = missing(&payouts[0], &payouts);
        let told: Vec<(&str, usize, usize, usize)> =
            found.iter().map(|it| (it.kind.as_str(), it.here, it.others, it.of)).collect();
        assert_eq!(told, [("dp", 1, 1, 3), ("ded", 0, 3, 3), ("dy", 0, 1, 3)]);
    }
}
