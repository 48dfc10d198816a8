//! Bank statements and their parts: entries, balances, sums, dialects.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::record::{Currency, Damaged, Line, Warning};

/// One message of a bank: a statement, a page of one, or an interim report.
#[derive(Debug)]
pub struct Statement<'s> {
    /// Where the message starts.
    pub line: Line,
    /// Booked, or not yet.
    pub kind: StatementKind,
    /// The account: an IBAN without blanks, or as the bank writes it. Empty if missing.
    pub account: Cow<'s, str>,
    /// The account's currency.
    pub currency: Option<Currency>,
    /// The statement number, without the page. Empty if missing.
    pub number: Cow<'s, str>,
    /// The page, where the statement is cut into messages.
    pub page: Option<u32>,
    /// The opening balance, of the statement or of this page.
    pub opening: Option<Balance>,
    /// The closing balance, of the statement or of this page.
    pub closing: Option<Balance>,
    /// Number and sum of the debits, where an interim report states them.
    pub debits: Option<Turnover>,
    /// Number and sum of the credits, where an interim report states them.
    pub credits: Option<Turnover>,
    /// The entries that could be read, in the order of the file: all, or those of a
    /// [part](Self::goes_on) of the message.
    pub entries: Vec<Entry<'s>>,
    /// Number, sum and days of all entries of the message, those of earlier parts included.
    pub tally: Tally,
    /// Whether more of this message comes. A message that is too large for memory is handed over in
    /// parts, each with all that is known of the message by then.
    pub goes_on: bool,
    /// The entries that could not be read.
    pub damaged: Vec<Damaged>,
    /// Oddities met on the way, such as a date that does not exist.
    pub warnings: Vec<Warning>,
    /// How this bank writes its statements.
    pub dialect: &'static dyn Dialect,
}

impl<'s> Statement<'s> {
    /// Returns the statement without its entries and without borrows from the file's text.
    pub fn head(self) -> Statement<'static> {
        Statement {
            account: Cow::Owned(self.account.into_owned()),
            number: Cow::Owned(self.number.into_owned()),
            entries: Vec::new(),
            ..self
        }
    }

    /// Returns what the rows of the statement's entries take from the statement.
    pub fn heading(&self) -> Heading<'_> {
        Heading {
            account: &self.account,
            currency: self.currency,
            number: &self.number,
            dialect: self.dialect,
        }
    }
}

/// What the rows of a statement's entries take from the statement.
#[derive(Debug, Clone, Copy)]
pub struct Heading<'s> {
    /// See [`Statement::account`].
    pub account: &'s str,
    /// See [`Statement::currency`].
    pub currency: Option<Currency>,
    /// See [`Statement::number`].
    pub number: &'s str,
    /// See [`Statement::dialect`].
    pub dialect: &'static dyn Dialect,
}

/// Number, sum and days of a statement's entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Number of entries by which money left.
    pub debits: u64,
    /// The sum of these entries, negative.
    pub debited: Decimal,
    /// Number of the other entries.
    pub credits: u64,
    /// The sum of the other entries.
    pub credited: Decimal,
    /// How many of all these are only expected.
    pub expected: u64,
    /// What the expected ones add up to.
    pub expected_sum: Decimal,
    /// The first and the last value date.
    pub days: Option<(NaiveDate, NaiveDate)>,
}

impl Tally {
    /// Adds an entry.
    pub fn add(&mut self, entry: &Entry<'_>) {
        if entry.amount.is_sign_negative() {
            self.debits += 1;
            self.debited += entry.amount;
        } else {
            self.credits += 1;
            self.credited += entry.amount;
        }
        if entry.is_expected {
            self.expected += 1;
            self.expected_sum += entry.amount;
        }
        let day = entry.value_date;
        let (first, last) = self.days.unwrap_or((day, day));
        self.days = Some((first.min(day), last.max(day)));
    }

    /// Returns how many entries there are.
    pub fn entries(&self) -> u64 {
        self.debits + self.credits
    }

    /// Returns what the entries add to the balance; expected ones add nothing yet.
    pub fn sum(&self) -> Decimal {
        self.debited + self.credited - self.expected_sum
    }
}

/// Whether the entries of a statement are booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatementKind {
    /// The entries are booked.
    Booked,
    /// An interim report of the day so far: its entries come again in a booked statement.
    Interim,
}

/// A balance of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// Where it stands.
    pub line: Line,
    /// The day it holds for.
    pub date: NaiveDate,
    /// Positive where the account holds money.
    pub amount: Decimal,
    /// What the amount is counted in.
    pub currency: Currency,
    /// Whether it is the balance of a page, not of the whole statement.
    pub intermediate: bool,
}

/// Number and sum of one side's entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turnover {
    /// Where it stands.
    pub line: Line,
    /// How many entries.
    pub count: u32,
    /// Their sum, without sign.
    pub sum: Decimal,
}

/// One movement on an account, as its file states it.
#[derive(Debug, Clone)]
pub struct Entry<'s> {
    /// Where it starts.
    pub line: Line,
    /// The day the bank counts the money from.
    pub value_date: NaiveDate,
    /// The day it was booked, where the file says so.
    pub booking_date: Option<NaiveDate>,
    /// Positive when money arrives, negative when it leaves.
    pub amount: Decimal,
    /// Whether the bank only expects the movement: it is not booked yet.
    pub is_expected: bool,
    /// A letter and three characters, such as `NTRF`; may be cut short or empty.
    pub type_code: &'s str,
    /// The account owner's reference; it is often `NONREF` or empty. It is an owned text only where
    /// a bank writes the reference in two halves.
    pub customer_reference: Cow<'s, str>,
    /// The bank's reference.
    pub bank_reference: &'s str,
    /// The whole entry as it stands in the file, to the end of its narrative.
    pub raw: &'s str,
    /// The byte of the file's text where the entry starts.
    pub start: u64,
}

/// Who paid whom for what, as far as an entry's text says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrative<'s> {
    /// Name of the other party.
    pub name: Option<Cow<'s, str>>,
    /// Account of the other party, without blanks.
    pub iban: Option<Cow<'s, str>>,
    /// Fiscal code of the other party, digits only.
    pub cif: Option<Cow<'s, str>>,
    /// The whole text, its lines joined as this bank cuts them.
    pub details: Cow<'s, str>,
}

/// How a statement's entries are written: a format, as one bank writes it.
pub trait Dialect: fmt::Debug + Sync {
    /// Returns the name of the bank for people.
    fn name(&self) -> &'static str;

    /// Returns what the format calls the parts of a statement.
    fn terms(&self) -> &'static Terms;

    /// Reads an entry from its [raw text](Entry::raw). It is read a second time here, since between
    /// the first reading and the loading only the entry's place is kept. `None` where the text is
    /// no entry.
    ///
    /// `own` is the statement's account.
    fn entry<'s>(&self, raw: &'s str, line: Line, own: &str) -> Option<Entry<'s>>;

    /// Returns who paid whom for what, as far as the entry's text says. Finding nothing is no
    /// error.
    ///
    /// `own` is the statement's account, which is never the other party's.
    fn narrative<'s>(&self, entry: &Entry<'s>, own: &str) -> Narrative<'s>;
}

/// What a format calls the parts of a statement, for messages about a statement that lacks a part.
#[derive(Debug)]
pub struct Terms {
    /// The account.
    pub account: &'static str,
    /// The opening balance.
    pub opening: &'static str,
    /// The closing balance.
    pub closing: &'static str,
    /// Number and sum of the debits of an interim report.
    pub debits: &'static str,
    /// Number and sum of its credits.
    pub credits: &'static str,
    /// An interim report.
    pub interim: &'static str,
}
