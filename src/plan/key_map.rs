//! Maps whose keys are the keys of rows.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::row::key::Key;

/// Something for each of many keys.
pub(super) type KeyMap<T> = HashMap<Key, T, KeyHash>;

/// How the keys of a [`KeyMap`] are hashed.
pub(super) type KeyHash = BuildHasherDefault<LastBytes>;

/// Takes the last bytes of a key as its hash: a key is a digest already. The first bytes would not
/// do, since the keys of a bucket begin alike.
#[derive(Debug, Default)]
pub(super) struct LastBytes(u64);

impl Hasher for LastBytes {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let last = bytes.last_chunk().map(|last| u64::from_le_bytes(*last));
        self.0 = last.unwrap_or_default();
    }

    fn write_usize(&mut self, _length: usize) {}
}
