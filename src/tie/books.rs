//! What a company owes and got, the ties that are stored, and what is to change about them.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::{Credit, INVOICE, Match, Rule, Settlement, SettlementId, Tie, decide, tie_invoices};

/// All that decides a company's ties.
#[derive(Debug, Clone, Default)]
pub struct Books {
    /// Its settlements.
    pub settlements: Vec<Settlement>,
    /// Its credits that may pay them, and those that have a tie.
    pub credits: Vec<Credit>,
    /// The ties that are stored.
    pub ties: Vec<Tie>,
    /// The keys of invoices that stored ties name, as far as the invoices are there.
    pub invoices: HashSet<String>,
    /// Customers' payments and the invoices of their amount.
    pub matches: Vec<Match>,
}

/// How the stored ties differ from those that should be stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Ties that are to be taken out.
    pub removed: Vec<Tie>,
    /// Ties that are to be put in.
    pub added: Vec<Tie>,
}

impl Changes {
    /// Returns whether the stored ties are as they should be.
    pub fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.added.is_empty()
    }
}

impl Books {
    /// Returns the ties by hand whose settlement and credit are still there.
    pub fn by_hand(&self) -> impl Iterator<Item = &Tie> {
        let settlements: HashSet<&SettlementId> =
            self.settlements.iter().map(|it| &it.id).collect();
        let credits: HashSet<&str> = self.credits.iter().map(|it| it.key.as_str()).collect();
        let stands = move |tie: &&Tie| {
            let is_owed = match tie.settlement.kind.as_str() {
                INVOICE => self.invoices.contains(&tie.settlement.key),
                _ => settlements.contains(&tie.settlement),
            };
            is_owed && credits.contains(tie.credit.as_str())
        };
        self.ties.iter().filter(|tie| tie.rule == Rule::ByHand).filter(stands)
    }

    /// Returns what is to change about the stored ties. `said` is what somebody says by hand now; it
    /// takes the place of what was said of the same settlement and credit before.
    pub fn changes(&self, said: &[Tie]) -> Changes {
        let is_said = |tie: &Tie| {
            said.iter().any(|it| it.settlement == tie.settlement && it.credit == tie.credit)
        };
        let kept = self.by_hand().filter(|tie| !is_said(tie)).cloned();
        let mut wanted: Vec<Tie> = kept.chain(said.iter().cloned()).collect();
        let by_rules = decide(&self.settlements, &self.credits, &wanted);
        let invoices = self.invoices_paid(&wanted);
        wanted.extend(by_rules);
        wanted.extend(invoices);
        let (stored, wanted): (HashSet<&Tie>, HashSet<&Tie>) =
            (self.ties.iter().collect(), wanted.iter().collect());
        let only = |these: &HashSet<&Tie>, those: &HashSet<&Tie>| {
            let mut only: Vec<Tie> = these.difference(those).map(|tie| (*tie).clone()).collect();
            only.sort();
            only
        };
        Changes { removed: only(&stored, &wanted), added: only(&wanted, &stored) }
    }

    /// Returns the ties of customers' payments; what was tied by hand is left to that.
    fn invoices_paid(&self, by_hand: &[Tie]) -> Vec<Tie> {
        let is_free = |it: &Match| {
            by_hand.iter().all(|tie| {
                let is_invoice = tie.settlement.kind == INVOICE && tie.settlement.key == it.invoice;
                match tie.amount == Decimal::ZERO {
                    true => !(is_invoice && tie.credit == it.credit),
                    false => !is_invoice && tie.credit != it.credit,
                }
            })
        };
        let free: Vec<Match> = self.matches.iter().filter(|it| is_free(it)).cloned().collect();
        tie_invoices(&free)
    }
}
