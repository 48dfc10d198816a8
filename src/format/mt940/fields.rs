//! What fields 60 to 65 have in common: a day of six digits, and a mark for the amount's sign.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use crate::record::{Line, Warning};
use crate::value::normalize;

/// Days that lie at most between a value date and its booking date: about six months.
///
/// The booking date has no year. If it would be farther away in the value date's year, it is a day
/// of the year before or after.
const BOOKING_DISTANCE_MAX: i32 = 186;

/// Returns the day of `YYMMDD`, always in 20YY, and whether the calendar has it.
pub(super) fn day(text: &str) -> Option<(NaiveDate, bool)> {
    let (year, month_day) = text.split_at_checked(2)?;
    let (month, day) = month_day.split_at_checked(2)?;
    normalize::day(2000 + i32::from(number(year)?), number(month)?.into(), number(day)?.into())
}

/// Returns the day of `MMDD` that is nearest to the value date, and whether the calendar has it.
pub(super) fn booking_day(text: &str, value_date: NaiveDate) -> Option<(NaiveDate, bool)> {
    let (month, day) = text.split_at_checked(2)?;
    let (month, day) = (u32::from(number(month)?), u32::from(number(day)?));
    let place = |month: u32, day: u32| (month * 31 + day).cast_signed();
    let distance = place(month, day) - place(value_date.month(), value_date.day());
    let year = value_date.year();
    let year = if distance.abs() > BOOKING_DISTANCE_MAX { year - distance.signum() } else { year };
    normalize::day(year, month, day)
}

/// Returns the number that two digits make, or `None` where the text is anything else.
fn number(text: &str) -> Option<u8> {
    match *text.as_bytes() {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some((tens - b'0') * 10 + (ones - b'0')),
        _ => None,
    }
}

/// Returns the warning about a day that the calendar does not have.
pub(super) fn clamped(field: &str, digits: &str, date: NaiveDate, line: Line) -> Warning {
    Warning {
        line: Some(line),
        text: format!("the {field} {digits} does not exist, read as {date}"),
    }
}

/// Returns the amount with its sign; zero has none.
pub(super) fn signed(amount: Decimal, positive: bool) -> Decimal {
    if positive || amount.is_zero() { amount } else { -amount }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_booking_date_lies_in_the_year_nearest_to_the_value_date() {
        let cases = [
            ("251231", "0102", "2026-01-02"),
            ("260102", "1231", "2025-12-31"),
            ("260105", "0105", "2026-01-05"),
            ("260630", "0101", "2026-01-01"),
            ("240229", "0229", "2024-02-29"),
            ("000101", "1231", "1999-12-31"),
        ];
        for (value, booking, expected) in cases {
            let (value, _) = day(value).unwrap();
            let (date, exists) = booking_day(booking, value).unwrap();
            assert_eq!((date.to_string().as_str(), exists), (expected, true));
        }
    }

    #[test]
    fn a_day_is_six_digits() {
        assert_eq!(day("260230").map(|(_, exists)| exists), Some(false));
        for text in ["261301", "260100", "2601", "26010ă", "ăăă", "26 101", "+60101"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn no_money_is_not_negative() {
        assert!(!signed(Decimal::ZERO, false).is_sign_negative());
    }
}
