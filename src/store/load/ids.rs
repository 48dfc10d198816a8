//! Identifiers of rows, in the order in which the rows go in.

use chrono::Utc;
use uuid::Uuid;

/// Bits of an identifier behind the counter of the rows; they are random.
const RANDOM_BITS: u32 = 32;

/// Version 7 identifiers (RFC 9562) of one transaction's rows: the moment, a counter of 42 bits,
/// and a random number that the rows share. So the index of identifiers fills from left to right,
/// and all rows of the transaction lie between two of them.
#[derive(Debug)]
pub(crate) struct Ids {
    moment: u128,
    random: u128,
    next: u64,
}

impl Ids {
    /// Starts at this moment.
    pub(crate) fn now() -> Self {
        let millis = u128::from(Utc::now().timestamp_millis().unsigned_abs());
        let random = Uuid::now_v7().as_u128() & ((1 << RANDOM_BITS) - 1);
        Self { moment: millis << 80, random, next: 0 }
    }

    /// Returns identifiers for `count` further rows.
    pub(crate) fn take(&mut self, count: usize) -> impl Iterator<Item = Uuid> + use<> {
        let (moment, random, first) = (self.moment, self.random, self.next);
        self.next += count as u64;
        (first..self.next).map(move |number| id(moment, number, random))
    }

    /// Returns the identifier of a further row.
    pub(crate) fn one(&mut self) -> Uuid {
        self.next += 1;
        id(self.moment, self.next - 1, self.random)
    }

    /// Returns the first identifier, and one behind the last.
    pub(crate) fn range(&self) -> (Uuid, Uuid) {
        (id(self.moment, 0, 0), id(self.moment, self.next, 0))
    }
}

fn id(moment: u128, number: u64, random: u128) -> Uuid {
    const VERSION: u128 = 7 << 76;
    const VARIANT: u128 = 2 << 62;
    // The upper 12 bits of the counter stand before the variant, the lower 30 behind it.
    let (high, low) = (u128::from(number >> 30 & 0xfff), u128::from(number & 0x3fff_ffff));
    Uuid::from_u128(moment | VERSION | high << 64 | VARIANT | low << RANDOM_BITS | random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_follow_each_other_and_lie_in_their_range() {
        let mut ids = Ids::now();
        let mut all: Vec<Uuid> = ids.take(3).collect();
        all.push(ids.one());
        ids.next = (1 << 30) - 1;
        all.extend(ids.take(2));
        let (first, behind) = ids.range();
        assert!(all.is_sorted() && first <= all[0] && all[5] < behind);
        assert!(all.iter().all(|id| id.get_version_num() == 7));
        assert!(all.iter().all(|id| id.get_variant() == uuid::Variant::RFC4122));
    }
}
