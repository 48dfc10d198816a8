//! The folders that files are dropped into.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::folder::{Folder, Kind};
use super::look::LeftAlone;
use super::{Alone, Event, Observer};
use crate::source::is_ignored;

/// The folders inside an inbox that files are moved to.
pub(super) const IMPORTED: &str = "imported";
pub(super) const DUPLICATE: &str = "duplicate";
pub(super) const FAILED: &str = "failed";

/// The slugs of the active companies.
pub(super) type Slugs = BTreeSet<String>;

/// A folder that files are dropped into.
#[derive(Debug)]
pub(super) struct Inbox {
    /// The company that its files are of; none where they find it by themselves.
    pub(super) slug: Option<String>,
    pub(super) folder: Folder,
    /// Where it is, as the user named it.
    pub(super) path: PathBuf,
}

/// Opens the watched folder, and in it that of each company, which is made where it is missing.
///
/// # Errors
///
/// A watched folder that cannot be looked into; a company's that cannot is left alone.
pub(super) fn inboxes(
    path: &Path,
    slugs: &Slugs,
    alone: &mut LeftAlone,
    observer: &mut dyn Observer,
) -> io::Result<Vec<Arc<Inbox>>> {
    let root = Folder::open(path)?;
    let mut inboxes = Vec::new();
    for slug in slugs {
        let below = path.join(slug);
        let made = is_folder_name(slug).then(|| root.made(OsStr::new(slug)));
        let Some(Ok((folder, is_new))) = made else {
            alone.insert((below, Alone::NoFolder));
            continue;
        };
        if is_new {
            observer.tell(Event::NewFolder(slug));
        }
        inboxes.push(Inbox { slug: Some(slug.clone()), folder, path: below });
    }
    inboxes.push(Inbox { slug: None, folder: root, path: path.to_owned() });
    Ok(inboxes.into_iter().map(Arc::new).collect())
}

/// Returns whether a company's slug can be a folder beside those that files are moved to.
fn is_folder_name(slug: &str) -> bool {
    let mut parts = Path::new(slug).components();
    let plain =
        matches!((parts.next(), parts.next()), (Some(Component::Normal(it)), None) if it == slug);
    plain && !is_ours(OsStr::new(slug)) && !is_ignored(OsStr::new(slug))
}

/// Returns whether files are moved to a folder of that name.
pub(super) fn is_ours(name: &OsStr) -> bool {
    [IMPORTED, DUPLICATE, FAILED].iter().any(|ours| name == *ours)
}

impl Inbox {
    /// Returns whether the name is that of a folder of vama's own, whatever stands under it.
    pub(super) fn is_reserved(&self, name: &OsStr, slugs: &Slugs) -> bool {
        let is_slug = || name.to_str().is_some_and(|name| slugs.contains(name));
        is_ours(name) || (self.slug.is_none() && is_slug())
    }

    /// Returns why a folder, or what stands in the place of one, is not looked into; none where it is,
    /// or is known to be for what was done already.
    pub(super) fn why_alone(&self, name: &OsStr, kind: Kind, slugs: &Slugs) -> Option<Alone> {
        match (&self.slug, self.is_reserved(name, slugs)) {
            (_, true) => (kind != Kind::Folder).then_some(Alone::NoFolder),
            (Some(_), false) => Some(Alone::Within),
            (None, false) => Some(Alone::Stranger),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_that_is_no_plain_folder_has_none() {
        for slug in ["..", ".", "", "a/b", "/a", "a/", ".a", "failed", "imported", "@eaDir"] {
            assert!(!is_folder_name(slug), "{slug}");
        }
        assert!(is_folder_name("firma-noua"));
    }
}
