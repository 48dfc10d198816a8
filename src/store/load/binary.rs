//! Rows → the bytes of a binary COPY.
//!
//! The form is PostgreSQL's (documentation of COPY, "Binary Format"): a header, for each row the
//! number of its fields and each field with its length, a trailer; numbers in network byte order.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::fault::Impossible;
use crate::row::ColumnWriter;

/// What a COPY begins with.
pub(crate) const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What a COPY ends with.
pub(crate) const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

/// Rows as bytes, field after field.
#[derive(Debug, Default)]
pub(crate) struct CopyBytes {
    bytes: Vec<u8>,
    count: i16,
    /// The first value that could not be written.
    impossible: Option<Impossible>,
}

impl CopyBytes {
    /// Returns the bytes of all rows.
    ///
    /// # Errors
    ///
    /// A value that its column's type does not hold.
    pub(crate) fn into_bytes(self) -> Result<Vec<u8>, Impossible> {
        self.impossible.map_or(Ok(self.bytes), Err)
    }

    /// Returns how many bytes there are.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Notes that a value does not fit its column's type. None of these bytes are sent then.
    #[track_caller]
    fn fail(&mut self, what: &'static str) {
        self.impossible.get_or_insert(Impossible::new(what));
    }

    /// Adds a row of the fields that `put` adds.
    pub(crate) fn row(&mut self, put: impl FnOnce(&mut Self)) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0, 0]);
        self.count = 0;
        put(self);
        let count = self.count.to_be_bytes();
        if let Some(slot) = self.bytes.get_mut(start..start + count.len()) {
            slot.copy_from_slice(&count);
        }
    }

    fn field(&mut self, value: &[u8]) {
        self.count += 1;
        let Ok(length) = i32::try_from(value.len()) else {
            return self.fail("a value of 2 GiB");
        };
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(value);
    }

    fn null(&mut self) {
        self.count += 1;
        self.bytes.extend_from_slice(&(-1_i32).to_be_bytes());
    }
}

impl ColumnWriter for CopyBytes {
    fn uuid(&mut self, value: Uuid) {
        self.field(value.as_bytes());
    }

    fn text(&mut self, value: Option<&str>) {
        match value {
            Some(text) => self.field(text.as_bytes()),
            None => self.null(),
        }
    }

    fn date(&mut self, value: Option<NaiveDate>) {
        match value {
            Some(date) => match i32::try_from(days_since_2000(date)) {
                Ok(days) => self.field(&days.to_be_bytes()),
                Err(_) => self.fail("a day that no calendar has"),
            },
            None => self.null(),
        }
    }

    fn moment(&mut self, value: NaiveDateTime) {
        let since = value.signed_duration_since(NaiveDateTime::from(EPOCH));
        match since.num_microseconds() {
            Some(micros) => self.field(&micros.to_be_bytes()),
            None => self.fail("a moment that no column holds"),
        }
    }

    fn instant(&mut self, value: Option<DateTime<Utc>>) {
        match value {
            // On the wire a moment with a zone is the one of UTC.
            Some(instant) => self.moment(instant.naive_utc()),
            None => self.null(),
        }
    }

    fn decimal(&mut self, value: Decimal) {
        let start = self.bytes.len();
        self.field(&[]);
        numeric(value, &mut self.bytes);
        let length = (self.bytes.len() - start - 4) as i32;
        if let Some(slot) = self.bytes.get_mut(start..start + 4) {
            slot.copy_from_slice(&length.to_be_bytes());
        }
    }

    fn int(&mut self, value: u32) {
        match i32::try_from(value) {
            Ok(number) => self.field(&number.to_be_bytes()),
            Err(_) => self.fail("a number that no column holds"),
        }
    }

    fn bool(&mut self, value: bool) {
        self.field(&[u8::from(value)]);
    }
}

/// The day from which PostgreSQL counts days; computed when vama is built.
pub(crate) const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

fn days_since_2000(date: NaiveDate) -> i64 {
    date.signed_duration_since(EPOCH).num_days()
}

/// Writes a numeric: digits of base 10,000 with the power of the first one, sign and scale.
fn numeric(value: Decimal, out: &mut Vec<u8>) {
    const BASE: u128 = 10_000;
    let scale = value.scale();
    let padding = (4 - scale % 4) % 4;
    // At most 29 digits and 3 more; a `u128` holds 38.
    let mut rest = value.mantissa().unsigned_abs() * 10_u128.pow(padding);
    let mut digits = [0_i16; 9];
    let mut count = 0_i16;
    for slot in &mut digits {
        if rest == 0 {
            break;
        }
        *slot = (rest % BASE) as i16;
        rest /= BASE;
        count += 1;
    }
    let fraction_groups = (scale + padding) as i16 / 4;
    let weight = count - fraction_groups - 1;
    let sign = if value.is_sign_negative() && count > 0 { 0x4000_i16 } else { 0 };
    for part in [count, if count == 0 { 0 } else { weight }, sign, scale as i16] {
        out.extend_from_slice(&part.to_be_bytes());
    }
    for digit in digits.iter().take(count as usize).rev() {
        out.extend_from_slice(&digit.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_no_column_holds_is_an_error_and_no_other_value() {
        let written = |put: fn(&mut CopyBytes)| {
            let mut fields = CopyBytes::default();
            fields.row(put);
            fields.into_bytes()
        };
        assert!(written(|out| out.int(i32::MAX as u32)).is_ok());
        let error = written(|out| out.int(i32::MAX as u32 + 1)).unwrap_err();
        assert!(error.to_string().contains("src/store/load/binary.rs:"), "{error}");
    }
}
