//! `vama import`: files into the books of their company.

use std::path::PathBuf;
use std::time::Instant;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::connections::Connections;
use super::expected_files::ExpectedFiles;
use super::intake::Intake;
use super::output::UsageError;
use super::which_company::WhichCompany;
use super::{Global, ask, drag, files, session};
use crate::cli::drag::words as text;
use crate::format::{FORMATS, Format, by_name};
use crate::road::report::{ExitStatus, FileReport, RunReport, Status};
use crate::store::StoreError;

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

    #[command(flatten)]
    which: WhichCompany,

    /// Do everything, show the exact numbers, then roll back
    #[arg(short = 'n', long)]
    dry_run: bool,

    /// The format of the files, where their content does not tell
    #[arg(long, value_name = "KIND", value_parser = format_names())]
    format: Option<FormatName>,

    /// Let in a file that does not add up, and log that
    #[arg(long)]
    accept_unbalanced: bool,

    #[command(flatten)]
    expected: ExpectedFiles,

    #[command(flatten)]
    connections: Connections,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Returns whether no file is named, so that files would be asked for.
    pub(super) fn names_nothing(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns the arguments of an import of these files without any option.
    pub(super) fn of(files: Vec<PathBuf>) -> Self {
        Self {
            files,
            which: WhichCompany::default(),
            dry_run: false,
            format: None,
            accept_unbalanced: false,
            expected: ExpectedFiles::default(),
            connections: Connections::default(),
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
    let intake = Intake {
        company: arguments.which.company,
        format: arguments.format.map(|it| it.0),
        accept_unbalanced: arguments.accept_unbalanced,
        company_anyway: arguments.which.company_anyway,
        expected: arguments.expected,
        dry_run: arguments.dry_run,
        connections: arguments.connections,
    };
    let database = match session::choose(global) {
        Err(error) if arguments.json => return none_tried(&arguments.files, &error, begun),
        database => database?,
    };
    if arguments.files.is_empty() {
        return drag::ask_for_files(&database, &intake, global).await;
    }
    let reports = match intake.import(&database, &arguments.files, global).await {
        Err(error) if arguments.json => {
            return none_tried(&arguments.files, &error.downcast::<StoreError>()?, begun);
        }
        reports => reports?,
    };
    let report = RunReport::of(reports, begun.elapsed());
    match arguments.json {
        true => files::show_document(&report)?,
        false => files::show_report(&report, intake.work(), global)?,
    }
    Ok(report.exit())
}

/// Writes the JSON document for a run in which no file could be tried, since a program waits for
/// one.
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
