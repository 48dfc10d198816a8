//! The whole program, as people and scripts meet it: exit status, streams, JSON, messages.

// Tests may fail loudly.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(missing_docs)]

#[path = "../common/mod.rs"]
mod common;
#[cfg(target_os = "linux")]
#[path = "../common/tools.rs"]
mod tools;
#[path = "../common/proxy.rs"]
mod proxy;
#[path = "../common/statements.rs"]
mod statements;
mod program;
#[cfg(unix)]
mod locked;
mod template;
#[cfg(target_os = "linux")]
mod terminal;
#[cfg(unix)]
mod watching;
mod few_connections;
mod help;
mod streams;
mod bad_files;
mod databases;
mod schemas;
mod companies;
mod company_edit;
mod users;
mod manual;
mod credentials;
mod backups;
mod imports;
mod log;
mod mails;
mod left_out;
mod account_move;
mod sql;
mod batch;
mod bench;
mod demo;
mod empty_folders;
mod first_run;
mod turns;
#[cfg(target_os = "linux")]
mod drag;
#[cfg(target_os = "linux")]
mod screen;
#[cfg(target_os = "linux")]
mod whose;
mod workbook;
mod misspelt;
mod month;
#[cfg(target_os = "linux")]
mod desktop;
#[cfg(target_os = "linux")]
mod story;
#[cfg(target_os = "linux")]
mod undo;
mod unit;
#[cfg(unix)]
mod interrupt;
#[cfg(unix)]
mod watch;
#[cfg(unix)]
mod watchdog;
#[cfg(unix)]
mod waiting;
#[cfg(unix)]
mod company_locked;
#[cfg(target_os = "linux")]
mod watch_faults;
#[cfg(target_os = "linux")]
mod watch_senders;
