//! Rows of a statement and known rows → as many pairs as there can be, whatever their order.
//!
//! A column that is missing on one side contradicts nothing, so a row may fit several known ones, and
//! the known row that it takes is lost for the others. Were each row given the first that fits, the
//! order of the rows would decide how many find one. Rows that say one thing are one node here; a known
//! row is reached over what both sides have, so that nothing is compared pair by pair.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::flow::{Network, SINK, SOURCE};
use super::{Candidate, Fate, Known};
use crate::row::Said;

/// What a known row beyond those that say the same costs: another wording is the second choice.
const REWORDED: u32 = 1;

/// Matches rows with known rows, one to one: as many as possible that say the same; then, without one
/// of these less, as many as possible that agree on account and bank reference.
///
/// Returns what became of each row that found one, and the known rows that nobody took, both in their
/// order. Of rows that say one thing, the first find one before the last.
pub(super) fn matched<'k>(
    rows: &[Candidate],
    known: &'k [Known],
) -> (Vec<Option<Fate>>, Vec<&'k Known>) {
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

/// Rows of one side that say one thing.
struct Alike<T> {
    what: T,
    /// Their numbers, in their order.
    members: Vec<usize>,
}

/// Puts rows that say one thing together, in the order in which the first of each comes.
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

/// Where rows with some columns and known rows with some columns meet: at what they say alike in those
/// that both have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Meeting {
    /// Only firm columns count.
    firmly: bool,
    columns: u16,
    known_columns: u16,
    says: Said,
}

impl Meeting {
    fn of(firmly: bool, columns: u16, known_columns: u16, says: Said) -> Self {
        let counting = if firmly { says.firm_columns() } else { u16::MAX };
        let (columns, known_columns) = (columns & counting, known_columns & counting);
        Self { firmly, columns, known_columns, says: says.only(columns & known_columns) }
    }
}

/// Sends the rows to the known ones. Returns of how many rows of each kind there is one that says the
/// same, and one in other words; and how many known rows of each kind were taken.
fn fill(rows: &[Alike<(Said, bool)>], known: &[Alike<Said>]) -> (Vec<(usize, usize)>, Vec<usize>) {
    let columns = distinct(rows.iter().map(|row| row.what.0.columns()));
    let known_columns = distinct(known.iter().map(|known| known.what.columns()));
    let mut network = Network::new();
    let mut meetings: HashMap<Meeting, usize> = HashMap::new();
    let mut ways = Vec::with_capacity(rows.len());
    for row in rows {
        let ((says, bank_reference), room) = (row.what, row.members.len() as u32);
        let node = network.node();
        network.arc(SOURCE, node, room, 0);
        let mut to = |firmly, cost| -> Vec<usize> {
            let meeting = |theirs: &u16| Meeting::of(firmly, says.columns(), *theirs, says);
            let arcs = known_columns.iter().map(meeting).map(|meeting| {
                let place = *meetings.entry(meeting).or_insert_with(|| network.node());
                network.arc(node, place, room, cost)
            });
            arcs.collect()
        };
        ways.push((to(false, 0), if bank_reference { to(true, REWORDED) } else { Vec::new() }));
    }
    let mut taken = Vec::with_capacity(known.len());
    for known in known {
        let (says, room) = (known.what, known.members.len() as u32);
        let node = network.node();
        for firmly in [false, true] {
            let meeting = |ours: &u16| Meeting::of(firmly, *ours, says.columns(), says);
            for place in columns.iter().map(meeting).filter_map(|it| meetings.get(&it)) {
                network.arc(*place, node, room, 0);
            }
        }
        taken.push(network.arc(node, SINK, room, 0));
    }
    network.fill(REWORDED);
    let count = |arcs: &[usize]| arcs.iter().map(|arc| network.taken(*arc) as usize).sum();
    let found = ways.iter().map(|(same, reworded)| (count(same), count(reworded)));
    let taken = taken.iter().map(|arc| count(std::slice::from_ref(arc)));
    (found.collect(), taken.collect())
}

/// Returns which columns rows have, each set once, the fullest first: what is missing nowhere is to be
/// matched before what fits many.
fn distinct(columns: impl Iterator<Item = u16>) -> Vec<u16> {
    let mut distinct: Vec<u16> = columns.collect::<HashSet<_>>().into_iter().collect();
    distinct.sort_unstable_by_key(|it| (std::cmp::Reverse(it.count_ones()), *it));
    distinct
}
