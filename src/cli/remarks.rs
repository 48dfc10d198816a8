//! What is said on stderr about single files: why one is not in, what was odd.

use super::names::{enumerated, file_name};
use super::output::{say, say_failure};
use super::whose;
use crate::road::report::FileReport;
use crate::road::words as text;

/// Files that an error, and the command line of its advice, name at most.
pub(super) const NAMED_MAX: usize = 5;

/// Says on stderr why files are not in; what several have in common is said once.
pub(super) fn say_failures(files: &[FileReport]) {
    let mut told: Vec<(&str, Vec<&FileReport>)> = Vec::new();
    for file in files {
        let Some(error) = &file.error else { continue };
        match told.iter_mut().find(|(message, _)| *message == error.message) {
            Some((_, same)) => same.push(file),
            None => told.push((&error.message, vec![file])),
        }
    }
    let reasons: Vec<&[&FileReport]> = told.iter().map(|(_, files)| files.as_slice()).collect();
    for (files, advice) in reasons.iter().zip(whose::advices(&reasons)) {
        let Some(mut error) = files.first().and_then(|first| first.error.clone()) else { continue };
        error.advice = advice.or(error.advice);
        say_failure(Some(&enumerated(files, NAMED_MAX)), &error);
    }
}

/// Says on stderr what was odd about files, and did not keep them out.
pub(super) fn say_warnings<'f>(files: impl IntoIterator<Item = &'f FileReport>) {
    for file in files {
        for warning in &file.warnings {
            say(&text::warning(&file_name(file), warning));
        }
    }
}
