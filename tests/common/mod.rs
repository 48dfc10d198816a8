//! What every test of a run needs to keep out of the others' way.

pub mod own;

use std::sync::atomic::{AtomicU32, Ordering};

/// Returns the server's URL where the suite runs on one.
pub fn server() -> Option<String> {
    std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty())
}

/// Returns a name that no other test of this or another run has.
pub fn unique(name: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let run = std::process::id();
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let since = std::time::UNIX_EPOCH.elapsed().unwrap().subsec_micros();
    format!("{}-{run:x}-{since:x}-{next:x}", name.get(..name.len().min(16)).unwrap())
}

/// Returns a fiscal code with a right check digit that follows from the slug.
pub fn cif_of(slug: &str) -> String {
    let number = slug.bytes().fold(7_u64, |sum, b| sum.wrapping_mul(31).wrapping_add(b.into()));
    let digits = format!("9{:08}", number % 100_000_000);
    let check = vama::inside::value::fiscal::cif_check_digit(&digits).unwrap();
    format!("{digits}{check}")
}

/// Returns a seed that no other test of this or another run has, for a shop of one's own.
pub fn seed() -> u64 {
    let unique = unique("seed");
    unique.bytes().fold(7, |sum: u64, b| sum.wrapping_mul(131).wrapping_add(b.into()))
}
