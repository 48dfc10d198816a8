//! Inputs → reports: the whole road, for one source, for paths, and for inputs of any other kind.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

use super::ahead;
use super::input::{Input, OpenInput, PathInput, Recipient};
use super::lander::Lander;
use super::left_out;
use super::measure::MeasuredRun;
use super::meter::{Meter, Stage};
use super::prepare::Options;
use super::report::{Failure, FileReport, RunReport};
use crate::source::{Found, Source, find};
use crate::store::{Session, StoreError};

/// Brings the inputs in, and tells what became of each; returns how many bytes were read, and how long
/// each stage took.
///
/// # Errors
///
/// The system gives no threads. Whatever else fails is in the reports.
pub async fn bring_in<I: Input>(
    session: &mut Session,
    inputs: Vec<I>,
    options: &Options,
    recipient: &mut impl Recipient<I>,
) -> Result<(u64, Arc<Meter>), ThreadPoolBuildError> {
    let pool = ThreadPoolBuilder::new().num_threads(options.jobs).build()?;
    options.progress.found(inputs.len() as u64);
    let meter = Arc::new(Meter::default());
    let opened = ahead::start(&pool, inputs, options, &meter);
    let bytes = Lander::new(session, recipient, options, &meter).take(opened).await;
    Ok((bytes, meter))
}

/// Brings in the files that the paths name, and those below the folders among them. Returns the report
/// of each in the order in which it was found, and how long each stage took. What is not for vama is
/// left out beside files that a format knows.
///
/// # Errors
///
/// The system gives no threads. Whatever else fails is in the report of its file.
pub async fn import_paths(
    session: &mut Session,
    paths: &[PathBuf],
    company: Option<&str>,
    options: &Options,
) -> Result<MeasuredRun, ThreadPoolBuildError> {
    let begun = Instant::now();
    import_found(session, find(paths), begun, company, options).await
}

/// Brings in what was found, as [`import_paths`] does; `begun` is when it began to be looked for.
///
/// # Errors
///
/// As [`import_paths`].
pub async fn import_found(
    session: &mut Session,
    found: Vec<Found>,
    begun: Instant,
    company: Option<&str>,
    options: &Options,
) -> Result<MeasuredRun, ThreadPoolBuildError> {
    let found_at = Instant::now();
    let folders: Vec<Option<usize>> = found.iter().map(|it| it.folder).collect();
    let inputs = PathInput::of_all(found, company);
    let mut reports = vec![Vec::new(); inputs.len()];
    let (bytes, meter) = bring_in(session, inputs, options, &mut reports).await?;
    meter.span(Stage::Find, begun, found_at);
    left_out::of_folders(&mut reports, &folders);
    let reports = reports.into_iter().flatten().collect();
    let run = RunReport::of(reports, begun.elapsed());
    Ok(MeasuredRun::of(run, begun.elapsed(), bytes, &meter))
}

/// Brings in one source; without a company the file's own account decides.
pub async fn import_source(
    session: &mut Session,
    source: Source,
    company: Option<&str>,
    options: &Options,
) -> FileReport {
    let mut report = FileReport::of(&source);
    let input = OpenInput::new(source, company);
    let mut reports = vec![Vec::new()];
    let ended = bring_in(session, vec![input], options, &mut reports).await;
    if let Some(landed) = reports.into_iter().flatten().next() {
        return landed;
    }
    match ended {
        Ok(_) => report.fail(&StoreError::impossible("a file that nothing became of")),
        Err(error) => report.fail(Failure::no_threads(&error)),
    }
    report
}
