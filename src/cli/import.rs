use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::files::{self, Work};
use super::progress::Bar;
use super::{Global, session};
use crate::format::{FORMATS, Format, by_name};
use crate::import::{Options, each_source, import};
use crate::report::{ExitStatus, FileReport, RunReport, Status};
use crate::source::Source;
use crate::store::{self, Session, StoreError};

/// Import files into the books of their company
///
/// A file is in whole or not at all. What is there already is left untouched; a record that cannot
/// be read, or that contradicts a stored one, is held with its reason.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files to import; a zip or a mail is a folder of files
    #[arg(required = true, value_name = "FILE")]
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
    let mut session = match session::open(global).await {
        Err(error) if arguments.json => return none_tried(&arguments.files, &error, begun),
        opened => opened?,
    };
    let options = Options {
        company: arguments.company.as_deref(),
        format: arguments.format.as_ref().map(|it| it.0),
        accept_unbalanced: arguments.accept_unbalanced,
        dry_run: arguments.dry_run,
    };
    let bar = Bar::new(arguments.files.len(), global);
    let reports = import_all(&mut session, &arguments.files, options, &bar).await;
    bar.finish();
    session.close().await;
    let report = RunReport::of(reports?, begun.elapsed());
    match (arguments.json, arguments.dry_run) {
        (true, _) => files::show_document(&report)?,
        (false, true) => files::show_report(&report, Work::DryRun, global)?,
        (false, false) => files::show_report(&report, Work::Import, global)?,
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

/// Imports the files in their order; asks for the company where one is not known and a person is
/// there to answer.
pub(super) async fn import_all(
    session: &mut Session,
    paths: &[PathBuf],
    options: Options<'_>,
    bar: &Bar,
) -> anyhow::Result<Vec<FileReport>> {
    let mut reports = Vec::new();
    for path in paths {
        bar.file(&path.to_string_lossy());
        for source in each_source(path) {
            reports.push(match source {
                Ok(source) => import_one(session, &Arc::new(source), options, bar).await?,
                Err(report) => *report,
            });
        }
        bar.done();
    }
    Ok(reports)
}

async fn import_one(
    session: &mut Session,
    source: &Arc<Source>,
    options: Options<'_>,
    bar: &Bar,
) -> anyhow::Result<FileReport> {
    let report = import(session, source, options, bar).await;
    let unknown = report.error.as_ref().is_some_and(|error| error.kind == "unknown_company");
    let person = super::ask::somebody_is_there();
    if !unknown || options.company.is_some() || !person {
        return Ok(report);
    }
    let companies = store::companies(session).await?;
    let Some(answer) = bar.suspend(|| super::ask::company(&report, &companies))? else {
        return Ok(report);
    };
    if answer.remember {
        for account in &report.accounts {
            store::add_account(session, &answer.slug, account).await?;
        }
    }
    let options = Options { company: Some(&answer.slug), ..options };
    Ok(import(session, source, options, bar).await)
}
