//! How fast each stage is, each format beside the crate that its bytes pass through.
//!
//! `cargo bench --no-default-features --bench stages`, with a part of a name to run fewer. As part of
//! `cargo test --benches` every one runs once on a small input, so that none rots.

// Benches may fail as loudly as tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod inputs;
mod month;
mod mt940;
mod tables;
mod text;
mod tie;

use criterion::Criterion;
use vama::inside::format::{Format, by_name};
use vama::inside::source::Source;

/// Returns how many records an input has: enough to measure where the compiler optimises, else a
/// few.
const fn size(measured: u64) -> u64 {
    if cfg!(debug_assertions) { 50 } else { measured }
}

fn format(name: &str) -> &'static dyn Format {
    by_name(name).unwrap()
}

fn source(name: &str, bytes: Vec<u8>) -> Source {
    Source::new(name, None, bytes)
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    mt940::benches(&mut criterion);
    text::benches(&mut criterion);
    tables::benches(&mut criterion);
    tie::benches(&mut criterion);
    month::benches(&mut criterion);
    criterion.final_summary();
}
