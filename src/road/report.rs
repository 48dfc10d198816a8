//! What became of the files, in numbers that add up: for people and as JSON.
//!
//! The JSON is a contract: fields may be added, none renamed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::check::summary::{Period, Summary};
use crate::row::{HeldRow, Table};
use crate::source::Source;
use crate::store::{Counts, Earlier};

pub use super::failure::{Failure, Question};
use super::failures::LogFacts;

pub use crate::fault::ExitStatus;

/// The version of the JSON document.
pub const SCHEMA: u32 = 1;

/// What became of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is in.
    Imported,
    /// The same bytes are in already.
    AlreadyImported,
    /// It would be in.
    DryRun,
    /// It was read and adds up.
    Checked,
    /// It was not let in.
    Refused,
    /// Something failed; nothing of the file is in.
    Failed,
}

/// What became of one file, in numbers.
#[derive(Debug, Clone, Serialize)]
pub struct FileReport {
    /// The path as the user gave it.
    pub file: String,
    /// The name inside a zip or a mail.
    pub member: Option<String>,
    /// Whether it came in a mail.
    #[serde(skip)]
    pub in_mail: bool,
    /// The format's name, where it was recognised.
    pub format: Option<&'static str>,
    /// Who sent it: the bank, the courier or the card processor.
    pub sender: Option<&'static str>,
    /// The company's slug.
    pub company: Option<String>,
    /// The accounts in the file, by which its company is found.
    pub accounts: Vec<String>,
    /// The clients that the file itself names.
    #[serde(skip)]
    pub client_names: Vec<String>,
    /// The import's number.
    pub import: Option<i64>,
    /// When the same bytes were imported before, if they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imported_at: Option<DateTime<Utc>>,
    /// What became of it.
    pub status: Status,
    /// Records in it.
    pub read: u64,
    /// Of these, new.
    pub inserted: u64,
    /// Of these, there already.
    pub duplicates: u64,
    /// Of these, set aside.
    pub held: u64,
    /// Of those set aside, the ones that are not booked yet; nobody has to settle them.
    pub interim: u64,
    /// Of those set aside, the ones that somebody has discarded since.
    pub discarded: u64,
    /// What became of the rows, by table.
    pub tables: BTreeMap<Table, Counts>,
    /// The days it covers.
    pub period: Option<Period>,
    /// What it adds up to, by currency.
    pub sum: BTreeMap<String, Decimal>,
    /// Whether it adds up: where a stated sum was compared, whether all fit and nothing is missing;
    /// nothing where it states no sum.
    pub adds_up: Option<bool>,
    /// Whether it was let in although it does not add up.
    pub accepted_unbalanced: bool,
    /// Oddities that did not keep it out.
    pub warnings: Vec<String>,
    /// The first 20 held rows by line, each with its reason; of a file that is not in, the damaged
    /// records.
    pub held_rows: Vec<HeldRow>,
    /// How many held rows there are beyond these.
    pub held_rows_more: u64,
    /// Duplicates that the bank worded differently.
    pub reworded: u64,
    /// Duplicates that are brought up to date: orders and invoices that stand otherwise now.
    pub changed: u64,
    /// Why it is not in.
    pub error: Option<Failure>,
    /// What the log is to have of it, where it is not in.
    #[serde(skip)]
    pub log_facts: Option<Arc<LogFacts>>,
    /// The earlier import of the same bytes.
    #[serde(skip)]
    pub earlier: Option<Box<Earlier>>,
    /// Where a watched folder moved the file; for a member, the zip or mail that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// How long each stage took.
    pub timings: Timings,
}

impl FileReport {
    /// Makes the report of a file of which nothing is known yet but its name.
    pub fn new(file: impl Into<String>, member: Option<String>, status: Status) -> Self {
        Self {
            file: file.into(),
            member,
            in_mail: false,
            format: None,
            sender: None,
            company: None,
            accounts: Vec::new(),
            client_names: Vec::new(),
            import: None,
            imported_at: None,
            status,
            read: 0,
            inserted: 0,
            duplicates: 0,
            held: 0,
            interim: 0,
            discarded: 0,
            tables: BTreeMap::new(),
            period: None,
            sum: BTreeMap::new(),
            adds_up: None,
            accepted_unbalanced: false,
            warnings: Vec::new(),
            held_rows: Vec::new(),
            held_rows_more: 0,
            reworded: 0,
            changed: 0,
            error: None,
            log_facts: None,
            earlier: None,
            moved_to: None,
            timings: Timings::default(),
        }
    }

    /// Makes the report of a source of which nothing is known yet.
    pub fn of(source: &Source) -> Self {
        let report = Self::new(source.name(), source.member().map(str::to_owned), Status::Failed);
        Self { in_mail: source.is_in_mail(), ..report }
    }

    /// Takes in the file's figures.
    pub fn summarise(&mut self, summary: &Summary) {
        self.read = summary.read;
        self.sender = summary.sender;
        self.accounts = summary.accounts.iter().cloned().collect();
        self.client_names = summary.client_names.iter().cloned().collect();
        self.period = summary.period;
        self.sum.clone_from(&summary.sum);
    }

    /// Notes that something failed on the way; nothing of the file is in, so nothing is held.
    pub fn fail(&mut self, failure: impl Into<Failure>) {
        let failure = failure.into();
        let refused = failure.fault.exit() == ExitStatus::Refused;
        self.status = if refused { Status::Refused } else { Status::Failed };
        self.error = Some(failure);
        self.held = 0;
    }

    /// Returns what a person can be asked about a file that is not in, so that it goes in.
    pub fn question(&self) -> Option<&Question> {
        self.error.as_ref()?.question.as_ref()
    }

    /// Takes in the first held rows, and how many there are in all.
    pub fn hold(&mut self, first: Vec<HeldRow>, all: u64) {
        self.held_rows_more = all.saturating_sub(first.len() as u64);
        self.held_rows = first;
    }

    /// Returns how many held rows somebody has to settle, of all tables.
    pub fn to_settle(&self) -> u64 {
        self.held_rows.len() as u64 + self.held_rows_more
    }

    /// Returns the report that the earlier import of the same bytes had when it ended: for a file
    /// that nobody was told of then.
    pub fn as_then(mut self) -> Self {
        if let Some(earlier) = self.earlier.take() {
            self.status = Status::Imported;
            self.imported_at = None;
            let Counts { inserted, duplicates, held } = earlier.then;
            (self.inserted, self.duplicates, self.held) = (inserted, duplicates, held);
            (self.interim, self.discarded) = (earlier.interim_then, 0);
            self.tables = earlier.tables;
        }
        self
    }

    /// Returns how the run ends if this is its only file.
    pub fn exit(&self) -> ExitStatus {
        match (&self.error, self.to_settle() > 0) {
            (Some(error), _) => error.fault.exit(),
            (None, true) => ExitStatus::Held,
            (None, false) => ExitStatus::Done,
        }
    }
}

/// How long each stage of a file took, in milliseconds.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Timings {
    /// Recognising and parsing.
    pub read_ms: u64,
    /// Checking that the file adds up.
    pub check_ms: u64,
    /// Hashing and loading, to the commit.
    pub load_ms: u64,
}

impl Timings {
    fn add(&mut self, other: Self) {
        self.read_ms += other.read_ms;
        self.check_ms += other.check_ms;
        self.load_ms += other.load_ms;
    }
}

/// What a run came to.
#[derive(Debug, Clone, Serialize)]
pub struct RunReport {
    /// The version of this document.
    pub schema: u32,
    /// A report for each file, in the order in which the files were given.
    pub files: Vec<FileReport>,
    /// The counts of all files together.
    pub totals: Totals,
    /// The times of all files together, and the run by the clock.
    pub timings: RunTimings,
}

/// All files of a run together.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Totals {
    /// How many files.
    pub files: u64,
    /// Records in them.
    pub read: u64,
    /// Of these, new.
    pub inserted: u64,
    /// Of these, there already.
    pub duplicates: u64,
    /// Of these, set aside.
    pub held: u64,
    /// Files that were not let in.
    pub refused: u64,
    /// Files that failed.
    pub failed: u64,
}

/// The time a run took.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct RunTimings {
    /// By the clock, in milliseconds.
    pub wall_ms: u64,
    /// By stage, all files together.
    #[serde(flatten)]
    pub stages: Timings,
}

impl RunReport {
    /// Adds the files up.
    pub fn of(files: Vec<FileReport>, wall: Duration) -> Self {
        let mut totals = Totals { files: files.len() as u64, ..Totals::default() };
        let mut timings = RunTimings { wall_ms: millis(wall), ..RunTimings::default() };
        for file in &files {
            totals.read += file.read;
            totals.inserted += file.inserted;
            totals.duplicates += file.duplicates;
            totals.held += file.held;
            totals.refused += u64::from(file.status == Status::Refused);
            totals.failed += u64::from(file.status == Status::Failed);
            timings.stages.add(file.timings);
        }
        Self { schema: SCHEMA, files, totals, timings }
    }

    /// Returns how the run ends: as its worst file.
    pub fn exit(&self) -> ExitStatus {
        self.files.iter().map(FileReport::exit).max().unwrap_or(ExitStatus::Done)
    }
}

/// Returns the duration in whole milliseconds.
pub fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
