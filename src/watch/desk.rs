//! What a run says of a file → the file is moved, or stays and is told why.

use std::io;
use std::time::Instant;

use super::put_away::{Moved, Verdict, judge, put_away};
use super::run::Watcher;
use super::still::Key;
use super::taken::{Opened, Taken};
use super::{Event, LOOK_EVERY, Stay};
use crate::batch::Desk;
use crate::report::{ExitStatus, FileReport};

/// Takes the files of a run as they are settled.
pub(super) struct Counter<'a, 'w> {
    pub(super) watcher: &'a mut Watcher<'w>,
    /// What was said of the first file for which the database could not be asked.
    pub(super) lost: Option<String>,
    /// Whether the database was there for any file.
    pub(super) landed: bool,
}

impl Desk<Taken> for Counter<'_, '_> {
    fn found(&mut self, _: u64) {}

    fn counted(&mut self, _: u64) {}

    fn settled(&mut self, _: usize, taken: &Taken, reports: Vec<FileReport>) {
        self.watcher.pulse.mark();
        self.landed |= reports.iter().any(|report| report.import.is_some());
        if let Some(message) = self.watcher.settle(taken, reports) {
            self.lost.get_or_insert(message);
        }
    }
}

impl Watcher<'_> {
    /// Judges a file and moves it.
    fn settle(&mut self, taken: &Taken, mut reports: Vec<FileReport>) -> Option<String> {
        let (key, path) = (taken.key(), taken.path());
        let verdict = match taken.opened() {
            Some(Opened::Gone) => {
                self.still.forget(&key);
                return None;
            }
            Some(Opened::Trouble(error)) => {
                let error = io::Error::new(error.kind(), error.to_string());
                self.leave(&key, &path, ExitStatus::Failed, Stay::Unread(error));
                return None;
            }
            Some(Opened::Changed) => Verdict::Changed,
            Some(Opened::Read) | None => judge(&reports),
        };
        let exit = reports.iter().map(FileReport::exit).max().unwrap_or(ExitStatus::Done);
        match verdict {
            Verdict::Lost(message) => {
                self.worst = self.worst.max(exit);
                return Some(message);
            }
            Verdict::Waits(message, advice) => {
                self.leave(&key, &path, exit, Stay::Waits(message, advice));
            }
            Verdict::Changed => self.has_changed(&key, &path),
            Verdict::Move(fate) => match put_away(taken, fate, &reports) {
                Ok(Moved::To(to, unwritten)) => {
                    self.still.forget(&key);
                    self.settled += 1;
                    self.worst = self.worst.max(exit);
                    reports.iter_mut().for_each(|report| report.moved_to = Some(to.clone()));
                    self.observer.tell(Event::Settled(&reports));
                    if let Some(error) = &unwritten {
                        self.observer.tell(Event::NoReason { file: &to, error });
                    }
                }
                Ok(Moved::Swapped) => {
                    // What was read is in, although it is no file any more.
                    self.worst = self.worst.max(exit);
                    self.observer.tell(Event::Settled(&reports));
                    self.has_changed(&key, &path);
                }
                // Another watcher was first.
                Err(error) if error.kind() == io::ErrorKind::NotFound => self.still.forget(&key),
                Err(error) => {
                    let exit = exit.max(ExitStatus::Failed);
                    self.leave(&key, &path, exit, Stay::Unmoved(error));
                }
            },
        }
        None
    }

    /// Leaves a file where it is until the next look through everything.
    fn leave(&mut self, key: &Key, path: &str, exit: ExitStatus, why: Stay) {
        self.still.leave(key, Instant::now() + LOOK_EVERY);
        self.worst = self.worst.max(exit);
        self.stays(path, why);
    }

    /// Waits for a file to be still anew.
    fn has_changed(&mut self, key: &Key, path: &str) {
        self.still.forget(key);
        self.look_again = true;
        self.worst = self.worst.max(ExitStatus::TryAgain);
        self.stays(path, Stay::Changed);
    }

    fn stays(&mut self, file: &str, why: Stay) {
        self.observer.tell(Event::Stays { file, why });
    }
}
