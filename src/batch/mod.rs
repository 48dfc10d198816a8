//! Many files in one run: read on several threads while the database loads others.
//!
//! ```text
//!   arrivals ─ paths, in their order
//!     │
//!   read ───── threads: open, recognise, parse, check; so many files, and bytes, ahead
//!     │
//!   route ──── the accounts of many files in one look-up, and each account once
//!     │
//!   group ──── files of one company
//!     │
//!   land ───── one transaction a group
//!     ▼
//!   desk ───── is told what became of each arrival, as soon as all of it is known
//! ```
//!
//! A file that is not let in is a report like any other; the files around it go on. `vama batch` puts
//! the reports in order and measures; a watched folder moves each file to where it belongs.

mod group;
mod lander;
mod measure;
mod read;
mod run;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

use crate::import::Stream;
use crate::meter::Meter;
use crate::report::FileReport;
use crate::store::Session;

pub use measure::{BatchReport, Floor, Measure};
pub use run::{Orders, Watch, bring_in};

/// What is to be brought in: one path, with every source in it.
pub trait Arrival: Send + Sync + 'static {
    /// Returns how many bytes it has, as far as that is known before it is opened.
    fn size(&self) -> u64;

    /// Returns the company that it is for, where that does not follow from the file itself.
    fn company(&self) -> Option<&str>;

    /// Opens it: every source in it. Called once, on a thread of the run.
    fn open(&self) -> Stream;
}

/// Is told what becomes of the arrivals.
pub trait Desk<A> {
    /// So many files more are in the arrival than the one that was counted.
    fn found(&mut self, more: u64);

    /// What became of so many files is known.
    fn counted(&mut self, files: u64);

    /// All is known of the arrival at that place of the order; it has a report a source.
    fn settled(&mut self, place: usize, arrival: &A, reports: Vec<FileReport>);
}

/// How arrivals are to be brought in.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Let in what does not add up, and log that.
    pub accept_unbalanced: bool,
    /// Files that are read at once.
    pub jobs: usize,
    /// When set, no further arrival is opened; those that are go on to their end.
    pub stop: Arc<AtomicBool>,
}

/// Brings the arrivals in, and tells the desk what became of each; returns how many bytes were read.
///
/// # Errors
///
/// No threads. Whatever else fails is in the reports.
pub async fn bring_all<A: Arrival>(
    session: &mut Session,
    arrivals: Vec<A>,
    manner: &Manner,
    meter: &Arc<Meter>,
    desk: &mut dyn Desk<A>,
) -> Result<u64, ThreadPoolBuildError> {
    let pool = ThreadPoolBuilder::new().num_threads(manner.jobs).build()?;
    let slots = read::start(&pool, arrivals, manner, meter);
    Ok(lander::Lander::new(session, desk, meter).take(slots).await)
}
