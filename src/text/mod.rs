//! Every text that a user reads about a file, a question or a watched folder, in one place.
//!
//! Commands and the watcher put these together and never write a sentence of their own
//! (`tests/house.rs` holds them to it), so that a second language is a second set of these files.
//! What keeps a file out says [`Refusal`](crate::refusal::Refusal), what the database says
//! [`StoreError`](crate::store::StoreError): each in one file as well.

pub mod day;
pub mod desktop;
pub mod drag;
pub mod report;
pub mod watch;
