use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::output::{UsageError, quoted, say};
use super::progress::Bar;
use super::{Global, ask, drag, files, session};
use crate::fault::Fault;
use crate::format::{FORMATS, Format, by_name};
use crate::import::{Options, each_source_found, import};
use crate::report::{ExitStatus, FileReport, RunReport, Status};
use crate::source::{Found, Source, find};
use crate::store::{self, Session, StoreError};
use crate::text::drag as text;
use crate::text::report::{Work, name_the_company};

/// Import files into the books of their company
///
/// A file is in whole or not at all. What is there already is left untouched; a record that cannot
/// be read, or that contradicts a stored one, is held with its reason.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files to import, and folders whose files are meant; a zip or a mail counts as a folder.
    /// Without any, `vama` asks for them
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The company; else the file's own account decides
    #[arg(short, long, value_name = "SLUG")]
    company: Option<String>,

    /// Do everything, show the exact numbers, then roll back
    #[arg(short = 'n', long)]
    dry_run: bool,

    /// The format of the files, where their content does not tell
    #[arg(long, value_name = "KIND", value_parser = format_names())]
    format: Option<FormatName>,

    /// Let in a file that does not add up, and log that
    #[arg(long)]
    accept_unbalanced: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Returns what stands for files without any option.
    pub(super) fn of(files: Vec<PathBuf>) -> Self {
        Self {
            files,
            company: None,
            dry_run: false,
            format: None,
            accept_unbalanced: false,
            json: false,
        }
    }
}

/// A format by its name on the command line.
#[derive(Clone)]
pub(super) struct FormatName(pub(super) &'static dyn Format);

impl std::fmt::Debug for FormatName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name())
    }
}

/// Returns the parser of a format's name, which lists the names in the help.
pub(super) fn format_names() -> impl TypedValueParser<Value = FormatName> {
    let names = PossibleValuesParser::new(FORMATS.iter().map(|format| format.name()));
    names.try_map(|name| by_name(&name).map(FormatName).ok_or("no such format"))
}

pub(super) async fn run(arguments: Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    let begun = Instant::now();
    if arguments.files.is_empty() && (arguments.json || !ask::somebody_is_there()) {
        return Err(UsageError::with_advice(text::NO_FILES, text::NO_FILES_ADVICE).into());
    }
    let options = Options {
        company: arguments.company.as_deref(),
        format: arguments.format.as_ref().map(|it| it.0),
        accept_unbalanced: arguments.accept_unbalanced,
        dry_run: arguments.dry_run,
    };
    let work = if arguments.dry_run { Work::DryRun } else { Work::Import };
    if arguments.files.is_empty() {
        let database = session::choose(global)?;
        return drag::ask_for_files(&database, options, work, global).await;
    }
    let mut session = match session::open(global).await {
        Err(error) if arguments.json => return none_tried(&arguments.files, &error, begun),
        opened => opened?,
    };
    let bar = Bar::new(arguments.files.len(), global);
    let reports = import_all(&mut session, &arguments.files, options, &bar).await;
    bar.finish();
    session.close().await;
    let report = RunReport::of(reports?, begun.elapsed());
    match arguments.json {
        true => files::show_document(&report)?,
        false => files::show_report(&report, work, global)?,
    }
    Ok(report.exit())
}

/// Tells a program that no file could be tried, in the document that it waits for.
pub(super) fn none_tried(
    files: &[PathBuf],
    error: &StoreError,
    begun: Instant,
) -> anyhow::Result<ExitStatus> {
    let failed = files.iter().map(|path| {
        let mut report = FileReport::new(path.to_string_lossy(), None, Status::Failed);
        report.fail(error);
        report
    });
    let report = RunReport::of(failed.collect(), begun.elapsed());
    files::show_document(&report)?;
    Ok(report.exit())
}

/// Imports the files in their order, and those below folders; asks for the company where one is not
/// known and a person is there to answer.
pub(super) async fn import_all(
    session: &mut Session,
    paths: &[PathBuf],
    options: Options<'_>,
    bar: &Bar,
) -> anyhow::Result<Vec<FileReport>> {
    let found = look_for(paths);
    bar.expect(found.len());
    let mut reports = Vec::new();
    for found in found {
        bar.file(&found.path().to_string_lossy());
        for source in each_source_found(&found) {
            reports.push(match source {
                Ok(source) => import_one(session, &Arc::new(source), options, bar).await?,
                Err(report) => *report,
            });
        }
        bar.done();
    }
    Ok(reports)
}

/// Returns the files that the paths name; says so where that is none, as of an empty folder.
pub(super) fn look_for(paths: &[PathBuf]) -> Vec<Found> {
    let found = find(paths);
    if found.is_empty() {
        say(text::NO_FILE_IN_IT);
    }
    found
}

async fn import_one(
    session: &mut Session,
    source: &Arc<Source>,
    options: Options<'_>,
    bar: &Bar,
) -> anyhow::Result<FileReport> {
    let mut report = import(session, source, options, bar).await;
    let unknown = report.error.as_mut().filter(|error| error.fault == Fault::Unrouted);
    let Some(error) = unknown.filter(|_| options.company.is_none()) else {
        return Ok(report);
    };
    error.advice = Some(name_the_company(&quoted(&report.file)));
    if !ask::somebody_is_there() {
        return Ok(report);
    }
    let companies = match store::companies(session).await {
        Ok(companies) => companies,
        Err(error) => {
            report.fail(&error);
            return Ok(report);
        }
    };
    let asked = bar.suspend(|| ask::company(&report, &companies, !options.dry_run))?;
    let Some(ask::Answer { slug, remember }) = asked else {
        return Ok(report);
    };
    let options = Options { company: Some(&slug), ..options };
    let mut report = import(session, source, options, bar).await;
    if remember && report.error.is_none() {
        remember_accounts(session, &slug, &mut report).await;
    }
    Ok(report)
}

/// Stores the file's accounts as the company's; the file is in, whether that works or not.
async fn remember_accounts(session: &mut Session, slug: &str, report: &mut FileReport) {
    for account in &report.accounts {
        if let Err(error) = store::add_account(session, slug, account).await {
            return report.warnings.push(text::not_remembered(slug, &error.with_cause()));
        }
    }
}
