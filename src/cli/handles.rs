//! How many files the program may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that may be open, where the system sets no limit of its own.
const FILES_MAX: u64 = 65_536;

/// Raises the limit that shells set (often 1,024) as far as the system lets every user: a watcher of a
/// thousand companies has a folder open for each.
pub(super) fn raise_limit() {
    let limit = getrlimit(Resource::Nofile);
    let current = Some(limit.maximum.unwrap_or(FILES_MAX));
    // Where it is refused, the limit is as it was, and a file that cannot be opened is told.
    // No limit at all is `None`.
    if limit.current.is_some() && limit.current < current {
        let _ = setrlimit(Resource::Nofile, Rlimit { current, maximum: limit.maximum });
    }
}
