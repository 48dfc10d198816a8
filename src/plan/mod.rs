//! Entries of statements → a plan: which go in under which key, which are there, which collide.
//!
//! [`Index`] keeps 16 bytes of an entry: enough to put all entries of a file in the order of their
//! keys. They are settled a [`Bucket`] at a time, a range of keys whose entries are read again from
//! the file's text, so memory grows neither with the text nor with what is stored. A [`Chunk`] asks
//! what is stored under a bucket's keys and makes the [`Plan`] of it.

mod bucket;
mod chunk;
mod entries;
mod index;

pub use bucket::Bucket;
pub use chunk::{Chunk, Plan};
pub use entries::Entries;
pub use index::Index;
