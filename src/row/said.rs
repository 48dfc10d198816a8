//! What a row says, so that two rows with one key can be compared.

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU64;
use std::sync::LazyLock;

use crate::value::normalize::fold_blanks;

/// Columns by which a row is compared, at most.
const COLUMNS_MAX: usize = 9;

/// The seed of the digests, new in each run, so that nobody can make two texts with one digest.
static HASH: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// What a row says: for each column by which it is compared, a digest of the column's text, as the
/// database writes the value, with runs of blanks as one.
///
/// A text that is missing on either side contradicts nothing: old rows have columns that nobody
/// filled, and some exports leave columns out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Said {
    texts: [Option<NonZeroU64>; COLUMNS_MAX],
    firm: usize,
}

impl Said {
    /// Makes it of the texts of the columns, always in the same order. First the firm columns,
    /// which are the same in every export (account, amount, dates, codes); then the wording, which
    /// a sender may change in another export.
    pub fn of(firm: &[Option<&str>], wording: &[Option<&str>]) -> Self {
        let mut said = Self { firm: firm.len(), ..Self::default() };
        for (slot, text) in said.texts.iter_mut().zip(firm.iter().chain(wording)) {
            *slot = text.map(digest);
        }
        said
    }

    /// Returns whether no firm column contradicts the other row's.
    pub fn agrees_firmly(&self, other: &Self) -> bool {
        self.contradictions(other).all(|column| column >= self.firm)
    }

    /// Returns whether no column contradicts the other row's.
    pub fn agrees(&self, other: &Self) -> bool {
        self.contradictions(other).next().is_none()
    }

    /// Returns the names of the columns that contradict; `names` has the names of all columns.
    pub fn differences<'n>(&self, other: &Self, names: &[&'n str]) -> Vec<&'n str> {
        self.contradictions(other).filter_map(|column| names.get(column)).copied().collect()
    }

    /// Returns which columns have a text, one bit for each column.
    pub(crate) fn columns(&self) -> u16 {
        let texts = self.texts.iter().rev();
        texts.fold(0, |columns, text| columns << 1 | u16::from(text.is_some()))
    }

    /// Returns which columns are firm (equal in every export, as the account, the amount and the days
    /// are; the others are wording), one bit for each column.
    pub(crate) fn firm_columns(&self) -> u16 {
        (1 << self.firm) - 1
    }

    /// Returns what the row says in these columns alone.
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

/// Returns whether the text is plain ASCII that folding blanks leaves as it is.
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
