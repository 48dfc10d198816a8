//! Prepared files → the companies that they land in, group by group.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use super::ahead::OpenedInput;
use super::group::{Group, Groups, Weight};
use super::input::{Input, Recipient};
use super::land::land;
use super::meter::{Meter, Stage};
use super::prepare::{Options, Prepared};
use super::report::FileReport;
use super::route::{Owners, RouteError};
use crate::store::Session;

/// The place of a source: the number of its input, and the source's number within the input. Both
/// count from 0.
#[derive(Debug, Clone, Copy)]
struct Position {
    input: usize,
    source: usize,
}

/// An input that still waits for the reports of some sources.
struct Unsettled<I> {
    input: Arc<I>,
    /// A place for each source, in their order; `None` as long as the source has no report.
    reports: Vec<Option<FileReport>>,
    /// Whether all sources of the input were prepared, so that no further one comes.
    is_read: bool,
}

/// Takes prepared files, finds their companies and lands them in groups.
pub(super) struct Lander<'a, I, O> {
    session: &'a mut Session,
    recipient: &'a mut O,
    options: &'a Options,
    meter: &'a Meter,
    owners: Owners,
    /// Files whose accounts were not looked up yet.
    arrived: Group<(Position, Box<Prepared>)>,
    groups: Groups<(Position, Box<Prepared>)>,
    unsettled: BTreeMap<usize, Unsettled<I>>,
    bytes: u64,
}

impl<'a, I: Input, O: Recipient<I>> Lander<'a, I, O> {
    pub(super) fn new(
        session: &'a mut Session,
        recipient: &'a mut O,
        options: &'a Options,
        meter: &'a Meter,
    ) -> Self {
        Self {
            session,
            recipient,
            options,
            meter,
            owners: Owners::default(),
            arrived: Group::default(),
            groups: Groups::default(),
            unsettled: BTreeMap::new(),
            bytes: 0,
        }
    }

    /// Takes opened inputs until there are no more; returns how many bytes the prepared files had.
    pub(super) async fn take(mut self, mut opened: mpsc::Receiver<OpenedInput<I>>) -> u64 {
        let mut number = 0;
        while let Some(input) = opened.recv().await {
            self.take_input(number, input).await;
            number += 1;
        }
        self.route().await;
        for (slug, group) in std::mem::take(&mut self.groups).rest() {
            self.land(&slug, group).await;
        }
        self.bytes
    }

    async fn take_input(&mut self, number: usize, mut opened: OpenedInput<I>) {
        let input = Arc::clone(&opened.input);
        self.unsettled.insert(number, Unsettled { input, reports: Vec::new(), is_read: false });
        let mut sources = 0;
        while let Some(item) = opened.sources.recv().await {
            let position = Position { input: number, source: sources };
            sources += 1;
            if let Some(input) = self.unsettled.get_mut(&number) {
                input.reports.push(None);
            }
            match item {
                Ok(file) => self.admit(position, file).await,
                Err(report) => self.put(position, *report),
            }
        }
        match sources {
            // Of an empty zip there is no report, so it is counted here.
            0 => self.options.progress.done(1),
            count => self.options.progress.found(count as u64 - 1),
        }
        if let Some(input) = self.unsettled.get_mut(&number) {
            input.is_read = true;
        }
        self.settle(number);
    }

    async fn admit(&mut self, position: Position, file: Box<Prepared>) {
        let weight = weight(&file);
        self.bytes += weight.bytes;
        self.arrived.push((position, file), weight);
        if self.arrived.is_full() {
            self.route().await;
        }
    }

    /// Finds the company of each file, and lands the groups that are full.
    async fn route(&mut self) {
        let files = std::mem::take(&mut self.arrived).files;
        let begun = Instant::now();
        let summaries = files.iter().map(|(_, file)| file.summary());
        let asked = self.owners.look_up(self.session, summaries).await;
        self.meter.add(Stage::Load, begun.elapsed());
        let failure = asked.err().map(RouteError::Store);
        for (position, file) in files {
            if let Some(error) = &failure {
                self.put(position, file.unrouted(error));
                continue;
            }
            let input = self.unsettled.get(&position.input).map(|it| Arc::clone(&it.input));
            let named = input.as_ref().and_then(|it| it.company());
            match self.owners.route(self.session, file.summary(), named).await {
                Ok(slug) => {
                    let weight = weight(&file);
                    for (slug, group) in self.groups.add(slug, (position, file), weight) {
                        self.land(&slug, group).await;
                    }
                }
                Err(error) => self.put(position, file.unrouted(&error)),
            }
        }
    }

    async fn land(&mut self, slug: &str, group: Group<(Position, Box<Prepared>)>) {
        let (positions, files): (Vec<_>, Vec<_>) = group.files.into_iter().unzip();
        let reports = land(self.session, slug, files, self.options, self.meter).await;
        for (position, report) in positions.into_iter().zip(reports) {
            self.put(position, report);
        }
    }

    fn put(&mut self, position: Position, report: FileReport) {
        let input = self.unsettled.get_mut(&position.input);
        if let Some(slot) = input.and_then(|input| input.reports.get_mut(position.source)) {
            *slot = Some(report);
        }
        self.options.progress.done(1);
        self.settle(position.input);
    }

    /// Tells what became of an input, once each of its sources has a report.
    fn settle(&mut self, number: usize) {
        let input = self.unsettled.get(&number);
        if !input.is_some_and(|it| it.is_read && it.reports.iter().all(Option::is_some)) {
            return;
        }
        if let Some(Unsettled { input, reports, .. }) = self.unsettled.remove(&number) {
            self.recipient.settled(number, &input, reports.into_iter().flatten().collect());
        }
    }
}

fn weight(file: &Prepared) -> Weight {
    Weight { bytes: file.weight(), records: file.summary().read }
}
