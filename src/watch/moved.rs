//! Files that were moved → those that somebody has changed afterwards, back into their inbox.
//!
//! A sender that stalls for longer than a file has to be still goes on writing into the file that was
//! moved meanwhile. What it writes then would never be read.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::event::Event;
use super::folder::{Fingerprint, Folder};
use super::inbox::Inbox;
use super::inbox_file::InboxFile;
use super::names::numbered;
use super::put_away::NUMBERS_MAX;
use super::watcher::Watcher;
use super::writers;

/// How long a file is looked after that was moved.
const LOOKED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// How often at most they are looked at.
const EVERY: Duration = Duration::from_secs(1);

/// Files that were moved within the last day.
#[derive(Debug, Default)]
pub(super) struct MovedFiles {
    files: Vec<MovedFile>,
    looked_at: Option<Instant>,
}

/// A file that was moved.
#[derive(Debug)]
struct MovedFile {
    inbox: Arc<Inbox>,
    /// Its path below the inbox.
    place: PathBuf,
    /// The name that it had in the inbox.
    name: OsString,
    as_it_was: Fingerprint,
    at: Instant,
    /// How it looks since it was changed, and since when.
    changed: Option<(Fingerprint, Instant)>,
}

impl MovedFile {
    /// Opens the folder that the file is in.
    fn folder(&self) -> io::Result<Folder> {
        let parent = self.place.parent().unwrap_or(Path::new(""));
        let mut parts = parent.components();
        let first = parts.next().ok_or(io::ErrorKind::NotFound)?;
        let first = self.inbox.folder.below(first.as_os_str())?;
        parts.try_fold(first, |folder, part| folder.below(part.as_os_str()))
    }

    /// Returns how the file looks now; `None` where it is gone or another file is in its place.
    fn look(&self) -> Option<Fingerprint> {
        let (_, now) = self.folder().ok()?.look(self.place.file_name()?).ok()?;
        (now.id() == self.as_it_was.id()).then_some(now)
    }

    /// Moves the file back into its inbox; returns the path that it has there.
    fn give_back(&self) -> io::Result<PathBuf> {
        let folder = self.folder()?;
        let name = self.place.file_name().ok_or(io::ErrorKind::NotFound)?;
        for number in 1..NUMBERS_MAX {
            let new_name = numbered(&self.name, number, false);
            match folder.pass(name, &self.inbox.folder, &new_name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                passed => return passed.map(|()| self.inbox.path.join(new_name)),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

impl MovedFiles {
    /// Looks after a file from now on that was moved to this path.
    pub(super) fn add(&mut self, file: &InboxFile, to: &Path) {
        if let Ok(place) = to.strip_prefix(&file.inbox.path) {
            self.files.push(MovedFile {
                inbox: Arc::clone(&file.inbox),
                place: place.to_owned(),
                name: file.name.clone(),
                as_it_was: file.seen,
                at: Instant::now(),
                changed: None,
            });
        }
    }

    /// Returns the files that were changed and are still again; looks at all files for that.
    fn changed(&mut self, still_for: Duration, now: Instant) -> Vec<MovedFile> {
        self.looked_at = Some(now);
        self.files.retain_mut(|file| {
            let looked = file.look().filter(|_| now.duration_since(file.at) < LOOKED_AFTER);
            let Some(looked) = looked else { return false };
            if looked != file.as_it_was && file.changed.is_none_or(|(before, _)| before != looked) {
                file.changed = Some((looked, now));
            }
            true
        });
        let is_due = |file: &MovedFile| {
            file.changed.is_some_and(|(_, since)| now.duration_since(since) >= still_for)
        };
        let due: HashSet<_> =
            self.files.iter().filter(|it| is_due(it)).map(|it| it.as_it_was.id()).collect();
        if due.is_empty() {
            return Vec::new();
        }
        let written = writers::written(&due);
        self.files
            .extract_if(.., |file| is_due(file) && !written.contains(&file.as_it_was.id()))
            .collect()
    }

    /// Returns when to look again at files that were changed.
    pub(super) fn next(&self) -> Option<Instant> {
        let changed = self.files.iter().any(|file| file.changed.is_some());
        self.looked_at.filter(|_| changed).and_then(|at| at.checked_add(EVERY))
    }
}

impl Watcher<'_> {
    /// Moves those files back into their inboxes that were changed after they had been moved.
    pub(super) fn take_back(&mut self, now: Instant) {
        let looked_at = self.moved.looked_at;
        if looked_at.is_some_and(|at| now.duration_since(at) < EVERY) {
            return;
        }
        for file in self.moved.changed(self.orders.still_for, now) {
            let place = file.inbox.path.join(&file.place);
            match file.give_back() {
                Ok(to) => self.observer.tell(Event::TakenBack { file: &place, to: &to }),
                Err(error) => tracing::warn!(%error, "{} was changed", place.display()),
            }
        }
    }
}
