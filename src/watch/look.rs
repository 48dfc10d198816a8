//! One look through all folders.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::folder::Kind;
use super::inbox::{Inbox, Slugs, inboxes};
use super::put_away::is_reason;
use super::run::Watcher;
use super::taken::Taken;
use super::{Alone, Event};
use crate::source::is_ignored;

/// What was found at a look and is not touched.
pub(super) type LeftAlone = HashSet<(PathBuf, Alone)>;

impl Watcher<'_> {
    /// Looks at every file in the inboxes, and returns those that may be taken.
    pub(super) fn look(&mut self, now: Instant) -> io::Result<Vec<Taken>> {
        self.looked_at = now;
        self.still.begin();
        self.folders.clear();
        let mut alone = LeftAlone::new();
        let slugs = self.slugs.clone().unwrap_or_default();
        let mut ready = Vec::new();
        for inbox in inboxes(&self.orders.folder, &slugs, &mut alone, self.observer)? {
            self.pulse.mark();
            let listed =
                inbox.folder.names().and_then(|names| Ok((names, inbox.folder.identity()?)));
            match listed {
                Ok((names, identity)) => {
                    self.folders.push((inbox.path.clone(), identity));
                    let names = names.into_iter().filter(|name| !is_ignored(name));
                    self.look_into(&inbox, names.collect(), &slugs, &mut alone, &mut ready);
                }
                // One company's folder keeps no other from its files.
                Err(_) if inbox.slug.is_some() => {
                    alone.insert((inbox.path.clone(), Alone::NoFolder));
                }
                Err(error) => return Err(error),
            }
        }
        self.still.end();
        tracing::debug!(folders = self.folders.len(), ready = ready.len(), "looked");
        self.tell_of(alone);
        Ok(ready)
    }

    fn look_into(
        &mut self,
        inbox: &Arc<Inbox>,
        mut names: Vec<OsString>,
        slugs: &Slugs,
        alone: &mut LeftAlone,
        ready: &mut Vec<Taken>,
    ) {
        names.sort_unstable();
        for name in names {
            // One that is gone by now is nobody's loss.
            let Ok(looked) = inbox.folder.look(&name) else { continue };
            if looked.0 == Kind::Folder || inbox.is_reserved(&name, slugs) {
                let why = inbox.why_alone(&name, looked.0, slugs);
                let why = why.filter(|_| self.slugs.is_some());
                alone.extend(why.map(|why| (inbox.path.join(&name), why)));
                continue;
            }
            let key = (inbox.slug.clone(), name.clone());
            if self.still.see(&key, looked.1, self.looked_at) && !was_a_reason(inbox, &name) {
                ready.push(Taken::new(Arc::clone(inbox), name, looked));
            }
        }
    }

    /// Tells of what is not touched, once as long as it is so.
    fn tell_of(&mut self, alone: LeftAlone) {
        for (path, why) in alone.difference(&self.alone) {
            self.worst = self.worst.max(why.exit());
            let what = &*path.to_string_lossy();
            self.observer.tell(Event::LeftAlone { what, why: *why });
        }
        self.alone = alone;
    }
}

/// Takes a reason away that was moved back with its file: it is vama's own, and told again if need be.
fn was_a_reason(inbox: &Inbox, name: &OsStr) -> bool {
    let ends = name.as_encoded_bytes().ends_with(b".txt");
    let was = ends && is_reason(&inbox.folder, name);
    if was {
        drop(inbox.folder.remove(name));
    }
    was
}
