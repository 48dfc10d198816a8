//! What a run says of a file → the file is moved, or it stays and the observer is told why.

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use chrono::Local;

use super::event::{Event, LOOK_EVERY, WhyKept};
use super::inbox_file::{InboxFile, Opening};
use super::put_away::{
    Destination, Moved, Verdict, is_locked, is_yet_to_be_moved, judge, put_away,
};
use super::still::InboxPath;
use super::watcher::Watcher;
use crate::road::Recipient;
use crate::road::report::{ExitStatus, FileReport};

/// How soon the files of a company are tried again that another session had locked.
const AFTER_LOCK: Duration = Duration::from_secs(10);

/// How soon a file is tried again whose company, or the database, was not as it should be.
const AFTER_WAIT: Duration = Duration::from_secs(25);

/// Takes the files of a run as they are settled.
pub(super) struct InboxRecipient<'a, 'w> {
    pub(super) watcher: &'a mut Watcher<'w>,
    /// The message of the first file for which the database could not be asked.
    pub(super) lost: Option<String>,
    /// Whether any file is in, which shows that the database takes files.
    pub(super) landed: bool,
    /// How many files of each company wait, since another session has locked the company.
    pub(super) locked: BTreeMap<String, usize>,
}

impl<'a, 'w> InboxRecipient<'a, 'w> {
    pub(super) fn new(watcher: &'a mut Watcher<'w>) -> Self {
        Self { watcher, lost: None, landed: false, locked: BTreeMap::new() }
    }
}

impl Recipient<InboxFile> for InboxRecipient<'_, '_> {
    fn settled(&mut self, _: usize, file: &InboxFile, reports: Vec<FileReport>) {
        self.watcher.pulse.mark();
        self.landed |= reports.iter().any(|report| report.import.is_some());
        for report in reports.iter().filter(|report| !is_locked(report)) {
            self.watcher.locked.remove(report.company.as_deref().unwrap_or_default());
        }
        match self.watcher.finish(file, reports) {
            Some(Waits::Lost(message)) => {
                self.lost.get_or_insert(message);
            }
            Some(Waits::Locked(slug)) => *self.locked.entry(slug).or_default() += 1,
            None => {}
        }
    }
}

/// Why a file waits together with others.
enum Waits {
    /// The database could not be asked; the message.
    Lost(String),
    /// Another session has locked this company.
    Locked(String),
}

impl Watcher<'_> {
    /// Judges a file and moves it; returns why it waits where others wait for the same.
    fn finish(&mut self, file: &InboxFile, mut reports: Vec<FileReport>) -> Option<Waits> {
        let (key, path) = (file.key(), file.path());
        let verdict = match file.opened() {
            Some(Opening::Gone) => {
                self.still.forget(&key);
                return None;
            }
            Some(Opening::Trouble(error)) => {
                let error = io::Error::new(error.kind(), error.to_string());
                self.leave(&key, &path, ExitStatus::Failed, WhyKept::Unread(error));
                return None;
            }
            Some(Opening::Changed) => Verdict::Changed,
            Some(Opening::Read) | None => judge(&reports),
        };
        let verdict = match verdict {
            Verdict::Move(Destination::Duplicate) if is_yet_to_be_moved(file, &reports) => {
                reports = reports.into_iter().map(FileReport::as_then).collect();
                Verdict::Move(Destination::Imported)
            }
            verdict => verdict,
        };
        let exit = reports.iter().map(FileReport::exit).max().unwrap_or(ExitStatus::Done);
        match verdict {
            Verdict::Lost(message) => {
                self.worst = self.worst.max(exit);
                return Some(Waits::Lost(message));
            }
            Verdict::Locked(slug) => {
                self.worst = self.worst.max(exit);
                self.still.leave(&key, Instant::now() + AFTER_LOCK);
                return Some(Waits::Locked(slug));
            }
            Verdict::Waits(message, advice) => {
                self.worst = self.worst.max(exit);
                self.still.leave(&key, Instant::now() + AFTER_WAIT);
                if self.still.is_news(&key, &message) {
                    self.tell_kept(&path, WhyKept::Waits(message, advice));
                }
            }
            Verdict::Changed => self.has_changed(&key, &path),
            Verdict::Move(destination) => match put_away(file, destination, &reports) {
                Ok(Moved::To(to, unwritten)) => {
                    self.still.forget(&key);
                    self.moved.add(&self.orders.folder, file, &to);
                    let to = to.to_string_lossy().into_owned();
                    self.settled += 1;
                    self.worst = self.worst.max(exit);
                    reports.iter_mut().for_each(|report| report.moved_to = Some(to.clone()));
                    self.observer.tell(Event::Moved(&reports));
                    if let Some(error) = &unwritten {
                        self.observer.tell(Event::NoReason { file: &to, error });
                    }
                }
                Ok(Moved::Swapped) => {
                    // What was read is in, although no file has that content any more.
                    self.worst = self.worst.max(exit);
                    self.observer.tell(Event::Moved(&reports));
                    self.has_changed(&key, &path);
                }
                // Another watcher moved it first.
                Err(error) if error.kind() == io::ErrorKind::NotFound => self.still.forget(&key),
                Err(error) => {
                    let exit = exit.max(ExitStatus::Failed);
                    self.leave(&key, &path, exit, WhyKept::Unmoved(error));
                }
            },
        }
        None
    }

    /// Tells of each company that another session has locked how many of its files wait; once, until
    /// one of them is in.
    pub(super) fn tell_locked(&mut self, locked: BTreeMap<String, usize>) {
        for (slug, files) in locked {
            let is_news = !self.locked.contains_key(&slug);
            let since = *self.locked.entry(slug.clone()).or_insert_with(Local::now);
            match is_news {
                true => self.observer.tell(Event::Locked { slug: &slug, files, since }),
                false => tracing::debug!(slug, files, "still locked"),
            }
        }
    }

    /// Leaves a file where it is until the next look through everything.
    fn leave(&mut self, key: &InboxPath, path: &str, exit: ExitStatus, why: WhyKept) {
        self.still.leave(key, Instant::now() + LOOK_EVERY);
        self.worst = self.worst.max(exit);
        self.tell_kept(path, why);
    }

    /// Lets a file that was changed wait until it is still again.
    fn has_changed(&mut self, key: &InboxPath, path: &str) {
        self.still.forget(key);
        self.look_again = true;
        self.worst = self.worst.max(ExitStatus::TryAgain);
        self.tell_kept(path, WhyKept::Changed);
    }

    fn tell_kept(&mut self, file: &str, why: WhyKept) {
        self.observer.tell(Event::Kept { file, why });
    }
}
