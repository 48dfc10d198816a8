//! A file of which all is known → the folder that it belongs to, with the reason beside it.

use std::ffi::OsStr;
use std::io;

use chrono::{Local, Utc};

use super::folder::Folder;
use super::inbox::{DUPLICATE, FAILED, IMPORTED, Inbox};
use super::names::{numbered, reason_of};
use super::taken::Taken;
use crate::fault::{Fault, Impossible};
use crate::report::{FileReport, Status};
use crate::text::watch as text;

/// Files of one name in one folder: more are a loop of some other program.
const NUMBERS_MAX: usize = 100_000;

/// What is to become of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is moved.
    Move(Fate),
    /// The database could not be asked, by these words; it waits.
    Lost(String),
    /// It is not the file's fault, by these words with what to do; it waits.
    Waits(String, Option<String>),
    /// It was changed while it was read; it waits for its turn.
    Changed,
}

/// Where a file is moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is in.
    Imported,
    /// All of it was in already.
    Duplicate,
    /// It, or a part of it, is not in.
    Failed,
}

/// Judges a file by the reports of its sources.
pub(super) fn judge(reports: &[FileReport]) -> Verdict {
    // From behind: of several that weigh the same the last is taken, and the file's first is told.
    let errors = reports.iter().rev().filter_map(|it| it.error.as_ref());
    let weighed = errors.map(|error| (Weight::of(error.fault), error));
    match weighed.max_by_key(|(weight, _)| *weight) {
        Some((Weight::Database, error)) => Verdict::Lost(error.message.clone()),
        Some((Weight::Company, error)) => {
            Verdict::Waits(error.message.clone(), error.advice.clone())
        }
        Some((Weight::Changed, _)) => Verdict::Changed,
        Some((Weight::File, _)) => Verdict::Move(Fate::Failed),
        // A file of which nothing is known is no duplicate: it stays where it is.
        None if reports.is_empty() => {
            Verdict::Waits(text::NOTHING_SAID.to_owned(), Some(Impossible::ADVICE.to_owned()))
        }
        None if reports.iter().all(|it| it.status == Status::AlreadyImported) => {
            Verdict::Move(Fate::Duplicate)
        }
        None => Verdict::Move(Fate::Imported),
    }
}

/// How much a fault keeps from its place, from the file alone to the database as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// The file, and nothing else: it is moved.
    File,
    /// The file as it was when it was read.
    Changed,
    /// What is no file's fault and lasts until somebody sees to it.
    Company,
    /// The database: it cannot be asked now.
    Database,
}

impl Weight {
    fn of(fault: Fault) -> Self {
        match fault {
            Fault::File | Fault::Unrouted | Fault::Misrouted | Fault::Unreadable => Self::File,
            Fault::Rows | Fault::Clash | Fault::Bug => Self::File,
            Fault::Changed => Self::Changed,
            Fault::Unavailable => Self::Company,
            Fault::Company | Fault::Tables | Fault::Rights | Fault::Setup => Self::Company,
            Fault::Behind | Fault::Usage | Fault::Request | Fault::Refused => Self::Company,
            Fault::Deadlock | Fault::Busy | Fault::Slow | Fault::Lost | Fault::Full => {
                Self::Database
            }
        }
    }
}

/// What came of moving a file.
#[derive(Debug)]
pub(super) enum Moved {
    /// It is there, and where its reason could not be written, why.
    To(String, Option<io::Error>),
    /// Another file had come to stand in its place; that one is back where it was.
    Swapped,
}

/// Moves a file to where it belongs, with the reason beside it where there is one to tell.
///
/// # Errors
///
/// What the system says; the file is where it was then. [`io::ErrorKind::NotFound`] where somebody
/// else has moved it.
pub(super) fn put_away(taken: &Taken, fate: Fate, reports: &[FileReport]) -> io::Result<Moved> {
    let inbox = &taken.inbox;
    let (to, path) = destination(inbox, fate)?;
    let name = taken.name.to_string_lossy();
    let reason = text::reason(&name, &inbox.path.to_string_lossy(), reports, Utc::now());
    let Some(reason) = reason else {
        let moved = pass(taken, &to, &path, None)?;
        forget_reason(inbox, &taken.name);
        return Ok(moved);
    };
    let moved = pass(taken, &to, &path, Some(&reason))?;
    if fate != Fate::Failed {
        forget_reason(inbox, &taken.name);
    }
    Ok(moved)
}

/// Opens the folder that files of this fate are moved to, made where it is missing.
fn destination(inbox: &Inbox, fate: Fate) -> io::Result<(Folder, std::path::PathBuf)> {
    let made = |name: &str| {
        Ok::<_, io::Error>((inbox.folder.made(OsStr::new(name))?.0, inbox.path.join(name)))
    };
    match fate {
        Fate::Duplicate => made(DUPLICATE),
        Fate::Failed => made(FAILED),
        Fate::Imported => {
            let (all, path) = made(IMPORTED)?;
            // By the calendar of whoever looks for it.
            let month = Local::now().format("%Y-%m").to_string();
            Ok((all.made(OsStr::new(&month))?.0, path.join(month)))
        }
    }
}

/// Moves the file under the first name that is free.
///
/// The reason comes first: whoever is killed in between leaves a reason without its file, and the
/// next try writes over it, rather than a file without its reason.
fn pass(
    taken: &Taken,
    to: &Folder,
    path: &std::path::Path,
    reason: Option<&str>,
) -> io::Result<Moved> {
    for number in 1..NUMBERS_MAX {
        let new_name = numbered(&taken.name, number, reason.is_some());
        let note = reason_of(&new_name);
        if to.has(&new_name) || (reason.is_some() && to.has(&note) && !is_reason(to, &note)) {
            continue;
        }
        let unwritten = reason.and_then(|reason| to.write(&note, reason).err());
        if unwritten.is_some() {
            // A part of it would look like somebody's own.
            drop(to.remove(&note));
        }
        let undo = || {
            if reason.is_some() && is_reason(to, &note) && !to.has(&new_name) {
                drop(to.remove(&note));
            }
        };
        match taken.inbox.folder.pass(&taken.name, to, &new_name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => undo(),
            Err(error) => {
                undo();
                return Err(error);
            }
            Ok(()) if is_another(taken, to, &new_name) => {
                let shown = path.join(&new_name).to_string_lossy().into_owned();
                give_back(taken, to, &new_name).map_err(|error| stranded(&shown, &error))?;
                undo();
                return Ok(Moved::Swapped);
            }
            Ok(()) => {
                let shown = path.join(&new_name).to_string_lossy().into_owned();
                return Ok(Moved::To(shown, unwritten));
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Returns whether what was moved is not what was read: somebody has put another file in its place, or
/// written into it.
fn is_another(taken: &Taken, to: &Folder, name: &OsStr) -> bool {
    to.look(name).is_ok_and(|moved| moved != (taken.kind, taken.seen))
}

fn give_back(taken: &Taken, to: &Folder, name: &OsStr) -> io::Result<()> {
    let inbox = &taken.inbox.folder;
    for number in 1..NUMBERS_MAX {
        match to.pass(name, inbox, &numbered(&taken.name, number, false)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            passed => return passed,
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Says where a file is that was moved and could not be given back.
fn stranded(place: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), text::stranded(place, &error.to_string()))
}

/// Takes the reason of an earlier try away; its file was moved back and is in now.
fn forget_reason(inbox: &Inbox, name: &OsStr) {
    let Ok(failed) = inbox.folder.below(OsStr::new(FAILED)) else { return };
    let note = reason_of(name);
    if is_reason(&failed, &note) && !failed.has(name) {
        drop(failed.remove(&note));
    }
}

/// Returns whether the file is a reason that vama wrote, and nobody's own.
pub(super) fn is_reason(folder: &Folder, note: &OsStr) -> bool {
    folder.begins_with(note, text::REASON_START)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refusal;

    fn report(status: Status) -> FileReport {
        FileReport::new("mails.zip", None, status)
    }

    fn refused(refusal: &Refusal) -> FileReport {
        let mut file = report(Status::Refused);
        file.refuse(refusal);
        file
    }

    #[test]
    fn a_file_that_nothing_was_said_of_stays_where_it_is() {
        assert!(matches!(judge(&[]), Verdict::Waits(..)));
    }

    #[test]
    fn a_file_is_where_its_worst_part_belongs() {
        let (new, known) = (report(Status::Imported), report(Status::AlreadyImported));
        let judged = |reports: &[&FileReport]| {
            judge(&reports.iter().map(|it| (*it).clone()).collect::<Vec<_>>())
        };
        assert_eq!(judged(&[&new]), Verdict::Move(Fate::Imported));
        assert_eq!(judged(&[&known, &new]), Verdict::Move(Fate::Imported));
        assert_eq!(judged(&[&known, &known]), Verdict::Move(Fate::Duplicate));
        assert_eq!(judged(&[&new, &refused(&Refusal::Empty)]), Verdict::Move(Fate::Failed));
        assert_eq!(judged(&[&new, &refused(&Refusal::Changed)]), Verdict::Changed);
        let mut lost = report(Status::Failed);
        lost.fail(&crate::store::StoreError::Untried);
        assert!(matches!(judged(&[&new, &lost]), Verdict::Lost(_)));
    }
}
