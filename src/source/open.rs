//! Path → the sources in it: the file itself, each member of a zip, or each attachment of a mail.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek as _};
use std::path::Path;

use super::archive::{self, Archive, Budget, ZipContent};
use super::large::HEAD_BYTES;
use super::mail::{self, Mail};
use super::member::{RefusedMember, shown};
use crate::fault::Refusal;
use crate::source::{LARGE_BYTES_MIN, Source, is_compound};

/// Bytes that one file may have at most: ten years of statements fit; a larger file is a mistake.
pub const FILE_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;

/// Bytes that a workbook of Excel 97 to 2003 (xls) may have, which is read into memory: it has 65,536
/// rows a sheet, and is smaller.
const COMPOUND_BYTES_MAX: u64 = 128 * 1024 * 1024;

/// Why a path was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file was found but is not let in.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The operating system did not hand the file over.
    ///
    /// The text holds the cause already, so `source()` does not return it: it would be told twice.
    #[error("cannot be read: {}", io_words(cause))]
    Io {
        /// What the system said.
        cause: io::Error,
    },
}

impl From<io::Error> for OpenError {
    fn from(cause: io::Error) -> Self {
        Self::Io { cause }
    }
}

impl OpenError {
    /// Returns the stable word for the JSON report.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.kind(),
            Self::Io { .. } => "io",
        }
    }

    /// Returns what the user can do next.
    pub fn advice(&self) -> &str {
        match self {
            Self::Refused(refusal) => refusal.advice(),
            Self::Io { cause } => match cause.kind() {
                io::ErrorKind::NotFound => "check the path; names with blanks need quotes",
                io::ErrorKind::PermissionDenied => {
                    "give yourself the right to read it, or copy it to a folder of yours"
                }
                io::ErrorKind::OutOfMemory => "close other programs, or import it elsewhere",
                _ => "check the disk or the network folder, then try again",
            },
        }
    }
}

fn io_words(cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => cause.to_string(),
    }
}

/// The sources of one path, unpacked one at a time as they are asked for.
#[derive(Debug)]
pub struct Sources(Inner);

#[derive(Debug)]
enum Inner {
    One(Option<Box<Source>>),
    Archive(Box<Archive>),
    Mail(Box<Mail>),
}

/// Opens a file. A mail has a source for each attachment, a zip one for each member, those of a zip
/// in it included; any other file, a workbook too, is one source itself.
///
/// The content decides what a file is, since senders give attachments wrong names.
///
/// # Errors
///
/// [`OpenError::Io`] where the system refuses; [`OpenError::Refused`] where the path is no file, or
/// the file is empty, too large, a zip or a mail that cannot be opened, or a workbook that breaks a
/// zip's limits.
pub fn open(path: &Path) -> Result<Sources, OpenError> {
    // A pipe or a device must be refused before it is opened, since opening may wait for ever.
    refuse_no_file(&std::fs::metadata(path)?)?;
    open_file(&path.to_string_lossy(), File::open(path)?)
}

/// Opens a file whose handle the caller has already, from its beginning; `name` is its name in
/// reports.
///
/// Only the handle is used, so it does not matter which file stands at the path meanwhile.
///
/// # Errors
///
/// As [`open`].
pub fn open_file(name: &str, mut file: File) -> Result<Sources, OpenError> {
    let metadata = file.metadata()?;
    refuse_no_file(&metadata)?;
    let (name, bytes) = (shown(name), metadata.len());
    if bytes > FILE_BYTES_MAX {
        return Err(Refusal::TooLarge { bytes, max: FILE_BYTES_MAX }.into());
    }
    file.rewind()?;
    if bytes >= LARGE_BYTES_MIN {
        let mut head = Vec::new();
        (&file).take(HEAD_BYTES).read_to_end(&mut head)?;
        file.rewind()?;
        if mail::is_mail(&head) {
            mail::check_size(bytes)?;
        } else if is_compound(&head) {
            if bytes > COMPOUND_BYTES_MAX {
                return Err(Refusal::TooLarge { bytes, max: COMPOUND_BYTES_MAX }.into());
            }
        } else if !archive::is_zip(&head) {
            return Ok(Sources::of_source(Source::of_large(name, file)?));
        }
    }
    let bytes = read_within(file, bytes, FILE_BYTES_MAX)?;
    Ok(Sources::of_bytes(&name, bytes)?)
}

fn refuse_no_file(metadata: &Metadata) -> Result<(), Refusal> {
    if metadata.is_file() {
        return Ok(());
    }
    Err(Refusal::NotAFile { what: what_it_is(metadata) })
}

/// Reads at most `max` bytes; the file may have grown since its length was `expected`.
fn read_within(file: File, expected: u64, max: u64) -> Result<Vec<u8>, OpenError> {
    let mut bytes = Vec::new();
    let room = usize::try_from(expected).unwrap_or(usize::MAX);
    let reserved = bytes.try_reserve_exact(room);
    reserved.map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    let bytes_read = file.take(max + 1).read_to_end(&mut bytes)? as u64;
    if bytes_read > max {
        let bytes = bytes_read;
        return Err(Refusal::TooLarge { bytes, max }.into());
    }
    Ok(bytes)
}

#[cfg(unix)]
fn what_it_is(metadata: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    if kind.is_dir() {
        "folder"
    } else if kind.is_fifo() {
        "pipe"
    } else if kind.is_socket() {
        "socket"
    } else {
        "device"
    }
}

#[cfg(not(unix))]
fn what_it_is(metadata: &Metadata) -> &'static str {
    if metadata.is_dir() { "folder" } else { "device" }
}

impl Sources {
    /// Makes the sources of bytes already in memory; `name` is the path as the user gave it.
    ///
    /// # Errors
    ///
    /// No bytes, a zip or a mail that cannot be opened, or a workbook that breaks a zip's limits.
    pub fn of_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, Refusal> {
        let name = shown(name);
        if bytes.is_empty() {
            return Err(Refusal::Empty);
        }
        if mail::is_mail(&bytes) {
            return Ok(Self(Inner::Mail(mail::open(&name, bytes)?)));
        }
        let bytes = if archive::is_zip(&bytes) {
            match archive::open(&name, None, bytes, &mut Budget::default())? {
                ZipContent::Archive(folder) => return Ok(Self(Inner::Archive(folder))),
                ZipContent::Document(bytes) => bytes,
            }
        } else {
            bytes
        };
        Ok(Self::of_source(Source::new(name, None, bytes)))
    }

    fn of_source(source: Source) -> Self {
        Self(Inner::One(Some(Box::new(source))))
    }

    /// Returns whether the sources are the attachments of a mail.
    pub fn are_of_mail(&self) -> bool {
        matches!(self.0, Inner::Mail(_))
    }
}

impl Iterator for Sources {
    type Item = Result<Source, RefusedMember>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Inner::One(source) => source.take().map(|source| Ok(*source)),
            Inner::Archive(folder) => folder.next(),
            Inner::Mail(mail) => mail.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;
    use crate::source::testing;

    fn refusal(path: &Path) -> Refusal {
        match open(path) {
            Err(OpenError::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_plain_file_is_one_source() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("extras.sta");
        std::fs::write(&path, ":20:X").unwrap();

        let sources: Vec<_> = open(&path).unwrap().collect();

        let source = sources[0].as_ref().unwrap();
        assert_eq!(sources.len(), 1);
        assert_eq!((source.file_name(), source.member()), ("extras.sta", None));
        assert_eq!(source.bytes(), b":20:X");
    }

    #[test]
    fn a_file_without_bytes_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(refusal(file.path()), Refusal::Empty);
    }

    #[test]
    fn a_file_too_large_is_refused_before_it_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let bytes = 3_000_000_000;
        file.as_file().set_len(bytes).unwrap();

        let max = FILE_BYTES_MAX;
        assert_eq!(refusal(file.path()), Refusal::TooLarge { bytes, max });
    }

    #[test]
    fn a_file_that_grows_while_it_is_read_is_refused_at_the_limit() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "0123456789").unwrap();

        let grown = read_within(File::open(file.path()).unwrap(), 3, 9);
        let shrunk = read_within(File::open(file.path()).unwrap(), 1000, 1000);

        let expected = Refusal::TooLarge { bytes: 10, max: 9 };
        assert!(matches!(grown, Err(OpenError::Refused(found)) if found == expected));
        assert_eq!(shrunk.unwrap().len(), 10);
    }

    #[test]
    #[cfg(unix)]
    fn what_is_no_file_is_refused_without_waiting_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let (pipe, socket) = (folder.path().join("pipe"), folder.path().join("socket"));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();

        let what = |what| Refusal::NotAFile { what };
        assert_eq!(refusal(folder.path()), what("folder"));
        assert_eq!(refusal(&pipe), what("pipe"));
        assert_eq!(refusal(&socket), what("socket"));
        assert_eq!(refusal(Path::new("/dev/null")), what("device"));
    }

    #[test]
    fn a_file_that_is_open_already_is_read_from_its_beginning() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b":20:X").unwrap();

        let source = open_file("a\u{7}.sta", file).unwrap().next().unwrap().unwrap();

        assert_eq!((source.name(), source.bytes()), ("a.sta", b":20:X".as_slice()));
        let folder = open_file("folder", File::open(std::env::temp_dir()).unwrap());
        let what = "folder";
        assert!(
            matches!(folder, Err(OpenError::Refused(Refusal::NotAFile { what: it })) if it == what)
        );
    }

    #[test]
    fn a_large_mail_is_a_mail_and_a_large_text_stays_on_the_disk() {
        let mut file = tempfile::tempfile().unwrap();
        let bytes = vec![b'x'; 13 << 20];
        let mail = crate::lab::mail::write("large", &[("text/csv", "a.csv", &bytes)]);
        assert!(mail.len() as u64 > LARGE_BYTES_MIN);
        file.write_all(&mail).unwrap();

        let source = open_file("a.eml", file).unwrap().next().unwrap().unwrap();

        assert_eq!((source.member(), source.size()), (Some("a.csv"), 13 << 20));
        let mut file = tempfile::tempfile().unwrap();
        let head = b"MIME-Version: 1.0\n\n";
        file.write_all(head).unwrap();
        file.set_len(super::mail::MAIL_BYTES_MAX + 1).unwrap();
        let refused = open_file("a.eml", file).unwrap_err();
        assert_eq!(refused.kind(), "mail");
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b":20:X").unwrap();
        file.set_len(LARGE_BYTES_MIN).unwrap();
        let source = open_file("a.sta", file).unwrap().next().unwrap().unwrap();
        assert_eq!((source.size(), source.bytes().len() as u64), (LARGE_BYTES_MIN, HEAD_BYTES));
    }

    #[test]
    fn a_missing_file_is_an_error_of_the_system_with_advice() {
        let folder = tempfile::tempdir().unwrap();
        let err = open(&folder.path().join("missing")).unwrap_err();

        assert_eq!(err.to_string(), "cannot be read: there is no such file");
        assert_eq!(err.kind(), "io");
        assert!(err.advice().starts_with("check the path"));
        let denied = OpenError::from(io::Error::from(io::ErrorKind::PermissionDenied));
        assert_eq!(denied.to_string(), "cannot be read: permission denied");
    }

    #[test]
    fn a_name_cannot_rewrite_the_screen() {
        let mut sources = Sources::of_bytes("a\u{1b}[2Jb\n.sta", b"x".to_vec()).unwrap();
        let zip = testing::zip(&[("c\u{1b}d\r.csv", "x")]);
        let mut members = Sources::of_bytes("zip", zip).unwrap();

        assert_eq!(sources.next().unwrap().unwrap().name(), "a[2Jb.sta");
        assert_eq!(members.next().unwrap().unwrap().member(), Some("cd.csv"));
    }

    #[test]
    #[cfg(unix)]
    fn a_name_that_is_no_text_is_shown_as_far_as_it_is() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let name = std::ffi::OsStr::from_bytes(b"extras\xff.sta");
        let path = folder.path().join(name);
        std::fs::write(&path, "x").unwrap();

        let source = open(&path).unwrap().next().unwrap().unwrap();

        assert_eq!(source.file_name(), "extras\u{fffd}.sta");
    }

    proptest! {
        #[test]
        fn no_bytes_make_opening_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Sources::of_bytes("any", bytes.clone()).map(Iterator::count);
            let zip = [b"PK\x03\x04".as_slice(), bytes.as_slice()].concat();
            let _ = Sources::of_bytes("any", zip).map(Iterator::count);
        }

        #[test]
        fn no_damage_to_a_zip_makes_opening_panic(
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
            end in any::<prop::sample::Index>(),
        ) {
            let inner = testing::stored(&[("e.csv", "1;2"), ("f.sta", ":20:")]);
            let mut zip = testing::stored(&[
                ("a.csv", b"1;2".as_slice()),
                ("b.sta", b":20:"),
                ("c/d", b"x"),
                ("e.zip", &inner),
            ]);
            let place = at.index(zip.len());
            zip[place] = byte;
            let _ = Sources::of_bytes("any", zip.clone()).map(Iterator::count);
            zip.truncate(end.index(zip.len()));
            let _ = Sources::of_bytes("any", zip).map(Iterator::count);
        }
    }
}
