//! What a company owes and got, the ties that are stored, and what is to change about them.

use std::collections::HashSet;

use super::{
    Bill, Credit, INVOICE, Match, ORDER, Rule, Said, Settlement, SettlementId, Tie, credit_name,
    decide, settlement_name, tie_bills,
};

/// All that decides a company's ties.
#[derive(Debug, Clone, Default)]
pub struct Books {
    /// Its settlements.
    pub settlements: Vec<Settlement>,
    /// Its credits that may pay them, and those that have a tie.
    pub credits: Vec<Credit>,
    /// The ties that are stored, those that wait for a row too.
    pub ties: Vec<Tie>,
    /// The invoices and orders that stored ties name, as far as they are there.
    pub bills_there: HashSet<SettlementId>,
    /// Customers' payments and the bills of their amount.
    pub matches: Vec<Match>,
    /// What customers owe, as far as somebody names it or a tie has it; read for ties by hand alone.
    pub bills: Vec<Bill>,
}

/// How the stored ties differ from those that should be stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Ties that are to be taken out.
    pub removed: Vec<Tie>,
    /// Ties that are to be put in.
    pub added: Vec<Tie>,
    /// Ties by hand that wait from now on, since their settlement or credit is gone; as they counted.
    pub set_aside: Vec<Tie>,
    /// Ties by hand that waited and count again, since both are back.
    pub called_back: Vec<Tie>,
}

impl Changes {
    /// Returns whether the stored ties are as they should be.
    pub fn is_empty(&self) -> bool {
        let all = [&self.removed, &self.added, &self.set_aside, &self.called_back];
        all.iter().all(|ties| ties.is_empty())
    }

    /// Returns how the stored ties become the wanted ones. A tie by hand that only begins or ends to
    /// wait stays the same one, with who said it and when.
    fn between(stored: &[Tie], wanted: &[Tie]) -> Self {
        let (stored, wanted): (HashSet<&Tie>, HashSet<&Tie>) =
            (stored.iter().collect(), wanted.iter().collect());
        let only = |these: &HashSet<&Tie>, those: &HashSet<&Tie>| {
            let mut only: Vec<Tie> = these.difference(those).map(|tie| (*tie).clone()).collect();
            only.sort();
            only
        };
        let (mut removed, mut added) = (only(&stored, &wanted), only(&wanted, &stored));
        let set_aside = moved(&mut removed, &mut added, |it| it.settlement.waits(), Tie::counting);
        let called_back =
            moved(&mut removed, &mut added, |it| !it.settlement.waits(), Tie::waiting);
        Self { removed, added, set_aside, called_back }
    }
}

/// Takes the ties that only change their kind out of both lists, and returns them as they count. `is_meant`
/// says which of the added ones may be such, `other` what they were before.
fn moved(
    removed: &mut Vec<Tie>,
    added: &mut Vec<Tie>,
    is_meant: impl Fn(&Tie) -> bool,
    other: impl Fn(&Tie) -> Tie,
) -> Vec<Tie> {
    let moved = added.extract_if(.., |it| is_meant(it) && removed.contains(&other(it)));
    let moved: Vec<Tie> = moved.collect();
    removed.retain(|it| moved.iter().all(|tie| other(tie) != *it));
    moved.iter().map(Tie::counting).collect()
}

impl Books {
    /// Returns the ties by hand whose settlement and credit are there.
    pub fn by_hand(&self) -> impl Iterator<Item = Tie> {
        let stands = self.stands();
        self.all_by_hand().filter(stands)
    }

    /// Returns the ties by hand, as they count, each pair once: where one waits beside one that counts
    /// (somebody else wrote it), the latter is meant.
    fn all_by_hand(&self) -> impl Iterator<Item = Tie> {
        let by_hand = || self.ties.iter().filter(|tie| tie.rule == Rule::ByHand);
        let pair = |tie: &Tie| (tie.settlement.clone(), tie.credit.clone());
        let counting: HashSet<_> = by_hand().map(pair).collect();
        by_hand()
            .filter(move |tie| {
                !tie.settlement.waits() || !counting.contains(&pair(&tie.counting()))
            })
            .map(Tie::counting)
    }

    /// Returns the question whether the settlement and the credit of a tie are there.
    fn stands(&self) -> impl Fn(&Tie) -> bool {
        let settlements: HashSet<&SettlementId> =
            self.settlements.iter().map(|it| &it.id).collect();
        let credits: HashSet<&str> = self.credits.iter().map(|it| it.key.as_str()).collect();
        move |tie: &Tie| {
            let is_owed = match tie.settlement.kind.as_str() {
                INVOICE | ORDER => self.bills_there.contains(&tie.settlement),
                _ => settlements.contains(&tie.settlement),
            };
            is_owed && credits.contains(tie.credit.as_str())
        }
    }

    /// Returns what people call the settlement, invoice or order of a tie, and its credit.
    pub fn names(&self, tie: &Tie) -> (String, String) {
        let id = &tie.settlement;
        let settlement = self.settlements.iter().find(|it| it.id == *id);
        let bill = self.bills.iter().find(|it| it.id == *id);
        let credit = self.credits.iter().find(|it| it.key == tie.credit);
        let owed = settlement.map(|it| settlement_name(it, &self.settlements));
        let owed = owed.or_else(|| bill.map(Bill::name));
        (
            owed.unwrap_or_else(|| format!("{}/{}", id.kind, id.key)),
            credit.map_or_else(|| tie.credit.clone(), credit_name),
        )
    }

    /// Returns what is to change about the stored ties. `said` is what somebody says by hand now; it
    /// takes the place of what was said of the same settlement and credit before.
    pub fn changes(&self, said: &Said) -> Changes {
        let is_said = |tie: &Tie| {
            let mut all = said.ties.iter().chain(&said.taken_back);
            all.any(|it| it.settlement == tie.settlement && it.credit == tie.credit)
        };
        let kept = self.all_by_hand().filter(|tie| !is_said(tie));
        let (mut wanted, waiting): (Vec<Tie>, Vec<Tie>) = kept.partition(self.stands());
        wanted.extend(said.ties.iter().cloned());
        let by_rules = decide(&self.settlements, &self.credits, &wanted);
        let bills = self.bills_paid(&wanted);
        wanted.extend(by_rules);
        wanted.extend(bills);
        wanted.extend(waiting.iter().map(Tie::waiting));
        Changes::between(&self.ties, &wanted)
    }

    /// Returns the ties of customers' payments; what was tied by hand is left to that.
    fn bills_paid(&self, by_hand: &[Tie]) -> Vec<Tie> {
        let is_free = |it: &Match| {
            by_hand.iter().all(|tie| {
                let is_its = tie.settlement == it.bill || tie.settlement == it.debt();
                match tie.amount.is_zero() {
                    true => !(is_its && tie.credit == it.credit),
                    false => !is_its && tie.credit != it.credit,
                }
            })
        };
        let free: Vec<Match> = self.matches.iter().filter(|it| is_free(it)).cloned().collect();
        tie_bills(&free)
    }
}
