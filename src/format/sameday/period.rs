//! `Perioada export`: the days whose collected cash a borderou pays.

use chrono::{Days, NaiveDate};

use crate::value::{month, normalize};

/// The days whose collected cash a borderou pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Period {
    /// Reads `30 Jul 2025 - 31 Jul 2025`, or a single day.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut days = text.split(" - ").map(day);
        let from = days.next()??;
        let to = days.next().unwrap_or(Some(from))?;
        (from <= to && days.next().is_none()).then_some(Self { from, to })
    }

    /// Returns the day of the transfer, which is the borderou's date: the one behind the last day of
    /// the period.
    ///
    /// The content states no other day. It is the day in the name that Sameday gives the file, and the
    /// day on which the bank books the transfer; the name itself is not asked, since it may be changed.
    pub(super) fn transfer_day(self) -> NaiveDate {
        self.to.checked_add_days(Days::new(1)).unwrap_or(self.to)
    }
}

/// Reads `30 Jul 2025`, or a date in digits.
fn day(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let [day, month, year] = parts[..] else {
        return normalize::date(text);
    };
    let date =
        NaiveDate::from_ymd_opt(year.parse().ok()?, month::named(month)?, day.parse().ok()?)?;
    normalize::is_of_our_time(date).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_two_days_or_one() {
        let told = |text| Period::of(text).map(|it| format!("{} {}", it.from, it.to));
        let two = Some("2025-07-30 2025-08-01".to_owned());
        assert_eq!(told("30 Jul 2025 - 01 Aug 2025"), two);
        assert_eq!(told(" 30  iulie 2025 - 1 august 2025 "), two);
        assert_eq!(told("30.07.2025 - 2025-08-01"), two);
        assert_eq!(told("30 Jul 2025").as_deref(), Some("2025-07-30 2025-07-30"));
        let odd = ["", " - ", "30 Jul", "30 Jul 2025 -", "31 Jun 2025", "30 Xyz 2025"];
        let more = ["2 Aug 2025 - 1 Aug 2025", "1 Aug 2025 - 2 Aug 2025 - 3 Aug 2025", "1 Aug 20"];
        for text in odd.into_iter().chain(more) {
            assert_eq!(told(text), None, "{text}");
        }
    }

    #[test]
    fn the_transfer_is_made_on_the_day_behind_the_period() {
        let day = Period::of("30 Mar 2026 - 31 Mar 2026").unwrap().transfer_day();
        assert_eq!(day.to_string(), "2026-04-01");
    }
}
