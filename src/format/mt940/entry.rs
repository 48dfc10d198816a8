//! Field 61: one movement.
//!
//! SWIFT defines `6!n[4!n]2a[1!a]15d1!a3!c16x[//16x]`; banks leave out the booking date, the type
//! or the comma, and keep to none of the lengths. Only value date, mark and amount must be there.

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::record::{Entry, Line, Reason, Warning};
use crate::value::normalize;

use super::fields::{booking_day, clamped, day, signed};
use super::lines::{Lines, is_invisible, visible};

/// Characters of a long reference after which BRD inserts `//`.
const BRD_REFERENCE_CUT: usize = 16;

const VALUE_DATE: &str = "value date";

/// Characters of an unreadable amount that a message shows.
const AMOUNT_SHOWN_MAX: usize = 40;

/// Returns the entry that its raw text states, or what is wrong with it.
///
/// `account` tells which bank it is: BRD writes references in its own way.
pub(super) fn read<'s>(
    raw: &'s str,
    line: Line,
    account: &str,
    warnings: &mut Vec<Warning>,
) -> Result<Entry<'s>, Reason> {
    let mut lines = Lines::new(raw).map(|line| line.text);
    let first = lines.next().unwrap_or_default();
    let fields = unindented(first.strip_prefix(":61:").unwrap_or(first));
    let dates = Dates::read(fields)?;
    let (Mark { positive, is_expected }, rest) = mark(dates.rest)?;
    // One German bank begins a new line before the amount.
    let rest = match visible(rest) {
        "" => visible(lines.next().unwrap_or_default()),
        rest => rest,
    };
    let (amount, rest) = amount(rest)?;
    let (type_code, rest) = type_code(rest);
    let (customer_reference, bank_reference) = references(rest, account);
    dates.warn(line, warnings);
    Ok(Entry {
        line,
        value_date: dates.value.0,
        booking_date: dates.booking.map(|(date, _)| date),
        amount: signed(amount, positive),
        is_expected,
        type_code,
        customer_reference,
        bank_reference,
        raw,
        start: 0,
    })
}

/// Returns the text without blanks before it.
fn unindented(text: &str) -> &str {
    match text.as_bytes() {
        [first, ..] if first.is_ascii_graphic() => text,
        _ => text.trim_start(),
    }
}

/// The dates as digits and as days; each day comes with whether the calendar has it.
struct Dates<'s> {
    value_digits: &'s str,
    value: (NaiveDate, bool),
    booking_digits: Option<&'s str>,
    booking: Option<(NaiveDate, bool)>,
    rest: &'s str,
}

impl<'s> Dates<'s> {
    fn read(fields: &'s str) -> Result<Self, Reason> {
        let unreadable = || {
            // Only digits are shown: letters may be a name.
            let found: String = fields.chars().take(6).take_while(char::is_ascii_digit).collect();
            match found.is_empty() {
                true => Reason::Missing { field: VALUE_DATE },
                false => Reason::Date { field: VALUE_DATE, found },
            }
        };
        let (value_digits, rest) = fields.split_at_checked(6).ok_or_else(unreadable)?;
        let value = day(value_digits).ok_or_else(unreadable)?;
        // Some banks leave the booking date out, some write four blanks.
        let is_booking = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
        let (booking_digits, rest) = match rest.split_at_checked(4) {
            Some((digits, rest)) if is_booking(digits) => (Some(digits), rest),
            _ => (None, rest),
        };
        Ok(Self {
            value_digits,
            value,
            booking_digits,
            booking: booking_digits.and_then(|digits| match value_digits.get(2..) {
                Some(same) if same == digits => Some(value),
                _ => booking_day(digits, value.0),
            }),
            rest: unindented(rest),
        })
    }

    fn warn(&self, line: Line, warnings: &mut Vec<Warning>) {
        if let (date, false) = self.value {
            warnings.push(clamped("value date", self.value_digits, date, line));
        }
        match (self.booking_digits, self.booking) {
            (Some(digits), Some((date, false))) => {
                warnings.push(clamped("booking date", digits, date, line));
            }
            (Some(digits), None) => warnings.push(Warning {
                line: Some(line),
                text: format!("the booking date {digits} is no date, left out"),
            }),
            _ => {}
        }
    }
}

/// Which way the money goes.
struct Mark {
    /// Whether it arrives.
    positive: bool,
    /// Whether the bank only expects it (`EC`, `ED`).
    is_expected: bool,
}

/// Reads the mark: debit or credit, perhaps reversed (`R` before it) or expected (`E` before it),
/// and the letter of the currency that may follow.
///
/// `R` before the mark turns the sign around; `R` behind it is the letter of a currency: `DR` is a
/// debit in euro.
fn mark(text: &str) -> Result<(Mark, &str), Reason> {
    let missing = || Reason::Form {
        found: "no debit or credit mark after the dates",
        expected: "C, D, RC, RD, EC or ED",
    };
    let (first, mark, len) = match *text.as_bytes() {
        [first @ (b'R' | b'r' | b'E' | b'e'), mark, ..] => (first, mark, 2),
        [mark, ..] => (mark, mark, 1),
        [] => return Err(missing()),
    };
    let credit = match mark {
        b'C' | b'c' => true,
        b'D' | b'd' => false,
        _ => return Err(missing()),
    };
    let reversed = matches!(first, b'R' | b'r');
    let is_expected = matches!(first, b'E' | b'e');
    let letter = text.as_bytes().get(len).is_some_and(u8::is_ascii_alphabetic);
    let rest = text.get(len + usize::from(letter)..).unwrap_or_default();
    Ok((Mark { positive: credit != reversed, is_expected }, rest))
}

fn amount(text: &str) -> Result<(Decimal, &str), Reason> {
    const FIELD: &str = "amount";
    let of_amount = |b: &u8| b.is_ascii_digit() || matches!(b, b',' | b'.');
    let len = text.bytes().take_while(of_amount).count();
    let (digits, rest) = text.split_at_checked(len).unwrap_or((text, ""));
    if digits.is_empty() {
        return Err(Reason::Missing { field: FIELD });
    }
    // The message shows one character more, which is what is wrong with `12,5O`. Further ones may
    // be a name.
    let unreadable = || Reason::Amount {
        field: FIELD,
        found: text.chars().take(digits.len().min(AMOUNT_SHOWN_MAX) + 1).collect(),
    };
    if !rest.chars().next().is_none_or(may_follow) {
        return Err(unreadable());
    }
    let rest = visible(rest);
    // `1 010,00` may be one amount with a blank in it, or an amount and a reference.
    if !digits.contains([',', '.']) && rest.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(unreadable());
    }
    let amount = normalize::amount(digits).ok_or_else(unreadable)?;
    if !normalize::fits_money(amount) {
        return Err(Reason::AmountDigits { field: FIELD, found: amount });
    }
    Ok((amount, rest))
}

/// Returns whether an amount may end before this character: a blank, the slash of a reference or
/// the letter of a type. Any other character makes the amount unreadable (`12,5O`, `10'000,00`).
fn may_follow(c: char) -> bool {
    is_invisible(c) || c == '/' || matches!(c.to_ascii_uppercase(), 'N' | 'S' | 'F' | 'M')
}

/// Reads the type: a letter and up to three letters, digits or blanks. Where a digit or a slash
/// comes first, there is no type, and the reference begins.
fn type_code(text: &str) -> (&str, &str) {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return ("", text);
    }
    let known = |b: &u8| b.is_ascii_alphanumeric() || *b == b' ';
    let length = text.bytes().take(4).take_while(known).count();
    let (code, rest) = text.split_at_checked(length).unwrap_or((text, ""));
    (code.trim_end(), rest)
}

/// Reads the customer's reference and, after `//`, the bank's.
fn references<'s>(text: &'s str, account: &str) -> (Cow<'s, str>, &'s str) {
    let trim = |reference: &'s str| match reference.as_bytes() {
        [.., last] if last.is_ascii_graphic() => visible(reference),
        _ => reference.trim_matches(is_invisible),
    };
    let slashes = text.as_bytes().array_windows().position(|pair| pair == b"//");
    let Some((customer, bank)) = slashes.and_then(|at| text.split_at_checked(at)) else {
        return (Cow::Borrowed(trim(text)), "");
    };
    let bank = bank.strip_prefix("//").unwrap_or(bank);
    // BRD writes `//` within a long reference of the customer, and has no bank reference.
    if account.get(4..8) == Some("BRDE") && customer.chars().count() == BRD_REFERENCE_CUT {
        let whole = format!("{customer}{}", bank.trim_end_matches(is_invisible));
        return (Cow::Owned(whole), "");
    }
    (Cow::Borrowed(trim(customer)), trim(bank))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "RO49AAAA1B31007593840000";

    fn read_one(raw: &str) -> Result<Entry<'_>, Reason> {
        read(raw, 1, ACCOUNT, &mut Vec::new())
    }

    /// Returns value date, booking date, amount, type, customer's and bank's reference.
    fn told(entry: &Entry<'_>) -> String {
        let booking = entry.booking_date.map(|date| date.to_string());
        format!(
            "{} {} {} [{}] [{}] [{}]",
            entry.value_date,
            booking.as_deref().unwrap_or("-"),
            entry.amount,
            entry.type_code,
            entry.customer_reference,
            entry.bank_reference
        )
    }

    #[test]
    #[rustfmt::skip]
    fn an_entry_is_read_however_the_bank_writes_it() {
        let cases = [
            (":61:2601050105C10,00NTRFNONREF//B1", "2026-01-05 2026-01-05 10.00 [NTRF] [NONREF] [B1]"),
            (":61:260302CN350,00NTRFNONREF//RE20260302-0001", "2026-03-02 - 350.00 [NTRF] [NONREF] [RE20260302-0001]"),
            (":61:240312    DD0,00NDEFNONREF//", "2024-03-12 - 0.00 [NDEF] [NONREF] []"),
            (":61:2602280000C10,00NTRFX", "2026-02-28 - 10.00 [NTRF] [X] []"),
            (":61:2602280230C10,00NTRFX", "2026-02-28 2026-02-28 10.00 [NTRF] [X] []"),
            (":61:2512310102D10,00NTRFX", "2025-12-31 2026-01-02 -10.00 [NTRF] [X] []"),
            (":61:0709040904RCR204,88NRTINONREF", "2007-09-04 2007-09-04 -204.88 [NRTI] [NONREF] []"),
            (":61:260105RD10,00NTRFX", "2026-01-05 - 10.00 [NTRF] [X] []"),
            (":61:260105DR10,00NTRFX", "2026-01-05 - -10.00 [NTRF] [X] []"),
            (":61:260105EC10,00NTRFX", "2026-01-05 - 10.00 [NTRF] [X] []"),
            (":61:260105ed10,00ntrfx", "2026-01-05 - -10.00 [ntrf] [x] []"),
            (":61:1811261126CR\r\n30,00N062NONREF", "2018-11-26 2018-11-26 30.00 [N062] [NONREF] []"),
            (":61:100722D25,03NOV NONREF", "2010-07-22 - -25.03 [NOV] [NONREF] []"),
            (":61:1710111011DF2402,00S   X", "2017-10-11 2017-10-11 -2402.00 [S] [X] []"),
            (":61:1602300301DR6,00 N024NONREF", "2016-02-29 2016-03-01 -6.00 [N024] [NONREF] []"),
            (":61:2601050105C500NTRF29-07-2014 10:05//B4", "2026-01-05 2026-01-05 500 [NTRF] [29-07-2014 10:05] [B4]"),
            (":61:260105C1.010,00NTRFX", "2026-01-05 - 1010.00 [NTRF] [X] []"),
            (":61:260105C10.55NTRFX", "2026-01-05 - 10.55 [NTRF] [X] []"),
            (":61:260105D1638,NTRFFE/2026/3/000008", "2026-01-05 - -1638 [NTRF] [FE/2026/3/000008] []"),
            (":61:260105C0000000000010,55NTRF//B1", "2026-01-05 - 10.55 [NTRF] [] [B1]"),
            (":61:260105C10,00", "2026-01-05 - 10.00 [] [] []"),
            (":61:260105C10,00//B1", "2026-01-05 - 10.00 [] [] [B1]"),
            (":61:260105C10,00NMS//B1", "2026-01-05 - 10.00 [NMS] [] [B1]"),
            (":61:0203170320CM5000,00S05168790452", "2002-03-17 2002-03-20 5000.00 [S051] [68790452] []"),
            (":61:110527D000000001213,28N0440121470966      W.P. X  ", "2011-05-27 - -1213.28 [N044] [0121470966      W.P. X] []"),
            (":61:1312091209C79,7FMSC01916//NONREF\n2013", "2013-12-09 2013-12-09 79.7 [FMSC] [01916] [NONREF]"),
            (":61:260105C10,00NTRFABCDEFGHIJKLMNOP//QRST", "2026-01-05 - 10.00 [NTRF] [ABCDEFGHIJKLMNOP] [QRST]"),
        ];
        for (raw, expected) in cases {
            assert_eq!(read_one(raw).map(|entry| told(&entry)), Ok(expected.to_owned()), "{raw}");
        }
    }

    #[test]
    fn an_entry_without_date_mark_or_amount_is_damaged() {
        let cases = [
            (":61:garbage", "value date is missing"),
            (":61:261301C1,00", "value date \"261301\" is not a date"),
            (":61:", "value date is missing"),
            (
                ":61:260105",
                "no debit or credit mark after the dates, expected C, D, RC, RD, EC or ED",
            ),
            (
                ":61:260105X1,00",
                "no debit or credit mark after the dates, expected C, D, RC, RD, EC or ED",
            ),
            (":61:260105CNTRFNONREF", "amount is missing"),
            (":61:260105C-1,00", "amount is missing"),
            (":61:260105C\n", "amount is missing"),
            (":61:260105C1.010NTRF", "amount \"1.010N\" is not an amount"),
            (":61:260105D12,5O,NMSC", "amount \"12,5O\" is not an amount"),
            (":61:260105D10'000,00NMSC", "amount \"10'\" is not an amount"),
            (":61:260105C1 010,00NTRF", "amount \"1 \" is not an amount"),
            (
                ":61:260105C1,234NTRF",
                "amount 1.234 has more digits than a table keeps (16 before the point, 2 after)",
            ),
        ];
        for (raw, expected) in cases {
            assert_eq!(read_one(raw).unwrap_err().to_string(), expected, "{raw}");
        }
    }

    #[test]
    fn a_day_that_does_not_exist_is_told() {
        let mut warnings = Vec::new();
        read(":61:2602300000C1,00", 7, ACCOUNT, &mut warnings).unwrap();
        let texts: Vec<_> = warnings.iter().map(|it| (it.line, it.text.as_str())).collect();
        let expected = [
            (Some(7), "the value date 260230 does not exist, read as 2026-02-28"),
            (Some(7), "the booking date 0000 is no date, left out"),
        ];
        assert_eq!(texts, expected);
    }

    #[test]
    fn brd_cuts_a_long_reference_in_two() {
        let brd = "RO75BRDE450SV00012345678";
        let whole = read(":61:260105C1,NTRFABCDEFGHIJKLMNOP//QRST \r\nx", 1, brd, &mut Vec::new());
        let whole = whole.unwrap();
        assert_eq!(
            (&*whole.customer_reference, whole.bank_reference),
            ("ABCDEFGHIJKLMNOPQRST", "")
        );
        let short = read(":61:260105C1,NTRFOPH101//X", 1, brd, &mut Vec::new()).unwrap();
        assert_eq!((&*short.customer_reference, short.bank_reference), ("OPH101", "X"));
    }
}
