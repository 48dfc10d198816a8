//! Whether a loop still does its work, for whoever watches over it.
//!
//! Work is alive when something wakes it: a row that was sent, an answer that came. A call into the
//! system that hangs and a connection that is silent do not wake it, so the work counts as dead.
//! Where silence is to be expected, the work says until when.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

tokio::task_local! {
    /// The pulse of the work under way, where somebody watches over it.
    static PULSE: Pulse;
}

/// The pulse of a loop; its clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Pulse(Arc<Mutex<Beat>>);

#[derive(Debug, Default)]
struct Beat {
    /// When the loop was last seen at work.
    last: Option<Instant>,
    /// The waits under way, each with its number and until when it may last. Several companies may
    /// be waited for at once.
    waits: Vec<(u64, Instant)>,
    /// How many waits there were.
    begun: u64,
}

impl Pulse {
    /// Notes that the loop is at work.
    pub fn mark(&self) {
        self.change(|beat| beat.last = Some(Instant::now()));
    }

    /// Returns whether the loop was seen at work `within` this time before `now`, or is in a wait
    /// that may still last.
    pub fn beats(&self, now: Instant, within: Duration) -> bool {
        let is_recent = |last: Instant| now.saturating_duration_since(last) <= within;
        self.change(|beat| {
            let may_last = beat.waits.iter().any(|(_, until)| now <= *until);
            beat.last.is_some_and(is_recent) || may_last
        })
    }

    /// Waits for something that is silent until it comes; it comes within `at_most`.
    pub async fn wait_at_most<T>(&self, at_most: Duration, wait: impl Future<Output = T>) -> T {
        self.mark();
        let under_way = Wait::begin(self, at_most);
        let came = wait.await;
        drop(under_way);
        self.mark();
        came
    }

    /// Does the work, and notes each time that something wakes it. Inside the work, [`wait_at_most`]
    /// says where silence is to be expected.
    pub async fn of<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(PULSE.scope(self.clone(), work));
        poll_fn(|context| {
            self.mark();
            work.as_mut().poll(context)
        })
        .await
    }

    fn change<T>(&self, change: impl FnOnce(&mut Beat) -> T) -> T {
        // A thread that panicked while it held the lock left whole moments behind, so they are used
        // on.
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A wait under way; it is over when this is dropped.
struct Wait<'p> {
    pulse: &'p Pulse,
    number: u64,
}

impl<'p> Wait<'p> {
    fn begin(pulse: &'p Pulse, at_most: Duration) -> Self {
        let number = pulse.change(|beat| {
            beat.begun += 1;
            let until = Instant::now().checked_add(at_most);
            beat.waits.extend(until.map(|until| (beat.begun, until)));
            beat.begun
        });
        Self { pulse, number }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.pulse.change(|beat| beat.waits.retain(|(other, _)| *other != self.number));
    }
}

/// Waits as [`Pulse::wait_at_most`] does, with the pulse of this work; where nobody watches over the
/// work, just waits.
pub async fn wait_at_most<T>(at_most: Duration, wait: impl Future<Output = T>) -> T {
    match PULSE.try_with(Pulse::clone) {
        Ok(pulse) => pulse.wait_at_most(at_most, wait).await,
        Err(_) => wait.await,
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::sync::oneshot;
    use tokio::time::timeout;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(60);

    /// Polls the work once, and returns whether it was done.
    async fn poll_once<T>(work: impl Future<Output = T>) -> bool {
        timeout(Duration::ZERO, work).await.is_ok()
    }

    #[tokio::test]
    async fn who_was_at_work_lately_is_alive() {
        let (pulse, now) = (Pulse::default(), Instant::now());
        assert!(!pulse.beats(now, LIMIT), "nothing was done yet");
        pulse.mark();
        assert!(pulse.clone().beats(now + LIMIT, LIMIT));
        assert!(!pulse.beats(Instant::now() + LIMIT * 2, LIMIT));
    }

    #[tokio::test]
    async fn work_that_nothing_wakes_is_not_alive_for_long() {
        let pulse = Pulse::default();
        let (answer, question) = oneshot::channel();
        let mut work = pin!(pulse.of(question));
        assert!(!poll_once(&mut work).await);
        let stuck = Instant::now() + Duration::from_nanos(1);
        assert!(!pulse.beats(stuck, Duration::ZERO));
        answer.send(()).unwrap();
        assert!(poll_once(&mut work).await);
        assert!(pulse.beats(stuck, Duration::ZERO), "it was woken since");
    }

    #[tokio::test]
    async fn who_waits_is_alive_until_the_wait_should_be_over() {
        let pulse = Pulse::default();
        {
            let mut work = pin!(pulse.of(wait_at_most(LIMIT, pending::<()>())));
            assert!(!poll_once(&mut work).await);
            let now = Instant::now();
            assert!(pulse.beats(now + LIMIT / 2, Duration::ZERO));
            assert!(!pulse.beats(now + LIMIT * 2, Duration::ZERO));
        }

        pulse.wait_at_most(LIMIT, async {}).await;
        let later = Instant::now() + LIMIT / 2;
        assert!(!pulse.beats(later, Duration::ZERO), "the wait is over");
        wait_at_most(LIMIT, async {}).await;
        assert!(!pulse.beats(later, Duration::ZERO), "nobody watches over this one");
    }

    #[tokio::test]
    async fn of_several_waits_each_counts_until_it_is_over() {
        let pulse = Pulse::default();
        let mut long = pin!(pulse.wait_at_most(LIMIT, pending::<()>()));
        assert!(!poll_once(&mut long).await);
        pulse.wait_at_most(LIMIT / 4, async {}).await;
        assert!(pulse.beats(Instant::now() + LIMIT / 2, Duration::ZERO));
    }
}
