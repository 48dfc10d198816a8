//! Netopia's amounts: signed, with up to five decimals.

use rust_decimal::Decimal;

use super::cells::trimmed;
use crate::record::Reason;

/// Decimals that Netopia writes, and that the table of operations keeps.
const DECIMALS_MAX: usize = 5;

/// Digits before the point that the table of operations keeps.
const DIGITS_MAX: usize = 13;

/// Returns the amount exactly.
///
/// The decimal sign is the point, or with `comma_too` (in files that Excel saved) also the comma;
/// thousands have no sign. `normalize::amount`, which reads other senders' amounts, tells the
/// decimal sign by the two decimals behind it, so it cannot read these.
pub(super) fn amount(text: &str, comma_too: bool, field: &'static str) -> Result<Decimal, Reason> {
    let text = trimmed(text);
    if text.is_empty() {
        return Err(Reason::Missing { field });
    }
    exact(text, comma_too).ok_or_else(|| why_not(text, comma_too, field))
}

/// Reads sign, digits and decimals in one pass.
fn exact(text: &str, comma_too: bool) -> Option<Decimal> {
    let (digits, is_negative) = match text.as_bytes() {
        [b'-', digits @ ..] => (digits, true),
        [b'+', digits @ ..] | digits => (digits, false),
    };
    let point = digits.iter().position(|b| *b == b'.' || (comma_too && *b == b','));
    let (whole, decimals) = digits.split_at_checked(point.unwrap_or(digits.len()))?;
    let decimals = decimals.get(1..).unwrap_or_default();
    let zeros = whole.iter().take_while(|b| **b == b'0').count();
    let kept = decimals.len() - decimals.iter().rev().take_while(|b| **b == b'0').count();
    if whole.len() - zeros > DIGITS_MAX || kept > DECIMALS_MAX || whole.len() + decimals.len() == 0
    {
        return None;
    }
    // At most 18 digits, which an i64 holds.
    let mut number = 0_i64;
    for digit in whole.iter().skip(zeros).chain(decimals.get(..kept)?) {
        number = number * 10 + i64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
    }
    // Netopia writes a fee of zero as `-0`; here zero has no sign.
    Some(Decimal::new(if is_negative { -number } else { number }, u32::try_from(kept).ok()?))
}

fn why_not(text: &str, comma_too: bool, field: &'static str) -> Reason {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_sign = |c: char| c == '.' || (comma_too && c == ',');
    let (whole, decimals) = unsigned.split_once(is_sign).unwrap_or((unsigned, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || whole.len() + decimals.len() == 0 {
        return Reason::Amount { field, found: text.chars().take(20).collect() };
    }
    Reason::Form {
        found: "an amount with too many digits",
        expected: "at most 13 before the point and 5 after",
    }
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
