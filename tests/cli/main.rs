//! The whole program, as people and scripts meet it: exit status, streams, JSON, messages.

// Tests may fail loudly.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(missing_docs)]

#[path = "../common/mod.rs"]
mod common;
mod program;
mod help;
mod streams;
mod bad_files;
mod databases;
mod schemas;
mod companies;
mod credentials;
mod backups;
mod imports;
mod mails;
mod sql;
mod batch;
mod bench;
mod demo;
#[cfg(unix)]
mod interrupt;
