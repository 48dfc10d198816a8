//! Which cells of an xls are shown as dates: a number and its number format make a date.

use std::collections::BTreeSet;

use super::xls::u16_at;

/// The number formats of an xls, as far as they tell dates.
#[derive(Debug, Default)]
pub(super) struct NumberFormats {
    /// The file's own formats that show a date.
    dates: BTreeSet<u16>,
    /// The file's own formats that show none.
    others: BTreeSet<u16>,
    /// The number format of each cell style.
    styles: Vec<u16>,
}

impl NumberFormats {
    /// Takes a number format with its text.
    pub(super) fn define(&mut self, number: u16, text: &str) {
        let formats = if shows_date(text) { &mut self.dates } else { &mut self.others };
        formats.insert(number);
    }

    /// Takes the next style.
    pub(super) fn style(&mut self, record: &[u8]) {
        self.styles.push(u16_at(record, 2).unwrap_or_default());
    }

    /// Returns whether cells of a style are shown as dates.
    pub(super) fn is_date(&self, style: u16) -> bool {
        let Some(number) = self.styles.get(usize::from(style)) else {
            return false;
        };
        let is_built_in = matches!(number, 14..=22 | 27..=36 | 45..=47 | 50..=58);
        self.dates.contains(number) || (is_built_in && !self.others.contains(number))
    }
}

/// Returns whether a number format shows a date or a time: it has such a letter outside of texts,
/// colours and conditions.
fn shows_date(text: &str) -> bool {
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => while letters.next().is_some_and(|it| it != '"') {},
            '[' => {
                let within: String = letters.by_ref().take_while(|it| *it != ']').collect();
                // Hours, minutes or seconds of any number, as in `[h]:mm`.
                if !within.is_empty() && within.chars().all(|it| "hmsHMS".contains(it)) {
                    return true;
                }
            }
            '\\' | '_' | '*' => drop(letters.next()),
            // Only the form of numbers above zero counts.
            ';' => return false,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_told_by_the_letters_of_its_format() {
        for text in ["dd.mm.yyyy", "d-mmm", "[$-418]d mmmm yyyy", "yyyy\\-mm\\-dd hh:mm", "[h]:mm"]
        {
            assert!(shows_date(text), "{text}");
        }
        for text in
            ["General", "0.00", "#,##0.00 \"lei de azi\"", "0.00E+00", "[Red]0.00", "@", "0;d"]
        {
            assert!(!shows_date(text), "{text}");
        }
    }
}
