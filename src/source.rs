//! Path or zip member → [`Source`]: bytes within limits, a name, a digest.

use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use crate::normalize;

/// Bytes that one file may have at most: ten years of statements fit, a mistake does not.
pub const FILE_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;

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
