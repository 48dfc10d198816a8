//! Prepared files of one company → their reports: one transaction for all, then by halves.

use std::time::Instant;

use super::failures::log_landed;
use super::meter::{Meter, Stage};
use super::prepare::{Options, Prepared};
use super::report::{FileReport, Status, Timings, millis};
use crate::check::coverage::Gap;
use crate::fault::Fault;
use crate::store::{self, Landing, Outcome, Session, StoreError};

/// Brings files into their company, and returns the report of each, in their order.
///
/// All go in together. Where that fails and may be one file's fault, each half is tried by itself,
/// until the file at fault is alone. A failure of another kind fails the files that are still to
/// come, too.
#[allow(clippy::vec_box, reason = "a prepared file is large, and moves from list to list")]
pub async fn land(
    session: &mut Session,
    slug: &str,
    files: Vec<Box<Prepared>>,
    options: &Options,
    meter: &Meter,
) -> Vec<FileReport> {
    for file in &files {
        options.progress.stage(&file.report().file, "loading", Some(file.summary().read));
    }
    let mut reports = Vec::with_capacity(files.len());
    let mut parts = vec![files];
    while let Some(mut files) = parts.pop() {
        match land_part(session, slug, &files, options, meter).await {
            Ok((outcomes, load_ms)) => {
                let outcomes = files.into_iter().zip(outcomes);
                reports.extend(outcomes.map(|(file, outcome)| {
                    let report = report_of(*file, outcome, options.dry_run);
                    ended(report, slug, load_ms)
                }));
            }
            Err(error) if files.len() > 1 && error.fault().may_be_one_files_fault() => {
                let second = files.split_off(files.len() / 2);
                parts.extend([second, files]);
            }
            Err(error) => {
                // No try is smaller than one file: where even that exceeds the server's limits, the
                // files that are still to come fail with it.
                let fault = error.fault();
                if fault == Fault::Slow || !fault.may_be_one_files_fault() {
                    files.extend(parts.drain(..).rev().flatten());
                }
                reports
                    .extend(files.iter().map(|file| ended(file.failed(&error, options), slug, 0)));
            }
        }
    }
    if !options.dry_run {
        log_landed(session, slug, &mut reports).await;
    }
    reports
}

/// Brings files in together; returns the outcome of each, and how long one file took on average.
async fn land_part(
    session: &mut Session,
    slug: &str,
    files: &[Box<Prepared>],
    options: &Options,
    meter: &Meter,
) -> Result<(Vec<Outcome>, u64), StoreError> {
    let begun = Instant::now();
    let landings: Vec<Landing<'_>> = files.iter().map(|file| file.landing()).collect();
    let (dry_run, lock_wait) = (options.dry_run, options.lock_wait);
    let landed = store::land(session, slug, &landings, dry_run, lock_wait).await;
    let ended = Instant::now();
    let committing = landed.as_ref().map(|(_, committing)| *committing).unwrap_or_default();
    let loaded = ended.checked_sub(committing).unwrap_or(ended).max(begun);
    meter.span(Stage::Load, begun, loaded);
    meter.span(Stage::Commit, loaded, ended);
    let load_ms = millis(ended - begun) / files.len().max(1) as u64;
    landed.map(|(outcomes, _)| (outcomes, load_ms))
}

fn report_of(file: Prepared, outcome: Outcome, dry_run: bool) -> FileReport {
    let (table, mut report) = (file.record_table(), file.into_report());
    match outcome {
        Outcome::Imported(imported) => {
            let counts = imported.of(table);
            report.status = if dry_run { Status::DryRun } else { Status::Imported };
            report.import = imported.number;
            report.inserted = counts.inserted;
            report.duplicates = counts.duplicates;
            report.held = counts.held;
            report.reworded = imported.reworded;
            report.changed = imported.changed;
            report.interim = imported.interim;
            let open = imported.held_rows().saturating_sub(imported.interim);
            report.hold(imported.held, open);
            report.tables = imported.tables;
            report.warnings.extend(imported.gaps.iter().map(Gap::to_string));
            report.warnings.extend(imported.read_again.map(read_again));
        }
        Outcome::AlreadyImported(earlier) => {
            report.status = Status::AlreadyImported;
            report.import = earlier.number;
            report.imported_at = earlier.at;
            report.held = earlier.held.min(report.read);
            report.duplicates = report.read - report.held;
            report.interim = earlier.interim;
            report.discarded = earlier.discarded;
            report.hold(earlier.held_rows.clone(), earlier.open);
            report.earlier = Some(earlier);
        }
    }
    report
}

/// Says why a file was read again although its import is in the log.
fn read_again(number: i64) -> String {
    format!(
        "rows that its import #{number} brought or found may be gone from the tables (deleted, or \
         undone), so it was read again"
    )
}

/// Completes the report of a file that has landed or failed, and logs how long its stages took.
fn ended(mut report: FileReport, slug: &str, load_ms: u64) -> FileReport {
    report.company = Some(slug.to_owned());
    report.timings.load_ms = load_ms;
    let Timings { read_ms, check_ms, load_ms } = report.timings;
    let records = report.read;
    tracing::info!(file = report.file, records, read_ms, check_ms, load_ms, "import ended");
    report
}
