//! Paths → the files in and below them, in the order of their names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::ignored::is_ignored;
use super::member::shown;

/// What stands at a path.
#[derive(Debug)]
pub enum Found {
    /// A file; whether it can be opened is not known yet.
    File(PathBuf),
    /// A folder that cannot be looked into.
    Closed(PathBuf, io::Error),
}

impl Found {
    /// Returns the path.
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Closed(path, _) => path,
        }
    }
}

/// Returns the files that the paths name, and those below the folders among them.
///
/// Hidden files and those of other programs are left out ([`is_ignored`]). Links below a folder are
/// left out too, since nobody named the files that they lead to.
pub fn find(paths: &[PathBuf]) -> Vec<Found> {
    let mut found = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => look_into(path, &mut found),
            false => found.push(Found::File(path.clone())),
        }
    }
    found
}

fn look_into(folder: &Path, found: &mut Vec<Found>) {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return found.push(Found::Closed(folder.to_owned(), error)),
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
            Ok(kind) if kind.is_dir() => look_into(&path, found),
            Ok(_) => found.push(Found::File(path)),
            Err(error) => found.push(Found::Closed(path, error)),
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

        let told = found.iter().map(|it| match it {
            Found::File(path) => path.strip_prefix(folder.path()).unwrap().to_str().unwrap(),
            Found::Closed(..) => panic!("{it:?}"),
        });
        let told: Vec<&str> = told.collect();
        assert_eq!(told, ["a.zip", "b/a.sta", "b/z.sta", "c.sta", "missing"]);
    }
}
