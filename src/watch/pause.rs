//! How long to wait before the database is tried again.

use std::time::{Duration, Instant};

/// The first pause.
const FIRST: Duration = Duration::from_secs(1);

/// The longest pause: a database that is back is found out within this time.
const LONGEST: Duration = Duration::from_secs(30);

/// What the watcher wants of the database, and the database does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Awaited {
    /// To answer.
    Reply,
    /// To take a file: it answers, but takes none.
    LandedFile,
}

/// Pauses that grow while the database is away.
#[derive(Debug, Default)]
pub(super) struct Pause {
    begun: Option<(Awaited, Duration)>,
    until: Option<Instant>,
}

impl Pause {
    /// Begins the next pause, twice as long as the last; returns whether it is the first.
    pub(super) fn begin(&mut self, want: Awaited, now: Instant) -> bool {
        let (want, pause) = match self.begun {
            None => (want, FIRST),
            Some((before, last)) => (want.max(before), (last * 2).min(LONGEST)),
        };
        let is_first = self.begun.replace((want, pause)).is_none();
        self.until = now.checked_add(pause);
        is_first
    }

    /// Notes what the database has done; returns whether that ends the pauses, since it is what the
    /// database did not do before.
    pub(super) fn end(&mut self, done: Awaited) -> bool {
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
    fn pauses_grow_up_to_half_a_minute_and_begin_anew_when_it_was_back() {
        let (mut pause, now) = (Pause::default(), Instant::now());
        assert!(!pause.end(Awaited::LandedFile));
        let mut lengths = Vec::new();
        for count in 0..8 {
            assert_eq!(pause.begin(Awaited::Reply, now), count == 0);
            lengths.push(pause.until(now).unwrap().duration_since(now).as_secs());
        }
        assert_eq!(lengths, [1, 2, 4, 8, 16, 30, 30, 30]);
        assert!(pause.end(Awaited::Reply));
        assert_eq!(pause.until(now), None);
        assert!(pause.begin(Awaited::Reply, now));
    }

    #[test]
    fn a_database_that_only_answers_is_not_back() {
        let (mut pause, now) = (Pause::default(), Instant::now());
        pause.begin(Awaited::LandedFile, now);
        assert!(!pause.end(Awaited::Reply));
        assert!(!pause.begin(Awaited::Reply, now));
        assert!(!pause.end(Awaited::Reply));
        assert!(pause.end(Awaited::LandedFile));
    }
}
