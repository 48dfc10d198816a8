//! The entries of one or more files, in the order of their keys.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::bucket::Bucket;
use super::index::{Index, Place, TEXT_BYTES_MAX};
use crate::fault::Impossible;
use crate::pages::statements_of;
use crate::record::{Currency, Dialect, Heading, Statement, StatementKind};
use crate::refusal::Refusal;
use crate::source::Source;

/// Entries of a bucket: large enough that round trips do not matter, small enough that two of them
/// are a few dozen megabytes.
const BUCKET_ENTRIES: usize = 32_768;

/// Bytes of a bucket's text, where its entries are long.
const BUCKET_BYTES: usize = 32 * 1024 * 1024;

/// What the rows of a message's entries need of it.
#[derive(Debug)]
pub(super) struct Head {
    /// The byte where its first entry starts.
    start: u32,
    /// The file, counted from 0.
    pub(super) file: u32,
    /// Its place among all statements: rows of one statement are counted together.
    pub(super) statement: u32,
    pub(super) interim: bool,
    account: Arc<str>,
    currency: Option<Currency>,
    number: Box<str>,
    dialect: &'static dyn Dialect,
}

impl Head {
    pub(super) fn heading(&self) -> Heading<'_> {
        Heading {
            account: &self.account,
            currency: self.currency,
            number: &self.number,
            dialect: self.dialect,
        }
    }
}

/// The entries of the files that are brought in together.
#[derive(Debug, Default)]
pub struct Entries {
    /// Each file's text, and how many bytes stand before it.
    files: Vec<(Arc<Source>, u32)>,
    heads: Vec<Head>,
    index: Index,
}

impl Entries {
    /// Makes the entries of one file, whose parts were indexed; `messages` are all of its messages,
    /// which need no entries any more.
    ///
    /// # Errors
    ///
    /// An index of other messages.
    pub fn of(
        source: Arc<Source>,
        messages: &[Statement<'_>],
        index: Index,
    ) -> Result<Self, Impossible> {
        let mut entries = Self { files: vec![(source, 0)], heads: Vec::new(), index };
        entries.add_heads(messages)?;
        entries.index.places.par_sort_unstable();
        Ok(entries)
    }

    /// Returns the entries of several files as one.
    ///
    /// Statements of one file keep their order, and those of a later file come later.
    ///
    /// # Errors
    ///
    /// More than 4 GiB of text.
    pub fn join(files: &[Arc<Self>]) -> Result<Arc<Self>, Refusal> {
        if let [one] = files {
            return Ok(Arc::clone(one));
        }
        let mut all = Self::default();
        let mut bytes_before = 0;
        for file in files {
            all.append(file, &mut bytes_before)?;
        }
        all.index.places.par_sort_unstable();
        Ok(Arc::new(all))
    }

    fn append(&mut self, other: &Self, bytes_before: &mut u32) -> Result<(), Refusal> {
        let number = self.files.len() as u32;
        // Not their count: a statement without entries has no head.
        let behind = self.heads.iter().map(|head| head.statement + 1).max().unwrap_or_default();
        for (source, _) in &other.files {
            self.files.push((Arc::clone(source), *bytes_before));
        }
        self.heads.extend(other.heads.iter().map(|head| Head {
            start: head.start + *bytes_before,
            file: number,
            statement: head.statement + behind,
            account: Arc::clone(&head.account),
            number: head.number.clone(),
            ..*head
        }));
        self.index.append(&other.index, *bytes_before);
        let mut bytes = u64::from(*bytes_before);
        // What has no entries, such as a workbook, need not be a text.
        for (source, _) in other.files.iter().filter(|_| !other.is_empty()) {
            bytes += source.text_bytes()?;
        }
        let too_large = |_| Refusal::TooLarge { bytes, max: TEXT_BYTES_MAX };
        *bytes_before = u32::try_from(bytes).map_err(too_large)?;
        Ok(())
    }

    fn add_heads(&mut self, messages: &[Statement<'_>]) -> Result<(), Impossible> {
        let numbers = statements_of(messages);
        let mut account: Arc<str> = Arc::from("");
        for (start, message) in std::mem::take(&mut self.index.starts) {
            let at = message as usize;
            let (Some(message), Some(number)) = (messages.get(at), numbers.get(at)) else {
                return Err(Impossible::new("entries of a message that the file does not have"));
            };
            if *account != *message.account {
                account = Arc::from(&*message.account);
            }
            self.heads.push(Head {
                start,
                file: 0,
                statement: *number as u32,
                interim: message.kind == StatementKind::Interim,
                account: Arc::clone(&account),
                currency: message.currency,
                number: message.number.as_ref().into(),
                dialect: message.dialect,
            });
        }
        Ok(())
    }

    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.index.places.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.index.places.is_empty()
    }

    /// Returns the ranges of entries that are settled together; entries that may be the same are in
    /// the same one.
    ///
    /// # Errors
    ///
    /// An entry whose length is not known.
    pub fn buckets(&self) -> Result<Vec<Range<usize>>, Impossible> {
        let places = &self.index.places;
        let (mut buckets, mut start, mut bytes) = (Vec::new(), 0, 0);
        for (at, place) in places.iter().enumerate() {
            bytes += self.index.length(*place)?;
            let is_full = at - start + 1 >= BUCKET_ENTRIES || bytes >= BUCKET_BYTES;
            let next = places.get(at + 1);
            if next.is_none_or(|next| is_full && next.prefix() != place.prefix()) {
                buckets.push(start..at + 1);
                (start, bytes) = (at + 1, 0);
            }
        }
        Ok(buckets)
    }

    /// Reads the entries of a bucket.
    ///
    /// # Errors
    ///
    /// A large file that changed since it was indexed, or can no longer be read.
    pub fn bucket(self: &Arc<Self>, range: Range<usize>) -> Result<Bucket, Refusal> {
        let places = self.index.places.get(range);
        let places = places.ok_or_else(|| Impossible::new("a bucket beyond the last entry"))?;
        let mut in_file_order: Vec<Place> = places.to_vec();
        in_file_order.par_sort_unstable_by_key(|place| place.start());
        let mut text = Vec::new();
        let mut found = Vec::with_capacity(in_file_order.len());
        for place in in_file_order {
            let from = text.len();
            self.append_text(place.start(), self.index.length(place)?, &mut text)?;
            found.push((place, from..text.len()));
        }
        let text = String::from_utf8(text).map_err(|_| Refusal::Changed)?;
        Bucket::of(Arc::clone(self), text, found)
    }

    fn append_text(&self, start: u32, length: usize, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let file = self.files.partition_point(|(_, before)| *before <= start);
        let Some((source, before)) = file.checked_sub(1).and_then(|at| self.files.get(at)) else {
            return Err(Impossible::new("an entry that stands in none of the files").into());
        };
        source.append_text(u64::from(start - before), length, out)
    }

    /// Returns the number of the head whose entry starts at that byte.
    pub(super) fn head_at(&self, start: u32) -> Result<u32, Impossible> {
        let behind = self.heads.partition_point(|head| head.start <= start);
        let number = behind.checked_sub(1).and_then(|number| u32::try_from(number).ok());
        number.ok_or_else(|| Impossible::new("an entry before the first message"))
    }

    pub(super) fn head(&self, number: u32) -> Result<&Head, Impossible> {
        let head = self.heads.get(number as usize);
        head.ok_or_else(|| Impossible::new("entries have no message of this number"))
    }
}
