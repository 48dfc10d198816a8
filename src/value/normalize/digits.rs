//! Amounts and days → their text, without allocating: every entry is hashed and stored with both.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::MONEY_SCALE_MAX;

/// The length of the longest amount: sign, 29 digits, point and two decimals.
const AMOUNT_LEN_MAX: usize = 33;

/// Returns the ten characters of a day as ISO 8601 writes it: `2026-03-02`. `None` outside of the
/// years 0 to 9999, which ten characters do not hold.
pub(crate) fn date_digits(date: NaiveDate) -> Option<[u8; 10]> {
    let year = u32::try_from(date.year()).ok().filter(|year| *year <= 9999)?;
    let [y1, y2] = two_digits(year / 100);
    let [y3, y4] = two_digits(year % 100);
    let [m1, m2] = two_digits(date.month());
    let [d1, d2] = two_digits(date.day());
    Some([y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2])
}

/// Returns both digits of a number below 100.
fn two_digits(number: u32) -> [u8; 2] {
    [number / 10, number % 10].map(digit)
}

fn digit(number: u32) -> u8 {
    // All callers pass a number below 10, so nothing is cut off.
    b'0' + number as u8
}

/// Returns the amount as Python's `f"{amount:.2f}"` writes it: the text that enters a hash.
///
/// The text is exact for amounts of at most two decimals, and no other amount enters a hash today. An
/// amount with more decimals is rounded as Python rounds it: from its nearest binary fraction.
pub fn amount_text(amount: Decimal) -> String {
    String::from_utf8_lossy(AmountDigits::of(amount).as_bytes()).into_owned()
}

/// The text of an amount, on the stack.
pub(crate) struct AmountDigits {
    /// Filled from the end.
    bytes: [u8; AMOUNT_LEN_MAX],
    start: usize,
}

impl AmountDigits {
    /// Writes the text that [`amount_text`] returns.
    pub(crate) fn of(amount: Decimal) -> Self {
        if amount.is_zero() {
            return Self::of_bani(0, false);
        }
        match MONEY_SCALE_MAX.checked_sub(amount.scale()) {
            // 29 digits and two more fit into a u128, which holds 38.
            Some(missing) => {
                let bani = amount.mantissa().unsigned_abs() * u128::from(10_u32.pow(missing));
                Self::of_bani(bani, amount.is_sign_negative())
            }
            None => Self::of_fraction(amount),
        }
    }

    /// Writes an amount of more than two decimals.
    fn of_fraction(amount: Decimal) -> Self {
        let rounded = match amount.normalize().to_string().parse::<f64>() {
            Ok(fraction) => format!("{fraction:.2}"),
            Err(_) => format!("{amount:.2}"),
        };
        let mut text = Self { bytes: [0; AMOUNT_LEN_MAX], start: AMOUNT_LEN_MAX };
        for byte in rounded.bytes().rev() {
            text.push(byte);
        }
        text
    }

    fn of_bani(bani: u128, negative: bool) -> Self {
        let mut text = Self { bytes: [0; AMOUNT_LEN_MAX], start: AMOUNT_LEN_MAX };
        // Dividing 64 bits is many times faster than dividing 128, and nearly always enough.
        let mut high = bani;
        while u64::try_from(high).is_err() {
            text.push_back((high % 10) as u32);
            high /= 10;
        }
        let mut low = high as u64;
        while low > 0 || text.start > AMOUNT_LEN_MAX - 4 {
            text.push_back((low % 10) as u32);
            low /= 10;
        }
        if negative {
            text.push(b'-');
        }
        text
    }

    /// Puts a digit before the others, and the point before the first two.
    fn push_back(&mut self, number: u32) {
        if self.start == AMOUNT_LEN_MAX - 2 {
            self.push(b'.');
        }
        self.push(digit(number));
    }

    fn push(&mut self, byte: u8) {
        self.start = self.start.saturating_sub(1);
        if let Some(slot) = self.bytes.get_mut(self.start) {
            *slot = byte;
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns the text by its definition, to compare with.
    fn by_format(amount: Decimal) -> String {
        if amount.is_zero() {
            return "0.00".to_owned();
        }
        if amount.scale() > MONEY_SCALE_MAX {
            let fraction: f64 = amount.normalize().to_string().parse().unwrap();
            return format!("{fraction:.2}");
        }
        format!("{amount:.2}")
    }

    fn amounts() -> impl Strategy<Value = Decimal> {
        let any = (any::<[u32; 3]>(), any::<bool>(), 0_u32..=28);
        let any = any.prop_map(|([lo, mid, hi], negative, scale)| {
            Decimal::from_parts(lo, mid, hi, negative, scale)
        });
        let common = (-10_000_000_i64..10_000_000, 0_u32..=4)
            .prop_map(|(number, scale)| Decimal::new(number, scale));
        prop_oneof![any, common]
    }

    fn text(digits: &[u8]) -> &str {
        std::str::from_utf8(digits).unwrap()
    }

    proptest! {
        #[test]
        fn an_amount_is_written_as_formatting_writes_it(amount in amounts()) {
            prop_assert_eq!(amount_text(amount), by_format(amount));
            let digits = AmountDigits::of(amount);
            prop_assert_eq!(text(digits.as_bytes()), by_format(amount));
        }

        #[test]
        fn a_day_is_written_as_formatting_writes_it(days in -1_000_000..5_000_000_i32) {
            let date = NaiveDate::from_num_days_from_ce_opt(days).unwrap();
            match date_digits(date) {
                Some(digits) => prop_assert_eq!(text(&digits), date.to_string()),
                None => prop_assert!(!(0..=9999).contains(&date.year())),
            }
        }
    }

    #[test]
    fn an_amount_has_two_decimals_and_zero_has_no_sign() {
        let cases = [
            ("0", "0.00"),
            ("-0.000", "0.00"),
            ("0.05", "0.05"),
            ("-0.5", "-0.50"),
            ("12", "12.00"),
            ("-119.50", "-119.50"),
            ("0.005", "0.01"),
            ("79228162514264337593543950335", "79228162514264337593543950335.00"),
            ("-792281625142643375935439503.35", "-792281625142643375935439503.35"),
        ];
        for (amount, text) in cases {
            let amount: Decimal = amount.parse().unwrap();
            assert_eq!(amount_text(amount), text);
            assert_eq!(by_format(amount), text);
        }
    }
}
