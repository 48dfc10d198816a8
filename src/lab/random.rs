//! Random numbers that are the same on every machine.

use rust_decimal::Decimal;

/// A SplitMix64 generator (Steele, Lea, Flood 2014): fast, and good enough to invent with.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Starts a generator that depends on all the parts and their order.
    pub fn of(parts: &[u64]) -> Random {
        parts.iter().fold(Random(0), |mut so_far, part| Random(so_far.draw() ^ part))
    }

    /// Returns the next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number from 0 to one less than the bound; 0 where the bound is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.draw().checked_rem(bound).unwrap_or_default()
    }

    /// Returns an amount of at least `low` lei and less than `high` lei, in whole bani.
    pub fn lei(&mut self, low: u32, high: u32) -> Decimal {
        let span = u64::from(high.saturating_sub(low)) * 100;
        Decimal::new(i64::from(low) * 100, 2) + Decimal::new(self.below(span).cast_signed(), 2)
    }

    /// Returns one of the values, or the default where there are none.
    pub fn pick<T: Copy + Default>(&mut self, values: &[T]) -> T {
        let index = usize::try_from(self.below(values.len() as u64)).unwrap_or_default();
        values.get(index).copied().unwrap_or_default()
    }

    /// Puts the values in another order.
    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).unwrap_or_default();
            values.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        let mut random = Random(1234567);
        assert_eq!(random.draw(), 6457827717110365317);
        assert_eq!(random.draw(), 3203168211198807973);
    }

    #[test]
    fn nothing_to_choose_from_is_no_fault() {
        let mut random = Random::of(&[1]);
        assert_eq!(random.below(0), 0);
        assert_eq!(random.pick::<&str>(&[]), "");
        assert_eq!(random.lei(5, 5), Decimal::from(5));
    }
}
