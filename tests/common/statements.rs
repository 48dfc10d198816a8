//! Statements of many small files, for the benches.

use std::fs;
use std::path::Path;

use vama::inside::lab::statement::{self, many};

/// Writes statements of the account into a new folder, each of days of its own, so that all their rows
/// are new.
pub fn write_statements(folder: &Path, iban: &str, count: u64, entries: u64) {
    fs::create_dir_all(folder).unwrap();
    let mut days = many(1, count * entries, entries);
    for number in 0..count {
        let mut bytes = Vec::new();
        statement::write(iban, "RON", 0.into(), days.next(), &mut bytes).unwrap();
        fs::write(folder.join(format!("extras {number:05}.sta")), bytes).unwrap();
    }
}
