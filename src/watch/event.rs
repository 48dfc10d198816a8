//! What a watcher is asked to do, and what it tells.

use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Local};

use crate::road::report::{ExitStatus, FileReport};
use crate::store::StoreError;

/// How often all folders are looked through, whether or not the system told of a change.
pub const LOOK_EVERY: Duration = Duration::from_secs(5 * 60);

/// How often the watcher says that it is alive.
pub const BEAT_EVERY: Duration = Duration::from_secs(60 * 60);

/// How a folder is watched.
#[derive(Debug, Clone)]
pub struct Orders {
    /// The folder.
    pub folder: PathBuf,
    /// How long a file's size and time must stay the same before the file is taken.
    pub still_for: Duration,
    /// How often to look; `None` where the system tells what happens in a folder.
    pub poll: Option<Duration>,
    /// Take what is there and end.
    pub once: bool,
    /// Connections to the database at most.
    pub connections: NonZeroUsize,
}

/// What the watcher tells.
#[derive(Debug)]
pub enum Event<'a> {
    /// The watcher watches this many folders.
    Watching(usize),
    /// The company has a folder now.
    NewFolder(&'a str),
    /// A file was moved, and these are the reports of the sources in it.
    Moved(&'a [FileReport]),
    /// A file stays where it was, and is tried again.
    Kept {
        /// Its path.
        file: &'a str,
        /// Why.
        why: WhyKept,
    },
    /// A file was changed after it had been moved, and is moved back into its inbox.
    TakenBack {
        /// Where it was.
        file: &'a Path,
        /// Where it is now.
        to: &'a Path,
    },
    /// Another session has locked the company; its files wait, and are tried again soon.
    Locked {
        /// The company.
        slug: &'a str,
        /// How many files wait.
        files: usize,
        /// Since when, as far as the watcher knows.
        since: DateTime<Local>,
    },
    /// Something in the folder is not touched.
    Skipped {
        /// Its path.
        what: &'a str,
        /// Why.
        why: WhySkipped,
    },
    /// A file's reason could not be written beside it.
    NoReason {
        /// Its path.
        file: &'a str,
        /// Why.
        error: &'a io::Error,
    },
    /// The system does not tell what happens in the folder, so it is looked through more often.
    Deaf {
        /// Why.
        error: String,
        /// How often, in seconds.
        seconds: u64,
    },
    /// The folder itself cannot be looked into.
    Closed(&'a io::Error),
    /// The folder can be looked into again.
    Reopened,
    /// The database is away, or turns every file down; files stay.
    Away(&'a StoreError),
    /// The connection was lost while files were imported. They wait; the message is that of the first
    /// of them.
    Lost(&'a str),
    /// The database is back.
    Back,
    /// An hour has passed, and the watcher is alive.
    Alive {
        /// Files that were moved since the start.
        settled: u64,
        /// Files that wait.
        waiting: usize,
    },
}

/// Why a file is where it was.
#[derive(Debug)]
pub enum WhyKept {
    /// It is in, or refused, but cannot be moved.
    Unmoved(io::Error),
    /// It cannot be read at the moment.
    Unread(io::Error),
    /// The database, or the file's company in it, is not as it should be: the message, and what to
    /// do.
    Waits(String, Option<String>),
    /// The file was changed while it was read; its new content is read in its turn.
    Changed,
    /// A program has had the file open for writing for a minute and more.
    Open,
    /// The file is still being written, and this run does not wait for that.
    Written,
}

/// Why something is not touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhySkipped {
    /// A folder whose name is not that of an active company.
    UnknownCompany,
    /// A folder inside an inbox.
    Nested,
    /// What should be a folder of vama's own or of a company, but is a link, no folder, or closed.
    NotAFolder,
}

impl WhySkipped {
    /// Returns the exit status of a run that has found this.
    pub(super) fn exit(self) -> ExitStatus {
        match self {
            Self::UnknownCompany | Self::Nested => ExitStatus::Done,
            Self::NotAFolder => ExitStatus::Failed,
        }
    }
}

/// Is told what happens.
pub trait Observer {
    /// Takes an event.
    fn tell(&mut self, event: Event<'_>);
}
