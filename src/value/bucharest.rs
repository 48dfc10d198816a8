//! Moments and the clock of Romania.
//!
//! The clock is two hours ahead of UTC, and three from the last Sunday of March to the last Sunday of
//! October, both at 01:00 UTC; so it is in the whole European Union since 1996.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc};

const WINTER: TimeDelta = TimeDelta::hours(2);
const SUMMER: TimeDelta = TimeDelta::hours(3);

/// Returns the day on which a moment is in Romania.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    let utc = at.naive_utc();
    utc.checked_add_signed(ahead(utc)).unwrap_or(utc).date()
}

/// Returns the moment at which the clock of Romania shows this. An hour that it shows twice is the
/// first of the two.
pub fn moment_of(shown: NaiveDateTime) -> DateTime<Utc> {
    let summer = shown.checked_sub_signed(SUMMER).filter(|utc| ahead(*utc) == SUMMER);
    let utc = summer.or_else(|| shown.checked_sub_signed(WINTER));
    utc.unwrap_or(shown).and_utc()
}

/// Returns how far the clock is ahead of UTC.
fn ahead(utc: NaiveDateTime) -> TimeDelta {
    let change = |month| last_sunday(utc.year(), month).and_then(|day| day.and_hms_opt(1, 0, 0));
    match (change(3), change(10)) {
        (Some(from), Some(to)) if from <= utc && utc < to => SUMMER,
        _ => WINTER,
    }
}

/// Returns the last Sunday of a month of 31 days.
fn last_sunday(year: i32, month: u32) -> Option<NaiveDate> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    last.checked_sub_days(Days::new(last.weekday().num_days_from_sunday().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_changes_on_the_last_sundays_of_march_and_october() {
        let shown = |utc: &str| {
            let utc: NaiveDateTime = utc.parse().unwrap();
            (utc + ahead(utc)).to_string()
        };
        assert_eq!(shown("2026-03-29T00:59:59"), "2026-03-29 02:59:59");
        assert_eq!(shown("2026-03-29T01:00:00"), "2026-03-29 04:00:00");
        assert_eq!(shown("2026-10-25T00:59:59"), "2026-10-25 03:59:59");
        assert_eq!(shown("2026-10-25T01:00:00"), "2026-10-25 03:00:00");
    }

    #[test]
    fn a_moment_shown_is_the_moment_in_utc_and_its_day_is_romanian() {
        let moment = |shown: &str| moment_of(shown.parse().unwrap()).to_string();
        assert_eq!(moment("2026-07-01T00:30:00"), "2026-06-30 21:30:00 UTC");
        assert_eq!(moment("2026-01-01T00:30:00"), "2025-12-31 22:30:00 UTC");
        assert_eq!(moment("2026-10-25T03:30:00"), "2026-10-25 00:30:00 UTC");
        let late = "2026-06-30T21:30:00Z".parse().unwrap();
        assert_eq!(day_of(late).to_string(), "2026-07-01");
        for end in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            assert_eq!(day_of(end), end.date_naive());
        }
    }
}
