//! `vama batch`: paths → a report of all files in their order, measured.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use rayon::ThreadPoolBuildError;

use super::{Arrival, BatchReport, Desk, Manner, bring_all};
use crate::import::{Stream, each_source_found};
use crate::meter::{Meter, Stage};
use crate::report::{FileReport, RunReport};
use crate::source::{Found, find};
use crate::store::Session;

/// What is to be brought in.
#[derive(Debug, Clone, Copy)]
pub struct Orders<'a> {
    /// Files, and folders whose files are meant.
    pub paths: &'a [PathBuf],
    /// The company that the user named.
    pub company: Option<&'a str>,
    /// Let in what does not add up, and log that.
    pub accept_unbalanced: bool,
    /// Files that are read at once.
    pub jobs: usize,
}

/// Is told how far the run is.
pub trait Watch: Sync {
    /// So many files more were found.
    fn found(&self, files: u64);

    /// What became of so many files is known.
    fn done(&self, files: u64);
}

/// Brings all files in, and reports each in the order in which it was found.
///
/// # Errors
///
/// No threads. Whatever else fails is in the report of its file.
pub async fn bring_in(
    session: &mut Session,
    orders: Orders<'_>,
    watch: &dyn Watch,
) -> Result<BatchReport, ThreadPoolBuildError> {
    let begun = Instant::now();
    let meter = Arc::new(Meter::default());
    let found = meter.within(Stage::Find, || find(orders.paths));
    watch.found(found.len() as u64);
    let company: Option<Arc<str>> = orders.company.map(Arc::from);
    let named = |found| Named { found, company: company.clone() };
    let mut pile = Pile { watch, reports: vec![Vec::new(); found.len()] };
    let manner = Manner {
        accept_unbalanced: orders.accept_unbalanced,
        jobs: orders.jobs,
        stop: Arc::default(),
    };
    let arrivals = found.into_iter().map(named).collect();
    let bytes = bring_all(session, arrivals, &manner, &meter, &mut pile).await?;
    let reports = pile.reports.into_iter().flatten().collect();
    let run = RunReport::of(reports, begun.elapsed());
    Ok(BatchReport::of(run, begun.elapsed(), bytes, &meter))
}

/// What was found at a path, and the company that the user named.
struct Named {
    found: Found,
    company: Option<Arc<str>>,
}

impl Arrival for Named {
    fn size(&self) -> u64 {
        match &self.found {
            Found::File(path) => path.metadata().map(|it| it.len()).unwrap_or_default(),
            Found::Closed(..) => 0,
        }
    }

    fn company(&self) -> Option<&str> {
        self.company.as_deref()
    }

    fn open(&self) -> Stream {
        each_source_found(&self.found)
    }
}

/// The reports so far, by the place of their file.
struct Pile<'a> {
    watch: &'a dyn Watch,
    reports: Vec<Vec<FileReport>>,
}

impl Desk<Named> for Pile<'_> {
    fn found(&mut self, more: u64) {
        self.watch.found(more);
    }

    fn counted(&mut self, files: u64) {
        self.watch.done(files);
    }

    fn settled(&mut self, place: usize, _: &Named, reports: Vec<FileReport>) {
        if let Some(slot) = self.reports.get_mut(place) {
            *slot = reports;
        }
    }
}
