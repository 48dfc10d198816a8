//! What a row says, so that two rows with one key can be compared.

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU64;
use std::sync::LazyLock;

use crate::normalize::fold_blanks;

/// Columns that a row says at most.
const COLUMNS_MAX: usize = 9;

/// Differs from run to run, so that nobody can write two texts that look the same to it.
static HASH: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// What a row says: a digest of each text that the database makes of its columns, blanks folded.
///
/// A text that is missing on either side contradicts nothing: old rows have columns that nobody
/// filled, and a leaner export leaves some out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Said {
    texts: [Option<NonZeroU64>; COLUMNS_MAX],
    firm: usize,
}

impl Said {
    /// Takes in the columns in the order of the table's stored statement: the firm ones, which the
    /// same row never says differently (account, amount, dates, codes), and the wording, which a
    /// sender may choose anew in another export.
    pub fn of(firm: &[Option<&str>], wording: &[Option<&str>]) -> Self {
        let mut said = Self { firm: firm.len(), ..Self::default() };
        for (slot, text) in said.texts.iter_mut().zip(firm.iter().chain(wording)) {
            *slot = text.map(digest);
        }
        said
    }

    /// Returns whether nothing firm contradicts.
    pub fn agrees_firmly(&self, other: &Self) -> bool {
        self.contradictions(other).all(|column| column >= self.firm)
    }

    /// Returns whether nothing contradicts.
    pub fn agrees(&self, other: &Self) -> bool {
        self.contradictions(other).next().is_none()
    }

    /// Returns which of the named columns contradict.
    pub fn differences<'n>(&self, other: &Self, names: &[&'n str]) -> Vec<&'n str> {
        self.contradictions(other).filter_map(|column| names.get(column)).copied().collect()
    }

    /// Returns which columns have a text, a bit each.
    pub(crate) fn columns(&self) -> u16 {
        let texts = self.texts.iter().rev();
        texts.fold(0, |columns, text| columns << 1 | u16::from(text.is_some()))
    }

    /// Returns which columns are firm, a bit each.
    pub(crate) fn firm_columns(&self) -> u16 {
        (1 << self.firm) - 1
    }

    /// Returns what is said in these columns.
    pub(crate) fn only(&self, columns: u16) -> Self {
        let mut said = *self;
        for (column, text) in said.texts.iter_mut().enumerate() {
            *text = text.filter(|_| columns >> column & 1 == 1);
        }
        said
    }

    fn contradictions(&self, other: &Self) -> impl Iterator<Item = usize> {
        let pairs = self.texts.iter().zip(&other.texts).enumerate();
        pairs.filter_map(|(column, pair)| match pair {
            (Some(ours), Some(theirs)) if ours != theirs => Some(column),
            _ => None,
        })
    }
}

fn digest(text: &str) -> NonZeroU64 {
    let digest = match is_folded(text) {
        true => HASH.hash_one(text.as_bytes()),
        false => HASH.hash_one(fold_blanks(text).as_bytes()),
    };
    NonZeroU64::new(digest).unwrap_or(NonZeroU64::MIN)
}

/// Returns whether folding blanks would leave an ASCII text as it is.
fn is_folded(text: &str) -> bool {
    let mut blank_before = true;
    let in_order = text.bytes().all(|b| {
        let blank = b == b' ';
        let fits = !(blank && blank_before) && (0x20..0x7f).contains(&b);
        blank_before = blank;
        fits
    });
    in_order && (!blank_before || text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_do_not_make_another_text() {
        let said = |text| Said::of(&[], &[Some(text)]);
        assert!(said("plata  factura\t1 ").agrees(&said("plata factura 1")));
        assert!(!said("plata factura1").agrees(&said("plata factura 1")));
    }

    #[test]
    fn a_text_that_is_missing_contradicts_nothing() {
        let (full, lean) = (Said::of(&[Some("A")], &[Some("x")]), Said::of(&[Some("A")], &[None]));
        assert!(full.agrees(&lean) && lean.agrees(&full));
    }

    #[test]
    fn another_wording_still_agrees_firmly() {
        let (a, b) = (Said::of(&[Some("A")], &[Some("x")]), Said::of(&[Some("A")], &[Some("y")]));
        assert!(a.agrees_firmly(&b) && !a.agrees(&b));
        assert_eq!(a.differences(&b, &["account", "text"]), ["text"]);
        assert!(!a.agrees_firmly(&Said::of(&[Some("B")], &[Some("x")])));
    }
}
