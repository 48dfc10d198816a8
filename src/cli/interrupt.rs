//! Ctrl-C and SIGTERM: leave at once. What was not committed, the database rolls back.

use std::process;

use super::output;
use crate::watch::Stop;

/// Exit status after Ctrl-C: 128 and the signal's number, as shells have it.
pub(super) const INTERRUPTED: i32 = 130;
/// Exit status after SIGTERM.
#[cfg(unix)]
const TERMINATED: i32 = 143;

/// Listens for signals beside the work, which may be busy on every core when one comes.
pub(super) fn listen() {
    tokio::spawn(async {
        leave(wait().await);
    });
}

/// Listens for signals to a command that ends by itself: the first asks it to, the second ends the
/// process.
pub(super) fn listen_gently(stop: Stop, say: impl FnOnce() + Send + 'static) {
    tokio::spawn(async move {
        wait().await;
        say();
        stop.ask();
        leave(wait().await);
    });
}

/// Ends the process.
pub(super) fn leave(status: i32) -> ! {
    output::say("interrupted: what was not finished is rolled back; `vama log` shows what is in");
    process::exit(status)
}

#[cfg(unix)]
async fn wait() -> i32 {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminated) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => INTERRUPTED,
        _ = terminated.recv() => TERMINATED,
    }
}

#[cfg(not(unix))]
async fn wait() -> i32 {
    match tokio::signal::ctrl_c().await {
        Ok(()) => INTERRUPTED,
        Err(_) => std::future::pending().await,
    }
}
