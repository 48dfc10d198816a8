//! Path → its sources, each ready to be read, or already the report of what cannot be opened.

use std::path::Path;

use crate::report::{Failure, FileReport, Status};
use crate::source::{self, OpenError, RefusedMember, Source, Sources};

/// Returns the sources that a path holds: itself, or the members of a zip. What cannot be opened is
/// a report already.
pub fn each_source(path: &Path) -> impl Iterator<Item = Result<Source, Box<FileReport>>> + use<> {
    each_source_of(&path.to_string_lossy(), source::open(path))
}

/// Returns the sources of what was opened already, as [`each_source`]; `name` is what it is called
/// in reports.
pub fn each_source_of(
    name: &str,
    opened: Result<Sources, OpenError>,
) -> impl Iterator<Item = Result<Source, Box<FileReport>>> + use<> {
    let name = name.to_owned();
    let (sources, unopened) = match opened {
        Ok(sources) => (Some(sources), None),
        Err(error) => (None, Some(Err(Box::new(unopened(&name, &error))))),
    };
    let opened = sources.into_iter().flatten().map(move |source| {
        source.map_err(|RefusedMember { member, refusal }| {
            let mut report = FileReport::new(name.clone(), Some(member), Status::Refused);
            report.refuse(&refusal);
            Box::new(report)
        })
    });
    opened.chain(unopened)
}

fn unopened(name: &str, error: &OpenError) -> FileReport {
    let mut report = FileReport::new(name, None, Status::Failed);
    match error {
        OpenError::Refused(refusal) => report.refuse(refusal),
        OpenError::Io { .. } => {
            report.fail(Failure::unreadable(error.to_string(), error.advice()));
        }
    }
    report
}
