//! A path, a member of a zip or an attachment → [`Source`]: bytes within limits, a name, a digest.

mod archive;
mod find;
mod ignored;
mod large;
mod letter;
mod mail;
mod mail_head;
mod member;
mod open;

use std::any::Any;
use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use crate::fault::Impossible;
use crate::fault::Refusal;
use crate::value::normalize;

pub use archive::{EXPANSION_FREE_BYTES, EXPANSION_MAX, MEMBERS_MAX, UNPACKED_BYTES_MAX};
pub use find::{Found, find, without_files};
pub use ignored::is_ignored;
pub use large::LARGE_BYTES_MIN;
pub(crate) use mail::is_mail;
pub use mail::{ATTACHMENTS_MAX, LETTERS_WITHIN_MAX, MAIL_BYTES_MAX};
pub use mail_head::MailHead;
pub use member::RefusedMember;
pub use open::{FILE_BYTES_MAX, OpenError, Sources, open, open_file};

use large::LargeFile;

/// One file's bytes and its name.
///
/// A small file is in memory. A large text file stays on the disk: it is read a window at a time
/// ([`window`](Self::window)), and again where a part of it is needed
/// ([`append_text`](Self::append_text)), so that memory does not grow with it.
#[derive(Debug)]
pub struct Source {
    name: String,
    member: Option<String>,
    content: Content,
    /// The whole text once it was decoded; `None` inside where the bytes are the text already.
    decoded: OnceLock<Option<String>>,
    sha256: OnceLock<[u8; 32]>,
    /// What the formats that are asked for the file have seen of it.
    first_seen: OnceLock<Box<dyn Any + Send + Sync>>,
    /// What the mail says of itself that the file came in.
    mail: Option<Arc<MailHead>>,
}

#[derive(Debug)]
enum Content {
    Memory(Vec<u8>),
    Large(LargeFile),
}

/// Returns whether the bytes start like a compound file ([MS-CFB] 2.2).
fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

fn without_folders(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

impl Source {
    /// Makes a source of bytes already in memory.
    ///
    /// `name` is the path as the user gave it; `member` the name inside a zip or a mail.
    pub fn new(name: impl Into<String>, member: Option<String>, bytes: Vec<u8>) -> Self {
        Self::of(name.into(), member, Content::Memory(bytes))
    }

    /// Makes a source of a file that stays on the disk; `name` is the path as the user gave it.
    ///
    /// # Errors
    ///
    /// What the operating system reports.
    pub fn of_large(name: impl Into<String>, file: File) -> io::Result<Self> {
        Ok(Self::of(name.into(), None, Content::Large(LargeFile::new(file)?)))
    }

    fn of(name: String, member: Option<String>, content: Content) -> Self {
        let (decoded, sha256) = (OnceLock::new(), OnceLock::new());
        let first_seen = OnceLock::new();
        Self { name, member, content, decoded, sha256, first_seen, mail: None }
    }

    /// Notes the mail that the file came in.
    #[must_use]
    pub fn of_mail(self, mail: &Arc<MailHead>) -> Self {
        Self { mail: Some(Arc::clone(mail)), ..self }
    }

    /// Returns whether the file came in a mail.
    pub fn is_in_mail(&self) -> bool {
        self.mail.is_some()
    }

    /// Returns what the mail says of itself that the file came in.
    pub fn mail(&self) -> Option<&MailHead> {
        self.mail.as_deref()
    }

    /// Returns the path as the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the name inside a zip or a mail; inside a zip that is in one of these, the zip's
    /// name, a slash and the member's name.
    pub fn member(&self) -> Option<&str> {
        self.member.as_deref()
    }

    /// Returns the name without folders, of the member or else of the path: senders write numbers
    /// and dates into it.
    pub fn file_name(&self) -> &str {
        without_folders(self.member.as_deref().unwrap_or(&self.name))
    }

    /// Returns the name, without folders, of the zip or mail that the source came in.
    pub fn container(&self) -> Option<&str> {
        self.member.is_some().then(|| without_folders(&self.name))
    }

    /// Returns how many bytes the file has.
    pub fn size(&self) -> u64 {
        match &self.content {
            Content::Memory(bytes) => bytes.len() as u64,
            Content::Large(file) => file.size(),
        }
    }

    /// Returns the bytes that are in memory: all of a small file or a workbook, the beginning of a
    /// large text file.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Memory(bytes) => bytes,
            Content::Large(file) => file.head(),
        }
    }

    /// Returns whether the bytes start like a zip; a workbook (xlsx) is a zip too.
    pub fn is_zip(&self) -> bool {
        archive::is_zip(self.bytes())
    }

    /// Returns whether the bytes start like a compound file, in which Excel kept workbooks (xls) until
    /// 2003, and Outlook keeps mails.
    pub fn is_compound(&self) -> bool {
        is_compound(self.bytes())
    }

    /// Returns what `look` saw of the file, which is asked once: each format looks at the beginning of a
    /// file to know whether it is its own. `None` where something of another type was seen before.
    pub(crate) fn first_seen<T: Any + Send + Sync>(&self, look: impl FnOnce() -> T) -> Option<&T> {
        self.first_seen.get_or_init(|| Box::new(look())).downcast_ref()
    }

    /// Returns the text of the whole file, decoded once (see [`normalize::decode`]).
    ///
    /// # Errors
    ///
    /// A large file that can no longer be read.
    pub fn text(&self) -> Result<&str, Refusal> {
        self.decode()?;
        if let Some(Some(text)) = self.decoded.get() {
            return Ok(text);
        }
        std::str::from_utf8(self.bytes()).map_err(|_| Refusal::NotUtf8)
    }

    /// Decodes the whole text into memory, unless the bytes in memory are the text already.
    fn decode(&self) -> Result<(), Refusal> {
        if self.decoded.get().is_none() {
            let text = match &self.content {
                Content::Memory(bytes) => match normalize::decode(bytes) {
                    Cow::Borrowed(text) if text.len() == bytes.len() => None,
                    // A text whose byte order mark was left out is shorter than the bytes.
                    text => Some(text.into_owned()),
                },
                Content::Large(file) => {
                    let bytes = file.all().map_err(|error| unreadable(&error))?;
                    Some(normalize::decode(&bytes).into_owned())
                }
            };
            // Another thread may have set it first; its text is the same.
            drop(self.decoded.set(text));
        }
        Ok(())
    }

    /// Returns the digest that identifies the bytes.
    ///
    /// # Errors
    ///
    /// A large file that can no longer be read.
    pub fn sha256(&self) -> Result<&[u8; 32], Refusal> {
        if let Some(digest) = self.sha256.get() {
            return Ok(digest);
        }
        let digest = match &self.content {
            Content::Memory(bytes) => Sha256::digest(bytes).into(),
            Content::Large(file) => file.sha256().map_err(|error| unreadable(&error))?,
        };
        Ok(self.sha256.get_or_init(|| digest))
    }

    /// Returns a window of the text, and whether the text ends with it.
    ///
    /// A window has up to `length` bytes from `at` on; a character that it would cut at its end is
    /// left out. A window of a file on the disk is read into the buffer.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotUtf8`] where a large file has a byte order mark or is not UTF-8: then the
    /// [whole text](Self::text) must be decoded once, after which windows of it can be had. A file
    /// that can no longer be read.
    pub fn window<'w>(
        &'w self,
        at: u64,
        length: usize,
        buffer: &'w mut Vec<u8>,
    ) -> Result<(&'w str, bool), Refusal> {
        match self.in_memory()? {
            Ok(bytes) => {
                let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..));
                let rest =
                    rest.ok_or_else(|| Impossible::new("a window behind the end of a text"))?;
                let window = rest.get(..length).unwrap_or(rest);
                let is_last = window.len() == rest.len();
                Ok((whole_characters(window, is_last)?, is_last))
            }
            Err(file) => file.window(at, length, buffer),
        }
    }

    /// Appends `length` bytes of the text, from the byte `at` on, to `out`. Bytes are counted as in
    /// [windows](Self::window).
    ///
    /// # Errors
    ///
    /// A large file that became shorter meanwhile or can no longer be read.
    pub fn append_text(&self, at: u64, length: usize, out: &mut Vec<u8>) -> Result<(), Refusal> {
        match self.in_memory()? {
            Ok(bytes) => {
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                let text = bytes.get(at..at.saturating_add(length));
                out.extend_from_slice(text.ok_or(Refusal::Changed)?);
                Ok(())
            }
            Err(file) => file.append(at, length, out).map_err(|error| unreadable(&error)),
        }
    }

    /// Returns how many bytes the text has.
    ///
    /// # Errors
    ///
    /// As [`text`](Self::text).
    pub fn text_bytes(&self) -> Result<u64, Refusal> {
        Ok(self.in_memory()?.map_or_else(LargeFile::size, |bytes| bytes.len() as u64))
    }

    /// Returns the bytes of the text where they are in memory, else the file on the disk.
    fn in_memory(&self) -> Result<Result<&[u8], &LargeFile>, Refusal> {
        if let Content::Memory(_) = self.content {
            self.decode()?;
        }
        Ok(match (self.decoded.get(), &self.content) {
            (Some(Some(text)), _) => Ok(text.as_bytes()),
            (_, Content::Memory(bytes)) => Ok(bytes),
            (_, Content::Large(file)) => Err(file),
        })
    }
}

/// Returns the window's text without the character that the window cuts at its end.
fn whole_characters(window: &[u8], is_last: bool) -> Result<&str, Refusal> {
    match std::str::from_utf8(window) {
        Ok(text) => Ok(text),
        // An error without a length is a character that the window cuts at its end.
        Err(error) if !is_last && error.error_len().is_none() => {
            let whole = window.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(whole).map_err(|_| Refusal::NotUtf8)
        }
        Err(_) => Err(Refusal::NotUtf8),
    }
}

/// Returns the refusal of a file that could be read at first and now cannot.
fn unreadable(error: &io::Error) -> Refusal {
    match error.kind() {
        // The file has become shorter.
        io::ErrorKind::UnexpectedEof => Refusal::Changed,
        _ => Refusal::Unavailable { cause: error.to_string() },
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use std::io::{Cursor, Write as _};

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    /// Returns a zip of the named contents.
    pub(crate) fn zip<C: AsRef<[u8]>>(members: &[(&str, C)]) -> Vec<u8> {
        zipped(members, CompressionMethod::Deflated)
    }

    /// Returns a zip whose members are stored without compression.
    pub(crate) fn stored<C: AsRef<[u8]>>(members: &[(&str, C)]) -> Vec<u8> {
        zipped(members, CompressionMethod::Stored)
    }

    fn zipped<C: AsRef<[u8]>>(members: &[(&str, C)], method: CompressionMethod) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(method);
        for (name, content) in members {
            writer.start_file(*name, options).unwrap();
            writer.write_all(content.as_ref()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }
}
