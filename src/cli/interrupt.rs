//! Ctrl-C and SIGTERM: leave at once. What was not committed, the database rolls back.

use std::process;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::output;
use crate::watch::Stop;

/// Exit status after Ctrl-C: 128 and the signal's number, as shells have it.
pub(super) const INTERRUPTED: i32 = 130;
/// Exit status after SIGTERM.
#[cfg(unix)]
const TERMINATED: i32 = 143;

/// Listens for signals in a task of its own, since the work may be busy on every core when one
/// comes.
pub(super) fn listen() {
    tokio::spawn(async {
        leave(Signals::new().next().await);
    });
}

/// Listens for signals to a command that can end in good order: the first signal asks it to, the
/// second ends the process.
pub(super) fn listen_gently(stop: Stop, say: impl FnOnce() + Send + 'static) {
    let mut signals = Signals::new();
    tokio::spawn(async move {
        signals.next().await;
        say();
        stop.ask();
        leave(signals.next().await);
    });
}

/// Ends the process.
pub(super) fn leave(status: i32) -> ! {
    output::say("interrupted: what was not finished is rolled back; `vama log` shows what is in");
    process::exit(status)
}

/// Ctrl-C and SIGTERM; none is missed from the moment on at which this is made.
#[cfg(unix)]
struct Signals(Option<(Signal, Signal)>);

#[cfg(unix)]
impl Signals {
    fn new() -> Self {
        let streams = signal(SignalKind::interrupt());
        Self(streams.and_then(|it| Ok((it, signal(SignalKind::terminate())?))).ok())
    }

    /// Waits for the next signal, and returns the exit status that it stands for.
    async fn next(&mut self) -> i32 {
        let Some((interrupted, terminated)) = &mut self.0 else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupted.recv() => INTERRUPTED,
            _ = terminated.recv() => TERMINATED,
        }
    }
}

/// Ctrl-C.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Self {
        Self
    }

    /// Waits for the next signal, and returns the exit status that it stands for.
    async fn next(&mut self) -> i32 {
        match tokio::signal::ctrl_c().await {
            Ok(()) => INTERRUPTED,
            Err(_) => std::future::pending().await,
        }
    }
}
