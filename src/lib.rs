//! The customs office of your books: files of banks, couriers and card processors come in here, are
//! opened, checked, written down once, and let into the tables of the right company.
//!
//! # The way of the data
//!
//! ```text
//!   path, zip member
//!        │  source      bytes within limits, a name, a digest
//!        ▼
//!     Source
//!        │  format      which kind is it? → records, each with its line; what is damaged is kept
//!        ▼
//!     Document ───────  check    does it add up? → warnings, or a Refusal
//!        │              summary  its figures: records, accounts, days, sums
//!        │  route       the file's own account → the company
//!        ▼
//!     rows, keys        row, identity    typed and hashed, on all cores
//!        │  plan        what is new, what is the same, what collides (decide)
//!        ▼
//!     the tables        store    one transaction: enter the company, claim the file, COPY, log
//!        │
//!        ▼
//!     FileReport        read = inserted + duplicates + held
//! ```
//!
//! [`import`](mod@import) has these steps in order. Data moves one way: the modules below stand in
//! the order in which it flows, and each uses only those above it (`tests/house.rs` holds them to
//! it). A [`Refusal`](refusal::Refusal) keeps a whole file out; a damaged
//! [record](record::Damaged) is held while the rest of its file goes in.

pub mod meter;
pub mod pulse;
pub mod normalize;
pub mod fiscal;
pub mod slug;
pub mod user;
pub mod record;
pub mod fault;
pub mod refusal;
pub mod source;
pub mod format;
pub mod pages;
pub mod check;
pub mod identity;
pub mod row;
pub mod summary;
pub mod decide;
pub mod plan;
pub mod reading;
pub mod credentials;
pub mod store;
pub mod route;
pub mod report;
pub mod import;
pub mod batch;
pub mod text;
pub mod watch;
pub mod generate;
pub mod cli;
