//! The folders that files are dropped into.

use std::collections::{BTreeSet, HashSet};
use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::event::{Event, Observer, WhySkipped};
use super::folder::{Folder, Kind};
use crate::source::is_ignored;

/// The folders inside an inbox that files are moved to.
pub(super) const IMPORTED: &str = "imported";
pub(super) const DUPLICATE: &str = "duplicate";
pub(super) const FAILED: &str = "failed";

/// What a look has found and the watcher does not touch, each with the reason.
pub(super) type Skipped = HashSet<(PathBuf, WhySkipped)>;

/// The slugs of the active companies.
pub(super) type Slugs = BTreeSet<String>;

/// A folder that files are dropped into.
#[derive(Debug)]
pub(super) struct Inbox {
    /// The company of its files; `None` where each file's own account decides.
    pub(super) slug: Option<String>,
    pub(super) folder: Folder,
    /// The path of the folder, as the user named it.
    pub(super) path: PathBuf,
}

/// Opens the watched folder, and in it the folder of each company; a missing one is made.
///
/// # Errors
///
/// A watched folder that cannot be opened. A company's folder that cannot be opened is only
/// skipped.
pub(super) fn inboxes(
    path: &Path,
    slugs: &Slugs,
    skipped: &mut Skipped,
    observer: &mut dyn Observer,
) -> io::Result<Vec<Arc<Inbox>>> {
    let root = Folder::open(path)?;
    let mut inboxes = Vec::new();
    for slug in slugs {
        let below = path.join(slug);
        let made = is_folder_name(slug).then(|| root.made(OsStr::new(slug)));
        let Some(Ok((folder, is_new))) = made else {
            skipped.insert((below, WhySkipped::NotAFolder));
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

/// Returns whether a company's slug can name its folder: a plain name that is not ignored, and none
/// of those that files are moved to.
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
    /// Returns whether the name is kept for a folder of vama's own or of a company, whatever stands
    /// under it.
    pub(super) fn is_reserved(&self, name: &OsStr, slugs: &Slugs) -> bool {
        let is_slug = || name.to_str().is_some_and(|name| slugs.contains(name));
        is_ours(name) || (self.slug.is_none() && is_slug())
    }

    /// Returns why a folder, or what stands under the name of one, is not touched. Returns `None`
    /// for folders of a kept name: they are inboxes themselves, or hold files that were moved.
    pub(super) fn why_skipped(
        &self,
        name: &OsStr,
        kind: Kind,
        slugs: &Slugs,
    ) -> Option<WhySkipped> {
        match (&self.slug, self.is_reserved(name, slugs)) {
            (_, true) => (kind != Kind::Folder).then_some(WhySkipped::NotAFolder),
            (Some(_), false) => Some(WhySkipped::Nested),
            (None, false) => Some(WhySkipped::UnknownCompany),
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
