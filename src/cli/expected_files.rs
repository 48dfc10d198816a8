//! `--expect-files`: a folder without a file may be one whose disk is not there.

use std::path::PathBuf;

use super::output::say;
use crate::cli::drag::words as text;
use crate::fault::Refusal;
use crate::road::report::{FileReport, Status};
use crate::source::{Found, without_files};

/// Whether each folder must have a file.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
#[group(skip)]
pub(super) struct ExpectedFiles {
    /// Refuse a folder in which there is no file (exit status 4): its disk or network share may not be
    /// mounted
    #[arg(long)]
    expect_files: bool,
}

impl ExpectedFiles {
    /// Returns the reports of the folders in which no file was found, where each must have one; else
    /// says that there is none.
    pub(super) fn missing(self, paths: &[PathBuf], found: &[Found]) -> Vec<FileReport> {
        let folders =
            without_files(paths, found).into_iter().map(|folder| folder.to_string_lossy());
        if !self.expect_files {
            folders.for_each(|folder| say(&text::no_file_in(&folder)));
            return Vec::new();
        }
        let refused = folders.map(|folder| {
            let mut report = FileReport::new(folder, None, Status::Refused);
            report.fail(&Refusal::NoFile);
            report
        });
        refused.collect()
    }
}
