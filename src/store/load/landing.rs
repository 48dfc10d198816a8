//! A file as the store takes it, and what became of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::earlier::Earlier;
use super::journal::FileNote;
use crate::check::coverage::Gap;
use crate::check::summary::Summary;
use crate::plan::Entries;
use crate::record::Document;
use crate::row::{HeldRow, Table};
use crate::source::MailHead;

/// A file on its way into a company.
#[derive(Debug, Clone, Copy)]
pub struct Landing<'a> {
    /// The format's name.
    pub format: &'static str,
    /// The file's name, as the tables keep it.
    pub file_name: &'a str,
    /// The name of the zip or mail that it came in.
    pub container: Option<&'a str>,
    /// Its name inside that, with the folders and the zip that it is in there.
    pub member: Option<&'a str>,
    /// What the mail says of itself that it came in.
    pub mail: Option<&'a MailHead>,
    /// The watched folder that it lies in.
    pub inbox: Option<&'a str>,
    /// The digest of its bytes.
    pub sha256: &'a [u8; 32],
    /// How many bytes it has.
    pub size: u64,
    /// What it holds.
    pub document: &'a Document<'static>,
    /// The entries of its statements.
    pub entries: &'a Arc<Entries>,
    /// Its figures.
    pub summary: &'a Summary,
    /// What was found odd and let pass.
    pub warnings: &'a [String],
    /// What did not add up and was let in by `--accept-unbalanced`.
    pub accepted: &'a [String],
}

impl<'a> Landing<'a> {
    /// Returns what the log has of the file.
    pub(super) fn note(&self) -> FileNote<'a> {
        FileNote {
            format: self.format,
            file_name: self.file_name,
            container: self.container,
            member: self.member,
            mail: self.mail,
            inbox: self.inbox,
            sha256: self.sha256,
            size: self.size,
            summary: Some(self.summary),
            warnings: self.warnings,
        }
    }
}

/// Rows of one table, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// New.
    pub inserted: u64,
    /// There already.
    pub duplicates: u64,
    /// Set aside.
    pub held: u64,
}

/// What an import put in.
#[derive(Debug, Default)]
pub struct Imported {
    /// The import's number for people; none in a dry run.
    pub number: Option<i64>,
    /// What became of the rows, by table.
    pub tables: BTreeMap<Table, Counts>,
    /// The first held rows by line, without those that are not booked yet; `tables` counts them
    /// all.
    pub held: Vec<HeldRow>,
    /// Of the held rows, those that are not booked yet.
    pub interim: u64,
    /// Duplicates that the bank worded differently.
    pub reworded: u64,
    /// Orders and invoices that were there and are brought up to date.
    pub changed: u64,
    /// What is missing beside its statements, but for what the file itself tells of.
    pub gaps: Vec<Gap>,
    /// The number of an earlier import of the same bytes, where rows of it are gone from the tables:
    /// the file was read again for that.
    pub read_again: Option<i64>,
}

/// What became of a file.
#[derive(Debug)]
pub enum Outcome {
    /// It is in; in a dry run, it would be.
    Imported(Imported),
    /// The same bytes are in already.
    AlreadyImported(Box<Earlier>),
}

impl Outcome {
    /// Returns whether something is to be committed.
    pub(super) fn is_new(&self) -> bool {
        matches!(self, Self::Imported(_))
    }
}

impl Imported {
    /// Returns what became of the rows of a table.
    pub fn of(&self, table: Table) -> Counts {
        self.tables.get(&table).copied().unwrap_or_default()
    }

    /// Returns how many rows are held, of all tables.
    pub fn held_rows(&self) -> u64 {
        self.tables.values().map(|counts| counts.held).sum()
    }

    /// Returns how many rows each table was sent.
    pub(super) fn sent(&self) -> BTreeMap<&'static str, u64> {
        let held = self.held_rows();
        let sent = self.tables.iter().map(|(table, counts)| (table.name(), counts.inserted));
        sent.chain([("held_rows", held)]).collect()
    }
}
