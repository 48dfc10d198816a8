//! Entries, part by part → where each stands, by key.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::fault::Impossible;
use crate::identity::{Key, reference, transaction_key};
use crate::record::{Entry, Heading, Statement};
use crate::refusal::Refusal;

/// Bytes that the text of the files that are indexed together may have: a place has 32 bits for it.
pub const TEXT_BYTES_MAX: u64 = u32::MAX as u64;

/// Where an entry stands: the start of its key, then byte, line and length of its lines.
///
/// In one number, so that places sort by key and, where that is the same, as in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(u128);

impl Place {
    /// The length that stands for all that 16 bits do not hold.
    const LONG: u16 = u16::MAX;

    fn new(prefix: u64, start: u32, line: u32, length: u16) -> Self {
        let parts = [(u128::from(prefix), 80), (start.into(), 48), (line.into(), 16)];
        Self(parts.iter().fold(length.into(), |place, (part, shift)| place | part << shift))
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

    /// Returns the place in a text that so many bytes stand before.
    pub(super) fn moved(self, bytes: u32) -> Self {
        Self(self.0 + (u128::from(bytes) << 48))
    }
}

/// Where the entries of one file stand.
#[derive(Debug, Default)]
pub struct Index {
    pub(super) places: Vec<Place>,
    lengths: HashMap<u32, u32>,
    /// Where the entries of a message start, with the number of the message.
    pub(super) starts: Vec<(u32, u32)>,
    messages: u32,
    goes_on: bool,
}

impl Index {
    /// Takes in the entries of a part of the file, hashed on all cores.
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
        self.places.par_extend(messages.par_iter().flat_map(|message| {
            let heading = message.heading();
            message.entries.par_iter().with_min_len(1024).map(move |entry| {
                let length = u16::try_from(entry.raw.len()).unwrap_or(Place::LONG);
                let prefix = key_of(&heading, entry, 1).prefix();
                Place::new(prefix, entry.start as u32, entry.line, length)
            })
        }));
        Ok(())
    }

    /// Returns how many bytes the lines of the entry have.
    pub(super) fn length(&self, place: Place) -> Result<usize, Impossible> {
        if let Some(length) = place.length() {
            return Ok(length.into());
        }
        let length = self.lengths.get(&place.start()).map(|length| *length as usize);
        length.ok_or_else(|| Impossible::new("a long entry without its length"))
    }

    /// Adds the entries of a further file, whose text stands behind that of the others.
    pub(super) fn append(&mut self, other: &Self, bytes_before: u32) {
        self.places.extend(other.places.iter().map(|place| place.moved(bytes_before)));
        let moved = other.lengths.iter().map(|(start, length)| (start + bytes_before, *length));
        self.lengths.extend(moved);
    }
}

fn long(entry: &Entry<'_>) -> Option<(u32, u32)> {
    let length = entry.raw.len();
    (length >= usize::from(Place::LONG)).then_some((entry.start as u32, length as u32))
}

/// Returns the key of an entry as the occurrence with that number, from 1.
pub(super) fn key_of(heading: &Heading<'_>, entry: &Entry<'_>, occurrence: u32) -> Key {
    let (reference, _) = reference(entry, heading.account);
    transaction_key(entry.value_date, &reference, occurrence, entry.amount)
}
