//! A file that is taken from its inbox, on its way through a run.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::iter;
use std::sync::{Arc, OnceLock};

use super::folder::{Fingerprint, Kind};
use super::inbox::Inbox;
use super::still::Key;
use crate::batch::Arrival;
use crate::import::{Stream, each_source_of};
use crate::refusal::Refusal;
use crate::report::{Failure, FileReport, Status};
use crate::source::{OpenError, open_file};

/// A file in an inbox.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) inbox: Arc<Inbox>,
    pub(super) name: OsString,
    pub(super) kind: Kind,
    /// As it was when it was still.
    pub(super) seen: Fingerprint,
    opened: OnceLock<Opened>,
}

/// What came of opening it.
#[derive(Debug)]
pub(super) enum Opened {
    /// It was read as it was seen.
    Read,
    /// Somebody else has moved it.
    Gone,
    /// It is no longer what was seen.
    Changed,
    /// The system does not give it out at the moment.
    Trouble(io::Error),
}

impl Taken {
    pub(super) fn new(
        inbox: Arc<Inbox>,
        name: OsString,
        (kind, seen): (Kind, Fingerprint),
    ) -> Self {
        Self { inbox, name, kind, seen, opened: OnceLock::new() }
    }

    /// Returns what is remembered of it between two looks.
    pub(super) fn key(&self) -> Key {
        (self.inbox.slug.clone(), self.name.clone())
    }

    /// Returns its path as the user would write it.
    pub(super) fn path(&self) -> String {
        self.inbox.path.join(&self.name).to_string_lossy().into_owned()
    }

    /// Returns what came of opening it; it was, unless the run ended before.
    pub(super) fn opened(&self) -> Option<&Opened> {
        self.opened.get()
    }

    /// Reads it through one handle, and makes sure that it is the file that was seen, before and behind
    /// that. Of a large file, which stays on the disk, the rest is read later: whether it has changed
    /// meanwhile shows when it is moved.
    fn read(&self) -> Result<Stream, Opened> {
        let path = self.path();
        if let Kind::Other(what) = self.kind {
            return Ok(Box::new(each_source_of(&path, Err(Refusal::NotAFile { what }.into()))));
        }
        let file = match self.inbox.folder.file(&self.name) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Ok(Box::new(each_source_of(&path, Err(error.into()))));
            }
            // What was a file is a link now, or gone.
            Err(error) => {
                let now = self.inbox.folder.look(&self.name);
                let changed = now.is_ok_and(|now| now != (self.kind, self.seen));
                return Err(if changed { Opened::Changed } else { trouble(error) });
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

    fn is_as_seen(&self, handle: &File) -> Result<(), Opened> {
        let opened = Fingerprint::of_file(handle).map_err(trouble)?;
        if opened == self.seen {
            return Ok(());
        }
        // Some file systems number an open file otherwise than its name.
        let named = self.inbox.folder.look(&self.name).map_err(trouble)?;
        match opened.is_like(&self.seen) && named == (self.kind, self.seen) {
            true => Ok(()),
            false => Err(Opened::Changed),
        }
    }
}

fn trouble(error: io::Error) -> Opened {
    match error.kind() {
        io::ErrorKind::NotFound => Opened::Gone,
        _ => Opened::Trouble(error),
    }
}

impl Arrival for Taken {
    fn size(&self) -> u64 {
        self.seen.bytes
    }

    fn company(&self) -> Option<&str> {
        self.inbox.slug.as_deref()
    }

    fn open(&self) -> Stream {
        let (opened, stream) = match self.read() {
            Ok(stream) => (Opened::Read, stream),
            // What is reported of it nobody sees: it stays, and how it was opened tells why.
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
