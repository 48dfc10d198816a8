//! How long each stage of a run takes: by the clock, and added up over the threads.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// A stage that a file goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Looking for files in folders.
    Find,
    /// Reading bytes from the disk, and unpacking them.
    Read,
    /// Recognising the format and reading records.
    Parse,
    /// Checking that files add up.
    Check,
    /// Making digests and keys.
    Identify,
    /// Working with the database up to the commit; rows are made meanwhile.
    Load,
    /// COMMIT.
    Commit,
}

impl Stage {
    /// All stages, in the order in which a file goes through them.
    pub const ALL: [Self; 7] = [
        Self::Find,
        Self::Read,
        Self::Parse,
        Self::Check,
        Self::Identify,
        Self::Load,
        Self::Commit,
    ];

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Find => "find",
            Self::Read => "read",
            Self::Parse => "parse",
            Self::Check => "check",
            Self::Identify => "identify",
            Self::Load => "load",
            Self::Commit => "commit",
        }
    }
}

/// Time that a stage took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// How long at least one thread was in the stage.
    pub wall: Duration,
    /// The time of all threads in the stage, added up.
    pub busy: Duration,
}

/// Measures the stages of a run, from any thread.
///
/// A thread is in one stage at a time: the time of an inner stage counts for that stage alone, not
/// for the outer one.
#[derive(Debug, Default)]
pub struct Meter(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    gauges: BTreeMap<Stage, Gauge>,
    threads: HashMap<ThreadId, (Stage, Instant)>,
    spans: BTreeMap<Stage, Vec<(Instant, Instant)>>,
}

#[derive(Debug, Default)]
struct Gauge {
    spent: Spent,
    inside: usize,
    since: Option<Instant>,
}

impl Meter {
    /// Does the work, and counts its time for the stage.
    pub fn within<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let outer = self.turn(Some(stage));
        let made = work();
        self.turn(outer);
        made
    }

    /// Counts a time span for a stage that no thread as a whole is in: several companies are loaded
    /// at a time, over a connection each.
    pub fn span(&self, stage: Stage, begun: Instant, ended: Instant) {
        self.lock().spans.entry(stage).or_default().push((begun, ended));
    }

    /// Returns how long the stage took so far; a stage has either threads or spans.
    pub fn spent(&self, stage: Stage) -> Spent {
        let state = self.lock();
        match state.spans.get(&stage) {
            Some(spans) => of_spans(spans.clone()),
            None => state.gauges.get(&stage).map(|gauge| gauge.spent).unwrap_or_default(),
        }
    }

    /// Moves this thread into another stage, or out of all stages; returns the stage that it was
    /// in.
    fn turn(&self, to: Option<Stage>) -> Option<Stage> {
        let mut state = self.lock();
        state.turn(thread::current().id(), to, Instant::now())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A thread that panicked while it held the lock left whole numbers behind, so they are used
        // on.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn turn(&mut self, thread: ThreadId, to: Option<Stage>, now: Instant) -> Option<Stage> {
        let from = self.threads.remove(&thread);
        if let Some((stage, since)) = from {
            self.gauges.entry(stage).or_default().leave(since, now);
        }
        if let Some(stage) = to {
            self.gauges.entry(stage).or_default().enter(now);
            self.threads.insert(thread, (stage, now));
        }
        from.map(|(stage, _)| stage)
    }
}

impl Gauge {
    fn enter(&mut self, now: Instant) {
        self.inside += 1;
        self.since.get_or_insert(now);
    }

    fn leave(&mut self, entered: Instant, now: Instant) {
        self.spent.busy += now.duration_since(entered);
        self.inside -= 1;
        if self.inside == 0 {
            let since = self.since.take().unwrap_or(now);
            self.spent.wall += now.duration_since(since);
        }
    }
}

/// Adds up spans, of which some may lie within others or overlap them.
fn of_spans(mut spans: Vec<(Instant, Instant)>) -> Spent {
    spans.sort_unstable();
    let mut spent = Spent::default();
    let mut covered: Option<Instant> = None;
    for (begun, ended) in spans {
        spent.busy += ended.saturating_duration_since(begun);
        let from = covered.map_or(begun, |until| until.max(begun));
        spent.wall += ended.saturating_duration_since(from);
        covered = covered.max(Some(ended));
    }
    spent
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays turns of threads at moments in milliseconds, and tells wall and busy of each stage.
    fn played(turns: &[(ThreadId, Option<Stage>, u64)]) -> Vec<(Stage, u128, u128)> {
        let (mut state, begun) = (State::default(), Instant::now());
        for (thread, to, at) in turns {
            state.turn(*thread, *to, begun + Duration::from_millis(*at));
        }
        let told = |(stage, gauge): (&Stage, &Gauge)| {
            (*stage, gauge.spent.wall.as_millis(), gauge.spent.busy.as_millis())
        };
        state.gauges.iter().map(told).collect()
    }

    fn another_thread() -> ThreadId {
        thread::spawn(|| thread::current().id()).join().unwrap()
    }

    #[test]
    fn time_within_another_stage_counts_for_that_one_alone() {
        let (me, parse, identify) =
            (thread::current().id(), Some(Stage::Parse), Some(Stage::Identify));
        let told = played(&[(me, parse, 0), (me, identify, 3), (me, parse, 10), (me, None, 12)]);
        assert_eq!(told, [(Stage::Parse, 5, 5), (Stage::Identify, 7, 7)]);
    }

    #[test]
    fn threads_in_a_stage_at_once_take_one_wall_time() {
        let (me, other, parse) = (thread::current().id(), another_thread(), Some(Stage::Parse));
        let told = played(&[(me, parse, 0), (other, parse, 4), (me, None, 6), (other, None, 9)]);
        assert_eq!(told, [(Stage::Parse, 9, 11)]);
    }

    #[test]
    fn a_stage_within_another_ends_where_it_began() {
        let meter = Meter::default();
        meter.within(Stage::Parse, || {
            meter.within(Stage::Identify, || ());
            assert_eq!(meter.turn(Some(Stage::Parse)), Some(Stage::Parse));
        });
        assert_eq!(meter.turn(None), None);
    }

    #[test]
    fn spans_that_overlap_take_one_wall_time() {
        let (meter, begun) = (Meter::default(), Instant::now());
        let second = |count| begun + Duration::from_secs(count);
        for (from, until) in [(4, 6), (0, 3), (1, 2), (2, 5), (8, 9)] {
            meter.span(Stage::Load, second(from), second(until));
        }
        let (wall, busy) = (Duration::from_secs(7), Duration::from_secs(10));
        assert_eq!(meter.spent(Stage::Load), Spent { wall, busy });
    }
}
