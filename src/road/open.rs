//! Path → its sources, each ready to be read; in the place of one that cannot be opened, its
//! report.

use std::path::Path;

use crate::road::report::{Failure, FileReport, Status};
use crate::source::{self, Found, OpenError, RefusedMember, Source, Sources};

/// Sources, opened one after the other; in the place of one that cannot be opened, its report.
pub type Stream = Box<dyn Iterator<Item = Result<Source, Box<FileReport>>> + Send>;

/// Returns the sources of what was found at a path; for a folder that cannot be looked into, its
/// report.
pub fn each_source_found(found: &Found) -> Stream {
    match &found.closed {
        None => Box::new(each_source(&found.path)),
        Some(error) => {
            let mut report = FileReport::new(found.path.to_string_lossy(), None, Status::Failed);
            let advice = "give yourself the right to look into it";
            report.fail(Failure::unreadable(format!("cannot be read: {error}"), advice));
            Box::new(std::iter::once(Err(Box::new(report))))
        }
    }
}

/// Returns the sources of a path: the file itself, the members of a zip, or the attachments of a
/// mail. In the place of a source that cannot be opened stands its report.
pub fn each_source(
    path: &Path,
) -> impl Iterator<Item = Result<Source, Box<FileReport>>> + Send + use<> {
    each_source_of(&path.to_string_lossy(), source::open(path))
}

/// Returns the sources of a file that was opened already, as [`each_source`] does; reports call the
/// file by `name`.
pub fn each_source_of(
    name: &str,
    opened: Result<Sources, OpenError>,
) -> impl Iterator<Item = Result<Source, Box<FileReport>>> + Send + use<> {
    let name = name.to_owned();
    let (sources, unopened) = match opened {
        Ok(sources) => (Some(sources), None),
        Err(error) => (None, Some(Err(Box::new(unopened(&name, &error))))),
    };
    let in_mail = sources.as_ref().is_some_and(Sources::are_of_mail);
    let opened = sources.into_iter().flatten().map(move |source| {
        source.map_err(|RefusedMember { member, refusal }| {
            let mut report = FileReport::new(name.clone(), Some(member), Status::Refused);
            report.in_mail = in_mail;
            report.fail(&refusal);
            Box::new(report)
        })
    });
    opened.chain(unopened)
}

fn unopened(name: &str, error: &OpenError) -> FileReport {
    let mut report = FileReport::new(name, None, Status::Failed);
    match error {
        OpenError::Refused(refusal) => report.fail(refusal),
        OpenError::Io { .. } => {
            report.fail(Failure::unreadable(error.to_string(), error.advice()));
        }
    }
    report
}
