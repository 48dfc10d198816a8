//! Whose fault a failure is. What is done about a failure follows from that alone.
//!
//! | | exit status | tried again | in parts | a watched file |
//! |---|---|---|---|---|
//! | the file, unreadable, unrouted, misrouted | 4, 1 | no | | `failed/` |
//! | its rows, a bug | 1 | no | yes | `failed/` |
//! | changed | 4 | no | yes | waits to be still |
//! | unavailable | 1 | no | yes | waits |
//! | a clash with another writer | 1 | at once | yes | `failed/` |
//! | a deadlock | 5 | at once | | the database is paused |
//! | lost | 5 | after pauses | | the database is paused |
//! | locked | 5 | no | | waits, for seconds |
//! | busy, full | 5 | no | | the database is paused |
//! | too slow | 5 | no | yes, until one file alone is | the database is paused |
//! | company, tables, rights, set-up, behind | 4, 1, 6 | no | | waits |
//! | usage, request, refused | 2, 1, 4 | no | | waits |

mod chosen;
pub mod refusal;

use std::fmt;
use std::panic::Location;

pub use chosen::ChosenBy;
pub use refusal::Refusal;

/// Whose fault a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The file's content: another try would end the same way.
    File,
    /// No company was found for the file.
    Unrouted,
    /// The file belongs to another company than the one that was named.
    Misrouted,
    /// The operating system does not give the file out.
    Unreadable,
    /// The operating system gave the file out at first and then no more: its disk or network share
    /// is away.
    Unavailable,
    /// The file was changed while it was read.
    Changed,
    /// The database rejected rows of the file: a constraint, or a value that a column cannot hold.
    Rows,
    /// The unique key of a table rejected a row although the look-up had not found its key: another
    /// writer put the key in at the same moment, or the platform has added a unique key of its own.
    Clash,
    /// The server ended the transaction since it and another one waited for each other.
    Deadlock,
    /// No active company has this name.
    Company,
    /// The company's tables, or the registry's, are not as the migrations make them.
    Tables,
    /// This user may not do that.
    Rights,
    /// How the database is reached is not set up right: its name, the sign-in, TLS, the embedded
    /// database's folder.
    Setup,
    /// Another session has locked the company or one of its tables.
    Locked,
    /// Somebody else uses what is needed (all connections), or the server takes no writes now.
    Busy,
    /// A limit on the time or the size of a statement ended it.
    Slow,
    /// The connection was lost, or could not be made.
    Lost,
    /// The server has no room left: on its disk or in its memory.
    Full,
    /// The database is not at the migration that this program brings.
    Behind,
    /// The command line is wrong.
    Usage,
    /// What was asked for cannot be done as things stand.
    Request,
    /// What was asked for would change something that does not belong to vama, or lose something.
    Refused,
    /// A mistake in vama.
    Bug,
}

impl Fault {
    /// Returns how a run ends when this is its worst fault.
    pub fn exit(self) -> ExitStatus {
        match self {
            Self::File | Self::Unrouted | Self::Misrouted | Self::Changed => ExitStatus::Refused,
            Self::Company | Self::Refused => ExitStatus::Refused,
            Self::Unreadable | Self::Unavailable | Self::Rows | Self::Clash | Self::Tables => {
                ExitStatus::Failed
            }
            Self::Rights | Self::Setup | Self::Request | Self::Bug => ExitStatus::Failed,
            Self::Deadlock | Self::Busy | Self::Slow | Self::Lost => ExitStatus::TryAgain,
            Self::Locked | Self::Full => ExitStatus::TryAgain,
            Self::Behind => ExitStatus::Outdated,
            Self::Usage => ExitStatus::Usage,
        }
    }

    /// Returns whether the same request may well work later although nobody changes anything.
    pub fn is_transient(self) -> bool {
        self.exit() == ExitStatus::TryAgain
    }

    /// Returns whether a group may have failed because of one of its files, so that the other files
    /// may go in without it.
    pub fn may_be_one_files_fault(self) -> bool {
        match self {
            Self::File | Self::Unrouted | Self::Misrouted | Self::Unreadable => true,
            Self::Unavailable | Self::Changed | Self::Rows | Self::Clash => true,
            Self::Slow | Self::Bug => true,
            Self::Deadlock | Self::Company | Self::Tables | Self::Rights => false,
            Self::Setup | Self::Locked | Self::Busy | Self::Lost => false,
            Self::Full | Self::Behind => false,
            Self::Usage | Self::Request | Self::Refused => false,
        }
    }
}

/// A state that vama's own code rules out, so a mistake in vama. The file under way fails: going on
/// with a made-up value would put that value into a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Impossible {
    /// The state, in words.
    pub what: &'static str,
    /// The place in vama's code.
    pub place: &'static Location<'static>,
}

impl Impossible {
    /// What to do about it.
    pub const ADVICE: &'static str = "this is a bug in vama: please report it";

    /// Makes the error, with the place of the call.
    #[track_caller]
    pub fn new(what: &'static str) -> Self {
        Self { what, place: Location::caller() }
    }
}

impl fmt::Display for Impossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a mistake in vama: {} ({}); nothing was kept", self.what, self.place)
    }
}

/// How a run ended, from best to worst: with several files the worst one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExitStatus {
    /// All in, or there already.
    Done,
    /// In, but rows are held.
    Held,
    /// A file was refused: unknown, does not add up, wrong company.
    Refused,
    /// Some companies failed.
    SomeFailed,
    /// Failed.
    Failed,
    /// The database cannot be reached, or a lock was not to be had: try again.
    TryAgain,
    /// The schema is not at the current migration.
    Outdated,
    /// The command line is wrong.
    Usage,
}

impl ExitStatus {
    /// Returns the process's exit status.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Held => 3,
            Self::Refused => 4,
            Self::TryAgain => 5,
            Self::Outdated => 6,
            Self::SomeFailed => 7,
        }
    }
}
