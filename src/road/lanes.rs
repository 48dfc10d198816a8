//! The connections that groups go in over: those of several companies at a time, each company on one
//! connection at a time.

use std::collections::HashSet;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

use super::group::{BYTES_MAX, Group};
use super::land::land;
use super::meter::Meter;
use super::prepare::{Options, Prepared};
use super::report::FileReport;
use crate::store::{self, Database, Session, StoreError};

/// Text of all groups that land at the same time, in bytes; a group that has more lands alone. This
/// bounds memory.
const LANDING_BYTES_MAX: u64 = 4 * BYTES_MAX;

/// A connection that groups land over, one after the other.
pub(super) enum Lane<'a> {
    /// The session that the run was given.
    First(&'a mut Session),
    /// A session that was opened for this run.
    Further(Box<Session>),
}

impl Deref for Lane<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        match self {
            Self::First(session) => session,
            Self::Further(session) => session,
        }
    }
}

impl DerefMut for Lane<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        match self {
            Self::First(session) => session,
            Self::Further(session) => session,
        }
    }
}

/// A group that has landed, file by file: `P` is a file's position in the run.
pub(super) type Landed<P> = Vec<(P, FileReport)>;

/// What has ended on a connection.
enum Ended<'a, P> {
    Landing { lane: Lane<'a>, slug: String, bytes: u64, landed: Landed<P> },
    Tying { lane: Lane<'a>, slug: String },
    Opening(Result<Box<Session>, StoreError>),
}

/// The connections, and the groups that land over them.
pub(super) struct Lanes<'a, P> {
    free: Vec<Lane<'a>>,
    under_way: FuturesUnordered<BoxFuture<'a, Ended<'a, P>>>,
    /// The companies whose groups land now, or whose ties are brought in step.
    companies: HashSet<String>,
    /// The text of the groups that land now.
    bytes: u64,
    /// Connections that are open or being opened.
    open: usize,
    /// Connections that may be open.
    most: usize,
    database: Database,
}

impl<'a, P: Send + 'a> Lanes<'a, P> {
    /// Begins with the session alone; further connections, up to `most` in all, are opened when
    /// there is something to do for them.
    pub(super) fn new(session: &'a mut Session, most: usize) -> Self {
        Self {
            database: session.database().clone(),
            free: vec![Lane::First(session)],
            under_way: FuturesUnordered::new(),
            companies: HashSet::new(),
            bytes: 0,
            open: 1,
            most,
        }
    }

    /// Returns whether something is under way in a company.
    pub(super) fn is_busy(&self) -> bool {
        !self.companies.is_empty()
    }

    /// Returns a free connection, which the caller gives back, or `None` where the caller has to wait
    /// until [something has ended](Self::ended). A further connection may be opened meanwhile.
    pub(super) fn take(&mut self) -> Option<Lane<'a>> {
        if let Some(lane) = self.free.pop() {
            return Some(lane);
        }
        // The embedded engine has one connection.
        if self.open < self.most && matches!(self.database, Database::Server(_)) {
            self.open += 1;
            let database = self.database.clone();
            self.under_way.push(Box::pin(async move {
                Ended::Opening(database.connect().await.map(Box::new))
            }));
        }
        None
    }

    /// Takes a connection back.
    pub(super) fn give_back(&mut self, lane: Lane<'a>) {
        self.free.push(lane);
    }

    /// Returns a connection for a group of the company, or `None` where it has to wait until
    /// [something has ended](Self::ended). A further connection may be opened meanwhile.
    pub(super) fn lane_for(&mut self, slug: &str, bytes: u64) -> Option<Lane<'a>> {
        let is_alone = self.companies.is_empty();
        let has_room = is_alone || self.bytes + bytes <= LANDING_BYTES_MAX;
        if self.companies.contains(slug) || !has_room {
            return None;
        }
        self.take()
    }

    /// Begins to land a group over a connection.
    pub(super) fn begin(
        &mut self,
        mut lane: Lane<'a>,
        slug: String,
        group: Group<(P, Box<Prepared>)>,
        options: &'a Options,
        meter: &'a Meter,
    ) {
        let bytes = group.bytes();
        self.companies.insert(slug.clone());
        self.bytes += bytes;
        self.under_way.push(Box::pin(async move {
            let (positions, files): (Vec<_>, Vec<_>) = group.files.into_iter().unzip();
            let reports = land(&mut lane, &slug, files, options, meter).await;
            let landed = positions.into_iter().zip(reports).collect();
            Ended::Landing { lane, slug, bytes, landed }
        }));
    }

    /// Begins to bring a company's ties in step with what came in. Where that fails, the next run or
    /// `vama month` makes up for it: what came in stays.
    pub(super) fn begin_tying(&mut self, mut lane: Lane<'a>, slug: String, lock_wait: Duration) {
        self.companies.insert(slug.clone());
        self.under_way.push(Box::pin(async move {
            if let Err(error) = store::tie(&mut lane, &slug, lock_wait).await {
                tracing::warn!(
                    "which credits pay the settlements of {slug} could not be found out: {}; the \
                     next import into {slug} does it, or `vama month`",
                    error.with_cause()
                );
            }
            Ended::Tying { lane, slug }
        }));
    }

    /// Waits until something ends; returns the group where one has landed. Never returns where
    /// nothing is under way.
    pub(super) async fn ended(&mut self) -> Option<Landed<P>> {
        match self.under_way.next().await {
            Some(Ended::Landing { lane, slug, bytes, landed }) => {
                self.companies.remove(&slug);
                self.bytes -= bytes;
                self.free.push(lane);
                Some(landed)
            }
            Some(Ended::Tying { lane, slug }) => {
                self.companies.remove(&slug);
                self.free.push(lane);
                None
            }
            Some(Ended::Opening(Ok(session))) => {
                self.free.push(Lane::Further(session));
                None
            }
            Some(Ended::Opening(Err(error))) => {
                // The server or the pooler has no further one to give: the run goes on over those
                // that there are.
                tracing::debug!(error = error.with_cause(), "no further connection");
                self.open -= 1;
                self.most = self.open;
                None
            }
            None => std::future::pending().await,
        }
    }

    /// Closes the connections that were opened for the run.
    pub(super) async fn close(self) {
        for lane in self.free {
            if let Lane::Further(session) = lane {
                session.close().await;
            }
        }
    }
}
