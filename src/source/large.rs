//! A large text file, which stays on the disk.

use std::fs::File;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::fault::Refusal;
use crate::source::{unreadable, whole_characters};
use crate::value::normalize::has_byte_order_mark;

/// Bytes from which on a text file stays on the disk.
pub const LARGE_BYTES_MIN: u64 = 16 * 1024 * 1024;

/// Bytes of a large file's beginning that are kept in memory, to recognise its format.
pub(super) const HEAD_BYTES: u64 = 64 * 1024;

/// Bytes that are read at once for the digest.
const PIECE_BYTES: usize = 256 * 1024;

/// A file on the disk, of which each part is read when it is needed.
#[derive(Debug)]
pub(super) struct LargeFile {
    file: File,
    size: u64,
    head: Vec<u8>,
}

impl LargeFile {
    pub(super) fn new(mut file: File) -> io::Result<Self> {
        let size = file.metadata()?.len();
        let mut head = Vec::new();
        file.by_ref().take(HEAD_BYTES).read_to_end(&mut head)?;
        Ok(Self { file, size, head })
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    pub(super) fn all(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.read(0, usize::try_from(self.size).unwrap_or(usize::MAX), &mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn sha256(&self) -> io::Result<[u8; 32]> {
        let mut digest = Sha256::new();
        let (mut at, mut piece) = (0, Vec::new());
        while at < self.size {
            self.read(at, PIECE_BYTES, &mut piece)?;
            digest.update(&piece);
            at += piece.len() as u64;
        }
        Ok(digest.finalize().into())
    }

    pub(super) fn window<'b>(
        &self,
        at: u64,
        length: usize,
        buffer: &'b mut Vec<u8>,
    ) -> Result<(&'b str, bool), Refusal> {
        self.read(at, length, buffer).map_err(|error| unreadable(&error))?;
        let is_last = at + buffer.len() as u64 >= self.size;
        if at == 0 && has_byte_order_mark(buffer) {
            return Err(Refusal::NotUtf8);
        }
        Ok((whole_characters(buffer, is_last)?, is_last))
    }

    pub(super) fn append(&self, at: u64, length: usize, out: &mut Vec<u8>) -> io::Result<()> {
        let start = out.len();
        out.resize(start + length, 0);
        read_exact_at(&self.file, at, out.get_mut(start..).unwrap_or_default())
    }

    /// Reads `length` bytes from `at` on, or as many as the file has there, into the emptied
    /// buffer.
    ///
    /// Fails where the file has become shorter since it was opened: it was changed.
    fn read(&self, at: u64, length: usize, buffer: &mut Vec<u8>) -> io::Result<()> {
        let left = usize::try_from(self.size.saturating_sub(at)).unwrap_or(usize::MAX);
        buffer.resize(length.min(left), 0);
        read_exact_at(&self.file, at, buffer)
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, at: u64, buffer: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, at)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut at: u64, mut buffer: &mut [u8]) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !buffer.is_empty() {
        match file.seek_read(buffer, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                at += count as u64;
                buffer = buffer.get_mut(count..).unwrap_or_default();
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Seek as _, Write as _};

    use crate::fault::Refusal;
    use crate::source::Source;

    fn large(bytes: &[u8]) -> Source {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        Source::of_large("a.sta", file).unwrap()
    }

    #[test]
    fn a_text_is_the_same_from_the_disk_and_from_memory() {
        let texts: [(&[u8], &str); 4] = [
            (b"plata", "plata"),
            ("țară".as_bytes(), "țară"),
            (b"\xef\xbb\xbf:20:X", ":20:X"),
            (b"\xfear\xe3", "ţară"),
        ];
        for (bytes, expected) in texts {
            for source in [large(bytes), Source::new("a.sta", None, bytes.to_vec())] {
                assert_eq!(source.text(), Ok(expected));
                assert_eq!(source.text_bytes(), Ok(expected.len() as u64));
                let mut buffer = Vec::new();
                assert_eq!(source.window(0, 100, &mut buffer), Ok((expected, true)));
                let mut end = Vec::new();
                source.append_text(1, expected.len() - 1, &mut end).unwrap();
                assert_eq!(end, &expected.as_bytes()[1..]);
                assert_eq!(source.size(), bytes.len() as u64);
            }
            let memory = Source::new("a.sta", None, bytes.to_vec());
            assert_eq!(large(bytes).sha256(), memory.sha256());
        }
    }

    #[test]
    fn a_window_never_cuts_a_character() {
        let source = large("aț".repeat(4).as_bytes());
        let mut buffer = Vec::new();
        assert_eq!(source.window(0, 5, &mut buffer), Ok(("ața", false)));
        assert_eq!(source.window(4, 100, &mut buffer), Ok(("țațaț", true)));
    }

    #[test]
    fn what_is_no_utf8_has_no_windows_before_it_was_decoded() {
        for bytes in [b"\xef\xbb\xbf:20:X".as_slice(), b"\xfear\xe3"] {
            let source = large(bytes);
            let mut buffer = Vec::new();
            assert_eq!(source.window(0, 100, &mut buffer), Err(Refusal::NotUtf8));
            source.text().unwrap();
            assert!(source.window(0, 100, &mut buffer).is_ok());
        }
    }

    #[test]
    fn a_file_that_became_shorter_is_told() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&[b'x'; 100]).unwrap();
        file.rewind().unwrap();
        let source = Source::of_large("a.sta", file.try_clone().unwrap()).unwrap();
        file.set_len(10).unwrap();
        let mut buffer = Vec::new();
        assert!(source.window(0, 100, &mut buffer).is_err());
        assert!(source.append_text(50, 10, &mut Vec::new()).is_err());
        assert!(source.sha256().is_err());
    }
}
