//! `vama check`: what files are, and whether they add up, without a database.

use std::path::PathBuf;
use std::time::Instant;

use super::Global;
use super::expected_files::ExpectedFiles;
use super::files;
use super::import::{FormatName, format_names};
use super::progress::Bar;
use crate::road::left_out;
use crate::road::open::each_source_found;
use crate::road::prepare::check_source;
use crate::road::report::{ExitStatus, FileReport, RunReport};
use crate::road::words::Work;
use crate::road::{Options, Progress as _};
use crate::source::find;

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
    let format = arguments.format.as_ref().map(|it| it.0);
    let found = find(&arguments.files);
    ExpectedFiles::default().missing(&arguments.files, &found);
    let bar = Bar::of_few(global);
    let options = Options { format, progress: bar.clone(), ..Options::default() };
    bar.found(found.len() as u64);
    let folders: Vec<Option<usize>> = found.iter().map(|it| it.folder).collect();
    let mut reports: Vec<Vec<FileReport>> = Vec::new();
    for found in found {
        let sources = each_source_found(&found);
        let checked = sources
            .map(|source| source.map_or_else(|report| *report, |it| check_source(&it, &options)));
        let mut checked = checked.collect();
        left_out::of_input(&mut checked);
        reports.push(checked);
        bar.done(1);
    }
    left_out::of_folders(&mut reports, &folders);
    bar.finish();
    let report = RunReport::of(reports.into_iter().flatten().collect(), begun.elapsed());
    match arguments.json {
        true => files::show_document(&report)?,
        false => files::show_report(&report, Work::Check, global)?,
    }
    Ok(report.exit())
}
