//! What the name of a file says: `firmanoua_dc_042026_1775093495_v1.xlsx`.

use chrono::{DateTime, NaiveDate};

use crate::record::PayoutKind;
use crate::value::bucharest;

/// What the name of a document of fees says, and its content does not: the content of `dccd` and
/// `dcco` is of one form, and no content says when the document was made.
///
/// What a browser or a person adds before or behind these parts, such as ` (1)`, is let be.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileName {
    /// Which of the documents it is.
    pub kind: Option<PayoutKind>,
    /// The first day of the month.
    pub month: Option<NaiveDate>,
    /// The day on which it was made; the name has the moment, in seconds since 1970.
    pub made_on: Option<NaiveDate>,
}

impl FileName {
    /// Reads the name. A name of another form says nothing, which is no error.
    pub(super) fn of(name: &str) -> Self {
        let parts: Vec<&str> = name.split('_').collect();
        let found = parts.windows(3).find_map(|parts| match parts {
            [kind, month, seconds] => {
                let kind = PayoutKind::of_name(&kind.to_ascii_lowercase())?;
                let (month, made_on) = (month_of(month)?, day_of(seconds)?);
                Some(Self { kind: Some(kind), month: Some(month), made_on: Some(made_on) })
            }
            _ => None,
        });
        found.unwrap_or_default()
    }
}

/// Reads `042026`.
fn month_of(digits: &str) -> Option<NaiveDate> {
    let (month, year) = digits.split_at_checked(2)?;
    if year.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)
}

/// Reads `1775093495`: the day that it is in Romania then.
fn day_of(seconds: &str) -> Option<NaiveDate> {
    let digits: String = seconds.chars().take_while(char::is_ascii_digit).collect();
    // Ten digits: from September 2001 to November 2286.
    let seconds = (digits.len() == 10).then(|| digits.parse().ok())??;
    DateTime::from_timestamp(seconds, 0).map(bucharest::day_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_kind_month_and_day_whatever_stands_around_them() {
        let names = [
            "firmanoua_dc_042026_1775093495_v1.xlsx",
            "firma_noua_dc_042026_1775093495_v1 (1).xlsx",
            "copie FIRMA_DC_042026_1775093495.xlsx",
        ];
        for name in names {
            let FileName { kind, month, made_on } = FileName::of(name);
            assert_eq!(kind, Some(PayoutKind::Commission), "{name}");
            assert_eq!(month.unwrap().to_string(), "2026-04-01");
            assert_eq!(made_on.unwrap().to_string(), "2026-04-02");
        }
        // Half past eleven in the evening UTC is the next day in Romania.
        let late = FileName::of("x_ded_122025_1767224400_v1.xlsx").made_on;
        assert_eq!(late.unwrap().to_string(), "2026-01-01");
    }

    #[test]
    fn another_name_says_nothing() {
        let names = [
            "comision aprilie.xlsx",
            "firmanoua_dx_042026_1775093495_v1.xlsx",
            "firmanoua_dc_132026_1775093495_v1.xlsx",
            "firmanoua_dc_42026_1775093495_v1.xlsx",
            "firmanoua_dc_042026_177509349_v1.xlsx",
            "firmanoua_dp_14000100_02_04_2026.xlsx",
            "_dc_ț42026_1775093495",
            "",
        ];
        for name in names {
            assert_eq!(FileName::of(name), FileName::default(), "{name}");
        }
    }
}
