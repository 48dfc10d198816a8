use std::path::PathBuf;
use std::time::Instant;

use super::Global;
use super::files::{self, Work};
use super::import::{FormatName, format_names};
use super::progress::Bar;
use crate::import::{Options, each_source, verify};
use crate::report::{ExitStatus, RunReport};

/// Read and verify files without a database; say what each is and holds
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files to check; a zip or a mail is a folder of files
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
    let bar = Bar::new(arguments.files.len(), global);
    let mut reports = Vec::new();
    for path in &arguments.files {
        bar.file(&path.to_string_lossy());
        for source in each_source(path) {
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
