//! Entries of a bucket and what is stored → what becomes of each.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use rayon::prelude::*;

use super::bucket::{Bucket, Member};
use crate::decide::{Candidate, Fate, Known, decide};
use crate::fault::Impossible;
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
    /// What the rows say that entries collide with, stored ones and new ones.
    collided: KeyMap<Said>,
}

impl Plan {
    /// Returns what the row says that entries collide with under a key.
    ///
    /// # Errors
    ///
    /// A key that none collides with.
    pub fn says_under(&self, key: Key) -> Result<Said, Impossible> {
        let says = self.collided.get(&key).copied();
        says.ok_or_else(|| Impossible::new("a conflict with a row that says nothing"))
    }
}

/// The entries of a bucket on their way to a decision.
///
/// It is decided at first as if nothing were stored. The caller looks the [`wanted`](Self::wanted)
/// keys up, [tells](Self::learn) what is stored under them, and asks again until nothing is wanted:
/// then the chunk is [settled](Self::settle).
#[derive(Debug)]
pub struct Chunk {
    bucket: Arc<Bucket>,
    groups: Vec<Group>,
    fates: Vec<Fate>,
    /// The groups that may still want a key, by number.
    open: Vec<u32>,
    /// The keys that are wanted first, each with its group: those of first occurrences and of twins.
    first: KeyMap<u32>,
    /// Further groups of such keys: a reference that ends in `#2` can make the key of another's twin.
    shared: Vec<(Key, u32)>,
    /// These keys in their order.
    first_keys: Vec<Key>,
    has_asked: bool,
    stored: KeyMap<Said>,
}

/// Entries that may be the same.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// Its members in the bucket.
    start: usize,
    end: usize,
    /// How many occurrences were asked for, from the first on.
    asked: u32,
}

impl Chunk {
    /// Decides as if nothing were stored.
    ///
    /// # Errors
    ///
    /// A mistake in vama, here as in what follows.
    pub fn new(bucket: Bucket) -> Result<Self, Impossible> {
        let mut start = 0;
        let groups = bucket.members().chunk_by(|a, b| a.key == b.key).map(|members| {
            start += members.len();
            let asked = most_in_one_statement(members);
            Group { start: start - members.len(), end: start, asked }
        });
        let groups: Vec<Group> = groups.collect();
        let several = groups.iter().zip(0..).filter(|(group, _)| group.end - group.start > 1);
        let mut chunk = Self {
            fates: vec![Fate::New(1); bucket.len()],
            open: several.map(|(_, number)| number).collect(),
            first: KeyMap::with_capacity_and_hasher(groups.len(), KeyHash::default()),
            shared: Vec::new(),
            groups,
            bucket: Arc::new(bucket),
            first_keys: Vec::new(),
            has_asked: false,
            stored: KeyMap::default(),
        };
        for (group, number) in chunk.groups.iter().zip(0..) {
            let member = *chunk.first_of(group)?;
            for occurrence in 1..=group.asked {
                let key = chunk.bucket.key(&member, occurrence)?;
                let other = chunk.first.insert(key, number);
                chunk.shared.extend(other.map(|other| (key, other)));
            }
        }
        chunk.first_keys.extend(chunk.first.keys());
        chunk.first_keys.sort_unstable();
        chunk.decide_open()?;
        Ok(chunk)
    }

    /// Returns the entries that it decides about.
    pub fn bucket(&self) -> Arc<Bucket> {
        Arc::clone(&self.bucket)
    }

    /// Returns the first and the last of the keys of first occurrences.
    pub fn range(&self) -> Option<(Key, Key)> {
        let members = self.bucket.members();
        Some((members.first()?.key, members.last()?.key))
    }

    /// Returns the keys that must be looked up, in their order; none when every group is settled.
    ///
    /// No key is planned that was not looked up, and a group is settled only when every row found
    /// its like or the key after the last stored one is known to be free.
    pub fn wanted(&mut self) -> Result<Vec<Key>, Impossible> {
        if !self.has_asked {
            return Ok(std::mem::take(&mut self.first_keys));
        }
        let mut wanted: Vec<Key> = Vec::new();
        for number in std::mem::take(&mut self.open) {
            let group = *self.group(number)?;
            let needed = self.needed(&group)?;
            let first = self.first_of(&group)?;
            for occurrence in group.asked + 1..=needed {
                wanted.push(self.bucket.key(first, occurrence)?);
            }
            if needed > group.asked {
                self.open.push(number);
                let group = self.groups.get_mut(number as usize).ok_or_else(no_group)?;
                group.asked = needed;
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        Ok(wanted)
    }

    /// Takes in what is stored under the keys wanted, and decides what becomes of the entries. What is
    /// stored under other keys is left aside.
    pub fn learn(
        &mut self,
        stored: impl IntoIterator<Item = (Key, Said)>,
    ) -> Result<(), Impossible> {
        if self.has_asked {
            self.stored.extend(stored);
        } else {
            self.has_asked = true;
            for (key, says) in stored {
                if let Some(group) = self.first.get(&key) {
                    self.open.push(*group);
                    self.stored.insert(key, says);
                }
            }
            let shared = self.shared.iter().filter(|(key, _)| self.stored.contains_key(key));
            self.open.extend(shared.map(|(_, group)| *group));
            self.open.sort_unstable();
            self.open.dedup();
        }
        self.decide_open()
    }

    fn group(&self, number: u32) -> Result<&Group, Impossible> {
        self.groups.get(number as usize).ok_or_else(no_group)
    }

    fn members(&self, group: &Group) -> Result<&[Member], Impossible> {
        let members = self.bucket.members().get(group.start..group.end);
        members.ok_or_else(|| Impossible::new("a group beyond the last entry"))
    }

    fn first_of(&self, group: &Group) -> Result<&Member, Impossible> {
        self.members(group)?.first().ok_or_else(|| Impossible::new("a group without an entry"))
    }

    /// Returns how many occurrences must be asked for.
    fn needed(&self, group: &Group) -> Result<u32, Impossible> {
        let fates = self.fates.get(group.start..group.end);
        let fates = fates.ok_or_else(|| Impossible::new("a group without a fate"))?;
        let planned = fates.iter().filter_map(|fate| match fate {
            Fate::New(occurrence) => Some(*occurrence),
            _ => None,
        });
        let planned = planned.max().unwrap_or_default();
        let all_the_same = fates.iter().all(|fate| *fate == Fate::Same);
        let last = self.bucket.key(self.first_of(group)?, group.asked)?;
        let last_is_stored = !all_the_same && self.stored.contains_key(&last);
        Ok(planned.max(group.asked + u32::from(last_is_stored)))
    }

    fn decide_open(&mut self) -> Result<(), Impossible> {
        let this = &*self;
        let decide = |number: &u32| {
            let group = this.group(*number)?;
            Ok((group.start, this.decide(group)?))
        };
        let decided: Result<Vec<(usize, Fates)>, Impossible> =
            this.open.par_iter().map(decide).collect();
        for (start, decided) in decided? {
            let decided = match &decided {
                Fates::One(fate) => std::slice::from_ref(fate),
                Fates::Several(fates) => fates,
            };
            let fates = self.fates.get_mut(start..start + decided.len());
            let fates = fates.ok_or_else(|| Impossible::new("more fates than entries"))?;
            fates.copy_from_slice(decided);
        }
        Ok(())
    }

    fn decide(&self, group: &Group) -> Result<Fates, Impossible> {
        let members = self.members(group)?;
        if let ([member], 1) = (members, group.asked)
            && let Some(known) = self.stored.get(&member.key)
            && self.bucket.says(member)?.0.agrees(known)
        {
            return Ok(Fates::One(Fate::Same));
        }
        let known = self.known(group)?;
        if known.is_empty() && group.asked as usize == members.len() {
            return Ok(Fates::Several((1..=group.asked).map(Fate::New).collect()));
        }
        let mut candidates = Vec::with_capacity(members.len());
        for member in members {
            let (says, bank_reference) = self.bucket.says(member)?;
            let statement = member.statement as usize;
            let stays_out = self.bucket.is_unbooked(member)?;
            candidates.push(Candidate { statement, says, bank_reference, stays_out });
        }
        let fates = decide(&candidates, known);
        if fates.len() != members.len() {
            return Err(Impossible::new("entries without a fate"));
        }
        Ok(Fates::Several(fates))
    }

    fn known(&self, group: &Group) -> Result<Vec<Known>, Impossible> {
        let mut known = Vec::new();
        if self.stored.is_empty() {
            return Ok(known);
        }
        let first = self.first_of(group)?;
        for occurrence in 1..=group.asked {
            let says = self.stored.get(&self.bucket.key(first, occurrence)?);
            known.extend(says.map(|says| Known { occurrence, says: *says }));
        }
        Ok(known)
    }

    /// Returns the plan.
    ///
    /// A reference that ends in `#2` can make the key of another reference's twin: of two entries
    /// with one key the later is in conflict with the earlier.
    pub fn settle(mut self) -> Result<Plan, Impossible> {
        let mut plan = Plan::default();
        for ((member, fate), number) in self.bucket.members().iter().zip(&self.fates).zip(0..) {
            let key = |occurrence| self.bucket.key(member, occurrence);
            match *fate {
                Fate::New(_) | Fate::Conflict(_) if self.bucket.is_unbooked(member)? => {
                    plan.unbooked.push(number);
                }
                Fate::New(occurrence) => plan.new.push((key(occurrence)?, number)),
                Fate::Conflict(occurrence) => plan.conflicts.push((key(occurrence)?, number)),
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
        if plan.conflicts.is_empty() {
            return Ok(plan);
        }
        plan.collided = std::mem::take(&mut self.stored);
        for (key, _) in &plan.conflicts {
            if !plan.collided.contains_key(key) {
                let says = self.says_of_new(&plan.new, *key)?;
                plan.collided.insert(*key, says);
            }
        }
        Ok(plan)
    }

    /// Returns what the new row says that is planned under a key.
    fn says_of_new(&self, new: &[(Key, u32)], key: Key) -> Result<Said, Impossible> {
        let planned = new.binary_search_by_key(&key, |(key, _)| *key).ok();
        let entry = planned.and_then(|at| new.get(at)).map(|(_, entry)| *entry);
        let member = entry.and_then(|entry| self.bucket.members().get(entry as usize));
        let member = member.ok_or_else(|| Impossible::new("a conflict with a row that is not"))?;
        Ok(self.bucket.says(member)?.0)
    }
}

#[track_caller]
fn no_group() -> Impossible {
    Impossible::new("a chunk has no group of this number")
}

/// The fates of a group's members.
enum Fates {
    One(Fate),
    Several(Vec<Fate>),
}

type KeyMap<T> = HashMap<Key, T, KeyHash>;
type KeyHash = BuildHasherDefault<LastBytes>;

/// Takes the last bytes of a key for its hash: a key is one already, and the keys of a bucket begin
/// alike.
#[derive(Debug, Default)]
struct LastBytes(u64);

impl Hasher for LastBytes {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let last = bytes.last_chunk().map(|last| u64::from_le_bytes(*last));
        self.0 = last.unwrap_or_default();
    }

    fn write_usize(&mut self, _length: usize) {}
}

/// Returns how many of the entries, which are in the order of their statements, stand in one.
fn most_in_one_statement(members: &[Member]) -> u32 {
    let runs = members.chunk_by(|a, b| a.statement == b.statement);
    runs.map(<[Member]>::len).max().unwrap_or(0) as u32
}
