//! Files that were moved → those that somebody has changed afterwards, back into their inbox.
//!
//! A sender that stalls for longer than a file has to be still goes on writing into the file that was
//! moved meanwhile. What it writes then would never be read.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::event::Event;
use super::folder::{Fingerprint, Folder};
use super::inbox_file::InboxFile;
use super::names::numbered;
use super::put_away::NUMBERS_MAX;
use super::watcher::Watcher;
use super::writers;

/// How long a file is looked after that was moved.
const LOOKED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Files that are looked after at most; of more, the newest.
const FILES_MAX: usize = 20_000;

/// How soon a file is looked at again that was moved a moment ago, or was changed.
const SOON: Duration = Duration::from_secs(1);

/// A file that was moved longer ago than this is looked at less often: after as much time again as
/// has passed in tens.
const SHARE_OF_AGE: u32 = 10;

/// Files that were moved within the last day, the oldest first.
#[derive(Debug, Default)]
pub(super) struct MovedFiles(Vec<MovedFile>);

/// A file that was moved. Its folder is opened anew for each look, so that a share can be unmounted.
#[derive(Debug)]
struct MovedFile {
    /// The folder of its inbox, and the folder that it is in now, below the watched folder.
    inbox: PathBuf,
    folder: PathBuf,
    /// The names that it had in the inbox and has now.
    name: OsString,
    new_name: OsString,
    as_it_was: Fingerprint,
    at: Instant,
    look_at: Instant,
    /// How it looks since it was changed, and since when.
    changed: Option<(Fingerprint, Instant)>,
}

/// The folders that one look has opened, by their path below the watched folder.
struct Opened<'p> {
    root: &'p Path,
    folders: HashMap<PathBuf, Arc<Folder>>,
}

impl Opened<'_> {
    /// Opens a folder below the watched one; never through a link.
    fn folder(&mut self, path: &Path) -> io::Result<Arc<Folder>> {
        if let Some(folder) = self.folders.get(path) {
            return Ok(Arc::clone(folder));
        }
        let root = Folder::open(self.root)?;
        let parts = &mut path.components();
        let folder = parts.try_fold(root, |folder, part| folder.below(part.as_os_str()))?;
        let folder = Arc::new(folder);
        self.folders.insert(path.to_owned(), Arc::clone(&folder));
        Ok(folder)
    }
}

impl MovedFile {
    /// Looks at the file; returns whether it is to be looked after any longer. Where the folder does
    /// not answer at the moment, it is.
    fn look(&mut self, opened: &mut Opened<'_>, now: Instant) -> bool {
        let age = now.duration_since(self.at);
        self.look_at = now + SOON.max(age / SHARE_OF_AGE);
        match opened.folder(&self.folder).and_then(|folder| folder.look(&self.new_name)) {
            // It was moved on, or another file has its name now.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return false,
            Ok((_, looked)) if looked.id() != self.as_it_was.id() => return false,
            Ok((_, looked)) if looked != self.as_it_was => {
                if self.changed.is_none_or(|(before, _)| before != looked) {
                    self.changed = Some((looked, now));
                }
                self.look_at = now + SOON;
            }
            Ok(_) | Err(_) => {}
        }
        age < LOOKED_AFTER
    }

    fn is_still(&self, still_for: Duration, now: Instant) -> bool {
        self.changed.is_some_and(|(_, since)| now.duration_since(since) >= still_for)
    }

    /// Moves the file back into its inbox; returns the path that it has there.
    fn give_back(&self, opened: &mut Opened<'_>) -> io::Result<PathBuf> {
        let (folder, inbox) = (opened.folder(&self.folder)?, opened.folder(&self.inbox)?);
        for number in 1..NUMBERS_MAX {
            let name = numbered(&self.name, number, false);
            match folder.pass(&self.new_name, &inbox, &name) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                passed => return passed.map(|()| opened.root.join(&self.inbox).join(name)),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

impl MovedFiles {
    /// Looks after a file from now on that was moved to this path below the watched folder.
    pub(super) fn add(&mut self, root: &Path, file: &InboxFile, to: &Path) {
        let below = |path: &Path| path.strip_prefix(root).map(Path::to_owned).ok();
        let folder = to.parent().and_then(below);
        let (inbox, new_name) = (below(&file.inbox.path), to.file_name());
        let (Some(inbox), Some(folder), Some(new_name)) = (inbox, folder, new_name) else { return };
        if self.0.len() == FILES_MAX {
            self.0.remove(0);
        }
        let now = Instant::now();
        self.0.push(MovedFile {
            inbox,
            folder,
            name: file.name.clone(),
            new_name: new_name.to_owned(),
            as_it_was: file.seen,
            at: now,
            look_at: now + SOON,
            changed: None,
        });
    }

    /// Looks at the files whose time has come; returns those that were changed and are still again,
    /// and that no program has open.
    fn changed(
        &mut self,
        opened: &mut Opened<'_>,
        still_for: Duration,
        now: Instant,
    ) -> Vec<MovedFile> {
        self.0.retain_mut(|file| file.look_at > now || file.look(opened, now));
        let due = self.0.iter().filter(|file| file.is_still(still_for, now));
        let due: HashSet<_> = due.map(|file| file.as_it_was.id()).collect();
        if due.is_empty() {
            return Vec::new();
        }
        let written = writers::written(&due);
        let is_whole = |file: &mut MovedFile| {
            file.is_still(still_for, now) && !written.contains(&file.as_it_was.id())
        };
        self.0.extract_if(.., is_whole).collect()
    }

    /// Returns when to look again at files that were changed.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.iter().filter(|file| file.changed.is_some()).map(|file| file.look_at).min()
    }
}

impl Watcher<'_> {
    /// Moves those files back into their inboxes that were changed after they had been moved.
    pub(super) fn take_back(&mut self, now: Instant) {
        let root = &self.orders.folder;
        let mut opened = Opened { root, folders: HashMap::new() };
        let changed = self.moved.changed(&mut opened, self.orders.still_for, now);
        self.pulse.mark();
        for mut file in changed {
            let place = root.join(&file.folder).join(&file.new_name);
            match file.give_back(&mut opened) {
                Ok(to) => self.observer.tell(Event::TakenBack { file: &place, to: &to }),
                Err(error) => {
                    let place = place.display();
                    tracing::debug!(%error, "{place} was changed and cannot be moved back yet");
                    file.changed = Some((file.as_it_was, now));
                    self.moved.0.push(file);
                }
            }
        }
    }
}
