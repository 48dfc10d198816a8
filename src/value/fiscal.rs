//! Tax numbers and account numbers: their check digits.
//!
//! A number that is typed by hand may be mistyped. Its check digit shows that before the number is
//! kept as a company's.

use std::ops::RangeInclusive;

/// Weights of the digits of a CIF before its check digit, right aligned (Romanian tax authority).
const CIF_KEY: [u32; 9] = [7, 5, 3, 2, 1, 7, 5, 3, 2];

/// Characters of a tax number that is not checked.
const TAX_NUMBER_CHARS: RangeInclusive<usize> = 2..=20;

/// Why a text is not a CIF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CifError {
    /// The text does not have the form of a CIF.
    #[error("{found:?} is not a CIF, expected 2 to 10 digits, with or without RO before them")]
    Form {
        /// What stands there, shortened.
        found: String,
    },
    /// The last digit does not follow from the others.
    #[error("CIF {cif} ends in {found}, expected the check digit {expected}")]
    CheckDigit {
        /// The digits as they stand there.
        cif: String,
        /// The last of them.
        found: u8,
        /// What it should be.
        expected: u8,
    },
    /// The text cannot be a tax number of any country.
    #[error("{found:?} is not a tax number, expected 2 to 20 letters and digits")]
    TaxNumber {
        /// What stands there, shortened.
        found: String,
    },
}

/// Returns the digits of a CIF whose check digit is right.
///
/// Accepts `RO` (or `ro`) before the digits, and blanks anywhere.
///
/// # Errors
///
/// [`CifError::Form`] for anything but 2 to 10 digits that begin with another digit than 0,
/// [`CifError::CheckDigit`] where a digit was mistyped.
pub fn cif(raw: &str) -> Result<String, CifError> {
    let compact = compact(raw);
    let digits = compact.strip_prefix("RO").unwrap_or(&compact);
    let Some((found, expected)) = check_digits(digits) else {
        return Err(CifError::Form { found: shortened(raw) });
    };
    let cif = digits.to_owned();
    if found == expected { Ok(cif) } else { Err(CifError::CheckDigit { cif, found, expected }) }
}

/// Returns a CIF as a company keeps it: the digits, with `RO` before them where it was given. `RO`
/// stands before the CIF of who pays VAT (Codul fiscal, art. 316), so it says more than the digits.
///
/// # Errors
///
/// As [`cif`].
pub fn kept_cif(raw: &str) -> Result<String, CifError> {
    let digits = cif(raw)?;
    let pays_vat = compact(raw).starts_with("RO");
    Ok(if pays_vat { format!("RO{digits}") } else { digits })
}

/// Returns the tax number of whatever country, without blanks, in capitals. No check digit is
/// looked at: each country has rules of its own.
///
/// # Errors
///
/// [`CifError::TaxNumber`] for anything but 2 to 20 letters (A–Z) and digits.
pub fn unchecked_tax_number(raw: &str) -> Result<String, CifError> {
    let number = compact(raw);
    let fits = TAX_NUMBER_CHARS.contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_alphanumeric());
    if fits { Ok(number) } else { Err(CifError::TaxNumber { found: shortened(raw) }) }
}

/// Returns the beginning of a text, for an error.
fn shortened(raw: &str) -> String {
    raw.chars().take(24).collect()
}

/// Returns the last digit of a CIF, and the check digit that the digits before it demand.
fn check_digits(digits: &str) -> Option<(u8, u8)> {
    if digits.starts_with('0') {
        return None;
    }
    let (head, last) = digits.split_at_checked(digits.len().checked_sub(1)?)?;
    let found = last.bytes().next().filter(u8::is_ascii_digit)? - b'0';
    Some((found, cif_check_digit(head)?))
}

/// Returns the check digit that belongs behind the first 1 to 9 digits of a CIF.
pub fn cif_check_digit(digits: &str) -> Option<u8> {
    if !(1..=CIF_KEY.len()).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let sum: u32 = (digits.bytes().rev().zip(CIF_KEY.iter().rev()))
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    u8::try_from(sum * 10 % 11 % 10).ok()
}

/// Returns the IBAN without blanks, in capitals, or `None` where the text is no IBAN.
///
/// An IBAN has 15 to 34 characters and the right check digits (ISO 13616). Whether its country and
/// its bank exist is not checked.
pub fn iban(raw: &str) -> Option<String> {
    let compact = compact(raw);
    if !(15..=34).contains(&compact.len()) {
        return None;
    }
    let (country, rest) = compact.split_at_checked(2)?;
    let (check, bban) = rest.split_at_checked(2)?;
    let expected = iban_check_digits(country, bban)?;
    (format!("{expected:02}") == check).then_some(compact)
}

/// Returns the two check digits (2 to 98) of the IBAN of a country and its account number.
///
/// `None` where the country is not two capital letters or the rest holds anything but capital
/// letters and digits (ISO 13616, ISO 7064 MOD 97-10).
pub fn iban_check_digits(country: &str, bban: &str) -> Option<u8> {
    let letters = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
    if !letters || bban.is_empty() || bban.bytes().any(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let mut remainder = 0;
    for symbol in bban.chars().chain(country.chars()).chain("00".chars()) {
        let value = symbol.to_digit(36)?;
        let shift = if value > 9 { 100 } else { 10 };
        remainder = (remainder * shift + value) % 97;
    }
    u8::try_from(98 - remainder).ok()
}

fn compact(raw: &str) -> String {
    let visible = raw.chars().filter(|c| !c.is_whitespace());
    visible.map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cif_comes_back_as_its_digits() {
        for raw in ["RO20587563", "20587563", " ro 205 875 63 ", "RO\u{a0}20587563"] {
            assert_eq!(cif(raw).as_deref(), Ok("20587563"), "{raw}");
        }
        for raw in ["21611392", "23743772", "43131360"] {
            assert_eq!(cif(raw).as_deref(), Ok(raw));
        }
    }

    #[test]
    fn ro_is_kept_where_it_was_given() {
        for (raw, kept) in [("ro 205 875 63", "RO20587563"), (" 20587563", "20587563")] {
            assert_eq!(kept_cif(raw).as_deref(), Ok(kept));
        }
        assert!(kept_cif("RO20587564").is_err());
    }

    #[test]
    fn a_tax_number_of_another_country_is_letters_and_digits() {
        for (raw, kept) in [("de 136 695 976", "DE136695976"), ("RO20587564", "RO20587564")] {
            assert_eq!(unchecked_tax_number(raw).as_deref(), Ok(kept));
        }
        let long = "1".repeat(21);
        for raw in ["", "1", "CHE-123", "DE1\u{0}23", "țț", "٣٤", &long] {
            let error = unchecked_tax_number(raw).unwrap_err();
            assert!(matches!(error, CifError::TaxNumber { .. }), "{raw:?}: {error}");
        }
    }

    #[test]
    fn a_remainder_of_ten_is_the_check_digit_zero() {
        assert_eq!(cif_check_digit("4313136"), Some(0));
        assert_eq!(cif_check_digit("2058756"), Some(3));
    }

    #[test]
    fn a_mistyped_digit_names_the_expected_one() {
        let error = cif("RO20587564").unwrap_err();
        assert_eq!(error.to_string(), "CIF 20587564 ends in 4, expected the check digit 3");
    }

    #[test]
    fn what_is_no_cif_is_said_to_be_none() {
        let long = "1".repeat(5_000);
        for raw in ["", "RO", "7", "0", "00", "RO12A4", "12345678901", "țț", "٣٤", &long] {
            let error = cif(raw).unwrap_err();
            assert!(matches!(error, CifError::Form { .. }), "{raw:?}: {error}");
            assert!(error.to_string().len() < 120);
        }
    }

    #[test]
    fn an_iban_comes_back_compact() {
        let grouped = "ro27 BTRL RONC RT01 4427 2509";
        assert_eq!(iban(grouped).as_deref(), Some("RO27BTRLRONCRT0144272509"));
        // The example of the registry of ISO 13616.
        assert!(iban("GB82 WEST 1234 5698 7654 32").is_some());
    }

    #[test]
    fn what_is_no_iban_is_none() {
        let long = format!("RO27{}", "A".repeat(40));
        for raw in [
            "",
            "RO",
            "RO28BTRLRONCRT0144272509",
            "RO27BTRLRONCRT014427250",
            "RO27BTRL-ONCRT0144272509",
            "R027BTRLRONCRT0144272509",
            "țțBTRLRONCRT0144272509",
            &long,
        ] {
            assert_eq!(iban(raw), None, "{raw}");
        }
    }
}
