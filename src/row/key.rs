//! Rows → keys: what makes two rows the same row.
//!
//! The recipes are a contract with the platform that reads the tables: md5, lower-case hex, of
//! UTF-8 text with `|` between the parts. `tests/it/hashes.rs` compares them with keys computed
//! elsewhere.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use md5::{Digest, Md5};
use rust_decimal::Decimal;

use crate::record::{Courier, Entry, KeptStatement, PayoutKind};
use crate::value::normalize::{AmountDigits, amount_text, date_digits, text};

/// References that banks write where there is none.
const NO_REFERENCE: [&str; 4] = ["", "NONREF", "NOTPROVIDED", "."];

/// An md5 digest; its text form, lower-case hex, is what a key column holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; 16]);

impl Key {
    fn of(parts: &[&[u8]]) -> Self {
        let mut digest = Md5::new();
        for part in parts {
            digest.update(part);
        }
        Self(digest.finalize().into())
    }

    /// Returns the text form, 32 lower-case hex digits.
    pub fn hex(&self) -> [u8; 32] {
        let mut hex = [0; 32];
        for (pair, byte) in hex.as_chunks_mut().0.iter_mut().zip(self.0) {
            *pair = [byte >> 4, byte & 15].map(hex_digit);
        }
        hex
    }

    /// Returns the key that a text form states, or `None` where the text is no text form of a key.
    pub fn parse(hex: &str) -> Option<Self> {
        let hex: &[u8; 32] = hex.as_bytes().try_into().ok()?;
        let mut key = [0; 16];
        for (byte, [high, low]) in key.iter_mut().zip(hex.as_chunks().0) {
            *byte = hex_value(*high)? << 4 | hex_value(*low)?;
        }
        Some(Self(key))
    }

    /// Returns the first 48 bits as a number.
    ///
    /// Keys sort as their prefixes do. Among a million keys, two share a prefix only once in 500
    /// tries. So a prefix is enough to sort, to make buckets and to look up; then the keys are
    /// compared.
    pub fn prefix(&self) -> u64 {
        let [a, b, c, d, e, f, ..] = self.0;
        u64::from_be_bytes([0, 0, a, b, c, d, e, f])
    }
}

fn hex_digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' + value - 10 }
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Hex digits are ASCII.
        f.write_str(std::str::from_utf8(&self.hex()).unwrap_or_default())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Returns the reference for an entry's key, and whether the bank gave the entry a reference that
/// identifies it whatever its text.
///
/// It is the bank's reference; else the customer's; else the account, so that the same fee on two
/// accounts of one company stays two rows. The bank's reference `NONREF` goes into the key, but
/// identifies nothing.
pub fn reference<'s>(entry: &'s Entry<'_>, account: &'s str) -> (Cow<'s, str>, bool) {
    let bank = text(entry.bank_reference);
    if !bank.is_empty() {
        let is_one = refers(&bank);
        return (bank, is_one);
    }
    let customer = text(&entry.customer_reference);
    if !refers(&customer) {
        return (text(account), false);
    }
    (customer, false)
}

fn refers(reference: &str) -> bool {
    !NO_REFERENCE.iter().any(|none| reference.eq_ignore_ascii_case(none))
}

/// Returns the key of a bank transaction (and of a profit transaction).
///
/// `occurrence` is the row's number among its twins, from 1. The first twin has the hash without a
/// number, so that rows still match which were stored before twins were told apart.
pub fn transaction_key(date: NaiveDate, reference: &str, occurrence: u32, amount: Decimal) -> Key {
    match date_digits(date) {
        Some(date) => numbered(&date, reference, occurrence, amount),
        None => numbered(date.to_string().as_bytes(), reference, occurrence, amount),
    }
}

/// Returns the key of a product sale; the quantity is written as its shortest decimal.
///
/// `occurrence` counts the lines of the invoice with this product and quantity from 1; from the second
/// on, `#{occurrence}` stands behind the SKU.
pub fn sale_key(oblio_id: &str, sku: &str, occurrence: u32, quantity: Decimal) -> Key {
    let counted = if occurrence > 1 { format!("#{occurrence}") } else { String::new() };
    Key::of(&[format!("{oblio_id}|{sku}{counted}|{}", quantity.normalize()).as_bytes()])
}

/// Returns what an invoice is known by, `{SERIES}|{number}`: programs write the series in letters of
/// either case, and the number with or without zeros before it (SETTLEMENTS.md, "Orders and invoices").
/// `sql/stored_invoices.sql` makes the same of a stored row.
pub fn invoice_name(series: &str, number: &str) -> String {
    let number = number.trim_start_matches('0');
    format!("{}|{number}", series.trim_matches(' ').to_ascii_uppercase())
}

/// Returns the key of what an export says of an order or invoice: the digest of all that it says,
/// joined with tabs, which no text of a row has. One import has each state once.
pub fn state_key(parts: &[Option<&str>]) -> Key {
    let parts: Vec<&str> = parts.iter().map(|part| part.unwrap_or_default()).collect();
    Key::of(&[parts.join("\t").as_bytes()])
}

/// Returns the key of a statement: its account, number, days and balances.
pub fn statement_key(statement: &KeptStatement) -> Key {
    let KeptStatement { account, number, opening_date, closing_date, .. } = statement;
    let (opening, closing) = (amount_text(statement.opening), amount_text(statement.closing));
    Key::of(&[
        format!("{account}|{number}|{opening_date}|{opening}|{closing_date}|{closing}").as_bytes()
    ])
}

/// Returns the key of a borderou: the courier, the account, the day and every parcel with its amount.
pub fn borderou_key<'p>(
    courier: Courier,
    account: &str,
    date: NaiveDate,
    parcels: impl Iterator<Item = (&'p str, Decimal)>,
) -> Key {
    let mut parts: Vec<String> =
        parcels.map(|(number, amount)| format!("{number}:{}", amount_text(amount))).collect();
    parts.sort_unstable();
    let courier = courier.name().to_ascii_uppercase();
    Key::of(&[format!("{courier}|{account}|{date}|{}", parts.join(",")).as_bytes()])
}

/// Returns the key of a parcel in its borderou.
///
/// `occurrence` counts the same parcel number within one borderou from 1.
pub fn parcel_key(borderou: Key, number: &str, occurrence: u32, amount: Decimal) -> Key {
    numbered(&borderou.hex(), number, occurrence, amount)
}

/// Returns the key of a payout document.
pub fn payout_key(seller: &str, kind: PayoutKind, document: &str) -> Key {
    Key::of(&[format!("EMAG|{seller}|{}|{document}", kind.name()).as_bytes()])
}

/// Returns the key of a line of a payout document.
///
/// `occurrence` counts the lines of the document with this order, kind and amount from 1.
pub fn payout_line_key(
    document: Key,
    order: &str,
    kind: &str,
    occurrence: u32,
    amount: Decimal,
) -> Key {
    numbered(&document.hex(), &format!("{order}|{kind}"), occurrence, amount)
}

/// Returns the key of `{group}|{name}|{amount}`; from the second occurrence on, of
/// `{group}|{name}#{occurrence}|{amount}`.
fn numbered(group: &[u8], name: &str, occurrence: u32, amount: Decimal) -> Key {
    let counted = if occurrence > 1 { format!("#{occurrence}") } else { String::new() };
    let amount = AmountDigits::of(amount);
    Key::of(&[group, b"|", name.as_bytes(), counted.as_bytes(), b"|", amount.as_bytes()])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_format(text: &str) -> Key {
        Key(Md5::digest(text).into())
    }

    proptest! {
        #[test]
        fn a_key_is_the_digest_of_its_formula(
            days in -1_000_000..5_000_000_i32,
            reference in ".{0,80}",
            occurrence in prop_oneof![0..4_u32, any::<u32>()],
            number in any::<i64>(),
            scale in 0..10_u32,
        ) {
            let date = NaiveDate::from_num_days_from_ce_opt(days).unwrap();
            let decimal = Decimal::new(number, scale);
            let amount = amount_text(decimal);
            let name = match occurrence {
                0 | 1 => reference.clone(),
                k => format!("{reference}#{k}"),
            };
            let key = by_format(&format!("{date}|{name}|{amount}"));
            prop_assert_eq!(transaction_key(date, &reference, occurrence, decimal), key);
            let parcel = by_format(&format!("{key}|{name}|{amount}"));
            prop_assert_eq!(parcel_key(key, &reference, occurrence, decimal), parcel);
        }

        #[test]
        fn a_key_has_one_text_form_and_sorts_as_its_prefix(a in any::<u128>(), b in any::<u128>()) {
            let (key, other) = (Key(a.to_be_bytes()), Key(b.to_be_bytes()));
            prop_assert_eq!(key.to_string(), format!("{a:032x}"));
            prop_assert_eq!(key.hex().to_vec(), key.to_string().into_bytes());
            prop_assert_eq!(Key::parse(&key.to_string()), Some(key));
            prop_assert_eq!(u128::from(key.prefix()), a >> 80);
            let same = key.prefix() == other.prefix();
            prop_assert!(same || key.prefix().cmp(&other.prefix()) == key.cmp(&other));
        }
    }

    #[test]
    fn no_other_text_is_a_key() {
        let key = "0123456789abcdef0123456789abcdef";
        assert!(Key::parse(key).is_some());
        for text in [&key[1..], &key.replace('a', "A"), &key.replace('0', "+"), "", &key.repeat(2)]
        {
            assert_eq!(Key::parse(text), None, "{text}");
        }
    }
}
