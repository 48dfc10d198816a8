//! A watched folder: each file that is dropped into it is imported and moved to where it belongs.
//!
//! ```text
//!   DIR/                      files that find their company by themselves
//!     firma-noua/             files of that company; made for each active one
//!       imported/2026-03/     in; beside a file of which rows are held, <name>.txt names them
//!       duplicate/            the same bytes were in already
//!       failed/               not in; <name>.txt says why and what to do next
//!     imported/ duplicate/ failed/
//! ```
//!
//! The database decides whether a file is in, not the folder: the transaction that imports a file also
//! writes its digest, and the file is moved afterwards. Where the program is killed in between, the file
//! is still in its inbox; at the next look the digest tells that it is in, and it is only moved. Outside
//! of the database nothing is remembered but since when a file has been still.
//!
//! ```text
//!   the system's notice, a poll, five minutes ─► look ─► still? ─► the road ─► put away
//! ```

mod event;
mod finish;
mod folder;
mod inbox;
mod inbox_file;
mod listen;
mod look;
mod moved;
mod names;
mod pause;
mod put_away;
mod rename;
mod run;
mod still;
mod stop;
mod watcher;
pub mod words;
mod writers;

pub use event::{BEAT_EVERY, Event, LOOK_EVERY, Observer, Orders, WhyKept, WhySkipped};
pub use run::watch;
pub use stop::Stop;
