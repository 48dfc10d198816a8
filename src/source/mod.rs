//! Path or zip member → [`Source`]: bytes within limits, a name, a digest.

mod archive;
mod large;
mod open;

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use crate::normalize;
use crate::refusal::Refusal;

pub use archive::{EXPANSION_FREE_BYTES, EXPANSION_MAX, MEMBERS_MAX, UNPACKED_BYTES_MAX};
pub use large::LARGE_BYTES_MIN;
pub use open::{FILE_BYTES_MAX, OpenError, RefusedMember, Sources, open};

use large::LargeFile;

/// One file's bytes and what they are called.
///
/// A small file is in memory. A large text file stays on the disk: it is read a window at a time
/// ([`window`](Self::window)), and again where a part of it is needed
/// ([`append_text`](Self::append_text)), so that memory does not grow with it.
#[derive(Debug)]
pub struct Source {
    name: String,
    member: Option<String>,
    content: Content,
    /// The whole text, where it is not the bytes themselves.
    decoded: OnceLock<String>,
    sha256: OnceLock<[u8; 32]>,
}

#[derive(Debug)]
enum Content {
    Memory(Vec<u8>),
    Large(LargeFile),
}

impl Source {
    /// Makes a source of bytes already in memory.
    ///
    /// `name` is the path as the user gave it; `member` the name inside a zip.
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
        Self { name, member, content, decoded: OnceLock::new(), sha256: OnceLock::new() }
    }

    /// Returns the path as the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the name inside a zip.
    pub fn member(&self) -> Option<&str> {
        self.member.as_deref()
    }

    /// Returns the last part of the member's or the path's name, for what senders put in names.
    pub fn file_name(&self) -> &str {
        let full = self.member.as_deref().unwrap_or(&self.name);
        full.rsplit(['/', '\\']).next().unwrap_or(full)
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

    /// Returns whether the bytes start as a zip does, which a workbook (xlsx) is too.
    pub fn is_zip(&self) -> bool {
        archive::is_zip(self.bytes())
    }

    /// Returns the text of the whole file, decoded once (see [`normalize::decode`]).
    ///
    /// # Errors
    ///
    /// A large file that can no longer be read.
    pub fn text(&self) -> Result<&str, Refusal> {
        if let Some(text) = self.decoded.get() {
            return Ok(text);
        }
        let whole = match &self.content {
            Content::Memory(bytes) => match normalize::decode(bytes) {
                Cow::Borrowed(text) => return Ok(text),
                Cow::Owned(text) => text,
            },
            Content::Large(file) => {
                let bytes = file.all().map_err(|error| unreadable(&error))?;
                String::from_utf8(bytes)
                    .unwrap_or_else(|error| normalize::decode(error.as_bytes()).into_owned())
            }
        };
        Ok(self.decoded.get_or_init(|| whole))
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

    /// Returns the text of the whole file where that is in memory, else `None`: then
    /// [windows](Self::window) of it can be had.
    pub fn text_in_memory(&self) -> Option<&str> {
        match &self.content {
            Content::Memory(_) => self.text().ok(),
            Content::Large(_) => self.decoded.get().map(String::as_str),
        }
    }

    /// Reads a window of a large file's text into the buffer: up to `length` bytes from `at` on,
    /// without a last character that is cut. Returns the text, and whether the file ends with it.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotUtf8`] where it is not UTF-8 without a byte order mark, so that windows of it
    /// cannot be had; a file that can no longer be read.
    pub fn window<'b>(
        &self,
        at: u64,
        length: usize,
        buffer: &'b mut Vec<u8>,
    ) -> Result<(&'b str, bool), Refusal> {
        match &self.content {
            Content::Memory(_) => Err(Refusal::NotUtf8),
            Content::Large(file) => file.window(at, length, buffer),
        }
    }

    /// Appends the bytes of the text from the byte `at` on to the buffer, as the windows or the whole
    /// text have them.
    ///
    /// # Errors
    ///
    /// A large file that became shorter meanwhile or can no longer be read.
    pub fn append_text(&self, at: u64, length: usize, out: &mut Vec<u8>) -> Result<(), Refusal> {
        match (&self.content, self.text_in_memory()) {
            (_, Some(text)) => {
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                let end = at.saturating_add(length);
                out.extend_from_slice(text.as_bytes().get(at..end).unwrap_or_default());
                Ok(())
            }
            (Content::Large(file), None) => {
                file.append(at, length, out).map_err(|error| unreadable(&error))
            }
            (Content::Memory(_), None) => Ok(()),
        }
    }
}

fn unreadable(error: &io::Error) -> Refusal {
    Refusal::Unreadable { line: None, reason: format!("the file cannot be read any more: {error}") }
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

    /// Returns a zip whose members stand in it as they are.
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
