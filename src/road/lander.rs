//! Prepared files → the companies that they land in, group by group.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;

use super::ahead::OpenedInput;
use super::failures::Failures;
use super::group::{Group, Groups, Weight};
use super::input::{Input, Recipient};
use super::lanes::{Landed, Lane, Lanes};
use super::left_out;
use super::meter::{Meter, Stage};
use super::prepare::{Options, Prepared};
use super::report::{Failure, FileReport, Status};
use super::route::{Chosen, Owners, RouteError};
use crate::fault::Fault;
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
    lanes: Lanes<'a, Position>,
    recipient: &'a mut O,
    options: &'a Options,
    meter: &'a Meter,
    owners: Owners,
    /// Files whose accounts were not looked up yet.
    arrived: Group<(Position, Box<Prepared>)>,
    groups: Groups<(Position, Box<Prepared>)>,
    /// Groups that are ready and wait for their company or for a connection, in their order.
    ready: VecDeque<(String, FileGroup)>,
    /// The companies that another session has locked, each with what was said of the first group.
    locked: HashMap<String, Failure>,
    /// The companies whose ties are to be brought in step.
    touched: BTreeSet<String>,
    unsettled: BTreeMap<usize, Unsettled<I>>,
    failures: Failures,
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
            lanes: Lanes::new(session, options.connections.get()),
            recipient,
            options,
            meter,
            owners: Owners::default(),
            arrived: Group::default(),
            groups: Groups::default(),
            ready: VecDeque::new(),
            locked: HashMap::new(),
            touched: BTreeSet::new(),
            unsettled: BTreeMap::new(),
            failures: Failures::default(),
            bytes: 0,
        }
    }

    /// Takes opened inputs until there are no more; returns how many bytes the prepared files had.
    pub(super) async fn take(mut self, mut opened: mpsc::Receiver<OpenedInput<I>>) -> u64 {
        let mut number = 0;
        while let Some(input) = self.next_of(&mut opened).await {
            self.take_input(number, input).await;
            number += 1;
        }
        self.route().await;
        for (slug, group) in std::mem::take(&mut self.groups).rest() {
            self.land(slug, group).await;
        }
        self.start_ready(0).await;
        while self.lanes.is_busy() {
            self.await_landing().await;
        }
        let failures = std::mem::take(&mut self.failures);
        let mut lane = self.free_lane().await;
        failures.log(&mut lane, &mut self.owners).await;
        self.lanes.give_back(lane);
        self.tie().await;
        self.lanes.close().await;
        self.bytes
    }

    /// Finds out which credits pay the settlements of the companies that files came into.
    async fn tie(&mut self) {
        for slug in std::mem::take(&mut self.touched) {
            let lane = self.free_lane().await;
            self.lanes.begin_tying(lane, slug, self.options.lock_wait);
        }
        while self.lanes.is_busy() {
            self.await_landing().await;
        }
    }

    /// Receives the next item, while groups land.
    async fn next_of<T>(&mut self, items: &mut mpsc::Receiver<T>) -> Option<T> {
        loop {
            tokio::select! {
                item = items.recv() => return item,
                landed = self.lanes.ended() => self.put_all(landed),
            }
        }
    }

    async fn take_input(&mut self, number: usize, mut opened: OpenedInput<I>) {
        let input = Arc::clone(&opened.input);
        self.unsettled.insert(number, Unsettled { input, reports: Vec::new(), is_read: false });
        let mut sources = 0;
        while let Some(item) = self.next_of(&mut opened.sources).await {
            let position = Position { input: number, source: sources };
            sources += 1;
            if let Some(input) = self.unsettled.get_mut(&number) {
                input.reports.push(None);
            }
            match item {
                Ok(file) => self.admit(position, file).await,
                Err(mut report) => {
                    // The company that the user or the folder says, also of a file that is refused.
                    report.company = opened.input.company().map(str::to_owned);
                    self.put(position, *report);
                }
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
        let mut lane = self.free_lane().await;
        let begun = Instant::now();
        let summaries = files.iter().map(|(_, file)| file.summary());
        let asked = self.owners.look_up(&mut lane, summaries).await;
        self.meter.span(Stage::Load, begun, Instant::now());
        let failure = asked.err().map(RouteError::Store);
        let mut routed = Vec::with_capacity(files.len());
        for (position, file) in files {
            let input = self.unsettled.get(&position.input).map(|it| Arc::clone(&it.input));
            let named = input.as_ref().and_then(|it| it.company());
            if let Some(error) = &failure {
                self.put(position, file.unrouted(error, named, self.options));
                continue;
            }
            let chosen = input.as_ref().and_then(|input| {
                let anyway = self.options.company_anyway;
                Some(Chosen { slug: input.company()?, by: input.chosen_by(), anyway })
            });
            match self.owners.route(&mut lane, file.summary(), chosen).await {
                Ok(slug) => routed.push((slug, position, file)),
                Err(error) => self.put(position, file.unrouted(&error, named, self.options)),
            }
        }
        self.lanes.give_back(lane);
        for (slug, position, file) in routed {
            let weight = weight(&file);
            for (slug, group) in self.groups.add(slug, (position, file), weight) {
                self.land(slug, group).await;
            }
        }
    }

    /// Waits for a connection to ask something over.
    async fn free_lane(&mut self) -> Lane<'a> {
        loop {
            match self.lanes.take() {
                Some(lane) => return lane,
                None => self.await_landing().await,
            }
        }
    }

    /// Takes a group that is ready to land.
    async fn land(&mut self, slug: String, group: FileGroup) {
        self.ready.push_back((slug, group));
        self.start_ready(READY_MAX).await;
    }

    /// Begins to land the ready groups whose company is free; waits until at most so many are left.
    async fn start_ready(&mut self, left: usize) {
        loop {
            // Of one company the groups land in their order.
            let mut waiting = HashSet::new();
            for _ in 0..self.ready.len() {
                let Some((slug, group)) = self.ready.pop_front() else { break };
                if let Some(failure) = self.locked.get(&slug).cloned() {
                    self.put_locked(&slug, group, &failure);
                    continue;
                }
                let is_first = !waiting.contains(&slug);
                match is_first.then(|| self.lanes.lane_for(&slug, group.bytes())).flatten() {
                    Some(lane) => self.lanes.begin(lane, slug, group, self.options, self.meter),
                    None => {
                        waiting.insert(slug.clone());
                        self.ready.push_back((slug, group));
                    }
                }
            }
            if self.ready.len() <= left {
                return;
            }
            self.await_landing().await;
        }
    }

    /// Reports the files of a company that an earlier group of the run has found locked: they would
    /// only wait as long again.
    fn put_locked(&mut self, slug: &str, group: FileGroup, failure: &Failure) {
        for (position, file) in group.files {
            let mut report = file.into_report();
            report.company = Some(slug.to_owned());
            report.fail(failure.clone());
            self.put(position, report);
        }
    }

    async fn await_landing(&mut self) {
        let landed = self.lanes.ended().await;
        self.put_all(landed);
    }

    fn put_all(&mut self, landed: Option<Landed<Position>>) {
        for (position, report) in landed.into_iter().flatten() {
            if let (Some(error), Some(slug)) = (&report.error, &report.company)
                && error.fault == Fault::Locked
            {
                self.locked.insert(slug.clone(), error.clone());
            }
            // A file that is in already may have come with a run that ended before its ties.
            let is_in = matches!(report.status, Status::Imported | Status::AlreadyImported);
            if let (true, Some(slug)) = (is_in && !self.options.dry_run, &report.company) {
                self.touched.insert(slug.clone());
            }
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
            let mut reports = reports.into_iter().flatten().collect();
            left_out::of_input(&mut reports);
            if !self.options.dry_run {
                self.failures.note(&reports);
            }
            self.recipient.settled(number, &input, reports);
        }
    }
}

/// Ready groups that wait at most until the run waits with them; this bounds memory.
const READY_MAX: usize = 4;

/// Files of a company, each with its position.
type FileGroup = Group<(Position, Box<Prepared>)>;

fn weight(file: &Prepared) -> Weight {
    Weight { bytes: file.weight(), records: file.summary().read }
}
