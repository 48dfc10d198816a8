//! The road that every file takes, whoever brings it: the commands, the dragged line, a watched
//! folder, a program that uses this library.
//!
//! ```text
//!   inputs ─── paths, or files in an inbox, in their order
//!     │
//!   ahead ──── threads open and prepare them: recognise, read, check; so many files, and bytes, ahead
//!     │
//!   route ──── the accounts of many files are looked up at once, each account once a run
//!     │
//!   group ──── files of one company
//!     │
//!   land ───── one transaction a group; a group that fails is tried again by halves
//!     ▼
//!   Recipient  is told what became of each input, as soon as all of it is known
//! ```
//!
//! A file that is not let in gets a report like any other; the other files go on. What differs
//! between the commands is who is told: [`import_paths`] puts the reports in order and measures, a
//! watched folder moves each file to where it belongs.

mod ahead;
pub mod client;
mod contents;
mod failure;
mod failures;
mod group;
pub mod input;
pub mod land;
mod lander;
mod lanes;
pub mod left_out;
pub mod measure;
pub mod meter;
pub mod open;
pub mod prepare;
pub mod report;
pub mod route;
mod run;
pub mod words;

pub use contents::Contents;
pub use input::{Input, Recipient};
pub use prepare::{Options, Progress};
pub use run::{bring_in, import_found, import_paths, import_source};
