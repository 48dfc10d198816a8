//! Records → does the file add up?
//!
//! Reading is tolerant, the check is strict: a file whose records do not make the sums that it
//! states is not let in, since a line is lost, doubled or read wrong.

mod settlement;
mod statement;
pub mod summary;

use crate::fault::Refusal;
use crate::record::{Document, Warning};

/// What the check of a file found.
#[derive(Debug, Default)]
pub struct Findings {
    /// Oddities that do not keep the file out.
    pub warnings: Vec<Warning>,
    /// Sums that are not right or cannot be proven; `--accept-unbalanced` lets the file in anyway.
    pub unbalanced: Vec<Refusal>,
}

impl Findings {
    fn warn(&mut self, line: u32, text: String) {
        self.warnings.push(Warning { line: Some(line), text });
    }

    fn unproven(&mut self, line: u32, reason: impl Into<String>) {
        self.unbalanced.push(Refusal::Unproven { line, reason: reason.into() });
    }
}

/// Checks that the document adds up.
///
/// # Errors
///
/// A file that no option lets in: its account is missing, or it names two batches.
pub fn check(document: &Document<'_>) -> Result<Findings, Refusal> {
    let mut findings = Findings::default();
    match document {
        Document::Statements(messages) => statement::check(messages, &mut findings)?,
        Document::Borderouri(borderouri) => {
            for borderou in borderouri {
                settlement::check_borderou(borderou, &mut findings)?;
            }
        }
        Document::Batch(batch) => settlement::check_batch(batch, &mut findings)?,
    }
    Ok(findings)
}
