//! The file of a backup: the manifest in its first line, what pg_dump says, a last line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::BackupError;
use super::manifest::{FORM, Manifest};

/// What the first line begins with; the manifest stands behind it.
const HEAD: &str = "-- vama backup ";

/// The line of a backup behind which tables outside of the company's schema stand.
pub const OUTSIDE: &str = "-- vama: tables outside of the company's schema";

/// The last line: without it the file is not whole.
pub(crate) const TAIL: &str = "-- end of vama backup";

/// Bytes of the first line, at most: a registry's rows are few and short.
const HEAD_BYTES_MAX: u64 = 64 << 20;

/// A backup that is being written; until it is whole, its file has a temporary name.
#[derive(Debug)]
pub(crate) struct Draft {
    file: PathBuf,
    text: BufWriter<NamedTempFile>,
}

impl Draft {
    /// Begins the file, in the folder that it will be in; only its owner may read it.
    pub(crate) fn begin(file: &Path, manifest: &Manifest) -> Result<Self, BackupError> {
        refuse_existing(file)?;
        let failed = |source| BackupError::Write { file: file.display().to_string(), source };
        let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let text = tempfile::Builder::new().prefix(".vama-").suffix(".part").tempfile_in(folder);
        let text = BufWriter::new(text.map_err(failed)?);
        let mut draft = Self { file: file.to_owned(), text };
        let line = serde_json::to_string(manifest).map_err(|error| failed(error.into()))?;
        draft.line(&format!("{HEAD}{line}"))?;
        Ok(draft)
    }

    /// Writes one line.
    pub(crate) fn line(&mut self, line: &str) -> Result<(), BackupError> {
        let result = writeln!(self.text, "{line}");
        result.map_err(|source| self.failed(source))
    }

    /// Returns where text goes.
    pub(crate) fn text(&mut self) -> &mut impl Write {
        &mut self.text
    }

    /// Ends the file and gives it its name; returns its size.
    pub(crate) fn finish(mut self) -> Result<u64, BackupError> {
        self.line(TAIL)?;
        let Self { file, text } = self;
        let failed = |source| BackupError::Write { file: file.display().to_string(), source };
        let text = text.into_inner().map_err(|error| failed(error.into_error()))?;
        // Synced to the disk: a moment later the backup may be all that is left of the company.
        text.as_file().sync_all().map_err(failed)?;
        let bytes = text.as_file().metadata().map_err(failed)?.len();
        match text.persist_noclobber(&file) {
            Ok(_) => Ok(bytes),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                Err(BackupError::Exists { file: file.display().to_string() })
            }
            Err(error) => Err(failed(error.error)),
        }
    }

    fn failed(&self, source: io::Error) -> BackupError {
        BackupError::Write { file: self.file.display().to_string(), source }
    }
}

/// Refuses to write where something is already.
pub(crate) fn refuse_existing(file: &Path) -> Result<(), BackupError> {
    match file.symlink_metadata() {
        Ok(_) => Err(BackupError::Exists { file: file.display().to_string() }),
        Err(_) => Ok(()),
    }
}

/// Opens a backup: its manifest, and what stands behind it.
pub(crate) fn open(path: &Path) -> Result<(Manifest, BufReader<File>), BackupError> {
    let file = path.display().to_string();
    let failed = |source| BackupError::Read { file: file.clone(), source };
    let mut text = BufReader::new(File::open(path).map_err(failed)?);
    let mut line = Vec::new();
    text.by_ref().take(HEAD_BYTES_MAX).read_until(b'\n', &mut line).map_err(failed)?;
    let Some(json) = line.strip_prefix(HEAD.as_bytes()) else {
        return Err(BackupError::Foreign { file });
    };
    if !ends_well(text.get_mut(), line.len()).map_err(failed)? {
        return Err(BackupError::Truncated { file });
    }
    // The look at the last line moved the place in the file: go back behind the first line.
    text.seek(SeekFrom::Start(line.len().try_into().unwrap_or(u64::MAX))).map_err(failed)?;
    // The form is read first: a newer form may lack a field that this form must have.
    let form = serde_json::from_slice(json).map(|Form { v }| v);
    match form {
        Ok(found) if found > FORM => {
            return Err(BackupError::Newer { file, found, expected: FORM });
        }
        _ => {}
    }
    match serde_json::from_slice(json) {
        Ok(manifest) => Ok((manifest, text)),
        Err(_) => Err(BackupError::Foreign { file }),
    }
}

/// What every manifest has, of whatever form.
#[derive(serde::Deserialize)]
struct Form {
    v: u32,
}

/// Returns whether the last line, behind the first, is there in full.
fn ends_well(file: &mut File, first: usize) -> io::Result<bool> {
    let expected = format!("\n{TAIL}\n");
    let back = i64::try_from(expected.len()).unwrap_or(i64::MAX);
    let length = file.metadata()?.len();
    if length < u64::try_from(first + expected.len()).unwrap_or(u64::MAX) - 1 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-back))?;
    let mut last = String::new();
    // Where the cut is within a character, the end is not UTF-8.
    Ok(file.read_to_string(&mut last).is_ok() && last == expected)
}
