//! What systemd is told (sd_notify(3)); without systemd nothing. The only place that knows sd-notify.

#[cfg(unix)]
use std::time::Instant;

#[cfg(unix)]
use sd_notify::NotifyState;

use crate::store::Pulse;

/// Says that the watcher watches.
pub(super) fn ready(status: &str) {
    #[cfg(unix)]
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
    #[cfg(not(unix))]
    let _ = status;
}

/// Says what the watcher is about, for `systemctl status`.
pub(super) fn status(status: &str) {
    #[cfg(unix)]
    tell(&[NotifyState::Status(status)]);
    #[cfg(not(unix))]
    let _ = status;
}

/// Says that the watcher ends.
pub(super) fn stopping() {
    #[cfg(unix)]
    tell(&[NotifyState::Stopping]);
}

/// Says that the watcher is alive, four times as often as the service's WatchdogSec asks for, as
/// long as its loop is at work: where no work was seen for half of WatchdogSec, nothing is said.
pub(super) fn start_watchdog(pulse: Pulse) {
    #[cfg(unix)]
    if let Some(limit) = sd_notify::watchdog_enabled() {
        tokio::spawn(async move {
            let mut interval = tokio::time::interval(limit / 4);
            loop {
                interval.tick().await;
                if pulse.beats(Instant::now(), limit / 2) {
                    tell(&[NotifyState::Watchdog]);
                }
            }
        });
    }
    #[cfg(not(unix))]
    drop(pulse);
}

#[cfg(unix)]
fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "systemd does not listen");
    }
}
