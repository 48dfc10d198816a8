//! The fields that were read of an entry, kept as places in its raw text.

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Entry, Line};

/// The fields that were read of an entry. With the entry's raw text they make the [`Entry`] again
/// without reading the text once more.
#[derive(Debug, Clone)]
pub struct EntryFields {
    line: Line,
    value_date: NaiveDate,
    booking_date: Option<NaiveDate>,
    amount: Decimal,
    is_expected: bool,
    type_code: Field,
    customer_reference: Field,
    bank_reference: Field,
}

impl EntryFields {
    /// Takes the fields of an entry.
    pub fn of(entry: &Entry<'_>) -> Self {
        let field = |text: &str| Field::of(text, entry.raw);
        Self {
            line: entry.line,
            value_date: entry.value_date,
            booking_date: entry.booking_date,
            amount: entry.amount,
            is_expected: entry.is_expected,
            type_code: field(entry.type_code),
            customer_reference: field(&entry.customer_reference),
            bank_reference: field(entry.bank_reference),
        }
    }

    /// Returns the entry again; `raw` is its raw text.
    pub fn entry<'s>(&'s self, raw: &'s str) -> Entry<'s> {
        Entry {
            line: self.line,
            value_date: self.value_date,
            booking_date: self.booking_date,
            amount: self.amount,
            is_expected: self.is_expected,
            type_code: self.type_code.text(raw),
            customer_reference: Cow::Borrowed(self.customer_reference.text(raw)),
            bank_reference: self.bank_reference.text(raw),
            raw,
            start: 0,
        }
    }
}

/// The text of a field.
#[derive(Debug, Clone)]
enum Field {
    /// The text stands in the raw text, from this byte to that.
    Within(u32, u32),
    /// The text does not stand in the raw text as a whole: a bank may write it in two halves, or a
    /// format may use a word of its own.
    Apart(Box<str>),
}

impl Field {
    fn of(text: &str, raw: &str) -> Self {
        // Where the text is a slice of the raw text, its place is the distance of their addresses.
        let from = (text.as_ptr() as usize).wrapping_sub(raw.as_ptr() as usize);
        let end = from.saturating_add(text.len());
        match (u32::try_from(from), u32::try_from(end)) {
            (Ok(from), Ok(end)) if end as usize <= raw.len() => Self::Within(from, end),
            _ => Self::Apart(text.into()),
        }
    }

    fn text<'s>(&'s self, raw: &'s str) -> &'s str {
        match self {
            Self::Within(from, end) => raw.get(*from as usize..*end as usize).unwrap_or_default(),
            Self::Apart(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_in_the_raw_text_or_kept_apart() {
        let raw = "abc//def";
        for text in [&raw[0..3], &raw[5..8], &raw[8..], "", "elsewhere"] {
            let field = Field::of(text, raw);
            assert_eq!(field.text(raw), text, "{field:?}");
        }
        assert!(matches!(Field::of(&raw[5..8], raw), Field::Within(5, 8)));
        assert!(matches!(Field::of("elsewhere", raw), Field::Apart(_)));
    }
}
