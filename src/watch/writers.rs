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
        for number in numbers(&format!("/proc/{process}/fd")) {
            let id = id_of(&format!("/proc/{process}/fd/{number}"));
            let is_one = id.filter(|id| files.contains(id) && !found.contains(id));
            let info = is_one.map(|_| format!("/proc/{process}/fdinfo/{number}"));
            if info.is_some_and(|info| writes(&info).unwrap_or(false)) {
                found.extend(id);
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

/// Returns whether an open file may be written to, by its entry in `fdinfo`.
#[cfg(target_os = "linux")]
fn writes(info: &str) -> Option<bool> {
    /// `O_WRONLY` and `O_RDWR` (open(2)); a file that is open for reading has neither.
    const WRITES: u64 = 0o3;
    let info = std::fs::read_to_string(info).ok()?;
    let flags = info.lines().find_map(|line| line.strip_prefix("flags:"))?;
    Some(u64::from_str_radix(flags.trim(), 8).ok()? & WRITES != 0)
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
