//! Entries of statements → a plan: which are new, and under which key; which are there already;
//! which are in conflict.
//!
//! [`Index`] keeps 16 bytes of each entry: enough to put all entries of a file in the order of
//! their keys. Then the entries are taken a [`Bucket`] at a time (a range of keys) and read again
//! from the file's text, so that memory grows neither with the file nor with the table. A
//! [`Comparison`] says which keys of a bucket are to be looked up, and makes the [`Plan`] from what
//! is stored under them.

mod apart;
mod bucket;
mod comparison;
pub(crate) mod decide;
mod entries;
mod heads;
mod index;
mod key_map;

pub use bucket::Bucket;
pub use comparison::{Comparison, Plan, StoredRow};
pub use entries::Entries;
pub use index::Index;
