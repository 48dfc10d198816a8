//! What systemd is told (sd_notify(3)); without systemd nothing. The only place that knows sd-notify.

#[cfg(unix)]
use sd_notify::NotifyState;

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

/// Says that the watcher is alive, twice as often as the service's WatchdogSec asks for.
pub(super) fn start_watchdog() {
    #[cfg(unix)]
    if let Some(limit) = sd_notify::watchdog_enabled() {
        tokio::spawn(async move {
            let mut interval = tokio::time::interval(limit / 2);
            loop {
                interval.tick().await;
                tell(&[NotifyState::Watchdog]);
            }
        });
    }
}

#[cfg(unix)]
fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "systemd does not listen");
    }
}
