//! Entries of a bucket and what is stored → what becomes of each.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::bucket::{Bucket, Member};
use crate::decide::{Candidate, Fate, Known, decide};
use crate::identity::Key;
use crate::row::Said;

/// What becomes of a bucket's entries, each by its number in the bucket.
#[derive(Debug, Default)]
pub struct Plan {
    /// What goes in, in the order of the keys.
    pub new: Vec<(Key, u32)>,
    /// What is there already.
    pub duplicates: Vec<u32>,
    /// Of these, what the bank worded differently.
    pub reworded: Vec<u32>,
    /// What collides, with the key that it collides with.
    pub conflicts: Vec<(Key, u32)>,
    /// New entries of an interim report (MT942) that nothing would tell from their booked selves.
    pub unbooked: Vec<u32>,
}

/// The entries of a bucket on their way to a decision.
///
/// It is decided at first as if nothing were stored. The caller looks the [`wanted`](Self::wanted)
/// keys up, [tells](Self::learn) what is stored under them, and asks again until nothing is wanted:
/// then the chunk is [settled](Self::settle).
#[derive(Debug)]
pub struct Chunk {
    bucket: Arc<Bucket>,
    /// Members that may be the same, as ranges.
    groups: Vec<Range<usize>>,
    fates: Vec<Fate>,
    /// The groups that may still want a key, by number.
    open: Vec<usize>,
    /// Keys of second and further occurrences that are wanted first, and the group of each.
    twins: HashMap<Key, usize>,
    /// The first keys were asked for: those of first occurrences, and of the twins.
    has_asked: bool,
    /// The further keys that were asked for.
    asked: HashSet<Key>,
    stored: HashMap<Key, Said>,
}

impl Chunk {
    /// Decides as if nothing were stored.
    pub fn new(bucket: Bucket) -> Self {
        let members = bucket.members();
        let mut start = 0;
        let groups: Vec<Range<usize>> = members
            .chunk_by(|a, b| a.key == b.key)
            .map(|group| {
                start += group.len();
                start - group.len()..start
            })
            .collect();
        let mut chunk = Self {
            fates: vec![Fate::New(1); members.len()],
            bucket: Arc::new(bucket),
            open: (0..groups.len()).filter(|it| is_several(groups.get(*it))).collect(),
            groups,
            twins: HashMap::new(),
            has_asked: false,
            asked: HashSet::new(),
            stored: HashMap::new(),
        };
        for number in chunk.open.clone() {
            let twins = chunk.twins_of(number);
            chunk.twins.extend(twins.into_iter().map(|key| (key, number)));
        }
        chunk.decide_open();
        chunk
    }

    /// Returns the entries that it decides about.
    pub fn bucket(&self) -> Arc<Bucket> {
        Arc::clone(&self.bucket)
    }

    /// Returns the first and the last of the first keys that are wanted.
    pub fn range(&self) -> Option<(Key, Key)> {
        let members = self.bucket.members();
        Some((members.first()?.key, members.last()?.key))
    }

    /// Returns the keys that must be looked up, in their order; none when every group is settled.
    ///
    /// No key is planned that was not looked up, and a group is settled only when every row found
    /// its like or the key after the last stored one is known to be free.
    pub fn wanted(&mut self) -> Vec<Key> {
        let mut wanted: Vec<Key> = Vec::new();
        if self.has_asked {
            let mut open = std::mem::take(&mut self.open);
            open.retain(|number| {
                let missing = self.missing(*number);
                wanted.extend_from_slice(&missing);
                !missing.is_empty()
            });
            self.open = open;
        } else {
            wanted.extend(self.groups.iter().filter_map(|group| Some(self.first(group)?.key)));
            wanted.extend(self.twins.keys());
        }
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    /// Takes in what is stored under the keys wanted, and decides what becomes of the entries.
    pub fn learn(&mut self, wanted: Vec<Key>, stored: HashMap<Key, Said>) {
        if self.has_asked {
            self.asked.extend(wanted);
        } else {
            let mut touched: HashSet<usize> = self.open.drain(..).collect();
            touched.extend(stored.keys().filter_map(|key| self.group_of(key)));
            self.open = touched.into_iter().collect();
            self.has_asked = true;
        }
        self.stored.extend(stored);
        self.decide_open();
    }

    fn group_of(&self, key: &Key) -> Option<usize> {
        let first = |group: &Range<usize>| self.first(group).map(|member| member.key);
        let plain = self.groups.binary_search_by(|group| first(group).cmp(&Some(*key)));
        plain.ok().or_else(|| self.twins.get(key).copied())
    }

    fn first(&self, group: &Range<usize>) -> Option<&Member> {
        self.bucket.members().get(group.start)
    }

    fn members(&self, number: usize) -> &[Member] {
        let group = self.groups.get(number).cloned().unwrap_or_default();
        self.bucket.members().get(group).unwrap_or_default()
    }

    fn twins_of(&self, number: usize) -> Vec<Key> {
        let members = self.members(number);
        let first = members.first();
        let keys = (2..=most_in_one_statement(members))
            .filter_map(|occurrence| self.bucket.key(first?, occurrence));
        keys.collect()
    }

    fn missing(&self, number: usize) -> Vec<Key> {
        let Some(first) = self.members(number).first() else {
            return Vec::new();
        };
        let key = |occurrence| self.bucket.key(first, occurrence);
        let fates = self.groups.get(number).and_then(|group| self.fates.get(group.clone()));
        let fates = fates.unwrap_or_default();
        let planned = fates.iter().filter_map(|fate| match fate {
            Fate::New(occurrence) => key(*occurrence),
            _ => None,
        });
        let mut missing: Vec<Key> = planned.filter(|key| !self.is_asked(first, key)).collect();
        if fates.iter().any(|fate| *fate != Fate::Same) {
            let keys = (1..).map_while(key);
            let last = keys.take_while(|key| self.is_asked(first, key)).enumerate().last();
            if let Some((at, last)) = last
                && self.stored.contains_key(&last)
            {
                missing.extend(key(at as u32 + 2));
            }
        }
        missing
    }

    fn is_asked(&self, first: &Member, key: &Key) -> bool {
        self.has_asked && (first.key == *key || self.twins.contains_key(key))
            || self.asked.contains(key)
    }

    fn decide_open(&mut self) {
        let this = &*self;
        let decided: Vec<(usize, Vec<Fate>)> =
            this.open.par_iter().map(|number| (*number, this.decide(*number))).collect();
        for (number, decided) in decided {
            let group = self.groups.get(number).cloned().unwrap_or_default();
            if let Some(fates) = self.fates.get_mut(group) {
                fates.copy_from_slice(&decided);
            }
        }
    }

    fn decide(&self, number: usize) -> Vec<Fate> {
        let members = self.members(number);
        let known = self.known(members);
        if known.is_empty() && most_in_one_statement(members) as usize == members.len() {
            return (1..=members.len() as u32).map(Fate::New).collect();
        }
        let candidates: Vec<Candidate> = members
            .iter()
            .filter_map(|member| {
                let (says, bank_reference) = self.bucket.says(member)?;
                Some(Candidate { statement: member.statement as usize, says, bank_reference })
            })
            .collect();
        decide(&candidates, known)
    }

    fn known(&self, members: &[Member]) -> Vec<Known> {
        let Some(first) = members.first().filter(|_| !self.stored.is_empty()) else {
            return Vec::new();
        };
        (1..)
            .map_while(|k| self.bucket.key(first, k).filter(|key| self.is_asked(first, key)))
            .zip(1..)
            .filter_map(|(key, occurrence)| {
                Some(Known { occurrence, says: *self.stored.get(&key)? })
            })
            .collect()
    }

    /// Returns the plan.
    ///
    /// A reference that ends in `#2` can make the key of another reference's twin: of two entries
    /// with one key the later is in conflict with the earlier.
    pub fn settle(self) -> Plan {
        let mut plan = Plan::default();
        for ((member, fate), number) in self.bucket.members().iter().zip(&self.fates).zip(0..) {
            let key = |occurrence| match occurrence {
                1 => member.key,
                k => self.bucket.key(member, k).unwrap_or(member.key),
            };
            match *fate {
                Fate::New(_) | Fate::Conflict(_) if self.bucket.is_unbooked(member) => {
                    plan.unbooked.push(number);
                }
                Fate::New(occurrence) => plan.new.push((key(occurrence), number)),
                Fate::Conflict(occurrence) => plan.conflicts.push((key(occurrence), number)),
                Fate::Same => plan.duplicates.push(number),
                Fate::Reworded => {
                    plan.duplicates.push(number);
                    plan.reworded.push(number);
                }
            }
        }
        plan.new.par_sort_unstable();
        let mut last = None;
        let conflicts = &mut plan.conflicts;
        plan.new.retain(|(key, number)| {
            let free = last.replace(*key) != Some(*key);
            if !free {
                conflicts.push((*key, *number));
            }
            free
        });
        plan
    }
}

fn is_several(group: Option<&Range<usize>>) -> bool {
    group.is_some_and(|group| group.len() > 1)
}

/// Returns how many of the entries, which are in the order of their statements, stand in one.
fn most_in_one_statement(members: &[Member]) -> u32 {
    let runs = members.chunk_by(|a, b| a.statement == b.statement);
    runs.map(<[Member]>::len).max().unwrap_or(0) as u32
}
