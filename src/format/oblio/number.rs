//! `FNT24001`: the series and the number of an invoice in one text.

use crate::record::Reason;

/// Returns series and number. The number is the digits at the end; the series is what stands before
/// them, without the blank or dash between.
///
/// A series that itself ends in a digit is set apart by a blank or dash, or nobody could tell it.
pub(super) fn split(text: &str) -> Result<(String, String), Reason> {
    let text = text.trim();
    let series = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = text.get(series.len()..).unwrap_or_default();
    if number.is_empty() {
        return Err(Reason::Form {
            found: "Factura without digits at its end",
            expected: "series and number such as FNT24001",
        });
    }
    let series = series.trim_end_matches(|c: char| c.is_whitespace() || "-/.".contains(c));
    Ok((series.to_owned(), number.to_owned()))
}

/// Returns whether a text is the series and number of an invoice.
pub(super) fn is_one(text: Option<String>) -> bool {
    text.is_some_and(|text| split(&text).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_at_the_end_are_the_number() {
        let texts = [
            ("FNT24001", "FNT", "24001"),
            (" FNT 24001 ", "FNT", "24001"),
            ("FNT-0092", "FNT", "0092"),
            ("A-B 2026/15", "A-B 2026", "15"),
            ("F2 17", "F2", "17"),
            ("24001", "", "24001"),
        ];
        for (text, series, number) in texts {
            assert_eq!(split(text), Ok((series.to_owned(), number.to_owned())), "{text}");
        }
        for text in ["", "FNT", "FNT 24001 bis", "-"] {
            assert!(split(text).is_err(), "{text}");
        }
    }
}
