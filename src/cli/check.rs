use std::path::PathBuf;
use std::time::Instant;

use super::Global;
use super::files;
use super::import::{FormatName, format_names, look_for};
use super::progress::Bar;
use crate::import::{Options, each_source_found, verify};
use crate::report::{ExitStatus, RunReport};
use crate::text::report::Work;

/// Read and verify files without a database; say what each is and holds
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files to check, and folders whose files are meant; a zip or a mail counts as a folder
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The format of the files, where their content does not tell
    #[arg(long, value_name = "KIND", value_parser = format_names())]
    format: Option<FormatName>,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    let begun = Instant::now();
    let options =
        Options { format: arguments.format.as_ref().map(|it| it.0), ..Options::default() };
    let found = look_for(&arguments.files);
    let bar = Bar::new(found.len(), global);
    let mut reports = Vec::new();
    for found in found {
        bar.file(&found.path().to_string_lossy());
        for source in each_source_found(&found) {
            reports.push(match source {
                Ok(source) => verify(&source, options, &bar),
                Err(report) => *report,
            });
        }
        bar.done();
    }
    bar.finish();
    let report = RunReport::of(reports, begun.elapsed());
    match arguments.json {
        true => files::show_document(&report)?,
        false => files::show_report(&report, Work::Check, global)?,
    }
    Ok(report.exit())
}
