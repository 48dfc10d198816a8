//! The customs office of your books: files of banks, couriers, card processors and shops come in here, are
//! opened, checked, written down once, and let into the tables of the right company.
//!
//! # The way of the data
//!
//! ```text
//!   path, zip, mail
//!        │  source   bytes within limits, a name, a digest
//!        ▼
//!     Source
//!        │  format   which kind of file is it? It is read into records, each with its line
//!        ▼
//!     Document       (record) statements, borderouri, a batch, orders, invoices, …; damaged ones apart
//!        │  check    does it add up? → figures and warnings, or a Refusal
//!        │  road     the file's own account → its company
//!        │  row      records → typed rows, one struct a table, each with its key
//!        │  plan     rows and what is stored → new, there already, or in conflict
//!        ▼
//!     the tables     (store) one transaction enters the company, loads the rows, logs, commits
//!        │
//!        ▼
//!     FileReport     read = inserted + duplicates + held
//! ```
//!
//! The rooms, in the order in which each may use those before it (`tests/house.rs` holds them to it):
//!
//! | room | has |
//! |---|---|
//! | `value` | text, days, amounts, fiscal codes and names, as vama writes them |
//! | `fault` | whose fault a failure is, and what follows from that; refusals |
//! | `source` | files, archives and mails → bytes |
//! | `record` | what every format hands over |
//! | `format` | one folder for each kind of file |
//! | `check` | does a document add up, and what does it come to? |
//! | `row` | the typed rows and their keys |
//! | `plan` | what becomes of each row; no database |
//! | `tie` | which credit pays which settlement; no database |
//! | `month` | is a company's month closed, and what is missing? No database |
//! | `store` | all that speaks with the database: companies, loading, migrations, backups, secrets |
//! | `road` | the steps above in their order, for one file and for many; the reports |
//! | `watch` | a folder whose files are sent down the road |
//! | `lab` | invented files |
//! | `cli` | one file for each command |
//!
//! A [`Refusal`] keeps a whole file out; a damaged [record](record::Damaged) is held while the rest of
//! its file goes in.
//!
//! # From a program
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use vama::{Database, Options, check_source, import_source, open};
//!
//! let options = Options::default();
//! let mut session = Database::choose(None, || "books".into())?.connect().await?;
//! for source in open("march.zip".as_ref())? {
//!     let source = source.map_err(|member| member.refusal)?;
//!     // Without a database: what is it, and does it add up?
//!     println!("{} records", check_source(&source, &options).read);
//!     // The file's own account decides whose it is.
//!     let report = import_source(&mut session, source, None, &options).await;
//!     println!("{} new, {} held", report.inserted, report.held);
//! }
//! session.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! [`import_paths`] brings in files and folders, many at once. [`detect_format`] and [`Format::read`] give the
//! [records](record) of a source to whoever wants those alone.

// Some names are exported for the tests alone.
#![cfg_attr(not(feature = "inside"), allow(unused_imports))]

mod value;
mod fault;
mod source;
pub mod record;
mod format;
mod check;
mod row;
mod plan;
mod tie;
mod month;
mod store;
mod road;
mod watch;
// The lab invents files: for the demo and the benches, and more of them for the tests.
#[cfg_attr(not(feature = "inside"), allow(dead_code))]
mod lab;
mod cli;

pub use check::summary::Period;
pub use fault::{ExitStatus, Fault, Refusal};
pub use format::{FORMATS, Format, by_name as format_by_name, detect as detect_format};
pub use road::measure::MeasuredRun;
pub use road::prepare::check_source;
pub use road::report::{Failure, FileReport, RunReport, Status, Timings};
pub use road::{Options, Progress, import_paths, import_source};
pub use row::{HeldRow, Table};
pub use source::{OpenError, RefusedMember, Source, Sources, open};
pub use store::{Counts, Database, Session, StoreError};

#[doc(hidden)]
pub use cli::main;

/// The rooms, for this package's own tests and benches. Nobody else is promised anything about them.
#[cfg(feature = "inside")]
#[doc(hidden)]
pub mod inside {
    macro_rules! open {
        ($($room:ident)*) => {
            $(#[allow(missing_docs)] pub mod $room { pub use crate::$room::*; })*
        };
    }
    open! { value fault source format check row plan tie month store road watch lab }
}
