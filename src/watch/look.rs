//! One look through all folders.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::sync::Arc;
use std::time::Instant;

use super::event::{Event, WhyKept, WhySkipped};
use super::folder::Kind;
use super::inbox::{Inbox, Skipped, Slugs, inboxes};
use super::inbox_file::InboxFile;
use super::put_away::is_reason;
use super::watcher::Watcher;
use super::words as text;
use super::writers::{self, FileId};
use crate::source::is_ignored;

impl Watcher<'_> {
    /// Looks at every file in the inboxes, and returns those that may be taken.
    pub(super) fn look(&mut self, now: Instant) -> io::Result<Vec<InboxFile>> {
        self.looked_at = now;
        self.take_back(now);
        self.still.begin();
        self.folders.clear();
        let mut skipped = Skipped::new();
        let slugs = self.slugs.clone().unwrap_or_default();
        let mut ready = Vec::new();
        for inbox in inboxes(&self.orders.folder, &slugs, &mut skipped, self.observer)? {
            self.pulse.mark();
            let listed =
                inbox.folder.names().and_then(|names| Ok((names, inbox.folder.identity()?)));
            match listed {
                Ok((names, identity)) => {
                    self.folders.push((inbox.path.clone(), identity));
                    let names = names.into_iter().filter(|name| !is_ignored(name));
                    self.look_into(&inbox, names.collect(), &slugs, &mut skipped, &mut ready);
                }
                // A company's folder that cannot be read does not keep the others from their files.
                Err(_) if inbox.slug.is_some() => {
                    skipped.insert((inbox.path.clone(), WhySkipped::NotAFolder));
                }
                Err(error) => return Err(error),
            }
        }
        self.still.end();
        tracing::debug!(folders = self.folders.len(), ready = ready.len(), "looked");
        self.tell_of(skipped);
        self.leave_written(&mut ready);
        Ok(ready)
    }

    /// Leaves those files where they are that some program still has open for writing.
    fn leave_written(&mut self, ready: &mut Vec<InboxFile>) {
        let files: HashSet<FileId> = ready.iter().map(|file| file.seen.id()).collect();
        if files.is_empty() {
            return;
        }
        let written = writers::written(&files);
        for file in ready.extract_if(.., |file| written.contains(&file.seen.id())) {
            let (key, path) = (file.key(), file.path());
            if self.still.is_written(&key, self.looked_at) {
                let news = self.still.is_news(&key, text::OPEN_ELSEWHERE);
                let why = WhyKept::Open;
                if news && !self.orders.once {
                    self.observer.tell(Event::Kept { file: &path, why });
                }
            }
        }
    }

    fn look_into(
        &mut self,
        inbox: &Arc<Inbox>,
        mut names: Vec<OsString>,
        slugs: &Slugs,
        skipped: &mut Skipped,
        ready: &mut Vec<InboxFile>,
    ) {
        names.sort_unstable();
        for name in names {
            // A file that is gone by now needs nothing.
            let Ok(looked) = inbox.folder.look(&name) else { continue };
            if looked.0 == Kind::Folder || inbox.is_reserved(&name, slugs) {
                let why = inbox.why_skipped(&name, looked.0, slugs);
                let why = why.filter(|_| self.slugs.is_some());
                skipped.extend(why.map(|why| (inbox.path.join(&name), why)));
                continue;
            }
            let key = (inbox.slug.clone(), name.clone());
            if self.still.see(&key, looked.1, self.looked_at) && !was_a_reason(inbox, &name) {
                ready.push(InboxFile::new(Arc::clone(inbox), name, looked));
            }
        }
    }

    /// Tells of what is not touched, once for as long as it stays so.
    fn tell_of(&mut self, skipped: Skipped) {
        for (path, why) in skipped.difference(&self.skipped) {
            self.worst = self.worst.max(why.exit());
            let what = &*path.to_string_lossy();
            self.observer.tell(Event::Skipped { what, why: *why });
        }
        self.skipped = skipped;
    }
}

/// Removes a reason that was moved back together with its file, and returns whether it was one. A
/// reason is vama's own file, and is written again if need be.
fn was_a_reason(inbox: &Inbox, name: &OsStr) -> bool {
    let ends = name.as_encoded_bytes().ends_with(b".txt");
    let was = ends && is_reason(&inbox.folder, name);
    if was {
        drop(inbox.folder.remove(name));
    }
    was
}
