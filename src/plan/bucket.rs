//! Entries of a range of keys, with their text.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::entries::{Entries, Head};
use super::index::{Place, key_of};
use crate::fault::Impossible;
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
            let number = entries.head_at(place.start())?;
            let head = entries.head(number)?;
            let text = text.get(lines.clone()).ok_or(Refusal::Changed)?;
            let entry = entry_again(text, place.line(), head.heading().account);
            let key = key_of(&head.heading(), &entry.ok_or(Refusal::Changed)?, 1);
            if key.prefix() != place.prefix() {
                return Err(Refusal::Changed);
            }
            Ok(Member {
                key,
                interim: head.interim,
                statement: head.statement,
                place,
                head: number,
                from: lines.start,
                end: lines.end,
            })
        };
        let members: Result<Vec<Member>, Refusal> =
            places.into_par_iter().with_min_len(1024).map(member).collect();
        let mut members = members?;
        members.par_sort_unstable_by_key(Member::order);
        Ok(Self { entries, text, members })
    }

    /// Returns an empty bucket for entries of the same files.
    pub fn emptied(&self) -> Self {
        Self { entries: Arc::clone(&self.entries), text: String::new(), members: Vec::new() }
    }

    /// Takes in an entry of another bucket of the same files, and returns its number here.
    ///
    /// # Errors
    ///
    /// A number that the other bucket does not have.
    pub fn adopt(&mut self, other: &Self, member: u32) -> Result<u32, Impossible> {
        let member = *other.member(member)?;
        let (from, number) = (self.text.len(), self.members.len());
        self.text.push_str(other.lines(&member)?);
        self.members.push(Member { from, end: self.text.len(), ..member });
        u32::try_from(number)
            .map_err(|_| Impossible::new("a bucket of more entries than files have"))
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

    fn member(&self, number: u32) -> Result<&Member, Impossible> {
        let member = self.members.get(number as usize);
        member.ok_or_else(|| Impossible::new("a bucket has no entry of this number"))
    }

    fn lines(&self, member: &Member) -> Result<&str, Impossible> {
        let lines = self.text.get(member.from..member.end);
        lines.ok_or_else(|| Impossible::new("a bucket has not the text of its entry"))
    }

    fn entry(&self, member: &Member) -> Result<(&Head, Entry<'_>), Impossible> {
        let head = self.entries.head(member.head)?;
        let entry = entry_again(self.lines(member)?, member.place.line(), head.heading().account);
        // It was read once already, when the bucket was made.
        Ok((head, entry.ok_or_else(|| Impossible::new("an entry cannot be read a third time"))?))
    }

    /// Hands the row of an entry over under its key; its narrative is read here.
    ///
    /// # Errors
    ///
    /// A number that the bucket does not have; so with the other questions about one entry.
    pub fn with_row<T>(
        &self,
        (key, member): (Key, u32),
        then: impl FnOnce(&BankTransaction<'_>) -> T,
    ) -> Result<T, Impossible> {
        let (head, entry) = self.entry(self.member(member)?)?;
        Ok(then(&BankTransaction::of(head.heading(), &entry, key)))
    }

    /// Returns an entry as it stands in its file, and its line.
    pub fn raw(&self, member: u32) -> Result<(String, u32), Impossible> {
        let (_, entry) = self.entry(self.member(member)?)?;
        Ok((entry.raw.to_owned(), entry.line))
    }

    /// Returns the file that an entry stands in, counted from 0.
    pub fn file(&self, member: u32) -> Result<usize, Impossible> {
        Ok(self.entries.head(self.member(member)?.head)?.file as usize)
    }

    /// Returns the key of an entry as the occurrence with that number.
    pub(super) fn key(&self, member: &Member, occurrence: u32) -> Result<Key, Impossible> {
        if occurrence <= 1 {
            return Ok(member.key);
        }
        let (head, entry) = self.entry(member)?;
        Ok(key_of(&head.heading(), &entry, occurrence))
    }

    /// Returns what an entry says, and whether the bank gave it a reference to know it by.
    pub(super) fn says(&self, member: &Member) -> Result<(Said, bool), Impossible> {
        let (head, entry) = self.entry(member)?;
        let heading = head.heading();
        let says = BankTransaction::of(heading, &entry, member.key).says();
        Ok((says, reference(&entry, heading.account).1))
    }

    /// Returns whether the entry comes again in a statement, and the bank gave it no reference yet
    /// to know it by then.
    pub(super) fn is_unbooked(&self, member: &Member) -> Result<bool, Impossible> {
        if !member.interim {
            return Ok(false);
        }
        let (head, entry) = self.entry(member)?;
        Ok(!reference(&entry, head.heading().account).1)
    }
}
