//! The tables and their versions: the registry's once a database, a company's once a company.

mod bring;
pub(crate) mod catalog;
mod check;
mod closed;
mod run;
mod versions;

pub(crate) use bring::{enter_newest_registry, run};
pub use check::{Checked, SchemaState, check_companies, check_public};
pub use run::{Migrated, migrate_companies, migrate_public};

pub use crate::store::connection::version::{Migrations, newest_company, newest_public};
