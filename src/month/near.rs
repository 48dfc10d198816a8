//! A late settlement and a credit of its sender that nothing explains, where they have only each other:
//! perhaps they belong together, as a corrected borderou and the money for the one before it do.
//!
//! A hint for people, never a tie: their amounts differ.

use std::collections::HashSet;

use rust_decimal::Decimal;
use serde::Serialize;

use super::{Arrived, CUSTOMERS, Facts, State};
use crate::tie::{Credit, Settlement, SettlementId, credit_name, settlement_name};

/// What may belong to a settlement or a credit, although their amounts differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Perhaps {
    /// What the credit is called beside a settlement, and the settlement beside a credit.
    pub name: String,
    /// The credit less the settlement.
    pub difference: Decimal,
}

/// A late settlement and an open credit that have only each other.
pub(super) struct Near<'f> {
    pub(super) settlement: &'f Settlement,
    pub(super) credit: &'f Credit,
    all: &'f [Settlement],
}

impl Near<'_> {
    pub(super) fn beside_settlement(&self) -> Perhaps {
        Perhaps { name: credit_name(self.credit), difference: self.difference() }
    }

    pub(super) fn beside_credit(&self) -> Perhaps {
        let name = settlement_name(self.settlement, self.all);
        Perhaps { name, difference: self.difference() }
    }

    fn difference(&self) -> Decimal {
        self.credit.amount - self.settlement.amount
    }
}

/// Returns the late settlements that exactly one open credit is near, and which is near no other one.
/// `all` are the settlements of the facts, in the same order.
pub(super) fn near<'f>(facts: &'f Facts, all: &'f [Settlement]) -> Vec<Near<'f>> {
    let apart: HashSet<(&SettlementId, &str)> =
        facts.apart.iter().map(|(id, credit)| (id, credit.as_str())).collect();
    let is_open = |it: &&Arrived| {
        it.tied.is_zero() && it.credit.sender != CUSTOMERS && it.credit.names.is_none()
    };
    let late = all.iter().zip(&facts.settlements).filter(|(_, it)| it.state == State::Late);
    let late: Vec<&Settlement> = late.map(|(settlement, _)| settlement).collect();
    let open: Vec<&Credit> = facts.credits.iter().filter(is_open).map(|it| &it.credit).collect();
    let fits = |settlement: &Settlement, credit: &Credit| {
        settlement.is_near(credit) && !apart.contains(&(&settlement.id, credit.key.as_str()))
    };
    let mut near = Vec::new();
    for settlement in &late {
        let mut credits = open.iter().filter(|credit| fits(settlement, credit));
        let (Some(credit), None) = (credits.next(), credits.next()) else { continue };
        if late.iter().filter(|it| fits(it, credit)).count() == 1 {
            near.push(Near { settlement, credit, all });
        }
    }
    near
}
