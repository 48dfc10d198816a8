//! Files that some program still has open for writing: a sender may stall for longer than a file has to
//! be still.
//!
//! Linux tells which files a process has open, and how, in /proc (proc(5)): of all processes to root,
//! else of those of the same user. Where nothing is told, a file counts as written when it is still.

use std::collections::HashSet;

/// A file by its device and its number there.
pub(super) type FileId = (u64, u64);

/// Returns those of the files that a process has open for writing, as far as the system tells.
#[cfg(target_os = "linux")]
pub(super) fn written(files: &HashSet<FileId>) -> HashSet<FileId> {
    let numbers = |folder: &str| -> Vec<u64> {
        let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
        entries.filter_map(|it| it.ok()?.file_name().to_str()?.parse().ok()).collect()
    };
    let mut found = HashSet::new();
    for process in numbers("/proc") {
        for number in numbers(&format!("/proc/{process}/fdinfo")) {
            // A file is looked at itself only where it may be one of those that are asked for: one on
            // a share that does not answer would not let go of this thread.
            let info = std::fs::read_to_string(format!("/proc/{process}/fdinfo/{number}"));
            if info.is_ok_and(|info| writes_one_of(files, &info)) {
                let id = id_of(&format!("/proc/{process}/fd/{number}"));
                found.extend(id.filter(|id| files.contains(id)));
            }
        }
    }
    found
}

#[cfg(not(target_os = "linux"))]
pub(super) fn written(_: &HashSet<FileId>) -> HashSet<FileId> {
    HashSet::new()
}

#[cfg(target_os = "linux")]
fn id_of(path: &str) -> Option<FileId> {
    use std::os::linux::fs::MetadataExt;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.st_dev(), metadata.st_ino()))
}

/// Returns whether an open file may be written to and may be one of the files, by its entry in
/// `fdinfo`. Kernels before 5.14 do not tell its number there.
#[cfg(target_os = "linux")]
fn writes_one_of(files: &HashSet<FileId>, info: &str) -> bool {
    /// `O_WRONLY` and `O_RDWR` (open(2)); a file that is open for reading has neither.
    const WRITES: u64 = 0o3;
    let field = |name| info.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let flags = field("flags:").and_then(|it| u64::from_str_radix(it, 8).ok());
    let number = field("ino:").and_then(|it| it.parse().ok());
    let may_be_one = number.is_none_or(|number: u64| files.iter().any(|(_, it)| *it == number));
    flags.is_some_and(|flags| flags & WRITES != 0) && may_be_one
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs::{File, OpenOptions};

    use super::*;

    #[test]
    fn a_file_is_written_as_long_as_it_is_open_for_writing() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let (read, appended) = (path("read"), path("appended"));
        for name in [&read, &appended] {
            File::create(name).unwrap();
        }
        let files = [&read, &appended].into_iter().filter_map(|it| id_of(it)).collect();
        let _reader = File::open(&read).unwrap();
        let writer = OpenOptions::new().append(true).open(&appended).unwrap();
        assert_eq!(written(&files), HashSet::from_iter(id_of(&appended)));
        drop(writer);
        assert_eq!(written(&files), HashSet::new());
    }
}
