//! Paths → the files in and below them, in the order of their names.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::ignored::is_ignored;
use super::member::shown;

/// What was found at a path.
#[derive(Debug)]
pub struct Found {
    /// The path.
    pub path: PathBuf,
    /// The place, among the paths that the user named, of the folder that it was found in; `None`
    /// where the user named the path itself.
    pub folder: Option<usize>,
    /// Why a folder cannot be looked into. Anything else is a file; whether that can be opened is not
    /// known yet.
    pub closed: Option<io::Error>,
}

impl Found {
    /// Makes what was found of a file that the user named.
    pub fn named(path: PathBuf) -> Self {
        Self { path, folder: None, closed: None }
    }
}

/// Returns the files that the paths name, and those below the folders among them.
///
/// Hidden files and those of other programs are left out ([`is_ignored`]). Links below a folder are
/// left out too, since nobody named the files that they lead to.
pub fn find(paths: &[PathBuf]) -> Vec<Found> {
    let mut found = Vec::new();
    for (place, path) in paths.iter().enumerate() {
        match path.is_dir() {
            true => look_into(path, place, &mut found),
            false => found.push(Found::named(path.clone())),
        }
    }
    found
}

/// Returns the folders among the paths in which no file was found: they are empty, or the disk or the
/// network share that should stand there is away.
pub fn without_files<'p>(paths: &'p [PathBuf], found: &[Found]) -> Vec<&'p Path> {
    let with_files: BTreeSet<usize> = found.iter().filter_map(|it| it.folder).collect();
    let paths = paths.iter().enumerate();
    let empty = paths.filter(|(place, path)| !with_files.contains(place) && path.is_dir());
    empty.map(|(_, path)| path.as_path()).collect()
}

/// Adds what is in a folder; `place` is the place of the folder that the user named.
fn look_into(folder: &Path, place: usize, found: &mut Vec<Found>) {
    let within = |path, closed| Found { path, folder: Some(place), closed };
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return found.push(within(folder.to_owned(), Some(error))),
    };
    entries.sort_unstable_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if is_ignored(&entry.file_name()) {
            continue;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_symlink() => {
                tracing::warn!("{}: left out, since it is a link", shown(&path.to_string_lossy()));
            }
            Ok(kind) if kind.is_dir() => look_into(&path, place, found),
            Ok(_) => found.push(within(path, None)),
            Err(error) => found.push(within(path, Some(error))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_in_the_order_of_their_names_without_hidden_ones_and_links() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("b/.git")).unwrap();
        for name in ["c.sta", "b/z.sta", "b/a.sta", ".hidden", "b/.git/x", "a.zip", "~$a.xlsx"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("/", folder.path().join("b/link")).unwrap();
        let missing = folder.path().join("missing");

        let found = find(&[folder.path().to_owned(), missing]);

        assert!(found.iter().all(|it| it.closed.is_none()));
        let paths = found.iter().map(|it| it.path.strip_prefix(folder.path()).unwrap());
        let told: Vec<&str> = paths.map(|path| path.to_str().unwrap()).collect();
        let folders: Vec<_> = found.iter().map(|it| it.folder).collect();
        assert_eq!(folders, [Some(0), Some(0), Some(0), Some(0), None]);
        assert_eq!(told, ["a.zip", "b/a.sta", "b/z.sta", "c.sta", "missing"]);
    }

    #[test]
    fn folders_without_files_are_known() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["full", "empty", "missing"].map(|name| folder.path().join(name));
        fs::create_dir_all(paths[0].join("deep")).unwrap();
        fs::write(paths[0].join("deep/a.sta"), "x").unwrap();
        fs::create_dir(&paths[1]).unwrap();
        fs::write(paths[1].join(".hidden"), "x").unwrap();

        assert_eq!(without_files(&paths, &find(&paths)), [paths[1].as_path()]);
    }
}
