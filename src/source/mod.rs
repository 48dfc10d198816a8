//! Path or zip member → [`Source`]: bytes within limits, a name, a digest.

mod archive;
mod open;

use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use crate::normalize;

pub use archive::{EXPANSION_FREE_BYTES, EXPANSION_MAX, MEMBERS_MAX, UNPACKED_BYTES_MAX};
pub use open::{FILE_BYTES_MAX, OpenError, RefusedMember, Sources, open};

/// One file's bytes and what they are called.
#[derive(Debug)]
pub struct Source {
    name: String,
    member: Option<String>,
    bytes: Vec<u8>,
    decoded: OnceLock<String>,
    sha256: OnceLock<[u8; 32]>,
}

impl Source {
    /// Makes a source of bytes already in memory.
    ///
    /// `name` is the path as the user gave it; `member` the name inside a zip.
    pub fn new(name: impl Into<String>, member: Option<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), member, bytes, decoded: OnceLock::new(), sha256: OnceLock::new() }
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

    /// Returns the bytes as they are in the file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns whether the bytes start as a zip does, which a workbook (xlsx) is too.
    pub fn is_zip(&self) -> bool {
        archive::is_zip(&self.bytes)
    }

    /// Returns the text of the file, decoded once (see [`normalize::decode`]).
    pub fn text(&self) -> &str {
        if let Some(text) = self.decoded.get() {
            return text;
        }
        match normalize::decode(&self.bytes) {
            std::borrow::Cow::Borrowed(text) => text,
            std::borrow::Cow::Owned(text) => self.decoded.get_or_init(|| text),
        }
    }

    /// Returns the digest that identifies the bytes.
    pub fn sha256(&self) -> &[u8; 32] {
        self.sha256.get_or_init(|| Sha256::digest(&self.bytes).into())
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
