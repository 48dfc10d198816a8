//! Entries of a range of keys, with their text.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::entries::{Entries, Head};
use super::index::{Place, key_of};
use crate::format::entry_again;
use crate::identity::{Key, reference};
use crate::record::Entry;
use crate::refusal::Refusal;
use crate::row::{BankTransaction, Row, Said};

/// An entry of a bucket.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    /// The key of a first occurrence: equal for entries of the same three parts.
    pub(super) key: Key,
    /// Booked statements come first, wherever they stand: an interim report is known by them.
    interim: bool,
    pub(super) statement: u32,
    place: Place,
    head: u32,
    from: usize,
    end: usize,
}

impl Member {
    /// What members are put in order by: rows of one statement stand together, as in the file.
    fn order(&self) -> (Key, bool, u32, u32) {
        (self.key, self.interim, self.statement, self.place.start())
    }
}

/// Entries of a range of keys, in the order of their keys, with their text.
#[derive(Debug)]
pub struct Bucket {
    entries: Arc<Entries>,
    text: String,
    members: Vec<Member>,
}

impl Bucket {
    pub(super) fn of(
        entries: Arc<Entries>,
        text: String,
        places: Vec<(Place, Range<usize>)>,
    ) -> Result<Self, Refusal> {
        let member = |(place, lines): (Place, Range<usize>)| {
            let number = entries.head_at(place.start());
            let head = entries.head(number)?;
            let entry = read(&text, lines.clone(), place, head)?;
            let key = key_of(&head.heading(), &entry, 1);
            (key.prefix() == place.prefix()).then_some(Member {
                key,
                interim: head.interim,
                statement: head.statement,
                place,
                head: number,
                from: lines.start,
                end: lines.end,
            })
        };
        let members: Option<Vec<Member>> =
            places.into_par_iter().with_min_len(1024).map(member).collect();
        let mut members = members.ok_or(Refusal::Changed)?;
        members.par_sort_unstable_by_key(Member::order);
        Ok(Self { entries, text, members })
    }

    /// Returns an empty bucket for entries of the same files.
    pub fn emptied(&self) -> Self {
        Self { entries: Arc::clone(&self.entries), text: String::new(), members: Vec::new() }
    }

    /// Takes in an entry of another bucket of the same files, and returns its number here.
    pub fn adopt(&mut self, other: &Self, member: u32) -> Option<u32> {
        let member = *other.members.get(member as usize)?;
        let from = self.text.len();
        self.text.push_str(other.text.get(member.from..member.end)?);
        self.members.push(Member { from, end: self.text.len(), ..member });
        Some(self.members.len() as u32 - 1)
    }

    /// Returns whether the key lies among those of the entries' first occurrences.
    pub fn spans(&self, key: Key) -> bool {
        let (first, last) = (self.members.first(), self.members.last());
        first.is_some_and(|it| it.key <= key) && last.is_some_and(|it| key <= it.key)
    }

    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    fn entry(&self, member: &Member) -> Option<(&Head, Entry<'_>)> {
        let head = self.entries.head(member.head)?;
        Some((head, read(&self.text, member.from..member.end, member.place, head)?))
    }

    /// Hands the row of an entry over under its key; its narrative is read here.
    pub fn with_row<T>(
        &self,
        (key, member): (Key, u32),
        then: impl FnOnce(&BankTransaction<'_>) -> T,
    ) -> Option<T> {
        let (head, entry) = self.entry(self.members.get(member as usize)?)?;
        Some(then(&BankTransaction::of(head.heading(), &entry, key)))
    }

    /// Returns an entry as it stands in its file, and its line.
    pub fn raw(&self, member: u32) -> Option<(String, u32)> {
        let (_, entry) = self.entry(self.members.get(member as usize)?)?;
        Some((entry.raw.to_owned(), entry.line))
    }

    /// Returns the file that an entry stands in, counted from 0.
    pub fn file(&self, member: u32) -> usize {
        let member = self.members.get(member as usize);
        let head = member.and_then(|member| self.entries.head(member.head));
        head.map_or(0, |head| head.file as usize)
    }

    /// Returns the key of an entry as the occurrence with that number.
    pub(super) fn key(&self, member: &Member, occurrence: u32) -> Option<Key> {
        if occurrence <= 1 {
            return Some(member.key);
        }
        let (head, entry) = self.entry(member)?;
        Some(key_of(&head.heading(), &entry, occurrence))
    }

    /// Returns what an entry says, and whether the bank gave it a reference to know it by.
    pub(super) fn says(&self, member: &Member) -> Option<(Said, bool)> {
        let (head, entry) = self.entry(member)?;
        let heading = head.heading();
        let says = BankTransaction::of(heading, &entry, member.key).says();
        Some((says, reference(&entry, heading.account).1))
    }

    /// Returns whether the entry comes again in a statement, and the bank gave it no reference yet
    /// to know it by then.
    pub(super) fn is_unbooked(&self, member: &Member) -> bool {
        member.interim
            && self
                .entry(member)
                .is_some_and(|(head, entry)| !reference(&entry, head.heading().account).1)
    }
}

fn read<'t>(text: &'t str, lines: Range<usize>, place: Place, head: &Head) -> Option<Entry<'t>> {
    entry_again(text.get(lines)?, place.line(), head.heading().account)
}
