//! A folder that files are dropped into: each is brought in and moved to where it belongs.
//!
//! ```text
//!   DIR/                      files that find their company by themselves
//!     firma-noua/             files of that company; made for each active one
//!       imported/2026-03/     in; beside a file of which rows are held, <name>.txt names them
//!       duplicate/            the same bytes were in already
//!       failed/               not in; <name>.txt says why and what to do next
//!     imported/ duplicate/ failed/
//! ```
//!
//! The database decides, not the folder: a file is claimed by its digest in the transaction that
//! brings it in, and moved afterwards. Whoever is killed in between leaves a file that is known when it
//! is met again. Nothing is remembered outside of the database but what is seen to be still.
//!
//! ```text
//!   event, poll, five minutes ─► look (inbox) ─► still? ─► bring in (batch) ─► put away
//! ```

mod desk;
mod events;
mod folder;
mod inbox;
mod look;
mod names;
mod pause;
mod put_away;
mod rename;
mod run;
mod still;
mod stop;
mod taken;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::report::{ExitStatus, FileReport};
use crate::store::StoreError;

pub use run::watch;
pub use stop::Stop;

/// How often all folders are looked through, whatever was or was not heard of them.
pub const LOOK_EVERY: Duration = Duration::from_secs(5 * 60);

/// How often the watcher says that it is alive.
pub const BEAT_EVERY: Duration = Duration::from_secs(60 * 60);

/// How a folder is watched.
#[derive(Debug, Clone)]
pub struct Orders {
    /// The folder.
    pub folder: PathBuf,
    /// How long size and time of a file must be still before it is taken.
    pub settle: Duration,
    /// How often to look; `None` where the system tells what happens in a folder.
    pub poll: Option<Duration>,
    /// Take what is there and end.
    pub once: bool,
    /// Files that are read at once.
    pub jobs: usize,
}

/// What the watcher tells.
#[derive(Debug)]
pub enum Event<'a> {
    /// It watches so many folders.
    Watching(usize),
    /// The company has a folder now.
    NewFolder(&'a str),
    /// All is known of a file; it has a report a source, and was moved.
    Settled(&'a [FileReport]),
    /// A file is where it was, and is tried again; why, and what to do.
    Stays {
        /// Its path.
        file: &'a str,
        /// Why.
        why: Stay,
    },
    /// Something in the folder is not touched.
    LeftAlone {
        /// Its path.
        what: &'a str,
        /// Why.
        why: Alone,
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
    /// It can again.
    Opened,
    /// The database is away, or turns every file down; files stay.
    Away(&'a StoreError),
    /// It was lost on the way; what was said of a file that waits.
    Lost(&'a str),
    /// It is back.
    Back,
    /// An hour has passed.
    Alive {
        /// Files that were moved since the start.
        settled: u64,
        /// Files that wait.
        waiting: usize,
    },
}

/// Why a file is where it was.
#[derive(Debug)]
pub enum Stay {
    /// It is in, or refused, but cannot be moved.
    Unmoved(io::Error),
    /// It cannot be read at the moment.
    Unread(io::Error),
    /// The database, or its company in it, is not as it should be: by these words, with what to do.
    Waits(String, Option<String>),
    /// It was changed while it was read; what it is now waits for its turn.
    Changed,
    /// Something still writes it, and nobody waits for that.
    Written,
}

/// Why something is not touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alone {
    /// A folder that is of no active company.
    Stranger,
    /// A folder inside an inbox.
    Within,
    /// A folder of vama's own, or of a company, that is a link, no folder, or closed.
    NoFolder,
}

impl Alone {
    /// Returns how a run ends that has met it.
    fn exit(self) -> ExitStatus {
        match self {
            Self::Stranger | Self::Within => ExitStatus::Done,
            Self::NoFolder => ExitStatus::Failed,
        }
    }
}

/// Is told what happens.
pub trait Observer {
    /// Takes an event.
    fn tell(&mut self, event: Event<'_>);
}
