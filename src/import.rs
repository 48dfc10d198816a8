//! The steps in order: the whole pipeline on one screen.

use std::time::Instant;

use crate::check::{Findings, check};
use crate::format::{Format, detect};
use crate::record::{Document, Warning};
use crate::refusal::Refusal;
use crate::report::{FileReport, Status, Timings, millis};
use crate::route::{RouteError, route};
use crate::source::Source;
use crate::store::{self, Landing, Outcome, Session};
use crate::summary::Summary;

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
    if read(source, options, progress, &mut report).is_some() {
        report.status = Status::Checked;
    }
    report
}

/// Brings the source into its company.
pub async fn import(
    session: &mut Session,
    source: &Source,
    options: Options<'_>,
    progress: &dyn Progress,
) -> FileReport {
    let mut report = FileReport::of(source);
    let Some(checked) = read(source, options, progress, &mut report) else {
        return report;
    };
    match route(session, &checked.summary, options.company).await {
        Ok(slug) => {
            report.company = Some(slug.clone());
            load(session, source, &checked, &slug, options, progress, &mut report).await;
        }
        Err(RouteError::Refused(refusal)) => report.refuse(&refusal),
        Err(RouteError::Store(error)) => report.fail(&error),
    }
    report
}

struct Checked<'s> {
    format: &'static str,
    document: Document<'s>,
    summary: Summary,
    accepted: Vec<String>,
}

/// Recognises, parses and adds up; `None` where the file is refused, which the report then says.
fn read<'s>(
    source: &'s Source,
    options: Options<'_>,
    progress: &dyn Progress,
    report: &mut FileReport,
) -> Option<Checked<'s>> {
    progress.stage("reading", None);
    let begun = Instant::now();
    let parsed = options.format.map_or_else(|| detect(source), Ok).and_then(|format| {
        report.format = Some(format.name());
        Ok((format.name(), format.read(source)?))
    });
    report.timings.read_ms = millis(begun.elapsed());
    let (format, document) = parsed.map_err(|refusal| report.refuse(&refusal)).ok()?;
    let summary = document.summary();
    report.summarise(&summary);
    report.held = summary.damaged;
    report.held_rows = store::held_of(&document, summary.record_table);
    progress.stage("checking", Some(summary.read));
    let begun = Instant::now();
    let findings = check(&document);
    report.timings.check_ms = millis(begun.elapsed());
    let Findings { warnings, unbalanced } =
        findings.map_err(|refusal| report.refuse(&refusal)).ok()?;
    report.warnings = warnings.iter().map(Warning::to_string).collect();
    if let Some(refusal) = unbalanced.first().filter(|_| !options.accept_unbalanced) {
        report.refuse(refusal);
        return None;
    }
    let accepted: Vec<String> = unbalanced.iter().map(Refusal::to_string).collect();
    report.warnings.extend(accepted.iter().map(|it| format!("accepted unbalanced: {it}")));
    Some(Checked { format, document, summary, accepted })
}

async fn load(
    session: &mut Session,
    source: &Source,
    checked: &Checked<'_>,
    slug: &str,
    options: Options<'_>,
    progress: &dyn Progress,
    report: &mut FileReport,
) {
    let landing = Landing {
        slug,
        format: checked.format,
        file_name: source.file_name(),
        sha256: source.sha256(),
        size: source.bytes().len() as u64,
        document: &checked.document,
        summary: &checked.summary,
        warnings: report.warnings.clone(),
        accepted: checked.accepted.clone(),
        dry_run: options.dry_run,
    };
    progress.stage("loading", Some(checked.summary.read));
    let begun = Instant::now();
    match store::land(session, &landing).await {
        Ok(Outcome::Landed(landed)) => {
            let counts = landed.tables.get(&checked.summary.record_table).copied();
            let counts = counts.unwrap_or_default();
            report.status = if options.dry_run { Status::DryRun } else { Status::Imported };
            report.import = landed.number;
            report.inserted = counts.inserted;
            report.duplicates = counts.duplicates;
            report.held = counts.held;
            report.reworded = landed.reworded;
            report.tables = landed.tables;
            report.held_rows = landed.held;
        }
        Ok(Outcome::AlreadyImported { number, at }) => {
            report.status = Status::AlreadyImported;
            report.import = Some(number);
            report.imported_at = at;
            report.duplicates = report.read;
            report.held = 0;
            report.held_rows.clear();
        }
        Err(error) => {
            report.fail(&error);
            if !options.dry_run && !error.is_transient() {
                log_failure(session, &landing, &error).await;
            }
        }
    }
    report.timings.load_ms = millis(begun.elapsed());
    let Timings { read_ms, check_ms, load_ms } = report.timings;
    let records = report.read;
    tracing::info!(file = landing.file_name, records, read_ms, check_ms, load_ms, "import ended");
}

async fn log_failure(session: &mut Session, landing: &Landing<'_>, error: &store::StoreError) {
    if let Err(second) = store::record_failure(session, landing, error).await {
        tracing::debug!(error = %second, "the failed import could not be logged");
    }
}
