//! One message: its tags, one after the other → a [`Statement`].

use std::borrow::Cow;

use crate::record::{
    Currency, Damaged, Dialect, Entry, Line, Statement, StatementKind, Tally, Turnover, Warning,
};

use super::balance::{self, Stated};
use super::envelope::Envelope;
use super::narrative::dialect_of;
use super::tags::Tag;
use crate::format::mt940::{account, entry};

/// A message, as far as it has been read.
#[derive(Debug, Default, Clone)]
pub(super) struct Message<'s> {
    line: Line,
    envelope: Envelope<'s>,
    account: Cow<'s, str>,
    account_currency: Option<Currency>,
    number: Cow<'s, str>,
    page: Option<u32>,
    /// `Some(None)` is a balance that could not be read.
    opening: Option<Option<Stated>>,
    closing: Option<Option<Stated>>,
    debits: Option<Turnover>,
    credits: Option<Turnover>,
    /// The currency of a floor limit (`:34F:`) or of a turnover (`:90D:`, `:90C:`).
    interim_currency: Option<Currency>,
    /// Whether the message has a tag that only an MT942 has.
    interim: bool,
    entries: Vec<Entry<'s>>,
    tally: Tally,
    damaged: Vec<Damaged>,
    warnings: Vec<Warning>,
    /// The first line of the first `:86:` of an entry.
    first_narrative: Option<&'s str>,
    /// The dialect that an earlier part of the message was found to have.
    dialect: Option<&'static dyn Dialect>,
    /// Whether an earlier part of the message had entries.
    went_on: bool,
}

impl<'s> Message<'s> {
    /// Starts a message at the line of its envelope or, without one, at the given line.
    pub(super) fn new(envelope: Envelope<'s>, line: Line) -> Self {
        Self { line: envelope.line.unwrap_or(line), envelope, ..Self::default() }
    }

    /// Returns whether the message has an entry already, so that the next line may be text of it.
    pub(super) fn has_entries(&self) -> bool {
        self.went_on || self.has_new_entries()
    }

    /// Returns whether this part of the message has an entry.
    pub(super) fn has_new_entries(&self) -> bool {
        !self.entries.is_empty() || !self.damaged.is_empty()
    }

    /// Reads the entry that `raw` states, and adds it to the entries or, if it cannot be
    /// understood, to the damaged records. `start` and `line` are where it starts.
    pub(super) fn entry(&mut self, raw: &'s str, start: u64, line: Line) {
        match entry::read(raw, line, &self.account, &mut self.warnings) {
            Ok(entry) => {
                self.tally.add(&entry);
                self.entries.push(Entry { start, ..entry });
            }
            Err(reason) => self.damaged.push(Damaged { line, raw: raw.to_owned(), reason }),
        }
    }

    /// Notes the first line of an entry's narrative.
    pub(super) fn narrative(&mut self, content: &'s str) {
        self.first_narrative.get_or_insert(content);
    }

    /// Reads a tag that is neither an entry nor a narrative.
    pub(super) fn tag(&mut self, tag: Tag, content: &'s str, line: Line) {
        match tag {
            Tag::Account if self.account.is_empty() => {
                (self.account, self.account_currency) = account::read(content);
            }
            Tag::Number if self.number.is_empty() => self.number(content),
            Tag::Opening { intermediate } if self.opening.is_none() => {
                self.opening = Some(self.balance("opening", content, line, intermediate));
            }
            Tag::Closing { intermediate } => {
                self.closing = Some(self.balance("closing", content, line, intermediate));
            }
            Tag::Debits => self.debits = self.turnover("debits", content, line),
            Tag::Credits => self.credits = self.turnover("credits", content, line),
            Tag::Floor => {
                let currency = balance::floor_currency(content);
                self.interim_currency = self.interim_currency.or(currency);
                self.interim = true;
            }
            Tag::Moment => self.interim = true,
            _ => {}
        }
    }

    fn number(&mut self, content: &'s str) {
        let (number, page) = content.split_once('/').unwrap_or((content, ""));
        self.number = Cow::Borrowed(number.trim());
        self.page = page.trim().parse().ok();
    }

    fn balance(
        &mut self,
        which: &str,
        content: &str,
        line: Line,
        intermediate: bool,
    ) -> Option<Stated> {
        let stated = balance::read(content, line, intermediate, &mut self.warnings);
        if stated.is_none() {
            self.warn(line, format!("the {which} balance cannot be read"));
        }
        stated
    }

    fn turnover(&mut self, which: &str, content: &str, line: Line) -> Option<Turnover> {
        self.interim = true;
        let Some((turnover, currency)) = balance::turnover(content, line) else {
            self.warn(line, format!("number and sum of the {which} cannot be read"));
            return None;
        };
        self.interim_currency.get_or_insert(currency);
        Some(turnover)
    }

    fn warn(&mut self, line: Line, text: String) {
        self.warnings.push(Warning { line: Some(line), text });
    }

    /// Splits the message: returns what was read so far, as a part of the statement, and a message
    /// that goes on with the next entry and borrows nothing from the text read so far.
    pub(super) fn split(self) -> (Statement<'s>, Message<'static>) {
        let rest = Message {
            line: self.line,
            envelope: self.envelope.without_bank(),
            account: Cow::Owned(self.account.to_string()),
            account_currency: self.account_currency,
            number: Cow::Owned(self.number.to_string()),
            page: self.page,
            opening: self.opening,
            closing: self.closing,
            debits: self.debits,
            credits: self.credits,
            interim_currency: self.interim_currency,
            interim: self.interim,
            entries: Vec::new(),
            tally: self.tally,
            damaged: Vec::new(),
            warnings: Vec::new(),
            first_narrative: None,
            dialect: Some(self.dialect()),
            went_on: true,
        };
        (self.statement(true), rest)
    }

    fn dialect(&self) -> &'static dyn Dialect {
        let known = || dialect_of(&self.account, self.envelope.bic, self.first_narrative);
        self.dialect.unwrap_or_else(known)
    }

    /// Returns the statement of the finished message.
    pub(super) fn finish(self) -> Statement<'s> {
        self.statement(false)
    }

    fn statement(mut self, goes_on: bool) -> Statement<'s> {
        let dialect = self.dialect();
        // A statement closes; what lacks that and has a mark of an interim report is one, also where
        // it states an opening balance.
        let interim = (self.interim || self.envelope.interim) && self.closing.is_none();
        let (opening, closing) = (self.opening.flatten(), self.closing.flatten());
        let balance_currency =
            [opening, closing].iter().flatten().find_map(|stated| stated.currency);
        let mut settle = |stated: Option<Stated>| {
            let balance = stated?.settle(balance_currency);
            // While the message goes on, the other balance may still come and state the currency.
            if balance.is_none() && !goes_on {
                self.warnings.push(Warning {
                    line: stated.map(|stated| stated.line),
                    text: "a balance has no currency, left out".to_owned(),
                });
            }
            balance
        };
        let (opening, closing) = (settle(opening), settle(closing));
        Statement {
            line: self.line,
            kind: if interim { StatementKind::Interim } else { StatementKind::Booked },
            currency: balance_currency.or(self.account_currency).or(self.interim_currency),
            dialect,
            account: self.account,
            number: self.number,
            page: self.page,
            opening,
            closing,
            debits: self.debits,
            credits: self.credits,
            entries: self.entries,
            tally: self.tally,
            goes_on,
            damaged: self.damaged,
            warnings: self.warnings,
        }
    }
}
