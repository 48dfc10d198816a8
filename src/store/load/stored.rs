//! A stored bank transaction, column by column → its key, what it says, and the statement that it names.
//!
//! Looked up by its key, its columns come as text; read with its range, they come in the server's
//! binary form. Somebody else may have written the row, so nothing in it is an error.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::binary;
use crate::plan::StoredRow;
use crate::row::key::Key;
use crate::row::{BankSays, ColumnValue};

/// How many columns `stored_bank_transactions.sql` and `copy_stored_statement.sql` return.
pub(crate) const COLUMNS: usize = 9;

/// Decimals that an amount has at most.
const SCALE_MAX: i32 = Decimal::MAX_SCALE as i32;

/// The columns of a row; `None` is NULL.
pub(crate) type StoredColumns<'b> = [Option<&'b [u8]>; COLUMNS];

/// How the values of columns are written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Form {
    Text,
    Binary,
}

/// Returns the key of a row, what it says, and the statement that it names.
///
/// Returns `None` for a row whose key is not the text of a digest, such as `MANUAL-1` or a digest
/// in upper case: no row of a file has such a key.
pub(crate) fn stored_row(columns: &StoredColumns<'_>, form: Form) -> Option<(Key, StoredRow)> {
    let (day, decimal) = match form {
        Form::Text => (day_of_text as fn(&[u8]) -> _, decimal_of_text as fn(&[u8]) -> _),
        Form::Binary => (day as fn(&[u8]) -> _, decimal as fn(&[u8]) -> _),
    };
    let [key, account, currency, value_date, amount, reference, booking_date, details, statement] =
        *columns;
    let key = Key::parse(std::str::from_utf8(key?).ok()?)?;
    let [account, currency, reference, details] =
        [account, currency, reference, details].map(|it| it.map(String::from_utf8_lossy));
    let says = BankSays {
        account: account.as_deref(),
        currency: currency.as_deref(),
        value_date: column_value(value_date, day),
        amount: column_value(amount, decimal),
        reference: reference.as_deref(),
        booking_date: column_value(booking_date, day),
        details: details.as_deref(),
    };
    Some((key, StoredRow { says: says.said(), statement: statement.and_then(identifier) }))
}

fn column_value<T>(value: Option<&[u8]>, read: impl Fn(&[u8]) -> Option<T>) -> ColumnValue<T> {
    value.map_or(ColumnValue::Missing, |value| {
        read(value).map_or(ColumnValue::Foreign, ColumnValue::Is)
    })
}

/// Reads an identifier in either form; returns `None` for what is none.
fn identifier(value: &[u8]) -> Option<Uuid> {
    Uuid::from_slice(value).ok().or_else(|| Uuid::try_parse_ascii(value).ok())
}

/// Reads a day; returns `None` for `infinity` and for days outside of the calendar.
fn day(value: &[u8]) -> Option<NaiveDate> {
    let days = i32::from_be_bytes(value.try_into().ok()?);
    let distance = Days::new(days.unsigned_abs().into());
    match days < 0 {
        true => binary::EPOCH.checked_sub_days(distance),
        false => binary::EPOCH.checked_add_days(distance),
    }
}

/// Reads a day as ISO 8601 writes it; returns `None` for `infinity` and for years of more or fewer
/// than four digits, which no file states.
fn day_of_text(value: &[u8]) -> Option<NaiveDate> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

/// Reads a numeric as text; returns `None` for what is no number, or has more digits than an amount.
fn decimal_of_text(value: &[u8]) -> Option<Decimal> {
    let text = std::str::from_utf8(value).ok()?;
    let digits = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    };
    Decimal::from_str_exact(digits).ok()
}

/// Reads a numeric, as [`binary`] writes one; returns `None` for what is no number, or has more
/// digits than an amount.
fn decimal(value: &[u8]) -> Option<Decimal> {
    let mut parts = value.as_chunks().0.iter().map(|pair| i16::from_be_bytes(*pair));
    let (count, weight) = (parts.next()?, parts.next()?);
    let (sign, scale) = (parts.next()?, parts.next()?);
    let mut mantissa = 0_i128;
    for digit in parts.take(usize::try_from(count).ok()?) {
        mantissa = mantissa.checked_mul(10_000)?.checked_add(digit.into())?;
    }
    // Digits stand in groups of four; groups of zeros at the end are left out.
    let decimals = 4 * (i32::from(count) - 1 - i32::from(weight));
    let scale = match i32::from(scale) {
        // More decimals are stated than fit; those behind the last group are zeros.
        scale if scale > SCALE_MAX => decimals.max(0),
        scale => scale,
    };
    let missing = scale - decimals;
    let power = 10_i128.checked_pow(missing.unsigned_abs())?;
    let mantissa = if missing < 0 { mantissa / power } else { mantissa.checked_mul(power)? };
    let signed = match sign {
        0 => mantissa,
        0x4000 => -mantissa,
        _ => return None,
    };
    Decimal::try_from_i128_with_scale(signed, u32::try_from(scale).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::ColumnWriter as _;

    #[test]
    fn a_numeric_is_read_as_it_was_written() {
        let amounts = ["0", "0.00", "0.01", "-0.01", "1", "10000.00", "120.50", "-98765432.10"];
        for amount in amounts.into_iter().chain(["9999999999999999.99", "0.00012", "10000"]) {
            let mut fields = binary::CopyBytes::default();
            fields.decimal(amount.parse().unwrap());
            let bytes = fields.into_bytes().unwrap();
            let found = decimal(&bytes[4..]).map(|it| it.to_string());
            let expected = if amount == "0" { "0" } else { amount };
            assert_eq!(found.as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_numeric_that_is_no_amount_is_none_and_zeros_are_no_digits() {
        let numeric = |parts: &[i16]| -> Vec<u8> {
            parts.iter().flat_map(|part| part.to_be_bytes()).collect()
        };
        // NaN, both infinities, 10000^16, a scale that nothing has, and bytes that end too soon.
        for parts in [
            &[0, 0, -0x4000, 0][..],
            &[0, 0, -0x3000, 0],
            &[0, 0, -0x1000, 0],
            &[1, 16, 0, 0, 1],
            &[1, 0, 0, -1, 1],
            &[1, 0],
            &[],
        ] {
            assert_eq!(decimal(&numeric(parts)), None, "{parts:?}");
        }
        let tall = numeric(&[2, 0, 0, 32, 12, 5000]);
        assert_eq!(decimal(&tall).map(|it| it.normalize().to_string()).as_deref(), Some("12.5"));
    }

    #[test]
    fn what_no_file_says_contradicts_and_what_is_missing_does_not() {
        let key = Key::parse("0123456789abcdef0123456789abcdef").unwrap().hex();
        let row = |date: Option<&'static [u8]>| -> StoredColumns<'_> {
            [Some(&key), None, None, date, None, None, None, None, None]
        };
        let says = |date| stored_row(&row(date), Form::Binary).unwrap().1.says;
        let today = [0, 0, 37, 129];
        let today = says(Some(Box::leak(Box::new(today))));
        assert!(today.agrees(&says(None)) && today.agrees(&today));
        // Infinity, its opposite, and 2000 days before Christ.
        for odd in [i32::MAX, i32::MIN, -732_000] {
            let odd = says(Some(Box::leak(Box::new(odd.to_be_bytes()))));
            assert!(!today.agrees(&odd) && odd.agrees(&odd));
        }
    }

    #[test]
    fn a_row_says_the_same_in_both_forms() {
        let amounts = ["0.00", "-0.01", "10000", "120.50", "12.50000", "9999999999999999.99"];
        for (amount, days) in amounts.into_iter().zip([0_i32, -1, 9000, 9587, i32::MAX, 36_524]) {
            let mut fields = binary::CopyBytes::default();
            fields.decimal(amount.parse().unwrap());
            let bytes = fields.into_bytes().unwrap();
            assert_eq!(decimal(&bytes[4..]), decimal_of_text(amount.as_bytes()), "{amount}");
            let text = binary::EPOCH.checked_add_signed(chrono::TimeDelta::days(days.into()));
            let text = text.map_or_else(|| "infinity".to_owned(), |day| day.to_string());
            assert_eq!(day(&days.to_be_bytes()), day_of_text(text.as_bytes()), "{text}");
        }
        for odd in ["NaN", "Infinity", "-Infinity", "1e5", "", "0.1234567890123456789012345678901"]
        {
            assert_eq!(decimal_of_text(odd.as_bytes()), None, "{odd}");
        }
        for odd in ["infinity", "-infinity", "0044-03-15 BC", "12026-01-01"] {
            assert_eq!(day_of_text(odd.as_bytes()), None, "{odd}");
        }
    }

    #[test]
    fn a_row_without_a_key_of_ours_is_no_row_of_a_file() {
        for key in [None, Some("MANUAL-1"), Some(""), Some("0123456789ABCDEF0123456789ABCDEF")] {
            let key = key.map(str::as_bytes);
            let columns = [key, None, None, None, None, None, None, None, None];
            assert!(stored_row(&columns, Form::Binary).is_none());
        }
    }
}
