//! The steps in order: the whole pipeline on one screen.

mod open;

use std::sync::Arc;
use std::time::Instant;

use crate::check::{Findings, check};
use crate::fault::Fault;
use crate::format::{Format, detect};
use crate::meter::{Meter, Stage};
use crate::reading::{self, Reading};
use crate::record::{Document, Warning};
use crate::refusal::Refusal;
use crate::report::{FileReport, Status, Timings, millis};
use crate::route::{RouteError, route};
use crate::row::{REPORTED_MAX, Table};
use crate::source::Source;
use crate::store::{self, Landing, Outcome, Session, StoreError};
use crate::summary::Summary;

pub use open::{Stream, each_source, each_source_found, each_source_of};

/// How files are to be imported.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// The company that the user named.
    pub company: Option<&'a str>,
    /// The format that the user named; else the content decides.
    pub format: Option<&'static dyn Format>,
    /// Let in what does not add up, and log that.
    pub accept_unbalanced: bool,
    /// Do everything, then roll back.
    pub dry_run: bool,
}

/// Where a file is on its way, for a progress bar.
pub trait Progress: Sync {
    /// Another stage of the file begins, with so many records as far as that is known.
    fn stage(&self, stage: &'static str, records: Option<u64>);
}

/// Reads the source and checks that it adds up, without a database.
pub fn verify(source: &Source, options: Options<'_>, progress: &dyn Progress) -> FileReport {
    let mut report = FileReport::of(source);
    let begun = Instant::now();
    progress.stage("reading", None);
    let outline =
        format_of(source, options, &mut report).and_then(|format| reading::outline(source, format));
    report.timings.read_ms = millis(begun.elapsed());
    let checked = outline.and_then(|document| judge(&document, options, progress, &mut report));
    match checked {
        Ok(_) => report.status = Status::Checked,
        Err(refusal) => report.refuse(&refusal),
    }
    report
}

/// A file that was read and adds up, and what is to be reported of it so far.
#[derive(Debug)]
pub struct Ready {
    source: Arc<Source>,
    reading: Reading,
    summary: Summary,
    accepted: Vec<String>,
    sha256: [u8; 32],
    format: &'static str,
    report: FileReport,
}

impl Ready {
    /// Returns the file's figures.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Returns how much of the file's text is kept until it is in, in bytes.
    pub fn weight(&self) -> u64 {
        self.source.size()
    }

    /// Returns the report of a file that does not go in, since no company was found for it.
    pub fn turned_away(mut self, error: &RouteError) -> FileReport {
        match error {
            RouteError::Refused(refusal) => self.report.refuse(refusal),
            RouteError::Store(error) => self.report.fail(error),
        }
        self.report
    }

    fn landed(self, slug: &str, outcome: Outcome, load_ms: u64, dry_run: bool) -> FileReport {
        let table = self.summary.record_table;
        let mut report = self.report;
        report.company = Some(slug.to_owned());
        take_in(outcome, table, &mut report, dry_run);
        report.timings.load_ms = load_ms;
        tell_ended(&report);
        report
    }

    fn failed(&self, slug: &str, error: &StoreError) -> FileReport {
        let mut report = self.report.clone();
        report.company = Some(slug.to_owned());
        report.fail(error);
        tell_ended(&report);
        report
    }

    fn landing(&self) -> Landing<'_> {
        Landing {
            format: self.format,
            file_name: self.source.file_name(),
            sha256: &self.sha256,
            size: self.source.size(),
            document: &self.reading.document,
            entries: &self.reading.entries,
            summary: &self.summary,
            warnings: &self.report.warnings,
            accepted: &self.accepted,
        }
    }
}

/// Recognises, parses and adds up, and counts the time of each. Works on all cores, and needs no
/// database.
///
/// # Errors
///
/// The report of a file that is not let in.
pub fn prepare(
    source: &Arc<Source>,
    options: Options<'_>,
    progress: &dyn Progress,
    meter: &Meter,
) -> Result<Box<Ready>, Box<FileReport>> {
    let mut report = FileReport::of(source);
    match read(source, options, progress, meter, &mut report) {
        Ok((format, reading, sha256, checked)) => {
            let Checked { summary, accepted } = checked;
            let source = Arc::clone(source);
            Ok(Box::new(Ready { source, reading, summary, accepted, sha256, format, report }))
        }
        Err(refusal) => {
            report.refuse(&refusal);
            Err(Box::new(report))
        }
    }
}

type Read = (&'static str, Reading, [u8; 32], Checked);

fn read(
    source: &Arc<Source>,
    options: Options<'_>,
    progress: &dyn Progress,
    meter: &Meter,
    report: &mut FileReport,
) -> Result<Read, Refusal> {
    progress.stage("reading", None);
    let begun = Instant::now();
    let format = meter.within(Stage::Parse, || format_of(source, options, report))?;
    let (reading, sha256) = rayon::join(
        || meter.within(Stage::Parse, || Reading::of(source, format, meter)),
        || meter.within(Stage::Identify, || source.sha256().copied()),
    );
    report.timings.read_ms = millis(begun.elapsed());
    let (reading, sha256) = (reading?, sha256?);
    let checked =
        meter.within(Stage::Check, || judge(&reading.document, options, progress, report))?;
    Ok((format.name(), reading, sha256, checked))
}

fn format_of(
    source: &Source,
    options: Options<'_>,
    report: &mut FileReport,
) -> Result<&'static dyn Format, Refusal> {
    let format = options.format.map_or_else(|| detect(source), Ok)?;
    report.format = Some(format.name());
    Ok(format)
}

struct Checked {
    summary: Summary,
    accepted: Vec<String>,
}

fn judge(
    document: &Document<'_>,
    options: Options<'_>,
    progress: &dyn Progress,
    report: &mut FileReport,
) -> Result<Checked, Refusal> {
    let summary = document.summary();
    report.summarise(&summary);
    report.held = summary.damaged;
    let held = store::held_of(document, summary.record_table).take(REPORTED_MAX);
    report.hold(held.collect(), summary.damaged);
    progress.stage("checking", Some(summary.read));
    let begun = Instant::now();
    let findings = check(document);
    report.timings.check_ms = millis(begun.elapsed());
    let Findings { warnings, unbalanced } = findings?;
    report.warnings.extend(warnings.iter().map(Warning::to_string));
    if let Some(refusal) = unbalanced.first().filter(|_| !options.accept_unbalanced) {
        return Err(refusal.clone());
    }
    let accepted: Vec<String> = unbalanced.iter().map(Refusal::to_string).collect();
    report.warnings.extend(accepted.iter().map(|it| format!("accepted unbalanced: {it}")));
    Ok(Checked { summary, accepted })
}

/// Brings the source into its company.
pub async fn import(
    session: &mut Session,
    source: &Arc<Source>,
    options: Options<'_>,
    progress: &dyn Progress,
) -> FileReport {
    let meter = Meter::default();
    let ready = match prepare(source, options, progress, &meter) {
        Ok(ready) => ready,
        Err(report) => return *report,
    };
    match route(session, &ready.summary, options.company).await {
        Ok(slug) => {
            progress.stage("loading", Some(ready.summary.read));
            let reports = land(session, &slug, vec![ready], options.dry_run, &meter).await;
            reports.into_iter().next().unwrap_or_else(|| {
                let mut report = FileReport::of(source);
                report.fail(&StoreError::impossible("a file that nothing became of"));
                report
            })
        }
        Err(error) => ready.turned_away(&error),
    }
}

/// Brings files into their company, and returns the report of each, in their order.
///
/// All go in together; where that fails and it may be one file's fault, each half goes by itself,
/// until that file is alone. What fails for another reason fails the files that are still to come, too.
pub async fn land(
    session: &mut Session,
    slug: &str,
    files: Vec<Box<Ready>>,
    dry_run: bool,
    meter: &Meter,
) -> Vec<FileReport> {
    let mut reports = Vec::with_capacity(files.len());
    let mut failed: Vec<(Box<Ready>, Arc<StoreError>)> = Vec::new();
    let mut parts = vec![files];
    while let Some(mut files) = parts.pop() {
        match land_part(session, slug, &files, dry_run, meter).await {
            Ok((outcomes, load_ms)) => {
                let landed = files.into_iter().zip(outcomes);
                reports.extend(
                    landed.map(|(file, outcome)| file.landed(slug, outcome, load_ms, dry_run)),
                );
            }
            Err(error) if files.len() > 1 && !dry_run && error.fault().may_be_of_one() => {
                let second = files.split_off(files.len() / 2);
                parts.extend([second, files]);
            }
            Err(error) => {
                // A file that is too much for the server's limits by itself is the least there is.
                let fault = error.fault();
                if fault == Fault::Slow || !fault.may_be_of_one() {
                    files.extend(parts.drain(..).rev().flatten());
                }
                let error = Arc::new(error);
                reports.extend(files.iter().map(|file| file.failed(slug, &error)));
                failed.extend(files.into_iter().map(|file| (file, Arc::clone(&error))));
            }
        }
    }
    if !dry_run {
        log_failures(session, slug, &failed).await;
    }
    reports
}

/// Brings files in together, and returns what became of each and how long one took.
async fn land_part(
    session: &mut Session,
    slug: &str,
    files: &[Box<Ready>],
    dry_run: bool,
    meter: &Meter,
) -> Result<(Vec<Outcome>, u64), StoreError> {
    let begun = Instant::now();
    let landings: Vec<Landing<'_>> = files.iter().map(|file| file.landing()).collect();
    let landed = store::land(session, slug, &landings, dry_run).await;
    let committing = landed.as_ref().map(|(_, committing)| *committing).unwrap_or_default();
    meter.add(Stage::Commit, committing);
    meter.add(Stage::Load, begun.elapsed().saturating_sub(committing));
    let load_ms = millis(begun.elapsed()) / files.len().max(1) as u64;
    landed.map(|(outcomes, _)| (outcomes, load_ms))
}

fn take_in(outcome: Outcome, table: Table, report: &mut FileReport, dry_run: bool) {
    match outcome {
        Outcome::Landed(landed) => {
            let counts = landed.of(table);
            report.status = if dry_run { Status::DryRun } else { Status::Imported };
            report.import = landed.number;
            report.inserted = counts.inserted;
            report.duplicates = counts.duplicates;
            report.held = counts.held;
            report.reworded = landed.reworded;
            report.hold(landed.held, landed.tables.values().map(|counts| counts.held).sum());
            report.tables = landed.tables;
        }
        Outcome::AlreadyImported { number, at } => {
            report.status = Status::AlreadyImported;
            report.import = Some(number);
            report.imported_at = at;
            report.duplicates = report.read;
            report.held = 0;
            report.hold(Vec::new(), 0);
        }
    }
}

fn tell_ended(report: &FileReport) {
    let Timings { read_ms, check_ms, load_ms } = report.timings;
    let records = report.read;
    tracing::info!(file = report.file, records, read_ms, check_ms, load_ms, "import ended");
}

async fn log_failures(session: &mut Session, slug: &str, failed: &[(Box<Ready>, Arc<StoreError>)]) {
    let lasting = failed.iter().filter(|(_, error)| !error.fault().is_transient());
    let lasting: Vec<(Landing<'_>, &StoreError)> =
        lasting.map(|(file, error)| (file.landing(), &**error)).collect();
    if lasting.is_empty() {
        return;
    }
    if let Err(second) = store::record_failures(session, slug, &lasting).await {
        tracing::debug!(error = %second, "the failed imports could not be logged");
    }
}
