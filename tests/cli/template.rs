//! The folder of an embedded database, made once a run and written anew for every test.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder that was read into memory, so that nothing of it stays behind when the run ends.
#[derive(Default)]
pub struct Template {
    folders: Vec<PathBuf>,
    files: Vec<File>,
}

/// A file of the folder.
struct File {
    path: PathBuf,
    length: u64,
    /// Its bytes without the zeros at its end: most of a write-ahead log is not written yet.
    bytes: Vec<u8>,
}

impl Template {
    /// Reads a folder that nobody writes to.
    pub fn of(folder: &Path) -> Self {
        let mut template = Self::default();
        template.read(folder, Path::new(""));
        template
    }

    fn read(&mut self, folder: &Path, below: &Path) {
        self.folders.push(below.to_owned());
        for entry in fs::read_dir(folder.join(below)).unwrap() {
            let entry = entry.unwrap();
            let path = below.join(entry.file_name());
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                self.read(folder, &path);
            } else if kind.is_file() {
                let mut bytes = fs::read(entry.path()).unwrap();
                let length = bytes.len() as u64;
                let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
                bytes.truncate(end);
                self.files.push(File { path, length, bytes });
            }
        }
    }

    /// Writes the folder, which is not there yet.
    pub fn write(&self, folder: &Path) {
        for path in &self.folders {
            fs::create_dir(folder.join(path)).unwrap();
        }
        for File { path, length, bytes } in &self.files {
            let path = folder.join(path);
            fs::write(&path, bytes).unwrap();
            fs::File::options().write(true).open(path).unwrap().set_len(*length).unwrap();
        }
    }
}
