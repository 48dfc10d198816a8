//! How long to wait before the database is tried again.

use std::time::{Duration, Instant};

/// The first pause.
const FIRST: Duration = Duration::from_secs(1);

/// The longest one: whoever brings the database back waits no longer than this.
const LONGEST: Duration = Duration::from_secs(60);

/// Pauses that grow while the database is away.
#[derive(Debug, Default)]
pub(super) struct Pause {
    last: Option<Duration>,
    until: Option<Instant>,
}

impl Pause {
    /// Begins the next pause, twice as long as the last; returns whether it is the first.
    pub(super) fn begin(&mut self, now: Instant) -> bool {
        let is_first = self.last.is_none();
        let pause = self.last.map_or(FIRST, |last| (last * 2).min(LONGEST));
        (self.last, self.until) = (Some(pause), now.checked_add(pause));
        is_first
    }

    /// Notes that the database is there; returns whether it was away.
    pub(super) fn end(&mut self) -> bool {
        self.until = None;
        self.last.take().is_some()
    }

    /// Returns whether the database was away when it was last tried.
    pub(super) fn is_begun(&self) -> bool {
        self.last.is_some()
    }

    /// Returns when the database may be tried again, where that is not now.
    pub(super) fn until(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_minute_and_begin_anew_when_it_was_back() {
        let (mut pause, now) = (Pause::default(), Instant::now());
        assert!(!pause.end());
        let mut lengths = Vec::new();
        for count in 0..8 {
            assert_eq!(pause.begin(now), count == 0);
            lengths.push(pause.until(now).unwrap().duration_since(now).as_secs());
        }
        assert_eq!(lengths, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert!(pause.end());
        assert_eq!(pause.until(now), None);
        assert!(pause.begin(now));
    }
}
