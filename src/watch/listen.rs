//! The system's notices that something happened in a folder. The only place that knows notify.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Error, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::sleep;

use super::folder::Identity;

/// How long events are gathered before they are told: many files often come at once.
const GATHER: Duration = Duration::from_millis(200);

/// The system's notices. They tell that something happened; what it was is found out by looking.
pub(super) struct Events {
    watcher: RecommendedWatcher,
    heard: Receiver<()>,
    covered: HashSet<(PathBuf, Identity)>,
}

impl Events {
    /// Begins to listen, to no folder yet.
    pub(super) fn new() -> Result<Self, Error> {
        let (tell, heard) = mpsc::channel(1);
        let watcher = notify::recommended_watcher(move |event: Result<Event, Error>| {
            // Where a notice waits already, a second one is not needed. Errors are a reason to
            // look, too.
            if event.map_or(true, |event| is_news(event.kind)) {
                let _ = tell.try_send(());
            }
        })?;
        Ok(Self { watcher, heard, covered: HashSet::new() })
    }

    /// Listens to these folders, and to no others. A folder that was made anew under the same name
    /// counts as another.
    ///
    /// # Errors
    ///
    /// The error of the last folder that cannot be listened to. It listens to all others
    /// nevertheless.
    pub(super) fn cover(&mut self, folders: &[(PathBuf, Identity)]) -> Result<(), Error> {
        let wanted: HashSet<&(PathBuf, Identity)> = folders.iter().collect();
        let watcher = &mut self.watcher;
        self.covered.retain(|covered| {
            let is_there = wanted.contains(covered);
            if !is_there {
                // This fails for a folder that was removed: the system has stopped listening to it
                // already.
                drop(watcher.unwatch(&covered.0));
            }
            is_there
        });
        let mut result = Ok(());
        for folder in folders {
            if self.covered.contains(folder) {
                continue;
            }
            match watcher.watch(&folder.0, RecursiveMode::NonRecursive) {
                Ok(()) => drop(self.covered.insert(folder.clone())),
                Err(error) => result = Err(error),
            }
        }
        result
    }

    /// Forgets which folders it listens to, so that all are covered anew. Not every file system
    /// tells a folder apart from another one that took its place.
    pub(super) fn doubt(&mut self) {
        self.covered.clear();
    }

    /// Waits until something happened, and then a moment for the notices that come with it.
    pub(super) async fn heard(&mut self) {
        if self.heard.recv().await.is_none() {
            std::future::pending().await
        }
        sleep(GATHER).await;
        while self.heard.try_recv().is_ok() {}
    }
}

/// Returns whether there may be something to take. A program that only reads changes nothing, and
/// the watcher itself reads.
fn is_news(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}
