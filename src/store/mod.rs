//! Rows → what landed: the only rooms that know the database.
//!
//! Every statement runs inside a transaction and nothing relies on a session's state, so that a
//! pooler in transaction mode may stand between.

mod address;
mod ask;
mod backup;
mod binary;
mod catalog;
mod cluster;
mod company;
mod connect;
mod console;
mod copy;
mod copy_stream;
mod credentials;
#[cfg(feature = "embedded")]
mod embedded;
mod enter;
mod entries;
mod error;
mod floor;
mod group;
mod held;
mod ids;
mod journal;
mod land;
mod load;
mod lock;
mod log;
mod migrate;
mod prove;
mod quotes;
mod role;
mod scan;
mod settle;
mod statement;
mod stored;
mod transaction;
mod tries;

pub use address::holds_password;
pub use backup::{
    Backup, BackupError, Dumper, OUTSIDE, Outside, Restored, backup, backup_within, restore,
};
pub use company::{
    Adopt, Adopted, Company, Guest, Keyed, NewCompany, Overview, Portrait, Released, Removed, User,
    add_account, adopt, companies, create, grant, overview, owners, portrait, release, remove,
    remove_account, revoke,
};
pub use connect::{Database, Session};
pub use console::{Access, Answer, run_statement};
pub use credentials::{
    CredentialsNote, list_credentials, remove_credentials, rotate_credentials, set_credentials,
    show_credentials,
};
pub use enter::enter;
pub use error::StoreError;
pub use floor::floor;
pub use journal::record_failures;
pub use land::{Counts, Landed, Landing, Outcome, held_of, land};
pub use log::{HeldNote, ImportNote, Settlement, held_of_import, imports, settlements};
pub use migrate::{
    Checked, Migrated, Migrations, Standing, check_companies, check_public, migrate_companies,
    migrate_public, newest_company, newest_public,
};
pub use transaction::Transaction;
