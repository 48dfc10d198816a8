//! A rename that never takes the place of another file.

use std::ffi::OsStr;
use std::io;

use cap_std::fs::Dir;

/// Moves a file from folder to folder on one file system.
///
/// # Errors
///
/// [`io::ErrorKind::AlreadyExists`] where the new name is taken, and what the system says.
#[cfg(any(target_os = "linux", target_os = "macos", target_os = "ios", target_os = "android"))]
pub(super) fn rename(from: &Dir, name: &OsStr, to: &Dir, new_name: &OsStr) -> io::Result<()> {
    use rustix::fs::{RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(from, name, to, new_name, RenameFlags::NOREPLACE) {
        // The file system has no such rename (NFS, some of FUSE).
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            rename_if_free(from, name, to, new_name)
        }
        renamed => Ok(renamed?),
    }
}

/// The same for systems that have no such rename.
#[cfg(not(any(
    target_os = "linux",
    target_os = "macos",
    target_os = "ios",
    target_os = "android"
)))]
pub(super) fn rename(from: &Dir, name: &OsStr, to: &Dir, new_name: &OsStr) -> io::Result<()> {
    rename_if_free(from, name, to, new_name)
}

/// Takes the new name by an empty file, which only one program can make, and then renames the file
/// onto it.
fn rename_if_free(from: &Dir, name: &OsStr, to: &Dir, new_name: &OsStr) -> io::Result<()> {
    let mut options = cap_std::fs::OpenOptions::new();
    drop(to.open_with(new_name, options.write(true).create_new(true))?);
    let renamed = from.rename(name, to, new_name);
    if renamed.is_err() {
        drop(to.remove_file(new_name));
    }
    renamed
}

#[cfg(test)]
mod tests {
    use cap_std::ambient_authority;

    use super::*;

    type Rename = fn(&Dir, &OsStr, &Dir, &OsStr) -> io::Result<()>;

    #[test]
    fn a_name_that_is_taken_stays_what_it_is() {
        for rename in [rename as Rename, rename_if_free as Rename] {
            let folder = tempfile::tempdir().unwrap();
            let dir = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
            for (name, text) in [("a", "one"), ("b", "two")] {
                dir.write(name, text).unwrap();
            }
            let moved = |from: &str, to: &str| rename(&dir, from.as_ref(), &dir, to.as_ref());

            assert_eq!(moved("a", "b").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
            assert_eq!(moved("missing", "c").unwrap_err().kind(), io::ErrorKind::NotFound);
            moved("a", "c").unwrap();

            assert_eq!(dir.read_to_string("b").unwrap(), "two");
            assert_eq!(dir.read_to_string("c").unwrap(), "one");
            assert_eq!(dir.entries().unwrap().count(), 2);
        }
    }
}
