//! Waiting for a lock: how long, and what the user is told meanwhile.

use std::pin::pin;
use std::time::Duration;

use tokio::time::timeout;

use super::pulse;

/// How long a statement waits for a lock; an import of a large file may hold its company's lock
/// this long.
pub const WAIT_MAX: Duration = Duration::from_secs(10 * 60);

/// How long a wait lasts before the user is told of it.
pub(crate) const TELL_AFTER: Duration = Duration::from_secs(2);

/// Waits for a statement that takes a lock, and tells the user what it waits for where that takes
/// long.
///
/// The statement goes on meanwhile, so that telling costs no round trip.
pub(crate) async fn wait_for_lock<T>(what: &str, taking: impl Future<Output = T>) -> T {
    let telling = async {
        let mut taking = pin!(taking);
        if let Ok(taken) = timeout(TELL_AFTER, &mut taking).await {
            return taken;
        }
        tracing::warn!("waits for {what}");
        taking.await
    };
    pulse::wait_at_most(WAIT_MAX, telling).await
}
