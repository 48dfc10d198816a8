//! MT940 and MT942 account statements, as SWIFT defines them and as banks write them.
//!
//! Text → [`lines`] → [`tags`] and [`envelope`] → [`walk`], which opens and closes messages and
//! entries → [`message`] with [`account`], [`balance`] and [`entry`]. Nothing here limits lengths,
//! characters or the order of tags. A line `:61:` is always an entry, perhaps a damaged one, and
//! never text.

mod account;
mod balance;
mod blocks;
mod entry;
mod envelope;
mod export;
mod fields;
mod lines;
mod message;
mod narrative;
mod parts;
mod tags;
mod walk;

#[cfg(test)]
mod tests;

use crate::fault::Refusal;
use crate::format::{Format, Take};
use crate::record::Document;
use crate::record::export::HeldImport;
use crate::source::Source;
use crate::value::normalize;

/// Bytes that are read to recognise a file: some banks write pages of notes before the first
/// message, but none writes more than this.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// Bytes of a large file that are in memory at once, unless one entry has more.
const WINDOW_BYTES: usize = 4 * 1024 * 1024;

/// The format of bank statements.
pub struct Mt940;

impl Format for Mt940 {
    fn name(&self) -> &'static str {
        "mt940"
    }

    fn word(&self) -> &'static str {
        "statement"
    }

    fn export(&self) -> &'static str {
        "MT940 or MT942 (statements)"
    }

    fn recognise(&self, source: &Source) -> bool {
        let bytes = source.bytes();
        let head = normalize::decode(bytes.get(..HEAD_BYTES_MAX).unwrap_or(bytes));
        // A workbook may by chance hold bytes like a line of a statement. It has NULs, a text has
        // none.
        !head.contains('\0')
            && lines::Lines::new(&head).any(|line| {
                let visible = lines::visible(line.text);
                envelope::is_statement(visible) || tags::is_certain(visible)
            })
    }

    fn export_held(&self, import: &HeldImport) -> Option<(&'static str, Vec<u8>)> {
        Some(("sta", export::text(import)?.into_bytes()))
    }

    fn read<'s>(&self, source: &'s Source) -> Result<Document<'s>, Refusal> {
        let statements = walk::statements(source.text()?);
        if statements.is_empty() {
            return Err(no_statement());
        }
        Ok(Document::Statements(statements))
    }

    fn read_parts(&self, source: &Source, take: &mut Take<'_>) -> Result<(), Refusal> {
        parts::read(source, WINDOW_BYTES, take)
    }
}

fn no_statement() -> Refusal {
    Refusal::Unreadable {
        line: None,
        reason: "no line begins with a tag of a statement, expected :20:, :25: or :61:".to_owned(),
    }
}
