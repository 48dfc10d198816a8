//! How long to wait before the database is tried again.

use std::time::{Duration, Instant};

/// The first pause.
const FIRST: Duration = Duration::from_secs(1);

/// The longest one: whoever brings the database back waits no longer than this.
const LONGEST: Duration = Duration::from_secs(60);

/// What the database does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Want {
    /// It does not answer.
    Answer,
    /// It answers, and takes no file.
    Landing,
}

/// Pauses that grow while the database is away.
#[derive(Debug, Default)]
pub(super) struct Pause {
    begun: Option<(Want, Duration)>,
    until: Option<Instant>,
}

impl Pause {
    /// Begins the next pause, twice as long as the last; returns whether it is the first.
    pub(super) fn begin(&mut self, want: Want, now: Instant) -> bool {
        let (want, pause) = match self.begun {
            None => (want, FIRST),
            Some((before, last)) => (want.max(before), (last * 2).min(LONGEST)),
        };
        let is_first = self.begun.replace((want, pause)).is_none();
        self.until = now.checked_add(pause);
        is_first
    }

    /// Notes what the database has done; returns whether that is what it did not do before.
    pub(super) fn end(&mut self, done: Want) -> bool {
        let ends = self.begun.is_some_and(|(want, _)| done >= want);
        if ends {
            (self.begun, self.until) = (None, None);
        }
        ends
    }

    /// Returns whether the database was away when it was last tried.
    pub(super) fn is_begun(&self) -> bool {
        self.begun.is_some()
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
        assert!(!pause.end(Want::Landing));
        let mut lengths = Vec::new();
        for count in 0..8 {
            assert_eq!(pause.begin(Want::Answer, now), count == 0);
            lengths.push(pause.until(now).unwrap().duration_since(now).as_secs());
        }
        assert_eq!(lengths, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert!(pause.end(Want::Answer));
        assert_eq!(pause.until(now), None);
        assert!(pause.begin(Want::Answer, now));
    }

    #[test]
    fn a_database_that_only_answers_is_not_back() {
        let (mut pause, now) = (Pause::default(), Instant::now());
        pause.begin(Want::Landing, now);
        assert!(!pause.end(Want::Answer));
        assert!(!pause.begin(Want::Answer, now));
        assert!(!pause.end(Want::Answer));
        assert!(pause.end(Want::Landing));
    }
}
