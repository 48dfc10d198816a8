//! What vama does for its users: on a real database, and what can be told without one.

// Tests may fail loudly.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(missing_docs)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/sample.rs"]
mod sample;
#[path = "../common/proxy.rs"]
mod proxy;
mod alone;
mod companies;
mod company_edit;
mod users;
mod adoption;
mod migrations;
mod locks;
mod closed;
mod world;
mod memory;
mod months;
mod held;
mod same_rows;
mod statements;
mod ties;
mod undo;
mod couriers;
mod shop_files;
mod orders;
mod invoices;
mod shop_properties;
mod payouts;
mod lines;
mod routing;
mod corrected;
mod credentials;
mod imports;
mod backups;
mod groups;
mod broken;
mod properties;
mod checks;
mod hashes;
mod plans;
mod isolation;
mod paths;
mod others;
mod further_format;
mod golden;
mod kept_log;
mod failures;
mod mails;
