//! Imports → where their files lie now, found by the digests of their bytes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::source::{Found, Source, find, open};
use crate::store::{AccountImport, hex};

/// Where a file lies: its path, and its name inside the zip or mail at that path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: PathBuf,
    pub(super) member: Option<String>,
}

/// Finds the files of imports: among the paths that the user named and below the folders among them, then
/// where a watched folder has put what is in. Returns the places by digest.
pub(super) fn find_files<'i>(
    imports: impl Iterator<Item = &'i AccountImport> + Clone,
    named: &[PathBuf],
) -> HashMap<String, Place> {
    let mut places = HashMap::new();
    find(named).iter().for_each(|found| look_at(found, &mut places));
    for import in imports {
        let Some(inbox) = &import.inbox else { continue };
        if places.contains_key(&import.sha256) {
            continue;
        }
        let name = import.container.as_deref().unwrap_or(&import.file);
        let moved = find(&[Path::new(inbox).join("imported")]);
        moved.iter().filter(|it| is_called(it, name)).for_each(|it| look_at(it, &mut places));
    }
    places
}

/// Returns whether a file that was moved may have had that name: where it was taken, the file got a
/// number behind its stem.
fn is_called(found: &Found, name: &str) -> bool {
    let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
    let file = found.path.file_name().unwrap_or_default().to_string_lossy();
    file.starts_with(&*stem)
}

/// Adds the sources at a path. What cannot be read is the file of no import.
fn look_at(found: &Found, places: &mut HashMap<String, Place>) {
    for source in open(&found.path).into_iter().flatten().flatten() {
        let Some(digest) = digest(&source) else { continue };
        let member = source.member().map(str::to_owned);
        places.entry(digest).or_insert_with(|| Place { path: found.path.clone(), member });
    }
}

fn digest(source: &Source) -> Option<String> {
    source.sha256().ok().map(hex)
}
