//! A request to end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Asks a watcher to end after the files in hand.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    wanted: Arc<AtomicBool>,
    bell: Arc<Notify>,
}

impl Stop {
    /// Asks the watcher to end.
    pub fn ask(&self) {
        self.wanted.store(true, Ordering::Relaxed);
        self.bell.notify_one();
    }

    /// Returns whether the watcher was asked to end.
    pub fn is_asked(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }

    /// Waits until the watcher is asked to end.
    pub(super) async fn asked(&self) {
        while !self.is_asked() {
            self.bell.notified().await;
        }
    }

    /// Returns the flag that the reading threads of a run look at.
    pub(super) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.wanted)
    }
}
