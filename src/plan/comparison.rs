//! The entries of a bucket, compared with what is stored → what becomes of each.
//!
//! Entries of one date, reference and amount are twins: their keys differ only in the number that
//! is hashed with them (`#2` for the second). So what becomes of twins is decided for all together.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;
use uuid::Uuid;

use super::apart::NamedStatements;
use super::bucket::{Bucket, BucketEntry};
use super::key_map::{KeyHash, KeyMap};
use crate::fault::Impossible;
use crate::plan::decide::{Candidate, Fate, KnownRow, Origin, decide};
use crate::record::KeptStatement;
use crate::row::Said;
use crate::row::key::Key;

/// Twins in the files up to which it is asked whether their statements are apart. Each is compared with
/// each; more of one value date are in no real statements.
const APART_MAX: usize = 4096;

/// What becomes of a bucket's entries, each by its number in the bucket.
#[derive(Debug, Default)]
pub struct Plan {
    /// New entries, each with the key that it goes in under, in the order of the keys.
    pub new: Vec<(Key, u32)>,
    /// Entries that are there already.
    pub duplicates: Vec<u32>,
    /// Of these, those that the bank worded differently.
    pub reworded: Vec<u32>,
    /// Entries that contradict a row, each with the key of that row.
    pub conflicts: Vec<(Key, u32)>,
    /// Entries that are not booked yet, of an interim report or only expected, and are not stored as
    /// booked ones. They come again in a statement, perhaps with another value date, which is a part
    /// of the key: then nothing would tell that they are in already.
    pub interim: Vec<u32>,
    /// The row under the key of each conflict: a stored row, or a new one.
    contradicted: KeyMap<StoredRow>,
}

/// What is known of a stored row.
#[derive(Debug, Clone, Copy)]
pub struct StoredRow {
    /// What it says.
    pub says: Said,
    /// The identifier of the statement that it names, if any.
    pub statement: Option<Uuid>,
}

impl Plan {
    /// Returns what the row under the key of a conflict says.
    ///
    /// # Errors
    ///
    /// A key that no conflict has.
    pub fn says_under(&self, key: Key) -> Result<Said, Impossible> {
        let says = self.contradicted.get(&key).map(|row| row.says);
        says.ok_or_else(|| Impossible::new("a conflict with a row that says nothing"))
    }
}

/// The entries of a bucket, while they are compared with what is stored.
///
/// The first decision is made as if nothing were stored. The caller looks up the
/// [wanted](Self::wanted) keys, hands over [what is stored under them](Self::learn), and asks for
/// wanted keys again, until none is wanted. Then the [plan](Self::into_plan) can be made.
#[derive(Debug)]
pub struct Comparison {
    bucket: Arc<Bucket>,
    /// The bucket's entries by date, reference and amount.
    twins: Vec<Twins>,
    /// What becomes of each entry, as far as is known.
    fates: Vec<Fate>,
    /// The numbers of the twins that are not settled: more of their keys may have to be looked up.
    open: Vec<u32>,
    /// The keys of the first look-up, each with the number of the twins that it belongs to.
    first: KeyMap<u32>,
    /// Keys that two groups of twins have in common, each with the number of one of the two
    /// (`first` has the other): the first twin of the reference `A#2` has the key of the second
    /// twin of `A`.
    shared: Vec<(Key, u32)>,
    /// The keys of the first look-up in their order, until they are handed out.
    first_keys: Vec<Key>,
    has_asked: bool,
    stored: KeyMap<StoredRow>,
    /// The statements that stored rows name.
    named: NamedStatements,
}

/// Entries of one date, reference and amount.
#[derive(Debug, Clone, Copy)]
struct Twins {
    /// The place of the first twin in the bucket, and the place behind the last.
    start: usize,
    end: usize,
    /// How many of the twins' keys were looked up, from the first on.
    asked: u32,
}

impl Comparison {
    /// Begins a comparison, and decides as if nothing were stored. `highest` has the number up to
    /// which twins are looked up although those before may be free, by the key of the first twin.
    ///
    /// # Errors
    ///
    /// A mistake in vama; the same in the methods below.
    pub fn new(bucket: Bucket, highest: &HashMap<Key, u32>) -> Result<Self, Impossible> {
        let mut start = 0;
        let twins = bucket.members().chunk_by(|a, b| a.key == b.key).map(|members| {
            start += members.len();
            let highest = members.first().and_then(|it| highest.get(&it.key)).copied();
            let asked = most_in_one_statement(members).max(highest.unwrap_or_default());
            Twins { start: start - members.len(), end: start, asked }
        });
        let twins: Vec<Twins> = twins.collect();
        let several = twins.iter().zip(0..).filter(|(twins, _)| twins.end - twins.start > 1);
        let mut comparison = Self {
            fates: vec![Fate::New(1); bucket.count()],
            open: several.map(|(_, number)| number).collect(),
            first: KeyMap::with_capacity_and_hasher(twins.len(), KeyHash::default()),
            shared: Vec::new(),
            twins,
            bucket: Arc::new(bucket),
            first_keys: Vec::new(),
            has_asked: false,
            stored: KeyMap::default(),
            named: NamedStatements::default(),
        };
        for (twins, number) in comparison.twins.iter().zip(0..) {
            let member = *comparison.first_of(twins)?;
            for occurrence in 1..=twins.asked {
                let key = comparison.bucket.key(&member, occurrence)?;
                let other = comparison.first.insert(key, number);
                comparison.shared.extend(other.map(|other| (key, other)));
            }
        }
        comparison.named.know_files(comparison.bucket.statements());
        comparison.first_keys.extend(comparison.first.keys());
        comparison.first_keys.sort_unstable();
        comparison.decide_open()?;
        Ok(comparison)
    }

    /// Returns the bucket whose entries are compared.
    pub fn bucket(&self) -> Arc<Bucket> {
        Arc::clone(&self.bucket)
    }

    /// Returns the first and the last key of the bucket's entries, as first twins.
    pub fn range(&self) -> Option<(Key, Key)> {
        let members = self.bucket.members();
        Some((members.first()?.key, members.last()?.key))
    }

    /// Returns the keys that must be looked up, in their order; none when enough is known.
    ///
    /// No entry goes in under a key that was not looked up. No more keys of twins are wanted when
    /// each twin has found a stored row that says the same, or when the last key that was looked up
    /// is free.
    pub fn wanted(&mut self) -> Result<Vec<Key>, Impossible> {
        if !self.has_asked {
            return Ok(std::mem::take(&mut self.first_keys));
        }
        let mut wanted: Vec<Key> = Vec::new();
        for number in std::mem::take(&mut self.open) {
            let twins = *self.twins(number)?;
            let needed = self.needed(&twins)?;
            let first = self.first_of(&twins)?;
            for occurrence in twins.asked + 1..=needed {
                wanted.push(self.bucket.key(first, occurrence)?);
            }
            if needed > twins.asked {
                self.open.push(number);
                let twins = self.twins.get_mut(number as usize).ok_or_else(no_twins)?;
                twins.asked = needed;
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        Ok(wanted)
    }

    /// Takes in the rows that are stored under the wanted keys, and decides again what becomes of
    /// the entries. In the first call, rows under other keys are ignored.
    pub fn learn(
        &mut self,
        stored: impl IntoIterator<Item = (Key, StoredRow)>,
    ) -> Result<(), Impossible> {
        if self.has_asked {
            self.stored.extend(stored);
        } else {
            self.has_asked = true;
            for (key, row) in stored {
                if let Some(twins) = self.first.get(&key) {
                    self.open.push(*twins);
                    self.stored.insert(key, row);
                }
            }
            let shared = self.shared.iter().filter(|(key, _)| self.stored.contains_key(key));
            self.open.extend(shared.map(|(_, twins)| *twins));
            self.open.sort_unstable();
            self.open.dedup();
        }
        self.decide_open()
    }

    /// Returns the identifiers of statements that stored rows name, but for those that it was
    /// [told of](Self::tell_of_statements). Nothing is proven apart from the others.
    pub fn unknown_statements(&self) -> HashSet<Uuid> {
        let named = self.stored.values().filter_map(|row| row.statement);
        named.filter(|id| !self.named.knows(*id)).collect()
    }

    /// Takes in stored statements, and decides again what becomes of the entries that were last
    /// decided about.
    pub fn tell_of_statements(
        &mut self,
        statements: HashMap<Uuid, Option<KeptStatement>>,
    ) -> Result<(), Impossible> {
        self.named.take(statements);
        self.decide_open()
    }

    fn is_apart(&self, number: usize, origin: Origin) -> bool {
        self.named.is_apart(self.bucket.statements(), number, origin)
    }

    fn twins(&self, number: u32) -> Result<&Twins, Impossible> {
        self.twins.get(number as usize).ok_or_else(no_twins)
    }

    fn members(&self, twins: &Twins) -> Result<&[BucketEntry], Impossible> {
        let members = self.bucket.members().get(twins.start..twins.end);
        members.ok_or_else(|| Impossible::new("twins beyond the last entry"))
    }

    fn first_of(&self, twins: &Twins) -> Result<&BucketEntry, Impossible> {
        self.members(twins)?.first().ok_or_else(|| Impossible::new("twins without an entry"))
    }

    /// Returns how many of the twins' keys must have been looked up, from the first on.
    fn needed(&self, twins: &Twins) -> Result<u32, Impossible> {
        let fates = self.fates.get(twins.start..twins.end);
        let fates = fates.ok_or_else(|| Impossible::new("twins without a fate"))?;
        let planned = fates.iter().filter_map(|fate| match fate {
            Fate::New(occurrence) => Some(*occurrence),
            _ => None,
        });
        let planned = planned.max().unwrap_or_default();
        let all_the_same = fates.iter().all(|fate| *fate == Fate::Same);
        let last = self.bucket.key(self.first_of(twins)?, twins.asked)?;
        let last_is_stored = !all_the_same && self.stored.contains_key(&last);
        Ok(planned.max(twins.asked + u32::from(last_is_stored)))
    }

    fn decide_open(&mut self) -> Result<(), Impossible> {
        let this = &*self;
        let decide = |number: &u32| {
            let twins = this.twins(*number)?;
            Ok((twins.start, this.decide(twins)?))
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

    fn decide(&self, twins: &Twins) -> Result<Fates, Impossible> {
        let members = self.members(twins)?;
        if let ([member], 1) = (members, twins.asked)
            && let Some(known) = self.stored.get(&member.key)
            && !self.is_apart(member.statement as usize, Origin::Stored(known.statement))
            && self.bucket.says(member)?.0.agrees(&known.says)
        {
            return Ok(Fates::One(Fate::Same));
        }
        let known = self.known(twins)?;
        if known.is_empty() && twins.asked as usize == members.len() {
            return Ok(Fates::Several((1..=twins.asked).map(Fate::New).collect()));
        }
        let mut candidates = Vec::with_capacity(members.len());
        for member in members {
            let (says, bank_reference) = self.bucket.says(member)?;
            let statement = member.statement as usize;
            let stays_out = member.interim;
            candidates.push(Candidate { statement, says, bank_reference, stays_out });
        }
        let few = candidates.len() <= APART_MAX;
        let fates =
            decide(&candidates, known, |number, origin| few && self.is_apart(number, origin));
        if fates.len() != members.len() {
            return Err(Impossible::new("entries without a fate"));
        }
        Ok(Fates::Several(fates))
    }

    fn known(&self, twins: &Twins) -> Result<Vec<KnownRow>, Impossible> {
        let mut known = Vec::new();
        if self.stored.is_empty() {
            return Ok(known);
        }
        let first = self.first_of(twins)?;
        for occurrence in 1..=twins.asked {
            let stored = self.stored.get(&self.bucket.key(first, occurrence)?);
            known.extend(stored.map(|row| {
                let StoredRow { says, statement } = *row;
                KnownRow { occurrence, says, origin: Origin::Stored(statement) }
            }));
        }
        Ok(known)
    }

    /// Returns the plan.
    ///
    /// A reference that ends in `#2` can give an entry the key of another reference's second twin.
    /// Of two new entries with one key, the later is then in conflict with the earlier.
    pub fn into_plan(mut self) -> Result<Plan, Impossible> {
        let mut plan = Plan::default();
        for ((member, fate), number) in self.bucket.members().iter().zip(&self.fates).zip(0..) {
            let key = |occurrence| self.bucket.key(member, occurrence);
            match *fate {
                Fate::New(_) | Fate::Conflict(_) if member.interim => plan.interim.push(number),
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
        plan.contradicted = std::mem::take(&mut self.stored);
        for (key, _) in &plan.conflicts {
            if !plan.contradicted.contains_key(key) {
                let says = self.says_of_new(&plan.new, *key)?;
                plan.contradicted.insert(*key, StoredRow { says, statement: None });
            }
        }
        Ok(plan)
    }

    /// Returns what the new entry that goes in under that key says.
    fn says_of_new(&self, new: &[(Key, u32)], key: Key) -> Result<Said, Impossible> {
        let planned = new.binary_search_by_key(&key, |(key, _)| *key).ok();
        let entry = planned.and_then(|at| new.get(at)).map(|(_, entry)| *entry);
        let member = entry.and_then(|entry| self.bucket.members().get(entry as usize));
        let member = member.ok_or_else(|| Impossible::new("a conflict with a row that is not"))?;
        Ok(self.bucket.says(member)?.0)
    }
}

#[track_caller]
fn no_twins() -> Impossible {
    Impossible::new("a comparison has no twins of this number")
}

/// The fates of twins.
enum Fates {
    One(Fate),
    Several(Vec<Fate>),
}

/// Returns how many of the entries the statement with the most of them has. The entries are in the
/// order of their statements.
fn most_in_one_statement(members: &[BucketEntry]) -> u32 {
    let runs = members.chunk_by(|a, b| a.statement == b.statement);
    runs.map(<[BucketEntry]>::len).max().unwrap_or(0) as u32
}
