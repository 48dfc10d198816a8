//! Which files have been still for long enough.

use std::collections::HashMap;
use std::ffi::OsString;
use std::time::{Duration, Instant};

use super::folder::Fingerprint;

/// A file by its inbox and its name.
pub(super) type InboxPath = (Option<String>, OsString);

/// How soon at the earliest it is looked again whether a program still writes a file.
const WRITTEN_AGAIN: Duration = Duration::from_secs(1);

/// How long a program may have a file open until the user is told of it.
const WRITTEN_LONG: Duration = Duration::from_secs(60);

/// Files that were seen, each with the moment since which it has not changed.
#[derive(Debug)]
pub(super) struct Still {
    still_for: Duration,
    files: HashMap<InboxPath, Seen>,
    /// Counts the looks, so that files which are gone are forgotten.
    looks: u64,
}

#[derive(Debug)]
struct Seen {
    as_it_is: Fingerprint,
    since: Instant,
    look: u64,
    /// When a file that was tried already may be tried again.
    not_before: Option<Instant>,
    /// Since when it is known that a program has it open for writing.
    written_since: Option<Instant>,
    /// Why it waits, as the user was told.
    told: Option<String>,
}

impl Still {
    pub(super) fn new(still_for: Duration) -> Self {
        Self { still_for, files: HashMap::new(), looks: 0 }
    }

    /// Begins another look through all folders.
    pub(super) fn begin(&mut self) {
        self.looks += 1;
    }

    /// Takes in a file as it is seen now; returns whether it may be taken.
    pub(super) fn see(&mut self, key: &InboxPath, as_it_is: Fingerprint, now: Instant) -> bool {
        let new = || Seen {
            as_it_is,
            since: now,
            look: 0,
            not_before: None,
            written_since: None,
            told: None,
        };
        let seen = self.files.entry(key.clone()).or_insert_with(new);
        if seen.as_it_is != as_it_is {
            *seen = new();
        }
        seen.look = self.looks;
        is_ready(seen, self.still_for, now)
    }

    /// Forgets the files that were not seen since this look began.
    pub(super) fn end(&mut self) {
        self.files.retain(|_, seen| seen.look == self.looks);
    }

    /// Forgets a file: it was moved, or must be still again from its next look on.
    pub(super) fn forget(&mut self, key: &InboxPath) {
        self.files.remove(key);
    }

    /// Leaves a file alone until then, unless it changes.
    pub(super) fn leave(&mut self, key: &InboxPath, until: Instant) {
        if let Some(seen) = self.files.get_mut(key) {
            seen.not_before = Some(until);
        }
    }

    /// Notes that a program has the file open for writing, and leaves it alone for a moment; returns
    /// whether that has been so for long.
    pub(super) fn is_written(&mut self, key: &InboxPath, now: Instant) -> bool {
        let until = now.checked_add(self.still_for.max(WRITTEN_AGAIN));
        let Some(seen) = self.files.get_mut(key) else { return false };
        seen.not_before = until;
        let since = *seen.written_since.get_or_insert(now);
        now.duration_since(since) >= WRITTEN_LONG
    }

    /// Notes what the user is told of a file that waits; returns whether that is news.
    pub(super) fn is_news(&mut self, key: &InboxPath, told: &str) -> bool {
        let Some(seen) = self.files.get_mut(key) else { return true };
        let is_news = seen.told.as_deref() != Some(told);
        seen.told = Some(told.to_owned());
        is_news
    }

    /// Returns how many files wait.
    pub(super) fn waiting(&self) -> usize {
        self.files.len()
    }

    /// Returns the next moment at which a file may be taken that was not ready at the last look;
    /// `now` is the moment of that look.
    pub(super) fn next(&self, now: Instant) -> Option<Instant> {
        let due = |seen: &Seen| seen.not_before.max(seen.since.checked_add(self.still_for));
        self.files.values().filter_map(due).filter(|due| *due > now).min()
    }

    /// Returns the files that were not still when they were last seen, or were open for writing.
    pub(super) fn moving(&self, now: Instant) -> impl Iterator<Item = &InboxPath> {
        let moving =
            move |seen: &Seen| seen.since + self.still_for > now || seen.written_since.is_some();
        self.files.iter().filter(move |(_, seen)| moving(seen)).map(|(key, _)| key)
    }
}

fn is_ready(seen: &Seen, still_for: Duration, now: Instant) -> bool {
    let still = now.saturating_duration_since(seen.since) >= still_for;
    still && seen.not_before.is_none_or(|until| until <= now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::folder::Folder;

    const SETTLE: Duration = Duration::from_secs(2);

    fn at(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn a_file_is_taken_when_size_and_time_have_been_still_for_as_long_as_was_asked() {
        let path = tempfile::tempdir().unwrap();
        let folder = Folder::open(path.path()).unwrap();
        let key = (None, OsString::from("a.sta"));
        let print = |text: &str| {
            folder.write(&key.1, text).unwrap();
            folder.look(&key.1).unwrap().1
        };
        let (mut still, start) = (Still::new(SETTLE), Instant::now());
        let first = print(":20:");
        assert!(!still.see(&key, first, start));
        assert_eq!(still.next(start), Some(at(start, 2)));
        assert!(!still.see(&key, first, at(start, 1)));
        let second = print(":20:A");
        assert!(!still.see(&key, second, at(start, 2)));
        assert_eq!(still.moving(at(start, 2)).count(), 1);
        assert!(!still.see(&key, second, at(start, 3)));
        assert!(still.see(&key, second, at(start, 4)));

        still.leave(&key, at(start, 9));
        assert!(still.is_news(&key, "why") && !still.is_news(&key, "why"));
        assert!(still.is_news(&key, "why else"));
        assert!(!still.see(&key, second, at(start, 8)));
        assert!(still.see(&key, second, at(start, 9)));
        still.forget(&key);
        assert!(!still.see(&key, second, at(start, 10)));
        still.begin();
        still.end();
        assert_eq!(still.waiting(), 0);
    }

    #[test]
    fn without_a_time_to_be_still_a_file_is_taken_at_once() {
        let path = tempfile::tempdir().unwrap();
        let folder = Folder::open(path.path()).unwrap();
        folder.write("a".as_ref(), "x").unwrap();
        let print = folder.look("a".as_ref()).unwrap().1;
        assert!(Still::new(Duration::ZERO).see(&(None, "a".into()), print, Instant::now()));
    }
}
