//! Sources that were read → the companies that they land in, group by group.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use super::group::{Group, Groups, Weight};
use super::read::Slot;
use super::{Arrival, Desk};
use crate::import::{self, Ready};
use crate::meter::{Meter, Stage};
use crate::report::FileReport;
use crate::route::{Owners, RouteError};
use crate::store::Session;

/// Where a source belongs: its arrival, and its place in that.
#[derive(Debug, Clone, Copy)]
struct Place {
    arrival: usize,
    source: usize,
}

/// A file with its place.
type Placed = (Place, Box<Ready>);

/// An arrival of which not all is known yet.
struct Open<A> {
    arrival: Arc<A>,
    /// A report a source, in their order; empty where one is still on its way.
    reports: Vec<Option<FileReport>>,
    /// Whether all its sources were read.
    is_read: bool,
}

/// Takes sources, finds their companies and lands them in groups.
pub(super) struct Lander<'a, A> {
    session: &'a mut Session,
    desk: &'a mut dyn Desk<A>,
    meter: &'a Meter,
    owners: Owners,
    /// Files whose company is not known yet.
    homeless: Group<Placed>,
    groups: Groups<Placed>,
    open: BTreeMap<usize, Open<A>>,
    bytes: u64,
}

impl<'a, A: Arrival> Lander<'a, A> {
    pub(super) fn new(
        session: &'a mut Session,
        desk: &'a mut dyn Desk<A>,
        meter: &'a Meter,
    ) -> Self {
        Self {
            session,
            desk,
            meter,
            owners: Owners::default(),
            homeless: Group::default(),
            groups: Groups::default(),
            open: BTreeMap::new(),
            bytes: 0,
        }
    }

    /// Takes all that is read; returns how many bytes that was.
    pub(super) async fn take(mut self, mut slots: mpsc::Receiver<Slot<A>>) -> u64 {
        let mut count = 0;
        while let Some(slot) = slots.recv().await {
            self.take_slot(count, slot).await;
            count += 1;
        }
        self.route().await;
        for (slug, group) in std::mem::take(&mut self.groups).rest() {
            self.land(&slug, group).await;
        }
        self.bytes
    }

    async fn take_slot(&mut self, arrival: usize, mut slot: Slot<A>) {
        let open = Open { arrival: Arc::clone(&slot.arrival), reports: Vec::new(), is_read: false };
        self.open.insert(arrival, open);
        let mut sources = 0;
        while let Some(item) = slot.items.recv().await {
            let place = Place { arrival, source: sources };
            sources += 1;
            if let Some(open) = self.open.get_mut(&arrival) {
                open.reports.push(None);
            }
            match item {
                Ok(ready) => self.admit(place, ready).await,
                Err(report) => self.put(place, *report),
            }
        }
        match sources {
            // An empty zip is none of its own.
            0 => self.desk.counted(1),
            count => self.desk.found(count as u64 - 1),
        }
        if let Some(open) = self.open.get_mut(&arrival) {
            open.is_read = true;
        }
        self.settle(arrival);
    }

    async fn admit(&mut self, place: Place, ready: Box<Ready>) {
        let weight = weight(&ready);
        self.bytes += weight.bytes;
        self.homeless.push((place, ready), weight);
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
            let arrival = self.open.get(&place.arrival).map(|open| Arc::clone(&open.arrival));
            let named = arrival.as_ref().and_then(|it| it.company());
            match self.owners.route(self.session, ready.summary(), named).await {
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

    fn put(&mut self, place: Place, report: FileReport) {
        let slot = self.open.get_mut(&place.arrival);
        if let Some(slot) = slot.and_then(|open| open.reports.get_mut(place.source)) {
            *slot = Some(report);
        }
        self.desk.counted(1);
        self.settle(place.arrival);
    }

    /// Tells the desk of an arrival of which all is known.
    fn settle(&mut self, arrival: usize) {
        let open = self.open.get(&arrival);
        if !open.is_some_and(|it| it.is_read && it.reports.iter().all(Option::is_some)) {
            return;
        }
        if let Some(Open { arrival: settled, reports, .. }) = self.open.remove(&arrival) {
            self.desk.settled(arrival, &settled, reports.into_iter().flatten().collect());
        }
    }
}

fn weight(ready: &Ready) -> Weight {
    Weight { bytes: ready.weight(), records: ready.summary().read }
}
