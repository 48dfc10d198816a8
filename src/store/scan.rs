//! A range of keys → what the bank transactions stored in it say.
//!
//! Where most of a range is asked for, a COPY out of all of it costs a fraction of looking each key
//! up.

use chrono::{Days, NaiveDate};
use rayon::prelude::*;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::StoreError;
use super::binary::{self, HEADER};
use super::copy_stream::copy_out;
use super::statement::query_scalar;
use crate::identity::Key;
use crate::row::{BankSays, Said};

const STEP: &str = "looking up what is there already";

/// Columns of the statement.
const COLUMNS: usize = 8;

/// The bank transactions of a range, as they were read.
#[derive(Debug)]
pub(super) struct Scanned(Vec<u8>);

/// Reads the bank transactions with keys from `first` to `last`.
pub(super) async fn scan(
    connection: &mut PgConnection,
    first: Key,
    last: Key,
) -> Result<Scanned, StoreError> {
    let statement: String = query_scalar(include_str!("sql/copy_stored_statement.sql"))
        .bind(first.to_string())
        .bind(last.to_string())
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(STEP))?;
    let mut bytes = Vec::new();
    let take = |piece: &[u8]| {
        bytes.extend_from_slice(piece);
        Ok(())
    };
    copy_out(connection, &statement, take, |error| StoreError::at(STEP)(error)).await?;
    Ok(Scanned(bytes))
}

impl Scanned {
    /// Returns the keys and what is said under each; works on all cores.
    pub(super) fn said(&self) -> Result<Vec<(Key, Said)>, StoreError> {
        let bytes = self.0.get(HEADER.len()..).unwrap_or_default();
        let rows: Vec<Columns<'_>> = rows_of(bytes).collect();
        let said = rows.par_iter().with_min_len(512).map(said);
        said.collect::<Option<_>>().ok_or_else(unreadable)
    }
}

fn unreadable() -> StoreError {
    StoreError::at(STEP)(sqlx::Error::Protocol("a row of a binary COPY cannot be read".to_owned()))
}

/// The fields of a row; `None` is NULL.
type Columns<'b> = [Option<&'b [u8]>; COLUMNS];

/// Returns the rows up to the trailer, which is none.
fn rows_of(mut bytes: &[u8]) -> impl Iterator<Item = Columns<'_>> {
    std::iter::from_fn(move || {
        let (count, rest) = bytes.split_first_chunk()?;
        let mut rest = rest;
        if i16::from_be_bytes(*count) != COLUMNS as i16 {
            return None;
        }
        let mut columns = [None; COLUMNS];
        for column in &mut columns {
            let (length, behind) = rest.split_first_chunk()?;
            rest = behind;
            if let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) {
                let (value, behind) = rest.split_at_checked(length)?;
                (*column, rest) = (Some(value), behind);
            }
        }
        bytes = rest;
        Some(columns)
    })
}

fn said(columns: &Columns<'_>) -> Option<(Key, Said)> {
    let [key, account, currency, value_date, amount, reference, booking_date, details] = *columns;
    let says = BankSays {
        account: account.and_then(text),
        currency: currency.and_then(text),
        value_date: value_date.and_then(day),
        amount: amount.and_then(decimal),
        reference: reference.and_then(text),
        booking_date: booking_date.and_then(day),
        details: details.and_then(text),
    };
    Some((Key::parse(text(key?)?)?, says.said()))
}

fn text(value: &[u8]) -> Option<&str> {
    std::str::from_utf8(value).ok()
}

fn day(value: &[u8]) -> Option<NaiveDate> {
    let days = i32::from_be_bytes(value.try_into().ok()?);
    let distance = Days::new(days.unsigned_abs().into());
    match days < 0 {
        true => binary::epoch().checked_sub_days(distance),
        false => binary::epoch().checked_add_days(distance),
    }
}

/// Reads a numeric, as [`binary`] writes one.
fn decimal(value: &[u8]) -> Option<Decimal> {
    let mut parts = value.as_chunks().0.iter().map(|pair| i16::from_be_bytes(*pair));
    let (count, weight) = (parts.next()?, parts.next()?);
    let (sign, scale) = (parts.next()?, u32::try_from(parts.next()?).ok()?);
    let mut mantissa = 0_i128;
    for digit in parts.take(usize::try_from(count).ok()?) {
        mantissa = mantissa.checked_mul(10_000)?.checked_add(digit.into())?;
    }
    // Digits stand in groups of four; the last ones are left out where they are zeros.
    let decimals = 4 * (i32::from(count) - 1 - i32::from(weight));
    let missing = i32::try_from(scale).ok()? - decimals;
    let power = 10_i128.checked_pow(missing.unsigned_abs())?;
    let mantissa = if missing < 0 { mantissa / power } else { mantissa.checked_mul(power)? };
    let signed = match sign {
        0 => mantissa,
        0x4000 => -mantissa,
        _ => return None,
    };
    Decimal::try_from_i128_with_scale(signed, scale).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Columns as _;

    #[test]
    fn a_numeric_is_read_as_it_was_written() {
        let amounts = ["0", "0.00", "0.01", "-0.01", "1", "10000.00", "120.50", "-98765432.10"];
        for amount in amounts.into_iter().chain(["9999999999999999.99", "0.00012", "10000"]) {
            let mut fields = binary::Fields::default();
            fields.decimal(amount.parse().unwrap());
            let bytes = fields.into_bytes();
            let found = decimal(&bytes[4..]).map(|it| it.to_string());
            let expected = if amount == "0" { "0" } else { amount };
            assert_eq!(found.as_deref(), Some(expected));
        }
    }
}
