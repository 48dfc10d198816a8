//! Credits whose text names the settlement.

use std::collections::HashMap;

use super::{Open, Rule};

/// Ties each settlement to the credit that names it and has its amount. Where credits name it and none
/// has its amount, all of them pay it: what they differ by shows in the sum.
///
/// A credit that names a settlement pays no other one, also where the one that it names is not here.
pub(super) fn tie(open: &mut Open<'_>) {
    let mut naming: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, credit) in open.unused() {
        if let Some(name) = &credit.names {
            naming.entry(name).or_default().push(place);
        }
    }
    let unpaid: Vec<_> = open.unpaid().collect();
    for (place, settlement) in unpaid {
        let named = settlement.name().and_then(|name| naming.get(name));
        let credits =
            named.into_iter().flatten().filter_map(|at| Some((*at, *open.credits.get(*at)?)));
        let credits = credits.filter(|(_, credit)| open.may_pay(credit, settlement));
        let credits: Vec<_> = credits.collect();
        let equal = credits.iter().find(|(_, credit)| credit.amount == settlement.amount);
        let paying = equal.map_or(credits.as_slice(), std::slice::from_ref);
        for (at, credit) in paying {
            open.tie(place, *at, credit.amount, Rule::Named);
        }
    }
    naming.into_values().flatten().for_each(|place| open.use_up(place));
}
