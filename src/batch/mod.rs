//! Many files in one run, measured: read on several threads while the database loads others.
//!
//! ```text
//!   find ── paths, in order
//!     │
//!   read ── threads: open, recognise, parse, check; so many files, and bytes, ahead
//!     │
//!   route ─ the accounts of many files in one look-up, and each account once
//!     │
//!   group ─ files of one company
//!     ▼
//!   land ── one transaction a group
//! ```
//!
//! A file that is not let in is a report like any other; the files around it go on.

mod find;
mod group;
mod measure;
mod read;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};
use tokio::sync::mpsc;

use crate::import::{self, Ready};
use crate::meter::{Meter, Stage};
use crate::report::{FileReport, RunReport};
use crate::route::{Owners, RouteError};
use crate::store::Session;
use group::{Group, Groups, Weight};
use read::Slot;

pub use measure::{BatchReport, Floor, Measure};

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
    let pool = ThreadPoolBuilder::new().num_threads(orders.jobs).build()?;
    let found = meter.within(Stage::Find, || find::find(orders.paths));
    watch.found(found.len() as u64);
    let slots = read::start(&pool, found, orders.accept_unbalanced, &meter);
    let mut lander = Lander {
        session,
        company: orders.company,
        watch,
        meter: &meter,
        owners: Owners::default(),
        homeless: Group::default(),
        groups: Groups::default(),
        reports: Vec::new(),
        bytes: 0,
    };
    lander.take(slots).await;
    let Lander { reports, bytes, .. } = lander;
    let run = RunReport::of(reports.into_iter().flatten().collect(), begun.elapsed());
    Ok(BatchReport::of(run, begun.elapsed(), bytes, &meter))
}

/// A file with its place among the reports.
type Placed = (usize, Box<Ready>);

struct Lander<'a> {
    session: &'a mut Session,
    company: Option<&'a str>,
    watch: &'a dyn Watch,
    meter: &'a Meter,
    owners: Owners,
    /// Files whose company is not known yet.
    homeless: Group<Placed>,
    groups: Groups<Placed>,
    /// In the order in which the files were found; empty where one is still on its way.
    reports: Vec<Option<FileReport>>,
    bytes: u64,
}

impl Lander<'_> {
    async fn take(&mut self, mut slots: mpsc::Receiver<Slot>) {
        while let Some(mut slot) = slots.recv().await {
            let mut sources = 0;
            while let Some(item) = slot.items.recv().await {
                sources += 1;
                match item {
                    Ok(ready) => self.admit(ready).await,
                    Err(report) => {
                        self.reports.push(Some(*report));
                        self.watch.done(1);
                    }
                }
            }
            match sources {
                // An empty zip is none of its own.
                0 => self.watch.done(1),
                count => self.watch.found(count - 1),
            }
        }
        self.route().await;
        for (slug, group) in std::mem::take(&mut self.groups).rest() {
            self.land(&slug, group).await;
        }
    }

    async fn admit(&mut self, ready: Box<Ready>) {
        let weight = weight(&ready);
        self.bytes += weight.bytes;
        self.homeless.push((self.reports.len(), ready), weight);
        self.reports.push(None);
        if self.homeless.is_full() {
            self.route().await;
        }
    }

    /// Finds the company of each file, and lands the groups that are full.
    async fn route(&mut self) {
        let files = std::mem::take(&mut self.homeless).files;
        let begun = Instant::now();
        let summaries = files.iter().map(|(_, ready)| ready.summary());
        let asked = self.owners.look_up(self.session, summaries).await;
        self.meter.add(Stage::Load, begun.elapsed());
        let lost = asked.err().map(RouteError::Store);
        for (place, ready) in files {
            if let Some(error) = &lost {
                self.put(place, ready.turned_away(error));
                continue;
            }
            match self.owners.route(self.session, ready.summary(), self.company).await {
                Ok(slug) => {
                    let weight = weight(&ready);
                    for (slug, group) in self.groups.add(slug, (place, ready), weight) {
                        self.land(&slug, group).await;
                    }
                }
                Err(error) => self.put(place, ready.turned_away(&error)),
            }
        }
    }

    async fn land(&mut self, slug: &str, group: Group<Placed>) {
        let (places, files): (Vec<_>, Vec<_>) = group.files.into_iter().unzip();
        let reports = import::land(self.session, slug, files, false, self.meter).await;
        for (place, report) in places.into_iter().zip(reports) {
            self.put(place, report);
        }
    }

    fn put(&mut self, place: usize, report: FileReport) {
        if let Some(slot) = self.reports.get_mut(place) {
            *slot = Some(report);
        }
        self.watch.done(1);
    }
}

fn weight(ready: &Ready) -> Weight {
    Weight { bytes: ready.weight(), records: ready.summary().read }
}
