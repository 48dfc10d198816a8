//! Entries of statements → `bank_transactions`.

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::record::{Currency, Entry, Heading};
use crate::row::key::{Key, reference};
use crate::row::{ColumnWriter, Row, Said, Stamp, Table};
use crate::value::normalize::{AmountDigits, date_digits, text};

/// One booked movement on one account.
#[derive(Debug, Clone)]
pub struct BankTransaction<'s> {
    key: Key,
    value_date: NaiveDate,
    booking_date: Option<NaiveDate>,
    /// Positive when money arrives, negative when it leaves.
    amount: Decimal,
    currency: Option<Currency>,
    account: Cow<'s, str>,
    type_code: Cow<'s, str>,
    reference: Cow<'s, str>,
    customer_reference: Cow<'s, str>,
    statement_number: Cow<'s, str>,
    name: Option<Cow<'s, str>>,
    iban: Option<Cow<'s, str>>,
    cif: Option<Cow<'s, str>>,
    details: Cow<'s, str>,
    raw: &'s str,
    line: u32,
    /// The number of its statement among those of the files.
    statement: Option<u32>,
}

impl<'s> BankTransaction<'s> {
    /// Makes the row of an entry; its narrative is read here.
    pub fn of(heading: Heading<'s>, entry: &'s Entry<'_>, key: Key) -> Self {
        let narrative = heading.dialect.narrative(entry, heading.account);
        let cleaned = |part: Option<Cow<'s, str>>| part.map(clean).filter(|it| !it.is_empty());
        Self {
            key,
            value_date: entry.value_date,
            booking_date: entry.booking_date,
            amount: entry.amount,
            currency: heading.currency,
            account: text(heading.account),
            type_code: text(entry.type_code),
            reference: reference(entry, heading.account).0,
            customer_reference: text(&entry.customer_reference),
            statement_number: text(heading.number),
            name: cleaned(narrative.name),
            iban: cleaned(narrative.iban),
            cif: cleaned(narrative.cif),
            details: clean(narrative.details),
            raw: entry.raw,
            line: entry.line,
            statement: None,
        }
    }

    /// Returns the row as one of the statement with that number among those of the files.
    pub fn of_statement(self, number: u32) -> Self {
        Self { statement: Some(number), ..self }
    }

    fn currency(&self) -> &str {
        self.currency.as_ref().map(Currency::as_str).unwrap_or_default()
    }
}

fn clean(part: Cow<'_, str>) -> Cow<'_, str> {
    match part {
        Cow::Borrowed(part) => text(part),
        Cow::Owned(part) => match text(&part) {
            Cow::Borrowed(same) if same.len() == part.len() => Cow::Owned(part),
            cleaned => Cow::Owned(cleaned.into_owned()),
        },
    }
}

/// The value of a column that is not of type text: a day or an amount.
#[derive(Debug, Clone, Copy, Default)]
pub enum ColumnValue<T> {
    /// There is no value: the column is NULL.
    #[default]
    Missing,
    /// The value.
    Is(T),
    /// A value that no file can state: an amount that is no number, a day outside of the calendar.
    /// Only somebody else can have written it.
    Foreign,
}

impl<T> ColumnValue<T> {
    fn and_then<U>(&self, then: impl FnOnce(&T) -> ColumnValue<U>) -> ColumnValue<U> {
        match self {
            Self::Missing => ColumnValue::Missing,
            Self::Is(value) => then(value),
            Self::Foreign => ColumnValue::Foreign,
        }
    }
}

impl<T> From<Option<T>> for ColumnValue<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Self::Is)
    }
}

/// The columns by which a bank transaction is compared with a stored row.
#[derive(Debug, Clone, Copy, Default)]
pub struct BankSays<'t> {
    /// The account.
    pub account: Option<&'t str>,
    /// The account's currency.
    pub currency: Option<&'t str>,
    /// The value date.
    pub value_date: ColumnValue<NaiveDate>,
    /// The signed amount.
    pub amount: ColumnValue<Decimal>,
    /// The reference that is in the row's key.
    pub reference: Option<&'t str>,
    /// The booking date.
    pub booking_date: ColumnValue<NaiveDate>,
    /// The text.
    pub details: Option<&'t str>,
}

/// The text for a day or an amount that no file can state: it contradicts all others.
const OTHER: &str = "?";

impl BankSays<'_> {
    /// Returns what the columns say, as digests.
    pub fn said(&self) -> Said {
        let (value_date, booking_date) =
            (self.value_date.and_then(day), self.booking_date.and_then(day));
        let amount = self.amount.and_then(|amount| ColumnValue::Is(AmountDigits::of(*amount)));
        let firm = [
            self.account,
            self.currency,
            ascii(&value_date, <[u8; 10]>::as_slice),
            ascii(&amount, AmountDigits::as_bytes),
            self.reference,
        ];
        Said::of(&firm, &[ascii(&booking_date, <[u8; 10]>::as_slice), self.details])
    }
}

/// Returns the text of a day. A year of five digits or before Christ is in no file, so it is
/// [`ColumnValue::Foreign`].
fn day(date: &NaiveDate) -> ColumnValue<[u8; 10]> {
    date_digits(*date).map_or(ColumnValue::Foreign, ColumnValue::Is)
}

fn ascii<T>(told: &ColumnValue<T>, digits: impl FnOnce(&T) -> &[u8]) -> Option<&str> {
    match told {
        ColumnValue::Missing => None,
        ColumnValue::Is(value) => Some(std::str::from_utf8(digits(value)).unwrap_or(OTHER)),
        ColumnValue::Foreign => Some(OTHER),
    }
}

impl Row for BankTransaction<'_> {
    const TABLE: Table = Table::BankTransactions;
    const SAYS: &'static [&'static str] =
        &["account", "currency", "value date", "amount", "reference", "booking date", "text"];

    fn key(&self) -> Cow<'_, str> {
        Cow::Owned(self.key.to_string())
    }

    fn says(&self) -> Said {
        BankSays {
            account: Some(&self.account),
            currency: Some(self.currency()),
            value_date: ColumnValue::Is(self.value_date),
            amount: ColumnValue::Is(self.amount),
            reference: Some(&self.reference),
            booking_date: self.booking_date.into(),
            details: Some(&*self.details).filter(|it| !it.is_empty()),
        }
        .said()
    }

    fn raw(&self) -> (Cow<'_, str>, u32) {
        (Cow::Borrowed(self.raw), self.line)
    }

    fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        let is_some = |value: &&str| !value.is_empty();
        let credit = self.amount > Decimal::ZERO;
        let is_own = |iban: &str| stamp.own_accounts.iter().any(|account| account == iban);
        let is_transfer = self.iban.as_deref().is_some_and(is_own);
        let haystack = self.haystack();
        out.uuid(id);
        out.text(Some(&self.key.to_string()));
        out.date(Some(self.value_date));
        out.date(self.booking_date);
        out.decimal(self.amount);
        out.text(Some(self.currency()));
        out.text(Some(&self.account));
        out.text(Some(if credit { "credit" } else { "debit" }));
        out.text(Some(&*self.type_code).filter(is_some));
        out.text(Some(&self.reference));
        out.text(Some(&*self.customer_reference).filter(is_some));
        out.text(Some(&*self.statement_number).filter(is_some));
        out.text(Some(payer(&haystack)));
        out.text(batch_id(&haystack));
        out.text(self.name.as_deref());
        out.text(self.iban.as_deref());
        out.text(self.cif.as_deref());
        out.text(Some(&*self.details).filter(is_some));
        out.text(Some(&stamp.file_name));
        out.bool(credit && !is_transfer);
        out.bool(is_transfer);
        out.uuid(stamp.import_id);
        out.int(self.line);
        out.uuid_or_null(self.statement.and_then(|it| stamp.statement_id(it)));
    }
}

impl BankTransaction<'_> {
    /// Returns all text that may name the payer or a batch, in upper case.
    fn haystack(&self) -> String {
        let mut all = String::with_capacity(self.details.len() + 64);
        all.push_str(&self.details);
        all.push(' ');
        all.push_str(self.name.as_deref().unwrap_or_default());
        all.make_ascii_uppercase();
        all
    }
}

/// Returns which of the shop's partners the text names.
fn payer(upper: &str) -> &'static str {
    let has = |what: &str| upper.contains(what);
    if has("GLS") || has("GENERAL LOGISTICS") {
        "GLS"
    } else if has("DELIVERY SOLUTIONS") || has("SAMEDAY") {
        "Sameday"
    } else if has("NETOPIA") || has("BATCHID") {
        "Netopia"
    } else if has("DANTE INTERNATIONAL") || has("EMAG") {
        "eMag"
    } else {
        "Altul"
    }
}

/// Returns the Netopia batch that the text names: the digits after `BATCHID`.
fn batch_id(upper: &str) -> Option<&str> {
    let (_, rest) = upper.split_once("BATCHID")?;
    let rest = rest.trim_start_matches([' ', ':', '.']);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest.get(..digits).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_tells_which_partner_paid() {
        assert_eq!(payer("TRANSFER RAMBURS GLS ROMANIA"), "GLS");
        assert_eq!(payer("EMAGMARKETPLACE"), "eMag");
        assert_eq!(payer("PLATA LA POS"), "Altul");
        assert_eq!(payer("INCS RBS CF BORD DELIVERY SOLUTIONS SA"), "Sameday");
        assert_eq!(payer("/ROC/BATCHID 52001836//RFB/"), "Netopia");
        assert_eq!(payer("DANTE INTERNATIONAL SA"), "eMag");
    }

    #[test]
    fn a_batch_is_the_digits_after_its_label() {
        assert_eq!(batch_id("/ROC/BATCHID 52001836//RFB/9"), Some("52001836"));
        assert_eq!(batch_id("BATCHID: 7"), Some("7"));
        assert_eq!(batch_id("BATCHID X"), None);
        assert_eq!(batch_id("FACTURA 7"), None);
    }
}
