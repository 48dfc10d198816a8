//! The system's word that something happened in a folder. The only place that knows notify.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use notify_debouncer_mini::notify::{Error, RecommendedWatcher, RecursiveMode};
use notify_debouncer_mini::{Debouncer, new_debouncer};
use tokio::sync::mpsc::{self, Receiver};

/// How long events are gathered before they are told: many files often come at once.
const GATHER: Duration = Duration::from_millis(200);

/// Tells that something happened, not what: whoever hears it looks for himself.
pub(super) struct Events {
    debouncer: Debouncer<RecommendedWatcher>,
    heard: Receiver<()>,
    covered: HashSet<PathBuf>,
}

impl Events {
    /// Begins to listen, to no folder yet.
    pub(super) fn new() -> Result<Self, Error> {
        let (tell, heard) = mpsc::channel(1);
        let debouncer = new_debouncer(GATHER, move |_| {
            // Where one is on its way nobody needs a second; errors are a reason to look as well.
            let _ = tell.try_send(());
        })?;
        Ok(Self { debouncer, heard, covered: HashSet::new() })
    }

    /// Listens to these folders, and to no others.
    ///
    /// # Errors
    ///
    /// The first folder that it cannot listen to; it does to the others.
    pub(super) fn cover(&mut self, folders: Vec<PathBuf>) -> Result<(), Error> {
        let wanted: HashSet<PathBuf> = folders.into_iter().collect();
        let watcher = self.debouncer.watcher();
        for gone in self.covered.difference(&wanted) {
            // One that was removed is covered no more already.
            drop(watcher.unwatch(gone));
        }
        // Again also those that are: a folder may have been made anew under its name.
        let mut covered = Ok(());
        for folder in &wanted {
            covered = covered.and(watcher.watch(folder, RecursiveMode::NonRecursive));
        }
        self.covered = wanted;
        covered
    }

    /// Waits until something happened.
    pub(super) async fn heard(&mut self) {
        if self.heard.recv().await.is_none() {
            std::future::pending().await
        }
    }
}
