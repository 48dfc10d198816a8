//! The system's word that something happened in a folder. The only place that knows notify.

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

/// Tells that something happened, not what: whoever hears it looks for himself.
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
            // Where one is on its way nobody needs a second; errors are a reason to look as well.
            if event.map_or(true, |event| is_news(event.kind)) {
                let _ = tell.try_send(());
            }
        })?;
        Ok(Self { watcher, heard, covered: HashSet::new() })
    }

    /// Listens to these folders, and to no others; one that was made anew under its name is another.
    ///
    /// # Errors
    ///
    /// Of the last folder that it cannot listen to; it does to the others.
    pub(super) fn cover(&mut self, folders: &[(PathBuf, Identity)]) -> Result<(), Error> {
        let wanted: HashSet<&(PathBuf, Identity)> = folders.iter().collect();
        let watcher = &mut self.watcher;
        self.covered.retain(|covered| {
            let is_there = wanted.contains(covered);
            if !is_there {
                // One that was removed is heard of no more already.
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

    /// Forgets what it listens to, so that all of it is covered anew: not every file system tells a
    /// folder from one that has its place.
    pub(super) fn doubt(&mut self) {
        self.covered.clear();
    }

    /// Waits until something happened, and then for what comes with it.
    pub(super) async fn heard(&mut self) {
        if self.heard.recv().await.is_none() {
            std::future::pending().await
        }
        sleep(GATHER).await;
        while self.heard.try_recv().is_ok() {}
    }
}

/// Returns whether there may be something to take: whoever only reads, as the watcher itself does,
/// changes nothing.
fn is_news(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}
