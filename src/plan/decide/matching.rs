//! Rows of a statement and known rows → as many pairs as there can be, whatever their order.
//!
//! A column that is missing on one side contradicts nothing, so a row may fit several known rows,
//! and a known row may fit several rows but match only one. If each row simply took the first known
//! row that fits, the order of the rows would decide how many find a match. So the rows are sent
//! through a network (`flow.rs`) to the known rows. Rows that say the same are one node. Between
//! rows and known rows stand nodes for what both sides say in the columns that both have
//! (`Agreement`); so rows and known rows need not be compared pair by pair.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::flow::{Network, SINK, SOURCE};
use crate::plan::decide::{Candidate, Fate, KnownRow};
use crate::row::Said;

/// What a match in other words costs; one that says the same costs nothing, so it is preferred.
const REWORDED: u32 = 1;

/// Matches rows with known rows, one to one: first as many as possible that say the same; then,
/// without giving up any of these, as many as possible that agree on account and bank reference.
///
/// Returns the fate of each row that has a match, and the known rows that have none, both in their
/// order. Where not all rows that say the same find a match, the first ones do.
pub(super) fn matched<'k>(
    rows: &[Candidate],
    known: &'k [KnownRow],
) -> (Vec<Option<Fate>>, Vec<&'k KnownRow>) {
    let mut fates = vec![None; rows.len()];
    if known.is_empty() {
        return (fates, Vec::new());
    }
    if let ([row], [one]) = (rows, known) {
        let fate = match row.says.agrees(&one.says) {
            true => Some(Fate::Same),
            false if row.bank_reference && row.says.agrees_firmly(&one.says) => {
                Some(Fate::Reworded)
            }
            false => None,
        };
        return (vec![fate], known.iter().filter(|_| fate.is_none()).collect());
    }
    let ours = alike(rows.iter().map(|row| (row.says, row.bank_reference)));
    let theirs = alike(known.iter().map(|known| known.says));
    let (found, taken) = fill(&ours, &theirs);
    for (row, (same, reworded)) in ours.into_iter().zip(found) {
        let found = [(Fate::Same, same), (Fate::Reworded, reworded)];
        let found = found.into_iter().flat_map(|(fate, count)| std::iter::repeat_n(fate, count));
        for (member, fate) in row.members.into_iter().zip(found) {
            fates.get_mut(member).into_iter().for_each(|slot| *slot = Some(fate));
        }
    }
    let taken: HashSet<usize> = theirs
        .into_iter()
        .zip(taken)
        .flat_map(|(known, count)| known.members.into_iter().take(count))
        .collect();
    let free = known.iter().enumerate().filter(|(number, _)| !taken.contains(number));
    (fates, free.map(|(_, known)| known).collect())
}

/// Rows of one side (rows of the statement, or known rows) that say the same.
struct Alike<T> {
    what: T,
    /// The rows' numbers, in their order.
    members: Vec<usize>,
}

/// Puts rows that say the same together; the groups are in the order of their first rows.
fn alike<T: Copy + Eq + Hash>(rows: impl Iterator<Item = T>) -> Vec<Alike<T>> {
    let mut all: Vec<Alike<T>> = Vec::new();
    let mut numbers: HashMap<T, usize> = HashMap::new();
    for (member, what) in rows.enumerate() {
        let number = *numbers.entry(what).or_insert(all.len());
        match all.get_mut(number) {
            Some(alike) => alike.members.push(member),
            None => all.push(Alike { what, members: vec![member] }),
        }
    }
    all
}

/// What a row and a known row both say, in the columns that both have. Each value is a node of the
/// network, at which all rows and known rows that agree on it meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Agreement {
    /// Whether only the firm columns are compared.
    firmly: bool,
    columns: u16,
    known_columns: u16,
    says: Said,
}

impl Agreement {
    fn of(firmly: bool, columns: u16, known_columns: u16, says: Said) -> Self {
        let counting = if firmly { says.firm_columns() } else { u16::MAX };
        let (columns, known_columns) = (columns & counting, known_columns & counting);
        Self { firmly, columns, known_columns, says: says.only(columns & known_columns) }
    }
}

/// Sends the rows to the known rows. Returns for each group of `rows` how many found a known row
/// that says the same, and how many one in other words; and for each group of `known` how many were
/// taken.
fn fill(rows: &[Alike<(Said, bool)>], known: &[Alike<Said>]) -> (Vec<(usize, usize)>, Vec<usize>) {
    let columns = distinct(rows.iter().map(|row| row.what.0.columns()));
    let known_columns = distinct(known.iter().map(|known| known.what.columns()));
    let mut network = Network::new();
    let mut agreements: HashMap<Agreement, usize> = HashMap::new();
    let mut ways = Vec::with_capacity(rows.len());
    for row in rows {
        let ((says, bank_reference), room) = (row.what, row.members.len() as u32);
        let node = network.node();
        network.edge(SOURCE, node, room, 0);
        let mut to = |firmly, cost| -> Vec<usize> {
            let agreement = |theirs: &u16| Agreement::of(firmly, says.columns(), *theirs, says);
            let edges = known_columns.iter().map(agreement).map(|agreement| {
                let place = *agreements.entry(agreement).or_insert_with(|| network.node());
                network.edge(node, place, room, cost)
            });
            edges.collect()
        };
        ways.push((to(false, 0), if bank_reference { to(true, REWORDED) } else { Vec::new() }));
    }
    let mut taken = Vec::with_capacity(known.len());
    for known in known {
        let (says, room) = (known.what, known.members.len() as u32);
        let node = network.node();
        for firmly in [false, true] {
            let agreement = |ours: &u16| Agreement::of(firmly, *ours, says.columns(), says);
            for place in columns.iter().map(agreement).filter_map(|it| agreements.get(&it)) {
                network.edge(*place, node, room, 0);
            }
        }
        taken.push(network.edge(node, SINK, room, 0));
    }
    network.fill(REWORDED);
    let count = |edges: &[usize]| edges.iter().map(|edge| network.taken(*edge) as usize).sum();
    let found = ways.iter().map(|(same, reworded)| (count(same), count(reworded)));
    let taken = taken.iter().map(|edge| count(std::slice::from_ref(edge)));
    (found.collect(), taken.collect())
}

/// Returns the sets of columns that rows have, each set once, the fullest first: a row with all
/// columns fits few others, so it is to be matched before a row that fits many.
fn distinct(columns: impl Iterator<Item = u16>) -> Vec<u16> {
    let mut distinct: Vec<u16> = columns.collect::<HashSet<_>>().into_iter().collect();
    distinct.sort_unstable_by_key(|it| (std::cmp::Reverse(it.count_ones()), *it));
    distinct
}
