//! A source → a file that was read and adds up, or the report of one that is not let in.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::{Duration, Instant};

use super::contents::{self, Contents};
use super::failures::{LogFacts, inbox_of};
use super::meter::{Meter, Stage};
use super::report::{Failure, FileReport, Status, millis};
use super::route::RouteError;
use crate::check::summary::Summary;
use crate::check::{Findings, check};
use crate::fault::Refusal;
use crate::format::{Format, detect};
use crate::record::{Document, Warning};
use crate::row::{HeldRow, REPORTED_MAX, Table};
use crate::source::Source;
use crate::store::{Landing, WAIT_MAX};

/// Connections that a run opens at most, unless the user says otherwise: a server with few cores is
/// no faster with more, and a pooler has few to give.
pub const CONNECTIONS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(3);

/// How files are to be brought in.
#[derive(Clone)]
pub struct Options {
    /// The format that the user named; else the content decides.
    pub format: Option<&'static dyn Format>,
    /// Let in what does not add up, and log that.
    pub accept_unbalanced: bool,
    /// Let a file into the company that was chosen although the client that the file names is another
    /// company.
    pub company_anyway: bool,
    /// Do everything, then roll back.
    pub dry_run: bool,
    /// Whether the files lie in a watched folder, and are moved once they are in. The log notes
    /// that: after a kill in between it tells that a file is yet to be moved.
    pub watched: bool,
    /// Files that are read at once; by default as many as the machine has cores.
    pub jobs: usize,
    /// Connections to the database at most; files of several companies go in at the same time, each
    /// company's over one.
    pub connections: NonZeroUsize,
    /// How long a lock is waited for that another session holds on a company.
    pub lock_wait: Duration,
    /// When set, no further input is opened; inputs that are open already go on to their end.
    pub stop: Arc<AtomicBool>,
    /// Is told how far the run is.
    pub progress: Arc<dyn Progress>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            format: None,
            accept_unbalanced: false,
            company_anyway: false,
            dry_run: false,
            watched: false,
            jobs: thread::available_parallelism().map_or(1, usize::from),
            connections: CONNECTIONS,
            lock_wait: WAIT_MAX,
            stop: Arc::default(),
            progress: Arc::new(Silent),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("format", &self.format.map(Format::name))
            .field("accept_unbalanced", &self.accept_unbalanced)
            .field("company_anyway", &self.company_anyway)
            .field("dry_run", &self.dry_run)
            .field("watched", &self.watched)
            .field("jobs", &self.jobs)
            .field("connections", &self.connections)
            .field("lock_wait", &self.lock_wait)
            .finish_non_exhaustive()
    }
}

/// Is told how far a run is, from several threads.
pub trait Progress: Send + Sync {
    /// Is told that this many more files were found.
    fn found(&self, files: u64);

    /// Is told that a stage of a file begins, and how many records the file has, where that is
    /// known.
    fn stage(&self, file: &str, stage: &'static str, records: Option<u64>);

    /// Is told that it is known of this many more files what became of them.
    fn done(&self, files: u64);
}

/// A progress that is shown to nobody.
struct Silent;

impl Progress for Silent {
    fn found(&self, _files: u64) {}

    fn stage(&self, _file: &str, _stage: &'static str, _records: Option<u64>) {}

    fn done(&self, _files: u64) {}
}

/// Reads the source and checks that it adds up, without a database.
pub fn check_source(source: &Source, options: &Options) -> FileReport {
    let mut report = FileReport::of(source);
    let begun = Instant::now();
    options.progress.stage(source.name(), "reading", None);
    let outline = format_of(source, options, &mut report)
        .and_then(|format| contents::outline(source, format));
    report.timings.read_ms = millis(begun.elapsed());
    let checked =
        outline.map_err(NotLetIn::from).and_then(|document| judge(&document, options, &mut report));
    match checked {
        Ok(_) => report.status = Status::Checked,
        Err(NotLetIn { refusal, .. }) => refuse(source, options, &mut report, refusal),
    }
    report
}

/// Notes why a file is not let in. Where the user named a format that cannot read the file, what the
/// content shows says more.
fn refuse(source: &Source, options: &Options, report: &mut FileReport, refusal: Refusal) {
    let detected = options.format.and_then(|_| detect(source).err());
    let unknown = detected.filter(|it| match it {
        Refusal::UnknownFormat { is_understood, .. } => *is_understood || source.is_in_mail(),
        _ => false,
    });
    if unknown.is_some() {
        report.format = None;
    }
    report.fail(&unknown.unwrap_or(refusal));
}

/// A file that was read and adds up, and what is to be reported of it so far.
#[derive(Debug)]
pub struct Prepared {
    source: Arc<Source>,
    contents: Contents,
    summary: Summary,
    accepted: Vec<String>,
    sha256: [u8; 32],
    /// The watched folder that the file lies in.
    inbox: Option<String>,
    format: &'static str,
    report: FileReport,
}

impl Prepared {
    /// Returns the file's figures.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Returns the size of the file's text in bytes; the text is kept until the file is in.
    pub fn weight(&self) -> u64 {
        self.source.size()
    }

    /// Returns the report of a file that does not go in, since no company was found for it, or another
    /// one than the one that was named.
    pub fn unrouted(
        &self,
        error: &RouteError,
        named: Option<&str>,
        options: &Options,
    ) -> FileReport {
        let mut report = match error {
            RouteError::Refused(refusal) => self.failed(refusal, options),
            RouteError::Store(error) => self.failed(error, options),
        };
        report.company = named.map(str::to_owned);
        report
    }

    /// Returns the report of a file that does not go in.
    pub(super) fn failed(&self, failure: impl Into<Failure>, options: &Options) -> FileReport {
        let mut report = self.report.clone();
        report.fail(failure);
        report.log_facts = LogFacts::of(&self.source, Some(self.summary.clone()), options);
        report
    }

    /// Returns what is reported of the file so far.
    pub(super) fn report(&self) -> &FileReport {
        &self.report
    }

    /// Returns what is reported of the file so far, and lets the file go.
    pub(super) fn into_report(self) -> FileReport {
        self.report
    }

    /// Returns the table that the file's records become rows of.
    pub(super) fn record_table(&self) -> Table {
        Table::of_records(&self.contents.document)
    }

    /// Returns the file as the store takes it.
    pub(super) fn landing(&self) -> Landing<'_> {
        Landing {
            format: self.format,
            file_name: self.source.file_name(),
            container: self.source.container(),
            member: self.source.member(),
            mail: self.source.mail(),
            inbox: self.inbox.as_deref(),
            sha256: &self.sha256,
            size: self.source.size(),
            document: &self.contents.document,
            entries: &self.contents.entries,
            summary: &self.summary,
            warnings: &self.report.warnings,
            accepted: &self.accepted,
        }
    }
}

/// Recognises, reads and checks the source, and counts the time of each step. Works on all cores,
/// and needs no database.
///
/// # Errors
///
/// The report of a file that is not let in.
pub fn prepare(
    source: &Arc<Source>,
    options: &Options,
    meter: &Meter,
) -> Result<Box<Prepared>, Box<FileReport>> {
    let mut report = FileReport::of(source);
    match read(source, options, meter, &mut report) {
        Ok((format, contents, sha256, checked)) => {
            let Judged { summary, accepted } = checked;
            let (source, inbox) = (Arc::clone(source), inbox_of(source, options));
            Ok(Box::new(Prepared {
                source,
                contents,
                summary,
                accepted,
                sha256,
                inbox,
                format,
                report,
            }))
        }
        Err(NotLetIn { refusal, summary }) => {
            refuse(source, options, &mut report, refusal);
            report.log_facts = LogFacts::of(source, summary.map(|it| *it), options);
            Err(Box::new(report))
        }
    }
}

/// Why a file is not let in, and its figures where it could be read.
struct NotLetIn {
    refusal: Refusal,
    summary: Option<Box<Summary>>,
}

impl From<Refusal> for NotLetIn {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, summary: None }
    }
}

type Read = (&'static str, Contents, [u8; 32], Judged);

fn read(
    source: &Arc<Source>,
    options: &Options,
    meter: &Meter,
    report: &mut FileReport,
) -> Result<Read, NotLetIn> {
    options.progress.stage(source.name(), "reading", None);
    let begun = Instant::now();
    let format = meter.within(Stage::Parse, || format_of(source, options, report))?;
    let (contents, sha256) = rayon::join(
        || meter.within(Stage::Parse, || Contents::of(source, format, meter)),
        || meter.within(Stage::Identify, || source.sha256().copied()),
    );
    report.timings.read_ms = millis(begun.elapsed());
    let (contents, sha256) = (contents?, sha256?);
    let checked = meter.within(Stage::Check, || judge(&contents.document, options, report))?;
    Ok((format.name(), contents, sha256, checked))
}

fn format_of(
    source: &Source,
    options: &Options,
    report: &mut FileReport,
) -> Result<&'static dyn Format, Refusal> {
    let format = options.format.map_or_else(|| detect(source), Ok)?;
    report.format = Some(format.name());
    Ok(format)
}

struct Judged {
    summary: Summary,
    accepted: Vec<String>,
}

fn judge(
    document: &Document<'_>,
    options: &Options,
    report: &mut FileReport,
) -> Result<Judged, NotLetIn> {
    let summary = document.summary();
    report.summarise(&summary);
    report.held = summary.damaged;
    let mut held = HeldRow::of_damaged(document, 0);
    held.truncate(REPORTED_MAX);
    report.hold(held, summary.damaged);
    options.progress.stage(&report.file, "checking", Some(summary.read));
    let begun = Instant::now();
    let findings = check(document);
    report.timings.check_ms = millis(begun.elapsed());
    match findings.and_then(|it| weigh(it, options, report)) {
        Ok(accepted) => Ok(Judged { summary, accepted }),
        Err(refusal) => Err(NotLetIn { refusal, summary: Some(Box::new(summary)) }),
    }
}

/// Takes the findings into the report; returns those that were accepted although they keep a file out.
fn weigh(
    findings: Findings,
    options: &Options,
    report: &mut FileReport,
) -> Result<Vec<String>, Refusal> {
    report.adds_up = findings.adds_up();
    let Findings { warnings, unbalanced, .. } = findings;
    report.warnings.extend(warnings.iter().map(Warning::to_string));
    if let Some(refusal) = unbalanced.first().filter(|_| !options.accept_unbalanced) {
        return Err(refusal.clone());
    }
    let accepted: Vec<String> = unbalanced.iter().map(Refusal::to_string).collect();
    report.accepted_unbalanced = !accepted.is_empty();
    report.warnings.extend(accepted.iter().map(|it| format!("accepted unbalanced: {it}")));
    Ok(accepted)
}
