//! A cell of a workbook → amount or date.

use calamine::Data;
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;

use super::workbook::text;
use crate::record::Reason;
use crate::value::normalize;

/// Digits of a float that a workbook shows.
const FLOAT_DIGITS_MAX: u32 = 15;

/// Excel's number of 1 March 1900. Lower numbers count a 29 February 1900, which did not exist.
const SERIAL_MIN: f64 = 61.0;

/// Excel's number of 1 January 2201. A number from here on is no day of a delivery.
const SERIAL_MAX: f64 = 109_940.0;

/// Returns the amount with its sign, as a money column keeps it.
pub(super) fn amount(cell: &Data, field: &'static str) -> Result<Decimal, Reason> {
    let found = exact(cell, field)?;
    match normalize::fits_money(found) {
        true => Ok(found),
        false => Err(Reason::AmountDigits { field, found }),
    }
}

/// Returns the amount with its sign and all its decimals; rounded to the ban, a money column keeps it.
///
/// A workbook keeps decimals as binary floats and shows 15 digits of them. Rounded to 15 digits, a
/// float is the decimal that was typed; and a sum that Excel made of floats, 2067.8500000000004, is
/// what Excel shows: 2067.85.
pub(super) fn exact(cell: &Data, field: &'static str) -> Result<Decimal, Reason> {
    let read = match cell {
        Data::Int(whole) => Some(Decimal::from(*whole)),
        Data::Float(float) => of_bani(*float).or_else(|| shown(*float)),
        Data::String(text) => signed(text.trim()),
        _ => None,
    };
    let Some(found) = read else {
        let found = shortened(&text(cell));
        return Err(Reason::Amount { field, found });
    };
    if !normalize::fits_money(normalize::to_ban(found)) {
        return Err(Reason::AmountDigits { field, found });
    }
    // A float may be a negative zero, and a decimal made of it would keep the sign.
    Ok(if found.is_zero() { Decimal::ZERO } else { found })
}

/// Returns a float as a workbook shows it.
fn shown(float: f64) -> Option<Decimal> {
    let exact = Decimal::from_str_exact(&float.to_string()).ok()?;
    exact.round_sf(FLOAT_DIGITS_MAX).map(|shown| shown.normalize())
}

/// Returns the amount of a float that is a whole number of bani, as nearly all are, the short way.
/// The result is the same, since no other decimal of 15 digits has the same float.
fn of_bani(float: f64) -> Option<Decimal> {
    const BANI_MAX: f64 = 1e13;
    let bani = (float * 100.0).round();
    if bani == 0.0 || bani.abs() > BANI_MAX || bani / 100.0 != float {
        return None;
    }
    let bani = bani as i64;
    Some(match (bani % 100, bani % 10) {
        (0, _) => Decimal::new(bani / 100, 0),
        (_, 0) => Decimal::new(bani / 10, 1),
        _ => Decimal::new(bani, 2),
    })
}

fn signed(text: &str) -> Option<Decimal> {
    match text.strip_prefix('-') {
        Some(without) => unsigned(without).map(|amount| -amount),
        None => unsigned(text),
    }
}

/// Returns the amount of a text. A point with four digits and more behind it is no sign of thousands,
/// so it is that of decimals: programs of shops write prices as `8.9466`.
fn unsigned(text: &str) -> Option<Decimal> {
    const THOUSANDS: usize = 3;
    normalize::amount(text).or_else(|| {
        let (whole, decimals) = text.split_once('.')?;
        let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let is_decimal = decimals.len() > THOUSANDS && is_digits(whole) && is_digits(decimals);
        is_decimal.then(|| Decimal::from_str_exact(text).ok())?
    })
}

/// Returns the day of a cell: a text (ISO or `DD.MM.YYYY`), or a number of days since 1900 or 1904.
pub(super) fn date(cell: &Data, is_1904: bool, field: &'static str) -> Result<NaiveDate, Reason> {
    match cell {
        Data::String(text) | Data::DateTimeIso(text) => normalize::date(text),
        Data::Float(serial) => serial_day(*serial, is_1904),
        Data::DateTime(moment) => serial_day(moment.as_f64(), is_1904),
        _ => None,
    }
    .ok_or_else(|| Reason::Date { field, found: shortened(&text(cell)) })
}

fn serial_day(serial: f64, is_1904: bool) -> Option<NaiveDate> {
    if !(SERIAL_MIN..SERIAL_MAX).contains(&serial) {
        return None;
    }
    let (year, month, day) = if is_1904 { (1904, 1, 1) } else { (1899, 12, 30) };
    // The decimals are the time of day. The cast is exact, since the number is within the range
    // above.
    NaiveDate::from_ymd_opt(year, month, day)?.checked_add_days(Days::new(serial.trunc() as u64))
}

/// Returns the moment of a cell, as [`date`] returns the day; without a time of day it is midnight.
pub(super) fn moment(
    cell: &Data,
    is_1904: bool,
    field: &'static str,
) -> Result<NaiveDateTime, Reason> {
    let day = date(cell, is_1904, field)?;
    let time = match cell {
        Data::String(text) | Data::DateTimeIso(text) => {
            // The day has ten characters, or it would be none.
            let time = text.trim().get(10..).unwrap_or_default();
            time_of_text(time.trim_start_matches(['T', ' ', ',']))
        }
        Data::DateTime(moment) => time_of_serial(moment.as_f64()),
        Data::Float(serial) => time_of_serial(*serial),
        _ => None,
    };
    let time = time.ok_or_else(|| Reason::Date { field, found: shortened(&text(cell)) })?;
    Ok(day.and_time(time))
}

fn time_of_text(time: &str) -> Option<NaiveTime> {
    const FORMS: [&str; 3] = ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p"];
    if time.is_empty() {
        return Some(NaiveTime::MIN);
    }
    FORMS.iter().find_map(|form| NaiveTime::parse_from_str(time, form).ok())
}

/// Returns the time of day that the decimals of a number of days state.
fn time_of_serial(serial: f64) -> Option<NaiveTime> {
    const SECONDS: f64 = 86_400.0;
    // The cast is exact, since the fraction of a day has fewer seconds than a day. The last half second of a
    // day stays in that day.
    let seconds = (serial.fract() * SECONDS).round().min(SECONDS - 1.0) as u32;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)
}

/// Returns the start of a text: an error must not repeat a whole narrative.
pub(super) fn shortened(text: &str) -> String {
    const CHARS_MAX: usize = 20;
    text.chars().take(CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::format::testing::dec;

    fn text_cell(text: &str) -> Data {
        Data::String(text.to_owned())
    }

    #[test]
    fn an_amount_is_the_decimal_that_was_typed() {
        let floats = [
            (104.95, dec("104.95")),
            (2067.8500000000004, dec("2067.85")),
            (9_999_999_999.99, dec("9999999999.99")),
            (-12.5, dec("-12.5")),
            (-0.0, dec("0")),
            (300.0, dec("300")),
        ];
        for (float, expected) in floats {
            let read = amount(&Data::Float(float), "").unwrap();
            assert_eq!(read.to_string(), expected.to_string());
        }
        let texts =
            [("104,95", dec("104.95")), (" 1.104,95 ", dec("1104.95")), ("-12.5", dec("-12.5"))];
        for (text, expected) in texts {
            assert_eq!(amount(&text_cell(text), ""), Ok(expected), "{text}");
        }
        assert_eq!(amount(&text_cell("-104.9500"), ""), Ok(dec("-104.95")));
        assert_eq!(exact(&text_cell("8.9466"), ""), Ok(dec("8.9466")));
    }

    #[test]
    fn an_amount_that_would_have_to_be_guessed_is_none() {
        let digits = amount(&Data::Float(0.125), "x").unwrap_err();
        assert!(matches!(digits, Reason::AmountDigits { .. }), "{digits}");
        let odd = [
            text_cell("104.950"),
            text_cell("1.104.9500"),
            text_cell("--1"),
            text_cell("12 lei"),
            Data::Float(f64::NAN),
            Data::Float(1e300),
            Data::Bool(true),
            Data::DateTimeIso("2025-08-01".to_owned()),
        ];
        for cell in odd {
            let refused = amount(&cell, "x").unwrap_err();
            assert!(matches!(refused, Reason::Amount { .. }), "{cell:?}: {refused}");
        }
    }

    #[test]
    fn a_date_may_be_text_or_a_number_of_days() {
        let dates = [
            text_cell("01.08.2025"),
            text_cell(" 2025-08-01 "),
            Data::DateTimeIso("2025-08-01T10:00:00".to_owned()),
            Data::Float(45870.0),
            Data::Float(45870.75),
        ];
        for cell in dates {
            assert_eq!(date(&cell, false, "").unwrap().to_string(), "2025-08-01", "{cell:?}");
        }
        for cell in [Data::Float(60.0), Data::Float(f64::INFINITY), text_cell("ieri"), Data::Empty]
        {
            assert!(date(&cell, false, "").is_err(), "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn an_amount_of_whole_bani_is_what_the_workbook_shows(
            bani in -1_000_000_000_000_i64..1_000_000_000_000,
            error in -3..=3_i64,
        ) {
            let float = f64::from_bits((bani as f64 / 100.0).to_bits().wrapping_add_signed(error));
            let quick = of_bani(float).filter(|_| float.is_finite());
            if let Some(quick) = quick {
                prop_assert_eq!(Some(quick.to_string()), shown(float).map(|it| it.to_string()));
            }
            prop_assert!(error != 0 || bani == 0 || quick.is_some());
        }
    }
}
