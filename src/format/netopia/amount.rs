//! Netopia's amounts: signed, with up to five decimals.

use rust_decimal::Decimal;

use crate::record::Reason;

/// Decimals that Netopia writes, and that the table of its operations keeps.
const DECIMALS_MAX: usize = 5;

/// Digits before the point that the table of its operations keeps.
const DIGITS_MAX: usize = 13;

/// Returns the amount exactly.
///
/// Money columns of other senders have two decimals and their reader guesses from that which sign
/// is the decimal one. Here nothing is guessed: it is the point, or in files that Excel saved with
/// `comma_too` the comma, and there are no thousands.
pub(super) fn amount(text: &str, comma_too: bool, field: &'static str) -> Result<Decimal, Reason> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Reason::Missing { field });
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_sign = |c: char| c == '.' || (comma_too && c == ',');
    let (whole, decimals) = unsigned.split_once(is_sign).unwrap_or((unsigned, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let whole_digits = whole.trim_start_matches('0');
    let decimals_kept = decimals.trim_end_matches('0');
    let not_an_amount = || Reason::Amount { field, found: text.chars().take(20).collect() };
    if !digits(whole) || !digits(decimals) || whole.len() + decimals.len() == 0 {
        return Err(not_an_amount());
    }
    if whole_digits.len() > DIGITS_MAX || decimals_kept.len() > DECIMALS_MAX {
        return Err(Reason::Form {
            found: "an amount with too many digits",
            expected: "at most 13 before the point and 5 after",
        });
    }
    // At most 18 digits, which an i64 holds.
    let all = whole_digits.bytes().chain(decimals_kept.bytes());
    let number = all.fold(0_i64, |number, digit| number * 10 + i64::from(digit - b'0'));
    // `-0` is what a fee of nothing looks like; a decimal would keep its sign.
    let number = if text.starts_with('-') { -number } else { number };
    let scale = if number == 0 { 0 } else { decimals_kept.len() };
    let scale = u32::try_from(scale).map_err(|_| not_an_amount())?;
    Ok(Decimal::new(number, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_exact_and_has_its_sign() {
        let cases = [
            ("189.45000", "189.45"),
            ("-0.39387", "-0.39387"),
            ("-0", "0"),
            ("0.00", "0"),
            ("+5", "5"),
            (" 7 ", "7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("0.1000000", "0.1"),
            ("0009999999999999.99999", "9999999999999.99999"),
        ];
        for (text, expected) in cases {
            assert_eq!(amount(text, false, "").unwrap().to_string(), expected, "{text}");
        }
        assert_eq!(amount("-1,25", true, "").unwrap().to_string(), "-1.25");
    }

    #[test]
    fn an_amount_that_would_have_to_be_guessed_is_none() {
        for text in ["1,25", "1.000.000", "1e5", "--1", "-", ".", "1 000", "1.-5", "١", "NaN"] {
            let refused = amount(text, false, "TVA").unwrap_err();
            assert!(matches!(refused, Reason::Amount { .. }), "{text}: {refused}");
        }
        for text in ["0.000001", "10000000000000"] {
            let refused = amount(text, false, "TVA").unwrap_err();
            assert!(matches!(refused, Reason::Form { .. }), "{text}: {refused}");
        }
        assert!(amount("1.234,56", true, "").is_err());
        assert_eq!(amount(" ", true, "TVA"), Err(Reason::Missing { field: "TVA" }));
    }
}
