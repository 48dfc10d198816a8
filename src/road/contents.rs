//! A source, part by part → what is kept of it: its document without entries, and their index.
//!
//! Of a large file, memory holds only the part that its format reads at a time. What stays is the
//! document without its entries, and 16 bytes an entry in the index.

use std::sync::Arc;

use crate::fault::Refusal;
use crate::format::Format;
use crate::plan::{Entries, Index};
use crate::record::{Document, Statement};
use crate::road::meter::{Meter, Stage};
use crate::source::Source;

/// What is kept of a file that was read.
#[derive(Debug)]
pub struct Contents {
    /// What the file holds, without the entries of its statements: those are in `entries`.
    pub document: Document<'static>,
    /// The entries of its statements.
    pub entries: Arc<Entries>,
}

impl Contents {
    /// Reads the source and indexes its entries by their keys; the time of making keys is counted
    /// apart.
    ///
    /// # Errors
    ///
    /// A file that makes no sense as a whole.
    pub fn of(source: &Arc<Source>, format: &dyn Format, meter: &Meter) -> Result<Self, Refusal> {
        let (document, index) = whole_if_need_be(source, || {
            let mut index = Index::default();
            let document = document(source, format, |messages| {
                meter.within(Stage::Identify, || index.take(messages))
            })?;
            Ok((document, index))
        })?;
        let messages = match &document {
            Document::Statements(messages) => messages.as_slice(),
            _ => &[],
        };
        let entries =
            meter.within(Stage::Identify, || Entries::of(Arc::clone(source), messages, index))?;
        Ok(Self { document, entries: Arc::new(entries) })
    }
}

/// Reads the source and returns what it holds, without the entries of statements.
///
/// # Errors
///
/// A file that makes no sense as a whole.
pub fn outline(source: &Source, format: &dyn Format) -> Result<Document<'static>, Refusal> {
    whole_if_need_be(source, || document(source, format, |_| Ok(())))
}

/// Reads the source in windows. Where its text is not UTF-8, decodes the text as a whole and reads
/// again from that.
fn whole_if_need_be<T>(
    source: &Source,
    read: impl Fn() -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    match read() {
        Err(Refusal::NotUtf8) => {
            source.text()?;
            read()
        }
        result => result,
    }
}

fn document(
    source: &Source,
    format: &dyn Format,
    mut take: impl FnMut(&[Statement<'_>]) -> Result<(), Refusal> + Send,
) -> Result<Document<'static>, Refusal> {
    let mut heads: Vec<Statement<'static>> = Vec::new();
    let mut other = None;
    format.read_parts(source, &mut |part| {
        match part {
            Document::Statements(messages) => {
                take(&messages)?;
                messages.into_iter().for_each(|message| add(&mut heads, message.head()));
            }
            Document::Borderouri(borderouri) => other = Some(Document::Borderouri(borderouri)),
            Document::Batch(batch) => other = Some(Document::Batch(batch)),
            Document::Payout(document) => other = Some(Document::Payout(document)),
            Document::Orders(list) => other = Some(Document::Orders(list)),
            Document::Invoices(report) => other = Some(Document::Invoices(report)),
        }
        Ok(())
    })?;
    Ok(other.unwrap_or(Document::Statements(heads)))
}

/// Adds the head of a message. Where it is a further part of the last message, its head replaces that of
/// the part before, and takes over its damaged records and warnings.
fn add(heads: &mut Vec<Statement<'static>>, mut head: Statement<'static>) {
    if let Some(before) = heads.pop_if(|last| last.goes_on) {
        head.damaged.splice(0..0, before.damaged);
        head.warnings.splice(0..0, before.warnings);
    }
    heads.push(head);
}
