//! A file that is taken from its inbox, on its way through a run.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::iter;
use std::sync::{Arc, OnceLock};

use super::folder::{Fingerprint, Kind};
use super::inbox::Inbox;
use super::still::InboxPath;
use crate::fault::{ChosenBy, Refusal};
use crate::road::Input;
use crate::road::open::{Stream, each_source_of};
use crate::road::report::{Failure, FileReport, Status};
use crate::source::{OpenError, open_file};

/// A file in an inbox.
#[derive(Debug)]
pub(super) struct InboxFile {
    pub(super) inbox: Arc<Inbox>,
    pub(super) name: OsString,
    pub(super) kind: Kind,
    /// The file's fingerprint when it was found still.
    pub(super) seen: Fingerprint,
    opened: OnceLock<Opening>,
}

/// What came of opening the file.
#[derive(Debug)]
pub(super) enum Opening {
    /// The file was read, and it is the one that was seen.
    Read,
    /// Somebody else has moved it.
    Gone,
    /// It is no longer the file that was seen.
    Changed,
    /// The system does not let the file be read at the moment.
    Trouble(io::Error),
}

impl InboxFile {
    pub(super) fn new(
        inbox: Arc<Inbox>,
        name: OsString,
        (kind, seen): (Kind, Fingerprint),
    ) -> Self {
        Self { inbox, name, kind, seen, opened: OnceLock::new() }
    }

    /// Returns the key under which the file is remembered between two looks.
    pub(super) fn key(&self) -> InboxPath {
        (self.inbox.slug.clone(), self.name.clone())
    }

    /// Returns its path as the user would write it.
    pub(super) fn path(&self) -> String {
        self.inbox.path.join(&self.name).to_string_lossy().into_owned()
    }

    /// Returns what came of opening the file; `None` where the run ended before that.
    pub(super) fn opened(&self) -> Option<&Opening> {
        self.opened.get()
    }

    /// Reads the file through one handle, and makes sure before and after that it is the file that
    /// was seen. Of a large file, which stays on the disk, the rest is read later; whether it was
    /// changed meanwhile is found out when it is moved.
    fn read(&self) -> Result<Stream, Opening> {
        let path = self.path();
        if let Kind::Other(what) = self.kind {
            return Ok(Box::new(each_source_of(&path, Err(Refusal::NotAFile { what }.into()))));
        }
        let file = match self.inbox.folder.file(&self.name) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Ok(Box::new(each_source_of(&path, Err(error.into()))));
            }
            // The file may be gone, or a link may stand in its place now.
            Err(error) => {
                let now = self.inbox.folder.look(&self.name);
                let changed = now.is_ok_and(|now| now != (self.kind, self.seen));
                return Err(if changed { Opening::Changed } else { trouble(error) });
            }
            Ok(file) => file,
        };
        let handle = file.try_clone().map_err(trouble)?;
        self.is_as_seen(&handle)?;
        let sources = match open_file(&path, file) {
            Err(OpenError::Io { cause }) => return Err(trouble(cause)),
            sources => sources,
        };
        self.is_as_seen(&handle)?;
        Ok(Box::new(each_source_of(&path, sources)))
    }

    fn is_as_seen(&self, handle: &File) -> Result<(), Opening> {
        let opened = Fingerprint::of_file(handle).map_err(trouble)?;
        if opened == self.seen {
            return Ok(());
        }
        // Some file systems tell another number for an open file than for its name, so the name is
        // looked at, too.
        let named = self.inbox.folder.look(&self.name).map_err(trouble)?;
        match opened.is_like(&self.seen) && named == (self.kind, self.seen) {
            true => Ok(()),
            false => Err(Opening::Changed),
        }
    }
}

fn trouble(error: io::Error) -> Opening {
    match error.kind() {
        io::ErrorKind::NotFound => Opening::Gone,
        _ => Opening::Trouble(error),
    }
}

impl Input for InboxFile {
    fn size(&self) -> u64 {
        self.seen.bytes
    }

    fn company(&self) -> Option<&str> {
        self.inbox.slug.as_deref()
    }

    fn chosen_by(&self) -> ChosenBy {
        ChosenBy::Folder
    }

    fn open(&self) -> Stream {
        let (opened, stream) = match self.read() {
            Ok(stream) => (Opening::Read, stream),
            // Nobody sees this report: the file stays where it is, and `opened` says why.
            Err(opened) => {
                let mut report = FileReport::new(self.path(), None, Status::Failed);
                report.fail(Failure::from(&Refusal::Changed));
                (opened, Box::new(iter::once(Err(Box::new(report)))) as Stream)
            }
        };
        drop(self.opened.set(opened));
        stream
    }
}
