//! Months by their names.

use chrono::{Datelike, NaiveDate};

use super::normalize::plain;

/// The beginnings of the months' names in English and, where it differs, in Romanian.
const NAMES: [&[&str]; 12] = [
    &["jan", "ian"],
    &["feb"],
    &["mar"],
    &["apr"],
    &["may", "mai"],
    &["jun", "iun"],
    &["jul", "iul"],
    &["aug"],
    &["sep"],
    &["oct"],
    &["nov", "noi"],
    &["dec"],
];

/// The months' names in Romanian.
const IN_ROMANIAN: [&str; 12] = [
    "ianuarie",
    "februarie",
    "martie",
    "aprilie",
    "mai",
    "iunie",
    "iulie",
    "august",
    "septembrie",
    "octombrie",
    "noiembrie",
    "decembrie",
];

/// Returns the name of the month that the day is in, in Romanian.
pub fn in_romanian(day: NaiveDate) -> &'static str {
    IN_ROMANIAN.get(day.month0() as usize).copied().unwrap_or_default()
}

/// Returns the number of the month that a word names in full or in short: `Jul`, `iulie`.
pub fn named(word: &str) -> Option<u32> {
    let word = plain(word);
    let is_named = |names: &[&str]| names.iter().any(|name| word.starts_with(name));
    (1..).zip(NAMES).find(|(_, names)| is_named(names)).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_its_english_and_its_romanian_name() {
        let romanian = "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie \
                        noiembrie decembrie";
        let english = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
        for names in [romanian, english] {
            let numbers: Vec<_> = names.split_whitespace().filter_map(named).collect();
            assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
        }
        assert_eq!((named("luna"), named("")), (None, None));
    }
}
