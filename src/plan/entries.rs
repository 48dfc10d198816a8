//! The entries of one or more files, in the order of their keys.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::bucket::Bucket;
use super::heads::MessageHeads;
use super::index::{Index, Location, TEXT_BYTES_MAX};
use crate::fault::Impossible;
use crate::fault::Refusal;
use crate::record::{KeptStatement, Statement};
use crate::source::Source;

/// Entries that fill a bucket: enough that round trips do not matter, few enough that four buckets
/// take a few dozen megabytes.
const BUCKET_ENTRIES: usize = 32_768;

/// Bytes of text that fill a bucket, where its entries are long.
const BUCKET_BYTES: usize = 32 * 1024 * 1024;

/// The entries of the files that are imported together.
#[derive(Debug, Default)]
pub struct Entries {
    /// The files, each with how many bytes of text come before its own.
    files: Vec<(Arc<Source>, u32)>,
    heads: Arc<MessageHeads>,
    index: Index,
}

impl Entries {
    /// Makes the entries of one file whose parts are all in the index; `messages` are all messages
    /// of the file, with or without their entries.
    ///
    /// # Errors
    ///
    /// An index of other messages.
    pub fn of(
        source: Arc<Source>,
        messages: &[Statement<'_>],
        mut index: Index,
    ) -> Result<Self, Impossible> {
        let heads = Arc::new(MessageHeads::of(messages, std::mem::take(&mut index.starts))?);
        index.locations.par_sort_unstable();
        Ok(Self { files: vec![(source, 0)], heads, index })
    }

    /// Returns the entries of several files as one.
    ///
    /// The statements of a file keep their order, and come after those of the files before.
    ///
    /// # Errors
    ///
    /// More than 4 GiB of text.
    pub fn join(files: &[Arc<Self>]) -> Result<Arc<Self>, Refusal> {
        if let [one] = files {
            return Ok(Arc::clone(one));
        }
        let (mut all, mut heads) = (Self::default(), MessageHeads::default());
        let mut bytes_before = 0;
        for file in files {
            heads.append(&file.heads, all.files.len() as u32, bytes_before);
            all.append(file, &mut bytes_before)?;
        }
        all.heads = Arc::new(heads);
        all.index.locations.par_sort_unstable();
        Ok(Arc::new(all))
    }

    fn append(&mut self, other: &Self, bytes_before: &mut u32) -> Result<(), Refusal> {
        for (source, _) in &other.files {
            self.files.push((Arc::clone(source), *bytes_before));
        }
        self.index.append(&other.index, *bytes_before);
        let mut bytes = u64::from(*bytes_before);
        // A file without entries may be no text (a workbook), so its text is not asked for.
        for (source, _) in other.files.iter().filter(|_| !other.is_empty()) {
            bytes += source.text_bytes()?;
        }
        let too_large = |_| Refusal::TooLarge { bytes, max: TEXT_BYTES_MAX };
        *bytes_before = u32::try_from(bytes).map_err(too_large)?;
        Ok(())
    }

    /// Returns how many entries there are.
    pub fn len(&self) -> usize {
        self.index.locations.len()
    }

    /// Returns whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.index.locations.is_empty()
    }

    /// Returns all statements of the files, those of the first file before those of the next, by the
    /// numbers that rows know them by; nothing for one that is not kept, such as an interim report.
    pub fn statements(&self) -> &[Option<KeptStatement>] {
        self.heads.statements()
    }

    /// Returns the buckets, each as a range of the entries in the order of their keys. Twins are
    /// never cut apart: entries whose keys start alike are in one bucket.
    ///
    /// # Errors
    ///
    /// An entry whose length is not known.
    pub fn buckets(&self) -> Result<Vec<Range<usize>>, Impossible> {
        let locations = &self.index.locations;
        let (mut buckets, mut start, mut bytes) = (Vec::new(), 0, 0);
        for (at, location) in locations.iter().enumerate() {
            bytes += self.index.length(*location)?;
            let is_full = at - start + 1 >= BUCKET_ENTRIES || bytes >= BUCKET_BYTES;
            let next = locations.get(at + 1);
            if next.is_none_or(|next| is_full && next.prefix() != location.prefix()) {
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
    pub fn bucket(&self, range: Range<usize>) -> Result<Bucket, Refusal> {
        let locations = self.index.locations.get(range);
        let locations =
            locations.ok_or_else(|| Impossible::new("a bucket beyond the last entry"))?;
        let mut in_file_order: Vec<Location> = locations.to_vec();
        in_file_order.par_sort_unstable_by_key(|location| location.start());
        let mut text = Vec::new();
        let mut found = Vec::with_capacity(in_file_order.len());
        for location in in_file_order {
            let from = text.len();
            self.append_text(location.start(), self.index.length(location)?, &mut text)?;
            found.push((location, from..text.len()));
        }
        let text = String::from_utf8(text).map_err(|_| Refusal::Changed)?;
        Bucket::of(Arc::clone(&self.heads), text, found)
    }

    fn append_text(&self, start: u32, length: usize, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let file = self.files.partition_point(|(_, before)| *before <= start);
        let Some((source, before)) = file.checked_sub(1).and_then(|at| self.files.get(at)) else {
            return Err(Impossible::new("an entry that stands in none of the files").into());
        };
        source.append_text(u64::from(start - before), length, out)
    }
}
