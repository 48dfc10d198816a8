//! Entries of statements → a plan: which go in under which key, which are there, which collide.
//!
//! Works on keys alone: until its row is needed, an entry costs a few bytes here. Groups of entries
//! that may be the same are settled a chunk at a time, so memory does not grow with what is stored.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use rayon::prelude::*;

use crate::decide::{Candidate, Fate, Known, decide};
use crate::identity::{Key, reference, transaction_key};
use crate::pages::statements_of;
use crate::record::{Entry, Statement, StatementKind};
use crate::row::{BankTransaction, Row, Said};

/// Entries that are looked up in the table at once: large enough that the round trip does not
/// matter, small enough that what is stored of them fits in a few megabytes.
const CHUNK_ENTRIES: usize = 8192;

/// An entry by its place: the message it stands in, and its index there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryAt {
    message: u32,
    entry: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Keyed {
    /// The key of a first occurrence: equal for entries of the same three parts.
    key: Key,
    statement: u32,
    at: EntryAt,
}

/// What becomes of a file's entries.
#[derive(Debug, Default)]
pub struct Plan {
    /// What goes in, in the order of the keys.
    pub new: Vec<(Key, EntryAt)>,
    /// How many are there already.
    pub duplicates: u64,
    /// How many of these the bank worded differently.
    pub reworded: u64,
    /// What collides, with the key that it collides with, in the order of the file.
    pub conflicts: Vec<(Key, EntryAt)>,
    /// New entries of an interim report (MT942) that nothing would tell from their booked selves.
    pub unbooked: Vec<EntryAt>,
}

/// The entries of a file in the order of their keys.
#[derive(Debug)]
pub struct Entries<'s> {
    messages: &'s [Statement<'s>],
    keyed: Vec<Keyed>,
}

impl<'s> Entries<'s> {
    /// Hashes the entries of the messages, on all cores.
    pub fn of(messages: &'s [Statement<'s>]) -> Self {
        let numbered: Vec<(u32, u32, &Statement<'s>)> = messages
            .iter()
            .zip(statements_of(messages))
            .enumerate()
            .map(|(message, (statement, number))| {
                // Booked statements first, wherever they stand: an interim report is known by them.
                let interim = statement.kind == StatementKind::Interim;
                let place = number + if interim { messages.len() } else { 0 };
                (message as u32, place as u32, statement)
            })
            .collect();
        let mut keyed: Vec<Keyed> = numbered
            .par_iter()
            .flat_map(|(message, number, statement)| {
                statement.entries.par_iter().enumerate().map(|(index, entry)| Keyed {
                    key: key_of(statement, entry, 1),
                    statement: *number,
                    at: EntryAt { message: *message, entry: index as u32 },
                })
            })
            .collect();
        keyed.par_sort_unstable();
        Self { messages, keyed }
    }

    /// Returns the entries in chunks; entries that may be the same are in the same chunk.
    pub fn chunks(&self) -> impl Iterator<Item = Chunk<'_, 's>> {
        let mut rest = self.keyed.as_slice();
        std::iter::from_fn(move || {
            let last = rest.get(CHUNK_ENTRIES.min(rest.len()).checked_sub(1)?)?.key;
            let (chunk, behind) =
                rest.split_at_checked(rest.partition_point(|it| it.key <= last))?;
            rest = behind;
            Some(Chunk::new(self, chunk))
        })
    }

    /// Returns an entry as it stands in its file, and its line.
    pub fn raw(&self, at: EntryAt) -> Option<(&'s str, u32)> {
        self.get(at).map(|(_, entry)| (entry.raw, entry.line))
    }

    /// Returns the row of an entry under its key; its narrative is read here.
    pub fn row(&self, key: Key, at: EntryAt) -> Option<BankTransaction<'_>> {
        let (statement, entry) = self.get(at)?;
        Some(BankTransaction::of(statement, entry, key))
    }

    fn get(&self, at: EntryAt) -> Option<(&'s Statement<'s>, &'s Entry<'s>)> {
        let statement = self.messages.get(at.message as usize)?;
        Some((statement, statement.entries.get(at.entry as usize)?))
    }

    /// Returns whether the entry comes again in a statement, and the bank gave it no reference yet
    /// to know it by then.
    fn is_unbooked(&self, at: EntryAt) -> bool {
        self.get(at).is_some_and(|(statement, entry)| {
            statement.kind == StatementKind::Interim && !reference(entry, &statement.account).1
        })
    }

    fn key(&self, at: EntryAt, occurrence: u32) -> Option<Key> {
        self.get(at).map(|(statement, entry)| key_of(statement, entry, occurrence))
    }
}

fn key_of(statement: &Statement<'_>, entry: &Entry<'_>, occurrence: u32) -> Key {
    let (reference, _) = reference(entry, &statement.account);
    transaction_key(entry.value_date, &reference, occurrence, entry.amount)
}

/// A part of the entries on its way to a decision.
///
/// The caller looks the [`wanted`](Self::wanted) keys up, [tells](Self::learn) what is stored under
/// them, and asks again until nothing is wanted: then the chunk is [settled](Self::settle).
#[derive(Debug)]
pub struct Chunk<'c, 's> {
    entries: &'c Entries<'s>,
    members: &'c [Keyed],
    fates: Vec<Fate>,
    /// The groups that are not settled, as ranges of the members.
    open: Vec<Range<usize>>,
    asked: HashSet<Key>,
    stored: HashMap<Key, Said>,
}

impl<'c, 's> Chunk<'c, 's> {
    fn new(entries: &'c Entries<'s>, members: &'c [Keyed]) -> Self {
        let mut open = Vec::with_capacity(members.len());
        let mut start = 0;
        for group in members.chunk_by(|a, b| a.key == b.key) {
            open.push(start..start + group.len());
            start += group.len();
        }
        let fates = vec![Fate::New(0); members.len()];
        Self { entries, members, fates, open, asked: HashSet::new(), stored: HashMap::new() }
    }

    /// Returns the keys that must be looked up, in their order; none when every group is settled.
    ///
    /// No key is planned that was not looked up, and a group is settled only when every row found
    /// its like or the key after the last stored one is known to be free.
    pub fn wanted(&mut self) -> Vec<Key> {
        let mut wanted = Vec::new();
        let mut open = std::mem::take(&mut self.open);
        open.retain(|group| {
            let missing = self.missing(group.clone());
            wanted.extend_from_slice(&missing);
            !missing.is_empty()
        });
        self.open = open;
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    fn missing(&self, group: Range<usize>) -> Vec<Key> {
        let members = self.members.get(group.clone()).unwrap_or_default();
        let fates = self.fates.get(group).unwrap_or_default();
        let Some(first) = members.first() else {
            return Vec::new();
        };
        let key = |occurrence| self.entries.key(first.at, occurrence);
        if !self.asked.contains(&first.key) {
            return (1..=most_in_one_statement(members)).filter_map(key).collect();
        }
        let planned = fates.iter().filter_map(|fate| match fate {
            Fate::New(occurrence) => key(*occurrence),
            _ => None,
        });
        let mut missing: Vec<Key> = planned.filter(|key| !self.asked.contains(key)).collect();
        if fates.iter().any(|fate| *fate != Fate::Same) {
            let keys = (1..).map_while(key);
            let last = keys.take_while(|key| self.asked.contains(key)).enumerate().last();
            if let Some((at, last)) = last
                && self.stored.contains_key(&last)
            {
                missing.extend(key(at as u32 + 2));
            }
        }
        missing
    }

    /// Takes in what is stored under the keys wanted, and decides what becomes of the entries.
    pub fn learn(&mut self, wanted: Vec<Key>, stored: HashMap<Key, Said>) {
        self.asked.extend(wanted);
        self.stored.extend(stored);
        let this = &*self;
        let decided: Vec<(Range<usize>, Vec<Fate>)> = this
            .open
            .par_iter()
            .filter_map(|group| {
                Some((group.clone(), this.decide(this.members.get(group.clone())?)))
            })
            .collect();
        for (group, decided) in decided {
            if let Some(fates) = self.fates.get_mut(group) {
                fates.copy_from_slice(&decided);
            }
        }
    }

    fn decide(&self, members: &[Keyed]) -> Vec<Fate> {
        let known = self.known(members);
        if known.is_empty() && most_in_one_statement(members) as usize == members.len() {
            return (1..=members.len() as u32).map(Fate::New).collect();
        }
        let candidates: Vec<Candidate> = members
            .iter()
            .filter_map(|it| {
                let (statement, entry) = self.entries.get(it.at)?;
                Some(Candidate {
                    statement: it.statement as usize,
                    says: BankTransaction::of(statement, entry, it.key).says(),
                    bank_reference: reference(entry, &statement.account).1,
                })
            })
            .collect();
        decide(&candidates, known)
    }

    fn known(&self, members: &[Keyed]) -> Vec<Known> {
        let Some(first) = members.first() else {
            return Vec::new();
        };
        (1..)
            .map_while(|k| self.entries.key(first.at, k).filter(|key| self.asked.contains(key)))
            .zip(1..)
            .filter_map(|(key, occurrence)| {
                Some(Known { occurrence, says: self.stored.get(&key)?.clone() })
            })
            .collect()
    }

    /// Adds what was decided to the plan.
    pub fn settle(self, plan: &mut Plan) {
        for (member, fate) in self.members.iter().zip(&self.fates) {
            let key = |occurrence| self.entries.key(member.at, occurrence).unwrap_or(member.key);
            match *fate {
                Fate::New(_) | Fate::Conflict(_) if self.entries.is_unbooked(member.at) => {
                    plan.unbooked.push(member.at);
                }
                Fate::New(1) => plan.new.push((member.key, member.at)),
                Fate::New(occurrence) => plan.new.push((key(occurrence), member.at)),
                Fate::Conflict(occurrence) => plan.conflicts.push((key(occurrence), member.at)),
                Fate::Same | Fate::Reworded => {
                    plan.duplicates += 1;
                    plan.reworded += u64::from(*fate == Fate::Reworded);
                }
            }
        }
    }
}

impl Plan {
    /// Puts the plan in order, once every chunk is settled.
    ///
    /// A reference that ends in `#2` can make the key of another reference's twin: of two entries
    /// with one key the later is in conflict with the earlier.
    pub fn finish(&mut self) {
        self.new.par_sort_unstable();
        let mut last = None;
        let conflicts = &mut self.conflicts;
        self.new.retain(|(key, at)| {
            let free = last.replace(*key) != Some(*key);
            if !free {
                conflicts.push((*key, *at));
            }
            free
        });
        conflicts.sort_unstable_by_key(|(_, at)| *at);
        self.unbooked.sort_unstable();
    }
}

/// Returns how many of the entries, which are in the order of their statements, stand in one.
fn most_in_one_statement(members: &[Keyed]) -> u32 {
    let runs = members.chunk_by(|a, b| a.statement == b.statement);
    runs.map(<[Keyed]>::len).max().unwrap_or(0) as u32
}
