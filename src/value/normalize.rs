//! Text, amounts and dates: the one place that decides how vama reads and writes them.
//!
//! Whatever a sender writes is normalised here before it is hashed or stored. Changing any of these
//! rules changes the keys of rows (`row/key.rs`), so that old rows look new; so each rule has a
//! test.

mod digits;

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};
use unicode_normalization::{UnicodeNormalization, is_nfc};

pub use digits::amount_text;
pub(crate) use digits::{AmountDigits, date_digits};

/// Digits after the point that a money column keeps.
pub const MONEY_SCALE_MAX: u32 = 2;

/// Digits before the point that `numeric(18,2)` keeps.
pub const MONEY_DIGITS_MAX: u32 = 16;

/// Returns the text of a file. Its encoding is the one of its byte order mark; without a mark it is
/// UTF-8 if all bytes are valid UTF-8, else windows-1250.
///
/// Windows-1250 is what Romanian banks and couriers write when they do not write UTF-8; it maps
/// every byte to a character, so no input fails.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1250.decode_without_bom_handling(bytes).0,
    }
}

/// The first character that may join the one before it under NFC.
const FIRST_COMBINING: char = '\u{300}';

/// Returns whether the bytes begin with a byte order mark.
pub fn has_byte_order_mark(bytes: &[u8]) -> bool {
    encoding_rs::Encoding::for_bom(bytes).is_some()
}

/// Returns the text as it is hashed and stored.
///
/// The text is brought into NFC and trimmed; `ş ţ` (cedilla) become `ș ț` (comma below); a no-break
/// space, a line break and a tab become a space; other control characters are dropped (PostgreSQL's
/// text cannot hold NUL).
pub fn text(raw: &str) -> Cow<'_, str> {
    let trimmed = raw.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let mut replaced = String::new();
    let (mut next, mut copied) = (0, 0);
    while let Some((at, c)) = odd_from(trimmed, next) {
        if c >= FIRST_COMBINING {
            return composed(trimmed);
        }
        next = at + c.len_utf8();
        let new = replacement(c);
        if new != Some(c) {
            if copied == 0 {
                replaced.reserve(trimmed.len());
            }
            replaced.push_str(trimmed.get(copied..at).unwrap_or_default());
            replaced.extend(new);
            copied = next;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(trimmed);
    }
    // Nothing is left to trim: the first and the last character are neither blank nor control.
    replaced.push_str(trimmed.get(copied..).unwrap_or_default());
    Cow::Owned(replaced)
}

/// Returns the first character at or after `from` that is not printable ASCII, with its byte.
fn odd_from(text: &str, from: usize) -> Option<(usize, char)> {
    const LANES: usize = 16;
    let is_odd = |b: &u8| !(b' '..=b'~').contains(b);
    let bytes = text.as_bytes().get(from..)?;
    // Without a branch for each byte, a whole lane takes only a few instructions.
    let (lanes, _) = bytes.as_chunks::<LANES>();
    let plain = lanes.iter().take_while(|lane| !lane.iter().fold(false, |odd, b| odd | is_odd(b)));
    let from = from + plain.count() * LANES;
    let at = from + text.as_bytes().get(from..)?.iter().position(is_odd)?;
    Some((at, text.get(at..)?.chars().next()?))
}

/// Returns the text by the full rules of NFC, which a text with characters that may combine needs.
fn composed(trimmed: &str) -> Cow<'_, str> {
    if is_nfc(trimmed) && !trimmed.chars().any(|c| replacement(c) != Some(c)) {
        return Cow::Borrowed(trimmed);
    }
    let replaced: String = trimmed.nfc().filter_map(replacement).collect();
    Cow::Owned(replaced.trim().to_owned())
}

fn replacement(c: char) -> Option<char> {
    match c {
        'ş' => Some('ș'),
        'Ş' => Some('Ș'),
        'ţ' => Some('ț'),
        'Ţ' => Some('Ț'),
        '\u{a0}' | '\u{202f}' | '\t' | '\n' | '\r' => Some(' '),
        '\u{feff}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// Returns the text with each run of blanks as one space, for comparing what two rows say.
pub fn fold_blanks(raw: &str) -> String {
    let mut folded = String::with_capacity(raw.len());
    for word in raw.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Returns a header or label for comparing: trimmed, lower case, without diacritics.
pub fn plain(raw: &str) -> String {
    let raw = raw.trim();
    if raw.is_ascii() {
        return raw.to_ascii_lowercase();
    }
    raw.nfd().filter(|c| !is_mark(*c)).flat_map(char::to_lowercase).collect()
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Returns the amount that a text states, without sign, or `None` where it states none.
///
/// The last comma or point is the decimal sign if one or two digits, or none, follow. If more
/// follow, it is the decimal sign only where it is a comma and the only sign (in MT940 a comma
/// means nothing else). Groups of three digits are thousands only where the other sign follows as
/// the decimal sign. Anything else would be a guess.
pub fn amount(raw: &str) -> Option<Decimal> {
    let digits = raw.trim();
    if let Some(amount) = plain_amount(digits) {
        return Some(amount);
    }
    let valid = |b: u8| b.is_ascii_digit() || b == b',' || b == b'.';
    if !digits.bytes().all(valid) || !digits.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let Some(sign) = digits.rfind([',', '.']) else {
        return Decimal::from_str_exact(digits).ok();
    };
    let (whole, decimals) = (digits.get(..sign)?, digits.get(sign + 1..)?);
    let comma = digits.as_bytes().get(sign) == Some(&b',');
    if whole.contains([',', '.']) {
        let groups = if comma { '.' } else { ',' };
        if decimals.is_empty() || decimals.len() > 2 || !grouped(whole, groups) {
            return None;
        }
    } else if !comma && decimals.len() > 2 {
        return None;
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let whole = if whole.is_empty() { "0" } else { &whole };
    if decimals.is_empty() {
        return Decimal::from_str_exact(whole).ok();
    }
    Decimal::from_str_exact(&format!("{whole}.{decimals}")).ok()
}

/// Returns an amount of few digits and at most one comma, as nearly all are, without allocating.
fn plain_amount(digits: &str) -> Option<Decimal> {
    // More digits might not fit into an i64; the general way in `amount` reads them.
    const DIGITS_MAX: usize = 18;
    let (whole, decimals) = digits.split_once(',').unwrap_or((digits, ""));
    let count = whole.len() + decimals.len();
    if count == 0 || count > DIGITS_MAX {
        return None;
    }
    let mut mantissa = 0_i64;
    for digit in whole.bytes().chain(decimals.bytes()) {
        mantissa = mantissa * 10 + i64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
    }
    Some(Decimal::new(mantissa, u32::try_from(decimals.len()).ok()?))
}

fn grouped(whole: &str, sign: char) -> bool {
    let mut groups = whole.split(sign);
    let first = groups.next().unwrap_or_default();
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    (1..=3).contains(&first.len()) && digits(first) && groups.all(|g| g.len() == 3 && digits(g))
}

/// Returns whether a money column keeps the amount exactly.
pub fn fits_money(amount: Decimal) -> bool {
    let digits = amount.mantissa().unsigned_abs();
    if amount.scale() <= MONEY_SCALE_MAX && digits < 10_u128.pow(MONEY_DIGITS_MAX) {
        return true;
    }
    let fits_scale =
        amount.scale() <= MONEY_SCALE_MAX || amount.normalize().scale() <= MONEY_SCALE_MAX;
    fits_scale && amount.abs() < Decimal::from(10_u64.pow(MONEY_DIGITS_MAX))
}

/// Returns the amount rounded to the ban, a half away from zero, as a transfer rounds it.
pub fn to_ban(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(MONEY_SCALE_MAX, RoundingStrategy::MidpointAwayFromZero)
}

/// Returns the day, or the month's last day where the calendar has no such day; and whether the
/// calendar has it.
///
/// Banks that count months of 30 days write 30 February. `None` where even the month is wrong.
pub fn day(year: i32, month: u32, day: u32) -> Option<(NaiveDate, bool)> {
    if !(1..=31).contains(&day) {
        return None;
    }
    if let Some(date) = NaiveDate::from_ymd_opt(year, month, day) {
        return Some((date, true));
    }
    (28..=30).rev().find_map(|d| NaiveDate::from_ymd_opt(year, month, d)).map(|date| (date, false))
}

/// Returns the date that `YYYY-MM-DD`, `DD.MM.YYYY` or `DD/MM/YYYY` states; a time may follow.
pub fn date(raw: &str) -> Option<NaiveDate> {
    let day = raw.trim().get(..10)?;
    let date = plain_date(day).or_else(|| {
        NaiveDate::parse_from_str(day, "%Y-%m-%d")
            .or_else(|_| NaiveDate::parse_from_str(day, "%d.%m.%Y"))
            .or_else(|_| NaiveDate::parse_from_str(day, "%d/%m/%Y"))
            .ok()
    })?;
    is_of_our_time(date).then_some(date)
}

/// Returns whether a date is within the years 1900 to 2200; others are numbers that look like
/// dates.
pub(crate) fn is_of_our_time(date: NaiveDate) -> bool {
    (1900..=2200).contains(&date.year())
}

/// Returns the date of ten characters with all digits written out, as nearly every date is.
pub(crate) fn plain_date(day: &str) -> Option<NaiveDate> {
    let digits = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
        })
    };
    let (year, month, day) = match day.as_bytes() {
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2]
        | [d1, d2, b'.', m1, m2, b'.', y1, y2, y3, y4]
        | [d1, d2, b'/', m1, m2, b'/', y1, y2, y3, y4] => {
            (digits(&[*y1, *y2, *y3, *y4])?, digits(&[*m1, *m2])?, digits(&[*d1, *d2])?)
        }
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year.cast_signed(), month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_text_is_what_the_full_rules_make_of_it(
            raw in "([ -~]{0,40}|[ăâîșțşţŞŢ\u{a0}\u{ad}\u{85}\r\n\t\u{0}]|[\u{300}-\u{330}€”\u{202f}\u{feff}]|.){0,12}",
        ) {
            let trimmed = raw.trim_matches(|c: char| c.is_whitespace() || c.is_control());
            prop_assert_eq!(text(&raw), composed(trimmed));
        }
    }
}
