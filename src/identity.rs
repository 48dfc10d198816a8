//! Rows → keys: what makes two rows the same row.
//!
//! The recipes are a contract with the platform that reads the tables: md5, lower-case hex, of UTF-8
//! text with `|` between the parts. `tests/it/hashes.rs` holds them against vectors made elsewhere.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use md5::{Digest, Md5};
use rust_decimal::Decimal;

use crate::normalize::{amount_text, text};
use crate::record::Entry;

/// References that refer to nothing.
const NO_REFERENCE: [&str; 4] = ["", "NONREF", "NOTPROVIDED", "."];

/// An md5 digest; its text form, lower-case hex, is what a key column holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; 16]);

impl Key {
    fn of(text: &str) -> Self {
        Self(Md5::digest(text).into())
    }

    /// Returns the key of its text form, or `None` where the text is no such form.
    pub fn parse(hex: &str) -> Option<Self> {
        let canonical = hex.len() == 32 && !hex.bytes().any(|b| b.is_ascii_uppercase());
        canonical
            .then(|| u128::from_str_radix(hex, 16).ok())
            .flatten()
            .map(|n| Self(n.to_be_bytes()))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Returns the reference that identifies an entry, and whether it is one of the bank's, by which the
/// entry is known whatever its text.
///
/// The bank's reference; else the customer's; else the account, so that the same fee on two
/// accounts of one company stays two rows. A bank that writes `//NONREF` has given none to know the
/// entry by, although it is in the key.
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
/// `occurrence` counts the identical rows of one statement from 1: the first keeps the plain hash,
/// so that rows stored before twins were told apart still match.
pub fn transaction_key(date: NaiveDate, reference: &str, occurrence: u32, amount: Decimal) -> Key {
    let amount = amount_text(amount);
    Key::of(&match occurrence {
        0 | 1 => format!("{date}|{reference}|{amount}"),
        k => format!("{date}|{reference}#{k}|{amount}"),
    })
}

/// Returns the key of a product sale; the quantity counts as its shortest decimal.
pub fn sale_key(oblio_id: &str, sku: &str, quantity: Decimal) -> Key {
    Key::of(&format!("{oblio_id}|{sku}|{}", quantity.normalize()))
}

/// Returns the key of a borderou: the day, the account and every parcel with its amount.
pub fn borderou_key<'p>(
    account: &str,
    date: NaiveDate,
    parcels: impl Iterator<Item = (&'p str, Decimal)>,
) -> Key {
    let mut parts: Vec<String> =
        parcels.map(|(number, amount)| format!("{number}:{}", amount_text(amount))).collect();
    parts.sort_unstable();
    Key::of(&format!("GLS|{account}|{date}|{}", parts.join(",")))
}

/// Returns the key of a parcel in its borderou.
///
/// `occurrence` counts the same parcel number within one borderou from 1.
pub fn parcel_key(borderou: Key, number: &str, occurrence: u32, amount: Decimal) -> Key {
    let amount = amount_text(amount);
    Key::of(&match occurrence {
        0 | 1 => format!("{borderou}|{number}|{amount}"),
        k => format!("{borderou}|{number}#{k}|{amount}"),
    })
}
