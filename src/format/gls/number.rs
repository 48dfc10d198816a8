//! The cell of a parcel's number.

use std::borrow::Cow;

use calamine::Data;

use crate::format::workbook::{FLOAT_EXACT_MAX, text};
use crate::record::Reason;

/// Returns the parcel's number as digits.
///
/// GLS writes it as a number, which has no leading zeros. Where it is a text, leading zeros are
/// dropped too, so that a parcel always has the same number.
pub(super) fn parcel_number(cell: &Data, field: &'static str) -> Result<String, Reason> {
    let exact = |float: f64| float.fract() == 0.0 && (0.0..FLOAT_EXACT_MAX).contains(&float);
    let written = match cell {
        Data::Float(float) if !exact(*float) => Cow::Borrowed(""),
        _ => text(cell),
    };
    let whole = written.strip_suffix(".0").unwrap_or(&written);
    if whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Reason::Form {
            found: "a parcel number that is not made of digits",
            expected: "a whole number",
        });
    }
    match whole.trim_start_matches('0') {
        "" => Err(Reason::Missing { field }),
        number => Ok(number.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_cell(text: &str) -> Data {
        Data::String(text.to_owned())
    }

    #[test]
    fn a_parcel_has_one_number_however_it_is_written() {
        let same = [
            Data::Float(6_235_391_001.0),
            Data::Int(6_235_391_001),
            text_cell("6235391001"),
            text_cell("6235391001.0"),
            text_cell("006235391001"),
        ];
        for cell in same {
            assert_eq!(parcel_number(&cell, "").unwrap(), "6235391001", "{cell:?}");
        }
        let none = [
            Data::Float(1.5),
            Data::Float(1e16),
            Data::Float(-1.0),
            Data::Float(0.0),
            Data::Int(-1),
            text_cell("6.23539E+09"),
            text_cell("Total"),
        ];
        for cell in none {
            assert!(parcel_number(&cell, "").is_err(), "{cell:?}");
        }
    }
}
