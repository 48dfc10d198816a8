//! A bucket: the entries of a range of keys, read a second time from the files' text.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::heads::{MessageHead, MessageHeads};
use super::index::{Location, key_of};
use crate::fault::{Impossible, Refusal};
use crate::record::{Entry, EntryFields, KeptStatement};
use crate::row::key::{Key, reference};
use crate::row::{BankTransaction, HeldRow, Row, Said};

/// An entry of a bucket.
#[derive(Debug, Clone, Copy)]
pub(super) struct BucketEntry {
    /// The key of the first twin: equal for entries of one date, reference and amount.
    pub(super) key: Key,
    /// Whether the entry is not booked yet: it stands in an interim report, or is only expected.
    /// Booked entries come first, wherever they stand: this entry may be one of them.
    pub(super) interim: bool,
    pub(super) statement: u32,
    /// The byte where the entry starts in the text of the files.
    start: u32,
    head: u32,
    /// The number of its [`EntryFields`] in the bucket.
    fields: u32,
    /// The place of its raw text in the bucket's text.
    from: usize,
    end: usize,
}

impl BucketEntry {
    /// Returns what members are sorted by: under one key, the entries of one statement stand
    /// together, as in the file.
    fn order(&self) -> (Key, bool, u32, u32) {
        (self.key, self.interim, self.statement, self.start)
    }
}

/// The entries of a range of keys, in the order of their keys, with their text.
#[derive(Debug)]
pub struct Bucket {
    heads: Arc<MessageHeads>,
    text: String,
    members: Vec<BucketEntry>,
    /// What was read of the entries; [`BucketEntry::fields`] has the number of an entry's own.
    fields: Vec<EntryFields>,
}

impl Bucket {
    /// Reads the entries. Each location comes with the range of the text that is the entry's raw
    /// text.
    pub(super) fn of(
        heads: Arc<MessageHeads>,
        text: String,
        locations: Vec<(Location, Range<usize>)>,
    ) -> Result<Self, Refusal> {
        let read = |(number, (location, raw)): (usize, (Location, Range<usize>))| {
            let head_number = heads.at(location.start())?;
            let head = heads.get(head_number)?;
            let heading = head.heading();
            let lines = text.get(raw.clone()).ok_or(Refusal::Changed)?;
            let entry = heading.dialect.entry(lines, location.line(), heading.account);
            let entry = entry.ok_or(Refusal::Changed)?;
            let key = key_of(&heading, &entry, 1);
            // Another key means that the file was changed since it was indexed.
            if key.prefix() != location.prefix() {
                return Err(Refusal::Changed);
            }
            let member = BucketEntry {
                key,
                interim: head.interim || entry.is_expected,
                statement: head.statement,
                start: location.start(),
                head: head_number,
                fields: number as u32,
                from: raw.start,
                end: raw.end,
            };
            Ok((member, EntryFields::of(&entry)))
        };
        let read: Result<Vec<(BucketEntry, EntryFields)>, Refusal> =
            locations.into_par_iter().enumerate().with_min_len(1024).map(read).collect();
        let (mut members, fields): (Vec<BucketEntry>, Vec<EntryFields>) = read?.into_iter().unzip();
        members.par_sort_unstable_by_key(BucketEntry::order);
        Ok(Self { heads, text, members, fields })
    }

    /// Returns an empty bucket for entries of the same files.
    pub fn emptied(&self) -> Self {
        let heads = Arc::clone(&self.heads);
        Self { heads, text: String::new(), members: Vec::new(), fields: Vec::new() }
    }

    /// Copies an entry of another bucket of the same files into this one, and returns its number
    /// here.
    ///
    /// # Errors
    ///
    /// A number that the other bucket does not have.
    pub fn adopt(&mut self, other: &Self, member: u32) -> Result<u32, Impossible> {
        let member = *other.member(member)?;
        let number = u32::try_from(self.members.len());
        let number =
            number.map_err(|_| Impossible::new("a bucket of more entries than files have"))?;
        let from = self.text.len();
        self.text.push_str(other.raw_text(&member)?);
        self.fields.push(other.fields(&member)?.clone());
        self.members.push(BucketEntry { fields: number, from, end: self.text.len(), ..member });
        Ok(number)
    }

    /// Returns whether the key lies between those of the first and the last entry, as first twins.
    pub fn spans(&self, key: Key) -> bool {
        let (first, last) = (self.members.first(), self.members.last());
        first.is_some_and(|it| it.key <= key) && last.is_some_and(|it| key <= it.key)
    }

    /// Returns how many entries there are.
    pub fn count(&self) -> usize {
        self.members.len()
    }

    /// Returns all statements of the files, by their numbers.
    pub(super) fn statements(&self) -> &[Option<KeptStatement>] {
        self.heads.statements()
    }

    pub(super) fn members(&self) -> &[BucketEntry] {
        &self.members
    }

    fn member(&self, number: u32) -> Result<&BucketEntry, Impossible> {
        let member = self.members.get(number as usize);
        member.ok_or_else(|| Impossible::new("a bucket has no entry of this number"))
    }

    fn raw_text(&self, member: &BucketEntry) -> Result<&str, Impossible> {
        let raw = self.text.get(member.from..member.end);
        raw.ok_or_else(|| Impossible::new("a bucket has not the text of its entry"))
    }

    fn fields(&self, member: &BucketEntry) -> Result<&EntryFields, Impossible> {
        let fields = self.fields.get(member.fields as usize);
        fields.ok_or_else(|| Impossible::new("a bucket has not the fields of its entry"))
    }

    fn entry(&self, member: &BucketEntry) -> Result<(&MessageHead, Entry<'_>), Impossible> {
        let entry = self.fields(member)?.entry(self.raw_text(member)?);
        Ok((self.heads.get(member.head)?, entry))
    }

    /// Makes the row of an entry under that key, and calls `then` with it. The narrative is read
    /// here.
    ///
    /// # Errors
    ///
    /// A number that the bucket does not have; the same in all that asks about one entry.
    pub fn with_row<T>(
        &self,
        (key, member): (Key, u32),
        then: impl FnOnce(&BankTransaction<'_>) -> T,
    ) -> Result<T, Impossible> {
        let (head, entry) = self.entry(self.member(member)?)?;
        let row = BankTransaction::of(head.heading(), &entry, key);
        Ok(then(&row.of_statement(head.statement)))
    }

    /// Returns the held row of an entry that is not booked yet.
    pub fn interim(&self, member: u32) -> Result<HeldRow, Impossible> {
        let (head, entry) = self.entry(self.member(member)?)?;
        Ok(HeldRow::interim(&head.heading(), &entry))
    }

    /// Returns the file that an entry stands in, counted from 0.
    pub fn file(&self, member: u32) -> Result<usize, Impossible> {
        Ok(self.heads.get(self.member(member)?.head)?.file as usize)
    }

    /// Returns the key of an entry as the twin with that number.
    pub(super) fn key(&self, member: &BucketEntry, occurrence: u32) -> Result<Key, Impossible> {
        if occurrence <= 1 {
            return Ok(member.key);
        }
        let (head, entry) = self.entry(member)?;
        Ok(key_of(&head.heading(), &entry, occurrence))
    }

    /// Returns what an entry says, and whether the bank gave it a reference that identifies it.
    pub(super) fn says(&self, member: &BucketEntry) -> Result<(Said, bool), Impossible> {
        let (head, entry) = self.entry(member)?;
        let heading = head.heading();
        let says = BankTransaction::of(heading, &entry, member.key).says();
        Ok((says, reference(&entry, heading.account).1))
    }
}
