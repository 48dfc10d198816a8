//! Statements of a bank and what stands in them.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Currency, Damaged, Line, Warning};

/// One message of a bank: an MT940 statement, a page of one, or an MT942 interim report.
#[derive(Debug)]
pub struct Statement<'s> {
    /// Where the message starts.
    pub line: Line,
    /// Booked (MT940) or not yet (MT942).
    pub kind: StatementKind,
    /// The account of `:25:`: an IBAN without blanks, or as the bank writes it. Empty if missing.
    pub account: Cow<'s, str>,
    /// The account's currency, of the balances or of `:25:`.
    pub currency: Option<Currency>,
    /// The statement number of `:28C:`, before the page. Empty if missing.
    pub number: Cow<'s, str>,
    /// The page of `:28C:`, after the number.
    pub page: Option<u32>,
    /// The opening balance, `:60F:` or `:60M:`.
    pub opening: Option<Balance>,
    /// The closing balance, `:62F:` or `:62M:`.
    pub closing: Option<Balance>,
    /// Number and sum of the debits, `:90D:` (MT942).
    pub debits: Option<Turnover>,
    /// Number and sum of the credits, `:90C:` (MT942).
    pub credits: Option<Turnover>,
    /// The entries that could be read, in the order of the file: all, or those of a
    /// [part](Self::goes_on) of the message.
    pub entries: Vec<Entry<'s>>,
    /// What all its entries come to, those of earlier parts too.
    pub tally: Tally,
    /// More of this message comes: one that is too large to be in memory as a whole is handed over
    /// in parts, each with all that is known of the message by then.
    pub goes_on: bool,
    /// The entries that could not.
    pub damaged: Vec<Damaged>,
    /// Oddities met on the way, such as a date that does not exist.
    pub warnings: Vec<Warning>,
    /// How this bank writes who paid whom.
    pub dialect: &'static dyn Dialect,
}

impl<'s> Statement<'s> {
    /// Returns the statement without its entries, free of the file's text.
    pub fn head(self) -> Statement<'static> {
        Statement {
            account: Cow::Owned(self.account.into_owned()),
            number: Cow::Owned(self.number.into_owned()),
            entries: Vec::new(),
            ..self
        }
    }

    /// Returns what the rows of its entries take from it.
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

/// What the entries of a statement come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Number of entries by which money left.
    pub debits: u64,
    /// Their sum, negative.
    pub debited: Decimal,
    /// Number of the other entries.
    pub credits: u64,
    /// Their sum.
    pub credited: Decimal,
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
        let day = entry.value_date;
        let (first, last) = self.days.unwrap_or((day, day));
        self.days = Some((first.min(day), last.max(day)));
    }

    /// Returns how many entries there are.
    pub fn entries(&self) -> u64 {
        self.debits + self.credits
    }

    /// Returns what they add to the balance.
    pub fn sum(&self) -> Decimal {
        self.debited + self.credited
    }
}

/// Whether the entries of a statement are booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatementKind {
    /// MT940: what happened.
    Booked,
    /// MT942: what happened so far today; it comes again in an MT940.
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
    /// Of a page (`M`), not of the whole statement (`F`).
    pub intermediate: bool,
}

/// Number and sum of one side's entries (`:90D:`, `:90C:`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turnover {
    /// Where it stands.
    pub line: Line,
    /// How many entries.
    pub count: u32,
    /// Their sum, without sign.
    pub sum: Decimal,
}

/// One movement on an account, as a `:61:` line and its `:86:` state it.
#[derive(Debug, Clone)]
pub struct Entry<'s> {
    /// Where its `:61:` stands.
    pub line: Line,
    /// The day the bank counts the money from.
    pub value_date: NaiveDate,
    /// The day it was booked, where the file says so.
    pub booking_date: Option<NaiveDate>,
    /// Positive when money arrives, negative when it leaves.
    pub amount: Decimal,
    /// Letter and three characters, such as `NTRF`; may be cut short or empty.
    pub type_code: &'s str,
    /// The account owner's reference; `NONREF` and empty are common. Owned only where a bank writes
    /// it in two halves.
    pub customer_reference: Cow<'s, str>,
    /// The bank's reference, after `//`.
    pub bank_reference: &'s str,
    /// All its lines as they stand in the file, from `:61:` to the end of its narrative.
    pub raw: &'s str,
    /// The byte of the file's text where they start.
    pub start: u64,
}

/// Who paid whom for what, as far as an entry's text tells.
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

/// How one bank writes an entry's narrative.
pub trait Dialect: fmt::Debug + Sync {
    /// Returns the name of the bank for people.
    fn name(&self) -> &'static str;

    /// Returns what the entry's text tells. Finding nothing is no error.
    ///
    /// `own` is the statement's account, which is never the counterparty.
    fn narrative<'s>(&self, entry: &Entry<'s>, own: &str) -> Narrative<'s>;
}
