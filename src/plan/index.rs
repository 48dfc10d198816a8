//! Entries, part by part → the place of each in its file, in the order of their keys.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::fault::Impossible;
use crate::fault::Refusal;
use crate::record::{Entry, Heading, Statement};
use crate::row::key::{Key, reference, transaction_key};

/// Bytes that the files of one index may have together: a location has 32 bits for a byte.
pub const TEXT_BYTES_MAX: u64 = u32::MAX as u64;

/// Where an entry stands: the start of its key, then its byte, its line and its length.
///
/// All four are in one number, so that locations sort by key and, under one key, by their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Location(u128);

impl Location {
    /// Stands for a length that 16 bits do not hold; [`Index`] keeps that length beside.
    const LONG: u16 = u16::MAX;

    fn new(prefix: u64, start: u32, line: u32, length: u16) -> Self {
        let parts = [(u128::from(prefix), 80), (start.into(), 48), (line.into(), 16)];
        Self(parts.iter().fold(length.into(), |bits, (part, shift)| bits | part << shift))
    }

    /// Returns the first 48 bits of the key.
    pub(super) fn prefix(self) -> u64 {
        (self.0 >> 80) as u64
    }

    /// Returns the byte where the entry starts.
    pub(super) fn start(self) -> u32 {
        (self.0 >> 48) as u32
    }

    /// Returns the line where the entry starts.
    pub(super) fn line(self) -> u32 {
        (self.0 >> 16) as u32
    }

    fn length(self) -> Option<u16> {
        Some(self.0 as u16).filter(|length| *length != Self::LONG)
    }

    /// Returns the entry's location when so many more bytes of text come before it.
    pub(super) fn moved(self, bytes: u32) -> Self {
        Self(self.0 + (u128::from(bytes) << 48))
    }
}

/// Where the entries of one file stand.
#[derive(Debug, Default)]
pub struct Index {
    pub(super) locations: Vec<Location>,
    lengths: HashMap<u32, u32>,
    /// Where the entries of a message start, with the number of the message.
    pub(super) starts: Vec<(u32, u32)>,
    messages: u32,
    goes_on: bool,
}

impl Index {
    /// Adds the entries of a part of the file; their keys are computed on all cores.
    ///
    /// # Errors
    ///
    /// A text of more than 4 GiB.
    pub fn take(&mut self, messages: &[Statement<'_>]) -> Result<(), Refusal> {
        for message in messages {
            if !self.goes_on {
                self.messages += 1;
            }
            self.goes_on = message.goes_on;
            let (Some(first), Some(last)) = (message.entries.first(), message.entries.last())
            else {
                continue;
            };
            let bytes = last.start + last.raw.len() as u64;
            if bytes > TEXT_BYTES_MAX {
                return Err(Refusal::TooLarge { bytes, max: TEXT_BYTES_MAX });
            }
            self.starts.push((first.start as u32, self.messages - 1));
            self.lengths.extend(message.entries.iter().filter_map(long));
        }
        self.locations.par_extend(messages.par_iter().flat_map(|message| {
            let heading = message.heading();
            message.entries.par_iter().with_min_len(1024).map(move |entry| {
                let length = u16::try_from(entry.raw.len()).unwrap_or(Location::LONG);
                let prefix = key_of(&heading, entry, 1).prefix();
                Location::new(prefix, entry.start as u32, entry.line, length)
            })
        }));
        Ok(())
    }

    /// Returns how many bytes the lines of the entry have.
    pub(super) fn length(&self, location: Location) -> Result<usize, Impossible> {
        if let Some(length) = location.length() {
            return Ok(length.into());
        }
        let length = self.lengths.get(&location.start()).map(|length| *length as usize);
        length.ok_or_else(|| Impossible::new("a long entry without its length"))
    }

    /// Adds the entries of a further file, whose text comes after the texts of the files before.
    pub(super) fn append(&mut self, other: &Self, bytes_before: u32) {
        self.locations.extend(other.locations.iter().map(|location| location.moved(bytes_before)));
        let moved = other.lengths.iter().map(|(start, length)| (start + bytes_before, *length));
        self.lengths.extend(moved);
    }
}

fn long(entry: &Entry<'_>) -> Option<(u32, u32)> {
    let length = entry.raw.len();
    (length >= usize::from(Location::LONG)).then_some((entry.start as u32, length as u32))
}

/// Returns the key of an entry as the twin with that number, from 1.
pub(super) fn key_of(heading: &Heading<'_>, entry: &Entry<'_>, occurrence: u32) -> Key {
    let (reference, _) = reference(entry, heading.account);
    transaction_key(entry.value_date, &reference, occurrence, entry.amount)
}
