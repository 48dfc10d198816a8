//! Records → does the file add up?
//!
//! Reading is tolerant, the check is strict: a file whose records do not make the sums that it
//! states is not let in, since a line is lost, doubled or read wrong.

pub mod coverage;
mod payout;
mod settlement;
mod shop;
mod statement;
pub mod summary;

use rust_decimal::Decimal;

use crate::fault::Refusal;
use crate::record::{Document, Warning};

/// What the check of a file found.
#[derive(Debug, Default)]
pub struct Findings {
    /// Oddities that do not keep the file out.
    pub warnings: Vec<Warning>,
    /// Sums that are not right or cannot be proven; `--accept-unbalanced` lets the file in anyway.
    pub unbalanced: Vec<Refusal>,
    /// How many stated sums were compared and fit.
    fitting: usize,
    /// Whether something is missing that the file itself tells of: days, a page, a held record.
    is_incomplete: bool,
}

impl Findings {
    /// Returns whether the file adds up: yes where a stated sum was compared and all fit, no where one
    /// does not or something is missing; `None` where the file states no sum.
    pub fn adds_up(&self) -> Option<bool> {
        match self.fitting {
            _ if self.is_incomplete || !self.unbalanced.is_empty() => Some(false),
            0 => None,
            _ => Some(true),
        }
    }

    /// Notes that a stated sum was compared and fits.
    fn fits(&mut self) {
        self.fitting += 1;
    }

    /// Compares a stated amount with the computed one.
    fn compare(&mut self, line: u32, what: String, stated: Decimal, computed: Decimal) {
        if stated == computed {
            return self.fits();
        }
        self.unbalanced.push(Refusal::Unbalanced { line, what, stated, computed });
    }

    /// Warns of something that is missing.
    fn lacks(&mut self, line: u32, text: String) {
        self.is_incomplete = true;
        self.warn(line, text);
    }

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
    // What could not be read may be of any amount.
    let is_incomplete = document.damaged().next().is_some();
    let mut findings = Findings { is_incomplete, ..Findings::default() };
    match document {
        Document::Statements(messages) => statement::check(messages, &mut findings)?,
        Document::Borderouri(borderouri) => {
            for borderou in borderouri {
                settlement::check_borderou(borderou, &mut findings)?;
            }
        }
        Document::Batch(batch) => settlement::check_batch(batch, &mut findings)?,
        Document::Payout(document) => payout::check(document, &mut findings),
        Document::Orders(list) => shop::check_orders(list, &mut findings),
        Document::Invoices(report) => shop::check_invoices(report, &mut findings),
    }
    Ok(findings)
}
