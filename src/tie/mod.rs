//! Settlements and credits → which credit pays which settlement.
//!
//! Plain code without a database. What it decides follows from the settlements, the credits and the
//! ties by hand alone, never from the order in which they came: so after any order of imports the
//! ties are the same.
//!
//! The rules, in their order: *named*, *exact* (of a marketplace's payout it is called *documents*),
//! *sum*. A tie by hand comes before all of them.

mod bill;
mod books;
mod hand;
mod invoice;
mod name;
mod named;
mod pair;
mod sum;
mod waiting;

use std::collections::HashSet;
use std::ops::RangeInclusive;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

pub use bill::Bill;
pub use books::{Books, Changes};
pub use hand::{CannotTie, Said, tie_by_hand, untie_by_hand};
pub use invoice::{Match, document_named, tie_bills};
pub use name::{NotNamed, credit_name, credit_named, settlement_name, settlement_named};

/// The kind of a settlement that a marketplace's documents make together.
pub const EMAG: &str = "emag";

/// The kind of a card processor's batch.
pub const NETOPIA: &str = "netopia";

/// The kind of an invoice that a customer pays.
pub const INVOICE: &str = "invoice";

/// The kind of an order that a customer pays before it has an invoice.
pub const ORDER: &str = "order";

/// Days before the settlement's own day on which its credit may come.
const DAYS_BEFORE: u64 = 1;

/// Days after the settlement's own day on which its credit may come; a settlement without a credit
/// is late then.
pub const DAYS_AFTER: u64 = 10;

/// What a settlement is known by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct SettlementId {
    /// Who pays and how: `gls`, another courier, `netopia`, `emag`, `invoice`, `order`.
    pub kind: String,
    /// The key of its row, or of the rows that make it together.
    pub key: String,
}

/// A document in which somebody says what they pay.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// What it is known by; its kind is also its sender.
    pub id: SettlementId,
    /// The account that it is paid into, where it states one.
    pub account: Option<String>,
    /// The currency of its amount.
    pub currency: String,
    /// Its day.
    pub dated: NaiveDate,
    /// What it pays.
    pub amount: Decimal,
}

impl Settlement {
    /// Returns the name by which the text of a credit calls it, where its sender writes one.
    fn name(&self) -> Option<&str> {
        (self.id.kind == NETOPIA).then_some(self.id.key.as_str())
    }

    /// Returns the days on which its credit may come.
    fn days(&self) -> RangeInclusive<NaiveDate> {
        let first = self.dated.checked_sub_days(Days::new(DAYS_BEFORE));
        let last = self.dated.checked_add_days(Days::new(DAYS_AFTER));
        first.unwrap_or(self.dated)..=last.unwrap_or(self.dated)
    }

    /// Returns whether the credit may pay it, whatever their amounts and days.
    fn suits(&self, credit: &Credit) -> bool {
        let of_account = self.account.is_none() || self.account == credit.account;
        credit.sender == self.id.kind && credit.currency == self.currency && of_account
    }

    /// Returns whether the credit may pay it, whatever their amounts.
    pub fn is_near(&self, credit: &Credit) -> bool {
        self.suits(credit) && self.days().contains(&credit.day)
    }
}

/// An entry of a statement by which money arrived.
#[derive(Debug, Clone)]
pub struct Credit {
    /// The key of its row.
    pub key: String,
    /// Who sent it, as the kind of a settlement.
    pub sender: String,
    /// The account that it arrived on.
    pub account: Option<String>,
    /// Its currency.
    pub currency: String,
    /// Its day.
    pub day: NaiveDate,
    /// Its amount.
    pub amount: Decimal,
    /// The settlement that its text names, where it names one.
    pub names: Option<String>,
    /// What the bank calls it.
    pub reference: Option<String>,
}

/// Why a credit is tied to a settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The text of the credit names the settlement.
    Named,
    /// Their amounts are equal, and their days near.
    Exact,
    /// The credit is the sum of several settlements.
    Sum,
    /// The credit equals what a marketplace's documents come to together.
    Documents,
    /// Somebody said so.
    ByHand,
}

impl Rule {
    /// Every rule.
    const ALL: [Self; 5] = [Self::Named, Self::Exact, Self::Sum, Self::Documents, Self::ByHand];

    /// Returns its name in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Exact => "exact",
            Self::Sum => "sum",
            Self::Documents => "documents",
            Self::ByHand => "by_hand",
        }
    }

    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::ByHand => "by hand",
            other => other.name(),
        }
    }

    /// Returns the rule of a name in the tables.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Returns the rule by which a credit of the same amount pays a settlement of the kind.
    fn of_equal_amounts(kind: &str) -> Self {
        if kind == EMAG { Self::Documents } else { Self::Exact }
    }
}

/// Says that a credit pays a settlement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Tie {
    /// The settlement.
    pub settlement: SettlementId,
    /// The key of the credit's row.
    pub credit: String,
    /// The part of the credit that pays it. A tie by hand over nothing says that this credit does
    /// not pay this settlement.
    pub amount: Decimal,
    /// Why.
    pub rule: Rule,
}

/// Returns the ties that the rules make, in the order of their settlements. `by_hand` are the ties that
/// somebody made: their settlements and credits are left to them.
pub fn decide(settlements: &[Settlement], credits: &[Credit], by_hand: &[Tie]) -> Vec<Tie> {
    let mut open = Open::of(settlements, credits, by_hand);
    named::tie(&mut open);
    pair::tie(&mut open);
    sum::tie(&mut open);
    let mut ties = open.ties;
    ties.sort();
    ties
}

/// What no credit pays yet, and which credits pay nothing yet.
struct Open<'a> {
    /// The settlements that money is owed for, the oldest first.
    settlements: Vec<&'a Settlement>,
    /// The credits, the oldest first.
    credits: Vec<&'a Credit>,
    /// Which of the settlements have a tie.
    paid: Vec<bool>,
    /// Which of the credits have a tie, or name another settlement than those that are left.
    used: Vec<bool>,
    /// Settlements and credits of which somebody said that they do not belong together.
    apart: HashSet<(&'a SettlementId, &'a str)>,
    ties: Vec<Tie>,
}

impl<'a> Open<'a> {
    fn of(settlements: &'a [Settlement], credits: &'a [Credit], by_hand: &'a [Tie]) -> Self {
        let is_apart = |tie: &&Tie| tie.amount.is_zero();
        let together = || by_hand.iter().filter(|tie| !is_apart(tie));
        let paid: HashSet<&SettlementId> = together().map(|tie| &tie.settlement).collect();
        let used: HashSet<&str> = together().map(|tie| tie.credit.as_str()).collect();
        let is_owed = |it: &&Settlement| it.amount > Decimal::ZERO && !paid.contains(&it.id);
        let mut settlements: Vec<&Settlement> = settlements.iter().filter(is_owed).collect();
        settlements.sort_by_key(|it| (it.dated, &it.id));
        let is_free = |it: &&Credit| it.amount > Decimal::ZERO && !used.contains(it.key.as_str());
        let mut credits: Vec<&Credit> = credits.iter().filter(is_free).collect();
        credits.sort_by_key(|it| (it.day, &it.key));
        Self {
            paid: vec![false; settlements.len()],
            used: vec![false; credits.len()],
            settlements,
            credits,
            apart: by_hand
                .iter()
                .filter(is_apart)
                .map(|tie| (&tie.settlement, tie.credit.as_str()))
                .collect(),
            ties: Vec::new(),
        }
    }

    /// Returns the settlements without a tie, the oldest first, each with its place.
    fn unpaid(&self) -> impl Iterator<Item = (usize, &'a Settlement)> {
        let all = self.settlements.iter().zip(&self.paid).enumerate();
        all.filter(|(_, (_, paid))| !**paid).map(|(place, (settlement, _))| (place, *settlement))
    }

    /// Returns the credits without a tie, the oldest first, each with its place.
    fn unused(&self) -> impl Iterator<Item = (usize, &'a Credit)> {
        let all = self.credits.iter().zip(&self.used).enumerate();
        all.filter(|(_, (_, used))| !**used).map(|(place, (credit, _))| (place, *credit))
    }

    /// Returns whether the credit of this place has no tie.
    fn is_unused(&self, credit: usize) -> bool {
        self.used.get(credit) == Some(&false)
    }

    /// Returns whether the credit may pay the settlement, whatever their amounts and days.
    fn may_pay(&self, credit: &Credit, settlement: &Settlement) -> bool {
        settlement.suits(credit) && !self.apart.contains(&(&settlement.id, credit.key.as_str()))
    }

    /// Ties the settlement and the credit of these places.
    fn tie(&mut self, settlement: usize, credit: usize, amount: Decimal, rule: Rule) {
        let both = (self.settlements.get(settlement), self.credits.get(credit));
        let (Some(owed), Some(paying)) = both else { return };
        self.ties.push(Tie {
            settlement: owed.id.clone(),
            credit: paying.key.clone(),
            amount,
            rule,
        });
        self.paid.iter_mut().skip(settlement).take(1).for_each(|it| *it = true);
        self.use_up(credit);
    }

    /// Keeps the credit of this place from the rules that follow.
    fn use_up(&mut self, credit: usize) {
        self.used.iter_mut().skip(credit).take(1).for_each(|it| *it = true);
    }
}

#[cfg(test)]
mod tests;
