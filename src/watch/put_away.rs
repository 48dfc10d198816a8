//! A file of which all is known → the folder that it belongs to, with the reason beside it.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{Local, Utc};

use super::folder::Folder;
use super::inbox::{DUPLICATE, FAILED, IMPORTED, Inbox};
use super::inbox_file::InboxFile;
use super::names::{numbered, reason_of};
use crate::fault::{Fault, Impossible};
use crate::road::report::{FileReport, Status};
use crate::watch::words as text;

/// Files of one name in one folder at most: if there are more, some other program runs in a loop.
pub(super) const NUMBERS_MAX: usize = 100_000;

/// What is to become of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is moved.
    Move(Destination),
    /// The database could not be asked, with this message; the file waits.
    Lost(String),
    /// Another session has locked this company, which is the file's; the file waits.
    Locked(String),
    /// It is not the file's fault: the message, and what to do; the file waits.
    Waits(String, Option<String>),
    /// The file was changed while it was read; it waits for its turn.
    Changed,
}

/// Where a file is moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Destination {
    /// It is in.
    Imported,
    /// All of it was in already.
    Duplicate,
    /// It, or a part of it, is not in.
    Failed,
}

/// Judges a file by the reports of its sources.
pub(super) fn judge(reports: &[FileReport]) -> Verdict {
    // In reverse order, since the last of equal weights is taken: so the file's first error is
    // told.
    let errors = reports.iter().rev().filter_map(|it| it.error.as_ref());
    let weighed = errors.map(|error| (Extent::of(error.fault), error));
    match weighed.max_by_key(|(weight, _)| *weight) {
        Some((Extent::Database, error)) => Verdict::Lost(error.message.clone()),
        Some((Extent::Locked, error)) => {
            let locked = reports.iter().filter(|report| is_locked(report));
            match locked.filter_map(|report| report.company.clone()).next() {
                Some(slug) => Verdict::Locked(slug),
                // The registry is locked, so no company was found.
                None => Verdict::Waits(error.message.clone(), error.advice.clone()),
            }
        }
        Some((Extent::Company, error)) => {
            Verdict::Waits(error.message.clone(), error.advice.clone())
        }
        Some((Extent::Changed, _)) => Verdict::Changed,
        Some((Extent::File, _)) => Verdict::Move(Destination::Failed),
        // A file without any report is no duplicate: it stays where it is.
        None if reports.is_empty() => {
            Verdict::Waits(text::NOTHING_SAID.to_owned(), Some(Impossible::ADVICE.to_owned()))
        }
        None if reports.iter().all(|it| it.status == Status::AlreadyImported) => {
            Verdict::Move(Destination::Duplicate)
        }
        None => Verdict::Move(Destination::Imported),
    }
}

/// Returns whether the source waits since another session has locked its company.
pub(super) fn is_locked(report: &FileReport) -> bool {
    report.error.as_ref().is_some_and(|error| error.fault == Fault::Locked)
}

/// How much a fault holds up, from the file alone to the database as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Extent {
    /// The file, and nothing else: it is moved.
    File,
    /// The file as it was read: it was changed meanwhile.
    Changed,
    /// Further files, too: it is no file's fault, and lasts until somebody sees to it.
    Company,
    /// The files of the company, for as long as another session keeps it locked.
    Locked,
    /// All files: the database cannot be asked now.
    Database,
}

impl Extent {
    fn of(fault: Fault) -> Self {
        match fault {
            Fault::File | Fault::Unrouted | Fault::Misrouted | Fault::Unreadable => Self::File,
            Fault::Rows | Fault::Clash | Fault::Bug => Self::File,
            Fault::Changed => Self::Changed,
            Fault::Unavailable => Self::Company,
            Fault::Company | Fault::Tables | Fault::Rights | Fault::Setup => Self::Company,
            Fault::Behind | Fault::Usage | Fault::Request | Fault::Refused => Self::Company,
            Fault::Locked => Self::Locked,
            Fault::Deadlock | Fault::Busy | Fault::Slow | Fault::Lost | Fault::Full => {
                Self::Database
            }
        }
    }
}

/// Returns whether the file is in since an earlier run, which could not move it any more: it was
/// killed, did not hear that the file is in, or found the disk full. Whoever watches was not told
/// of it either.
pub(super) fn is_yet_to_be_moved(file: &InboxFile, reports: &[FileReport]) -> bool {
    let name = file.name.to_string_lossy();
    let came_so = |report: &FileReport| {
        let earlier = report.earlier.as_ref();
        earlier.is_some_and(|it| it.watched_as.as_deref() == Some(&*name))
    };
    reports.iter().all(came_so) && !was_moved(file).unwrap_or(true)
}

/// Returns whether a file of that name and size lies where files go that are in.
fn was_moved(file: &InboxFile) -> io::Result<bool> {
    let Ok(all) = file.inbox.folder.below(OsStr::new(IMPORTED)) else { return Ok(false) };
    for month in all.names()? {
        let Ok(month) = all.below(&month) else { continue };
        for number in 1..NUMBERS_MAX {
            let name = numbered(&file.name, number, false);
            match month.look(&name) {
                Ok((_, moved)) if moved.bytes == file.seen.bytes => return Ok(true),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => break,
                Err(error) => return Err(error),
            }
        }
    }
    Ok(false)
}

/// What came of moving a file.
#[derive(Debug)]
pub(super) enum Moved {
    /// The file is at this path; and why its reason could not be written, where it could not.
    To(PathBuf, Option<io::Error>),
    /// Another file had come to stand in the file's place; that other one was moved back.
    Swapped,
}

/// Moves a file to where it belongs, with the reason beside it where there is one to tell.
///
/// # Errors
///
/// What the system says; the file is where it was then. [`io::ErrorKind::NotFound`] where somebody
/// else has moved it.
pub(super) fn put_away(
    file: &InboxFile,
    kind: Destination,
    reports: &[FileReport],
) -> io::Result<Moved> {
    let inbox = &file.inbox;
    let (to, path) = destination(inbox, kind)?;
    let name = file.name.to_string_lossy();
    let reason = text::reason(&name, &inbox.path.to_string_lossy(), reports, Utc::now());
    let Some(reason) = reason else {
        let moved = pass(file, &to, &path, None)?;
        forget_reason(inbox, &file.name);
        return Ok(moved);
    };
    let moved = pass(file, &to, &path, Some(&reason))?;
    if kind != Destination::Failed {
        forget_reason(inbox, &file.name);
    }
    Ok(moved)
}

/// Opens the folder of that kind, made where it is missing.
fn destination(inbox: &Inbox, kind: Destination) -> io::Result<(Folder, PathBuf)> {
    let made = |name: &str| {
        Ok::<_, io::Error>((inbox.folder.made(OsStr::new(name))?.0, inbox.path.join(name)))
    };
    match kind {
        Destination::Duplicate => made(DUPLICATE),
        Destination::Failed => made(FAILED),
        Destination::Imported => {
            let (all, path) = made(IMPORTED)?;
            // Local time, since the people who look for the file go by their own calendar.
            let month = Local::now().format("%Y-%m").to_string();
            Ok((all.made(OsStr::new(&month))?.0, path.join(month)))
        }
    }
}

/// Moves the file under the first name that is free.
///
/// The reason is written first. If the process is killed in between, a reason without its file is
/// left, which the next try overwrites; the other order could leave a file without its reason.
fn pass(file: &InboxFile, to: &Folder, path: &Path, reason: Option<&str>) -> io::Result<Moved> {
    for number in 1..NUMBERS_MAX {
        let new_name = numbered(&file.name, number, reason.is_some());
        let note = reason_of(&new_name);
        if to.has(&new_name) || (reason.is_some() && to.has(&note) && !is_reason(to, &note)) {
            continue;
        }
        let unwritten = reason.and_then(|reason| to.write(&note, reason).err());
        if unwritten.is_some() {
            // A reason that was written in part would look like somebody's own file.
            drop(to.remove(&note));
        }
        let undo = || {
            if reason.is_some() && is_reason(to, &note) && !to.has(&new_name) {
                drop(to.remove(&note));
            }
        };
        match file.inbox.folder.pass(&file.name, to, &new_name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => undo(),
            Err(error) => {
                undo();
                return Err(error);
            }
            Ok(()) if is_another(file, to, &new_name) => {
                let shown = path.join(&new_name).to_string_lossy().into_owned();
                give_back(file, to, &new_name).map_err(|error| stranded(&shown, &error))?;
                undo();
                return Ok(Moved::Swapped);
            }
            Ok(()) => {
                return Ok(Moved::To(path.join(&new_name), unwritten));
            }
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Returns whether what was moved is not what was read: somebody has put another file in its place, or
/// written into it.
fn is_another(file: &InboxFile, to: &Folder, name: &OsStr) -> bool {
    to.look(name).is_ok_and(|moved| moved != (file.kind, file.seen))
}

fn give_back(file: &InboxFile, to: &Folder, name: &OsStr) -> io::Result<()> {
    let inbox = &file.inbox.folder;
    for number in 1..NUMBERS_MAX {
        match to.pass(name, inbox, &numbered(&file.name, number, false)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            passed => return passed,
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Says where a file is that was moved and could not be moved back.
fn stranded(place: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), text::stranded(place, &error.to_string()))
}

/// Removes the reason of an earlier try; its file was moved back and is in now.
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
    use crate::fault::Refusal;

    fn report(status: Status) -> FileReport {
        FileReport::new("mails.zip", None, status)
    }

    fn refused(refusal: &Refusal) -> FileReport {
        let mut file = report(Status::Refused);
        file.fail(refusal);
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
        assert_eq!(judged(&[&new]), Verdict::Move(Destination::Imported));
        assert_eq!(judged(&[&known, &new]), Verdict::Move(Destination::Imported));
        assert_eq!(judged(&[&known, &known]), Verdict::Move(Destination::Duplicate));
        assert_eq!(judged(&[&new, &refused(&Refusal::Empty)]), Verdict::Move(Destination::Failed));
        assert_eq!(judged(&[&new, &refused(&Refusal::Changed)]), Verdict::Changed);
        let mut lost = report(Status::Failed);
        lost.fail(&crate::store::StoreError::Untried);
        assert!(matches!(judged(&[&new, &lost]), Verdict::Lost(_)));
        let behind = |what: &str| {
            let (what, found, expected) = (what.to_owned(), 1, 2);
            let mut file = report(Status::Failed);
            file.fail(&crate::store::StoreError::Outdated { what, found, expected });
            file
        };
        let Verdict::Waits(told, _) = judged(&[&behind("first"), &behind("second")]) else {
            panic!("a company that is behind keeps its files")
        };
        assert!(told.contains("first"), "of several the file's first is told: {told}");
    }
}
