//! Rows → what landed: the only rooms that know the database.
//!
//! Every statement runs inside a transaction and nothing relies on a session's state, so that a
//! pooler in transaction mode may stand between.

mod address;
mod ask;
mod binary;
mod company;
mod connect;
mod console;
mod copy;
#[cfg(feature = "embedded")]
mod embedded;
mod enter;
mod entries;
mod error;
mod floor;
mod group;
mod ids;
mod journal;
mod land;
mod load;
mod log;
mod migrate;
mod prove;
mod scan;
mod settle;
mod statement;
mod versions;

pub use company::{Company, Guest, NewCompany, add_account, companies, create, owners};
pub use connect::{Database, Session};
pub use console::{Access, Answer, run_statement};
pub use enter::enter;
pub use error::StoreError;
pub use floor::floor;
pub use journal::record_failure;
pub use land::{Counts, Landed, Landing, Outcome, held_of, land};
pub use log::{
    HeldNote, ImportNote, Settlement, held_of_import, imports, settlements, table_counts,
};
pub use migrate::{Migrated, migrate_companies, migrate_public, newest_company, newest_public};
