//! Days as people write them.

use chrono::{DateTime, Datelike, Local, NaiveDate, Utc};

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

/// Returns the days from one to another in words, with month and year once where that is enough.
pub fn days(from: NaiveDate, to: NaiveDate) -> String {
    let days = days_without_year(from, to);
    if from.year() == to.year() { format!("{days} {}", to.format("%Y")) } else { days }
}

/// Returns the days from one to another in words, without their year where both are of one year.
pub fn days_without_year(from: NaiveDate, to: NaiveDate) -> String {
    let short = |day: NaiveDate| day.format("%-d %B").to_string();
    match (from.year() == to.year(), from.month() == to.month()) {
        _ if from == to => short(to),
        (true, true) => format!("{}–{}", from.format("%-d"), short(to)),
        (true, false) => format!("{} – {}", short(from), short(to)),
        (false, _) => format!("{} – {}", day(from), day(to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_month_and_year_once_where_that_is_enough() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let told = |from, to| days(day(from), day(to));
        assert_eq!(told("2026-03-02", "2026-03-02"), "2 March 2026");
        assert_eq!(told("2026-03-02", "2026-03-31"), "2–31 March 2026");
        assert_eq!(told("2026-02-28", "2026-03-02"), "28 February – 2 March 2026");
        assert_eq!(told("2025-12-30", "2026-01-02"), "30 December 2025 – 2 January 2026");
        let short = |from, to| days_without_year(day(from), day(to));
        assert_eq!(short("2026-03-02", "2026-03-02"), "2 March");
        assert_eq!(short("2026-03-02", "2026-03-31"), "2–31 March");
        assert_eq!(short("2025-12-30", "2026-01-02"), "30 December 2025 – 2 January 2026");
    }
}
