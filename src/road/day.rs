//! Days as people write them.

use chrono::{DateTime, Datelike, Local, NaiveDate, Utc};

use crate::check::summary::Period;

/// Returns a day in words: `2 March 2026`.
pub fn day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// Returns the day of a moment, by the user's own calendar.
pub fn local_day(at: DateTime<Utc>) -> String {
    day(at.with_timezone(&Local).date_naive())
}

/// Returns a moment to the minute, with its zone: `2 March 2026, 14:05 UTC`.
pub fn moment(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}

/// Returns a period in words, with month and year once where that is enough.
pub fn period(period: Period) -> String {
    let Period { from, to } = period;
    let start = match (from.year() == to.year(), from.month() == to.month()) {
        _ if from == to => return day(from),
        (true, true) => return format!("{}–{}", from.format("%-d"), day(to)),
        (true, false) => from.format("%-d %B").to_string(),
        (false, _) => day(from),
    };
    format!("{start} – {}", day(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_says_month_and_year_once_where_that_is_enough() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let told = |from, to| period(Period { from: day(from), to: day(to) });
        assert_eq!(told("2026-03-02", "2026-03-02"), "2 March 2026");
        assert_eq!(told("2026-03-02", "2026-03-31"), "2–31 March 2026");
        assert_eq!(told("2026-02-28", "2026-03-02"), "28 February – 2 March 2026");
        assert_eq!(told("2025-12-30", "2026-01-02"), "30 December 2025 – 2 January 2026");
    }
}
