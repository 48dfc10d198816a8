//! The key: 32 bytes in base64, from the environment or a file that it names.

use std::env;
use std::fs::File;
use std::io::{self, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};

/// Bytes of a key, as XChaCha20-Poly1305 takes it.
const KEY_BYTES: usize = 32;

/// Bytes of a key's text that are read; the text of a key has 44, and a wrong file may have no end.
const KEY_TEXT_BYTES_MAX: u64 = 1024;

/// What stands before the key when its fingerprint is made, so that the digest serves no other
/// purpose.
const KID_PREFIX: &[u8] = b"vama key id 1\n";

/// Bytes of the digest that are shown: enough to tell keys apart, no help to guess one.
const KID_BYTES: usize = 4;

/// A key that seals and opens credentials.
#[derive(Debug)]
pub struct SealingKey {
    bytes: SecretBox<[u8; KEY_BYTES]>,
    kid: String,
}

/// Which two variables of the environment name a key: its text, or a file that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeySource {
    /// The variable with the text.
    pub text: &'static str,
    /// The variable with the file's path.
    pub file: &'static str,
}

impl KeySource {
    /// The key in use.
    pub const CURRENT: Self = Self { text: "VAMA_KEY", file: "VAMA_KEY_FILE" };
    /// The key that replaces it.
    pub const NEW: Self = Self { text: "VAMA_NEW_KEY", file: "VAMA_NEW_KEY_FILE" };
}

/// Why there is no key. Neither the key nor what was taken for a key is ever repeated.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No variable names one.
    #[error("there is no key: found neither {} nor {}", .0.text, .0.file)]
    Missing(KeySource),
    /// Both variables name one.
    #[error("found both {} and {}, expected one of them", .0.text, .0.file)]
    Both(KeySource),
    /// The file cannot be read. Its path is not told: it may be the key, in the wrong variable.
    #[error("the file that {variable} names cannot be read")]
    File {
        /// The variable that names it.
        variable: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The text is not a key.
    #[error("{variable} holds no key: found {found}, expected 32 bytes in base64")]
    Text {
        /// The variable that has it, or names its file.
        variable: &'static str,
        /// What kind of thing it is instead.
        found: String,
    },
    /// The new key is the one in use.
    #[error("the new key is the old one: found the same 32 bytes, expected others")]
    Same,
}

impl KeyError {
    /// Returns what the user can do next.
    pub fn advice(&self) -> String {
        const MAKE: &str = "make a key with `head -c 32 /dev/urandom | base64`";
        match self {
            Self::Missing(source) => format!(
                "{MAKE}, keep it in a file that only you can read, and name that in {}",
                source.file
            ),
            Self::Both(source) => format!("unset {} or {}", source.text, source.file),
            Self::File { variable, .. } => {
                format!("put the path of the key's file into {variable}")
            }
            Self::Text { .. } => format!("correct it, or {MAKE}"),
            Self::Same => format!("{MAKE} for {} or {}", KeySource::NEW.text, KeySource::NEW.file),
        }
    }
}

impl SealingKey {
    /// Returns the key that the environment names; an empty variable counts as none.
    ///
    /// # Errors
    ///
    /// None or two are named, its file cannot be read, or it is not 32 bytes in base64.
    pub fn of_environment(source: KeySource) -> Result<Self, KeyError> {
        let value = |name| env::var_os(name).filter(|value| !value.is_empty());
        match (value(source.text), value(source.file)) {
            (None, None) => Err(KeyError::Missing(source)),
            (Some(_), Some(_)) => Err(KeyError::Both(source)),
            (Some(text), None) => {
                let text = Zeroizing::new(text.into_encoded_bytes());
                Self::of_text(&text, source.text)
            }
            (None, Some(path)) => {
                let variable = source.file;
                // Made as large as it may become: when a vector grows, a copy of its content is
                // left in memory.
                let mut text = Zeroizing::new(Vec::with_capacity(KEY_TEXT_BYTES_MAX as usize));
                File::open(path)
                    .and_then(|file| file.take(KEY_TEXT_BYTES_MAX).read_to_end(&mut text))
                    .map_err(|source| KeyError::File { variable, source })?;
                Self::of_text(&text, variable)
            }
        }
    }

    /// Returns the key of the text, white space around it trimmed; `variable` is where it is from.
    ///
    /// # Errors
    ///
    /// A text that is not 32 bytes in base64.
    pub fn of_text(text: &[u8], variable: &'static str) -> Result<Self, KeyError> {
        let wrong = |found: String| KeyError::Text { variable, found };
        let text = text.trim_ascii();
        if text.is_empty() {
            return Err(wrong("nothing".to_owned()));
        }
        let decoded = STANDARD.decode(text).map(Zeroizing::new);
        let decoded = decoded.map_err(|_| wrong("what is no base64".to_owned()))?;
        let bytes = <&[u8; KEY_BYTES]>::try_from(decoded.as_slice())
            .map_err(|_| wrong(format!("{} bytes", decoded.len())))?;
        Ok(Self::of_bytes(bytes))
    }

    fn of_bytes(bytes: &[u8; KEY_BYTES]) -> Self {
        let digest = Sha256::new().chain_update(KID_PREFIX).chain_update(bytes).finalize();
        let kid = digest.iter().take(KID_BYTES).map(|byte| format!("{byte:02x}")).collect();
        Self { bytes: SecretBox::init_with(|| *bytes), kid }
    }

    /// Refuses a new key that is the old one: nothing would be gained with it.
    ///
    /// # Errors
    ///
    /// [`KeyError::Same`].
    pub fn refuse_same(&self, new: &Self) -> Result<(), KeyError> {
        match self.bytes() == new.bytes() {
            true => Err(KeyError::Same),
            false => Ok(()),
        }
    }

    /// Returns its fingerprint: the first 8 hex digits of the SHA-256 of `vama key id 1`, a line
    /// feed and the key's 32 bytes.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        self.bytes.expose_secret()
    }

    /// Makes a key for a test.
    #[cfg(test)]
    pub(crate) fn of_byte(byte: u8) -> Self {
        Self::of_bytes(&[byte; KEY_BYTES])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn told(text: &str) -> String {
        SealingKey::of_text(text.as_bytes(), "VAMA_KEY").unwrap_err().to_string()
    }

    #[test]
    fn a_key_is_32_bytes_in_base64_and_white_space_around_it_is_nothing() {
        let key = SealingKey::of_text(format!(" {TEXT}\r\n").as_bytes(), "VAMA_KEY").unwrap();
        assert_eq!(key.bytes()[..4], [0, 1, 2, 3]);
        assert_eq!(key.kid().len(), 8);
    }

    /// The platform makes the same one: sha256("vama key id 1\n" + 00 01 … 1f).
    #[test]
    fn the_fingerprint_of_a_key_never_changes() {
        assert_eq!(SealingKey::of_text(TEXT.as_bytes(), "VAMA_KEY").unwrap().kid(), "eed54a08");
    }

    #[test]
    fn a_text_that_is_no_key_is_told_without_the_text() {
        let holds = "VAMA_KEY holds no key: found";
        assert_eq!(told(" \n"), format!("{holds} nothing, expected 32 bytes in base64"));
        assert_eq!(told("c2VzYW1l"), format!("{holds} 6 bytes, expected 32 bytes in base64"));
        for text in ["sesame!", "ș", &TEXT[..43], &TEXT.replace("AAEC", "AA EC")] {
            assert_eq!(
                told(text),
                format!("{holds} what is no base64, expected 32 bytes in base64")
            );
        }
    }

    #[test]
    fn a_key_shows_its_fingerprint_and_nothing_else() {
        let key = SealingKey::of_byte(7);
        let shown = format!("{key:?}");
        assert!(shown.contains("REDACTED") && shown.contains(key.kid()), "{shown}");
        assert!(!shown.contains("7, 7"), "{shown}");
    }

    #[test]
    fn a_new_key_that_is_the_old_one_is_refused() {
        assert!(SealingKey::of_byte(1).refuse_same(&SealingKey::of_byte(1)).is_err());
        assert!(SealingKey::of_byte(1).refuse_same(&SealingKey::of_byte(2)).is_ok());
    }
}
