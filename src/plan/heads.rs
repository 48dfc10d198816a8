//! MessageHeads: of each message, what the rows of its entries need.

use std::sync::Arc;

use crate::fault::Impossible;
use crate::record::kept::kept_statements;
use crate::record::pages::statements_of;
use crate::record::{Currency, Dialect, Heading, KeptStatement, Statement, StatementKind};

/// Of one message, what the rows of its entries need.
#[derive(Debug)]
pub(super) struct MessageHead {
    /// The byte where the message's first entry starts.
    start: u32,
    /// The file, counted from 0.
    pub(super) file: u32,
    /// The number of the statement that the message belongs to: twins are counted in one statement.
    pub(super) statement: u32,
    pub(super) interim: bool,
    account: Arc<str>,
    currency: Option<Currency>,
    number: Box<str>,
    dialect: &'static dyn Dialect,
}

impl MessageHead {
    pub(super) fn heading(&self) -> Heading<'_> {
        Heading {
            account: &self.account,
            currency: self.currency,
            number: &self.number,
            dialect: self.dialect,
        }
    }
}

/// The heads of all messages that have entries, of the files that are imported together, in the
/// order of the text.
#[derive(Debug, Default)]
pub(super) struct MessageHeads {
    heads: Vec<MessageHead>,
    /// All statements of the files, those without entries included, by their numbers; nothing for one
    /// that is not kept.
    statements: Vec<Option<KeptStatement>>,
}

impl MessageHeads {
    /// Makes the heads of one file's messages. `starts` has the byte where the entries of a message
    /// start, with the number of the message.
    pub(super) fn of(
        messages: &[Statement<'_>],
        starts: Vec<(u32, u32)>,
    ) -> Result<Self, Impossible> {
        let numbers = statements_of(messages);
        let (mut heads, mut account) = (Vec::with_capacity(starts.len()), Arc::<str>::from(""));
        for (start, message) in starts {
            let at = message as usize;
            let (Some(message), Some(number)) = (messages.get(at), numbers.get(at)) else {
                return Err(Impossible::new("entries of a message that the file does not have"));
            };
            if *account != *message.account {
                account = Arc::from(&*message.account);
            }
            heads.push(MessageHead {
                start,
                file: 0,
                statement: *number as u32,
                interim: message.kind == StatementKind::Interim,
                account: Arc::clone(&account),
                currency: message.currency,
                number: message.number.as_ref().into(),
                dialect: message.dialect,
            });
        }
        Ok(Self { heads, statements: kept_statements(messages) })
    }

    /// Adds the heads of a further file, whose text comes after the texts of the files before.
    pub(super) fn append(&mut self, other: &Self, file: u32, bytes_before: u32) {
        let before = self.statements.len() as u32;
        self.statements.extend_from_slice(&other.statements);
        self.heads.extend(other.heads.iter().map(|head| MessageHead {
            start: head.start + bytes_before,
            file,
            statement: head.statement + before,
            account: Arc::clone(&head.account),
            number: head.number.clone(),
            ..*head
        }));
    }

    /// Returns the number of the head of the message that has an entry starting at that byte.
    pub(super) fn at(&self, start: u32) -> Result<u32, Impossible> {
        let behind = self.heads.partition_point(|head| head.start <= start);
        let number = behind.checked_sub(1).and_then(|number| u32::try_from(number).ok());
        number.ok_or_else(|| Impossible::new("an entry before the first message"))
    }

    /// Returns all statements of the files, by their numbers.
    pub(super) fn statements(&self) -> &[Option<KeptStatement>] {
        &self.statements
    }

    /// Returns the head of that number.
    pub(super) fn get(&self, number: u32) -> Result<&MessageHead, Impossible> {
        let head = self.heads.get(number as usize);
        head.ok_or_else(|| Impossible::new("entries have no message of this number"))
    }
}
