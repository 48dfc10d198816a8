//! Entries of a range of keys, with their text.

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Member {
    /// The key of a first occurrence: equal for entries of the same three parts.
    pub(super) key: Key,
    /// Booked statements come first, wherever they stand: an interim report is known by them.
    interim: bool,
    pub(super) statement: u32,
    place: Place,
    head: u32,
    from: u32,
    length: u32,
}

/// Entries of a range of keys, in the order of their keys, with their text.
#[derive(Debug)]
pub struct Bucket {
    entries: Arc<Entries>,
    text: Vec<u8>,
    members: Vec<Member>,
}

impl Bucket {
    pub(super) fn of(
        entries: Arc<Entries>,
        text: Vec<u8>,
        places: &[(Place, u32, u32)],
    ) -> Result<Self, Refusal> {
        let member = |(place, from, length): &(Place, u32, u32)| {
            let number = entries.head_at(place.start());
            let head = entries.head(number)?;
            let entry = read(&text, *from, *length, place.line(), head)?;
            let key = key_of(&head.heading(), &entry, 1);
            (key.prefix() == place.prefix()).then_some(Member {
                key,
                interim: head.interim,
                statement: head.statement,
                place: *place,
                head: number,
                from: *from,
                length: *length,
            })
        };
        let members: Option<Vec<Member>> =
            places.par_iter().with_min_len(1024).map(member).collect();
        let mut members = members.ok_or(Refusal::Changed)?;
        members.par_sort_unstable();
        Ok(Self { entries, text, members })
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
        Some((head, read(&self.text, member.from, member.length, member.place.line(), head)?))
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

fn read<'t>(text: &'t [u8], from: u32, length: u32, line: u32, head: &Head) -> Option<Entry<'t>> {
    let raw = text.get(from as usize..)?.get(..length as usize)?;
    entry_again(std::str::from_utf8(raw).ok()?, line, head.heading().account)
}
