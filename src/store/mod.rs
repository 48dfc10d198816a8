//! Rows → what landed: the only rooms that know the database.
//!
//! Every statement runs inside a transaction and nothing relies on a session's state, so that a
//! pooler in transaction mode may stand between.

mod backup;
mod blocking;
mod company;
mod connection;
mod console;
mod error;
mod load;
mod migrate;
mod month;
pub mod secrets;
mod tie;

pub use backup::{
    Backup, BackupError, Dumper, OUTSIDE, Outside, Restored, backup, backup_within, restore,
};
pub use company::imports::{
    AccountImport, HeldNote, ImportNote, held_of_import, imports, imports_of_account,
};
pub use company::user;
pub(crate) use company::users;
pub use company::{
    Accepted, HeldRecord, Holding, OpenRow, StoredRow, accept, discard, held_import, held_record,
    look_at_held, open_rows,
};
pub use company::{
    Adopt, Adopted, Change, Company, CompanyDetails, KeyCounts, Later, Listed, NewCompany,
    Overview, Released, Removed, TemporaryCompany, TieByHand, Undoing, User, add_account, adopt,
    companies, create, details, grant, kept_statements, look_at_import, move_account, none_of,
    overview, owners, release, remove, remove_account, revoke, undo,
};
pub use company::{
    Edit, OWN_SETTINGS, UserNote, UserRemoval, add_user, edit, list_users, remove_user, set_active,
    set_password,
};
pub use connection::address::holds_password;
pub use connection::enter::enter;
pub use connection::pulse::Pulse;
pub use connection::quotes::statements;
pub use connection::session::{Database, Session};
pub use connection::silence::unless_silent;
pub use connection::transaction::Transaction;
pub use connection::wait::WAIT_MAX;
pub use console::{Access, Answer, run_statement};
pub use error::StoreError;
pub use load::earlier::Earlier;
pub use load::failures::{FailedFile, record_failures};
pub use load::floor::floor;
pub use load::journal::{FileNote, hex};
pub use load::land::land;
pub use load::landing::{Counts, Imported, Landing, Outcome};
pub use migrate::{
    Checked, Migrated, Migrations, SchemaState, check_companies, check_public, migrate_companies,
    migrate_public, newest_company, newest_public,
};
pub use month::{month_bank, month_facts};
pub use secrets::table::{
    CredentialsNote, list_credentials, remove_credentials, rotate_credentials, set_credentials,
    show_credentials,
};
pub use tie::{tie, tie_as_said};
