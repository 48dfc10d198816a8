//! One look through all folders.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use super::folder::Kind;
use super::inbox::inboxes;
use super::run::Watcher;
use super::taken::Taken;
use super::{Alone, Event, Observer};
use crate::source::is_ignored;

impl Watcher<'_> {
    /// Looks at every file in the inboxes, and returns those that may be taken.
    pub(super) fn look(&mut self, now: Instant) -> io::Result<Vec<Taken>> {
        let slugs = self.slugs.clone().unwrap_or_default();
        self.still.begin();
        let mut told = Vec::new();
        let inboxes =
            inboxes(&self.orders.folder, &slugs, &mut Once(self.observer, &mut self.told))?;
        let mut ready = Vec::new();
        for inbox in inboxes {
            let mut names = inbox.folder.names()?;
            names.sort_unstable();
            for name in names.into_iter().filter(|name| !is_ignored(name)) {
                // One that is gone by now is nobody's loss.
                let Ok(looked) = inbox.folder.look(&name) else { continue };
                if looked.0 == Kind::Folder || inbox.is_reserved(&name, &slugs) {
                    let why = inbox.why_alone(&name, looked.0, &slugs);
                    let why = why.filter(|_| self.slugs.is_some());
                    told.extend(why.map(|why| (inbox.path.join(&name), why)));
                } else if self.still.see(&(inbox.slug.clone(), name.clone()), looked.1, now) {
                    ready.push(Taken::new(Arc::clone(&inbox), name, looked));
                }
            }
        }
        self.still.end();
        for (path, why) in told {
            let what = &*path.to_string_lossy();
            Once(self.observer, &mut self.told).tell(Event::LeftAlone { what, why });
        }
        Ok(ready)
    }
}

/// Tells only once of each thing that is not touched.
struct Once<'a>(&'a mut dyn Observer, &'a mut HashSet<(String, Alone)>);

impl Observer for Once<'_> {
    fn tell(&mut self, event: Event<'_>) {
        if let Event::LeftAlone { what, why } = &event
            && !self.1.insert(((*what).to_owned(), *why))
        {
            return;
        }
        self.0.tell(event);
    }
}
