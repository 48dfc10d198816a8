//! What stands in a cell: text that a workbook takes, real days, real amounts.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_xlsxwriter::ExcelDateTime;

use crate::value::normalize;

/// Characters that a cell holds, as UTF-16 counts them.
const TEXT_MAX: usize = 32_767;

/// What a column has, which decides how it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Days: `02.04.2026`.
    Day,
    /// Amounts: `1.234,50`.
    Amount,
    /// Numbers of things.
    Count,
    /// Names and numbers that are no amounts.
    Name,
    /// Sentences.
    Words,
}

impl Kind {
    /// Returns how many characters a column of it is wide at most; longer texts stand on several lines.
    pub(super) fn width_max(self) -> usize {
        match self {
            Self::Day | Self::Amount | Self::Count => 24,
            Self::Name => 36,
            Self::Words => 48,
        }
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Empty,
    Day(NaiveDate),
    Amount(Decimal),
    Count(u32),
    /// Always a text, whatever it begins with.
    Text(String),
    /// A formula, and what it comes to.
    Sum(String, Decimal),
}

impl Cell {
    /// Returns the text as a cell takes it: on one line, without what no XML can hold, cut where it is
    /// too long.
    pub(super) fn text(text: &str) -> Self {
        let cleaned = normalize::text(text);
        // XML knows no such characters, and a workbook that has them is called damaged.
        let cleaned = cleaned.replace(['\u{fffe}', '\u{ffff}'], "");
        match cleaned.is_empty() {
            true => Self::Empty,
            false => Self::Text(cut(cleaned, TEXT_MAX)),
        }
    }

    /// Returns the text, or an empty cell.
    pub(super) fn maybe_text(text: Option<&str>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }

    /// Returns the day, or an empty cell.
    pub(super) fn maybe_day(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Day)
    }

    /// Returns the amount, or an empty cell.
    pub(super) fn maybe_amount(amount: Option<Decimal>) -> Self {
        amount.map_or(Self::Empty, Self::Amount)
    }

    /// Returns how many digits it is wide.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Day(_) => "00.00.0000".len(),
            Self::Amount(amount) | Self::Sum(_, amount) => {
                let digits = format!("{amount:.2}").len();
                // A point stands before each three digits but the first ones.
                digits + digits.saturating_sub("000.00".len()).div_ceil(3)
            }
            Self::Count(count) => count.to_string().len(),
            // Letters are wider than the digits that a column is measured by.
            Self::Text(text) => text.chars().count() * 9 / 8,
        }
    }
}

/// Returns the text cut to so many characters of UTF-16, with `…` where it was cut.
pub(super) fn cut(text: String, max: usize) -> String {
    if text.len() <= max || text.encode_utf16().count() <= max {
        return text;
    }
    let mut room = max.saturating_sub(1);
    let fits = |c: &char| {
        let left = room.checked_sub(c.len_utf16());
        room = left.unwrap_or(0);
        left.is_some()
    };
    let mut kept: String = text.chars().take_while(fits).collect();
    kept.push('…');
    kept
}

/// Returns a cell's number: a cell holds no decimal, and a double has 15 digits of an amount as they are.
pub(super) fn number(amount: Decimal) -> f64 {
    amount.to_string().parse().unwrap_or_default()
}

/// Returns the day as a workbook counts it; `None` for one of years that it does not know.
pub(super) fn excel_day(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    let [month, day] = [day.month(), day.day()].map(u8::try_from);
    ExcelDateTime::from_ymd(year, month.ok()?, day.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_that_every_cell_takes() {
        for (text, expected) in [
            ("=1+1", Cell::Text("=1+1".to_owned())),
            ("\t=cmd|'/c calc'!A0\r\n", Cell::Text("=cmd|'/c calc'!A0".to_owned())),
            ("a\u{0}b\u{1b}\nc\u{ffff}\u{fffe}", Cell::Text("ab c".to_owned())),
            ("\u{ffff}", Cell::Empty),
            (" \r\n", Cell::Empty),
        ] {
            assert_eq!(Cell::text(text), expected, "{text:?}");
        }
        for (long, count) in [("ș".repeat(40_000), 32_767), ("😀".repeat(40_000), 16_384)] {
            let Cell::Text(cut) = Cell::text(&long) else { panic!() };
            assert_eq!((cut.chars().count(), cut.ends_with('…')), (count, true));
            assert!(cut.encode_utf16().count() <= TEXT_MAX);
        }
    }

    #[test]
    fn a_number_has_the_digits_of_its_amount_and_a_day_is_one_of_the_calendar() {
        for text in ["0.10", "-1234567.89", "9999999999999.99", "0"] {
            let amount: Decimal = text.parse().unwrap();
            assert_eq!(number(amount), text.parse::<f64>().unwrap());
        }
        let day = |year| NaiveDate::from_ymd_opt(year, 4, 2).unwrap();
        assert!(excel_day(day(2026)).is_some());
        assert!(excel_day(day(1800)).is_none() && excel_day(day(12_026)).is_none());
        let widths = ["1.00", "123.45", "1234.50", "1234567.89"]
            .map(|it: &str| Cell::Amount(it.parse().unwrap()).width());
        assert_eq!(widths, [4, 6, 8, 12]);
    }
}
