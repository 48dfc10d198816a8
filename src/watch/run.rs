//! The loop: look, bring in what is still, put it away, wait.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{sleep_until, timeout};

use super::event::{BEAT_EVERY, Event, LOOK_EVERY, Observer, Orders, WhyKept};
use super::finish::InboxRecipient;
use super::inbox::Skipped;
use super::inbox_file::InboxFile;
use super::listen::Events;
use super::moved::MovedFiles;
use super::pause::{Awaited, Pause};
use super::still::{InboxPath, Still};
use super::stop::Stop;
use super::watcher::Watcher;
use crate::road::report::ExitStatus;
use crate::road::{Options, bring_in};
use crate::store::Pulse;
use crate::store::{self, Database, Session, StoreError};
use crate::watch::words as text;

/// How often to look where the system tells nothing.
const LOOK_WHEN_DEAF: Duration = Duration::from_secs(30);

/// How soon to look again at a file or folder that changed while the watcher worked on it.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How long a connection, or the list of companies, may take.
const ASK_MAX: Duration = Duration::from_secs(60);

/// How long closing a connection may take.
const CLOSE_MAX: Duration = Duration::from_secs(5);

/// How much later than it asked for the watcher may be woken on a busy machine.
const WAKE_MAX: Duration = Duration::from_secs(5);

/// How long a lock on a company is waited for before the files of others have their turn. It is
/// shorter than the time after which a wait is told (store/connection/wait.rs), since the watcher
/// itself tells once which company is locked.
const LOCK_WAIT: Duration = Duration::from_millis(1500);

/// How long a run may take: enough for a large file.
const RUN_MAX: Duration = Duration::from_secs(60 * 60);

/// Watches the folder until it is asked to stop; with `once`, takes what is there and ends.
///
/// `pulse` shows whether the watcher is at work. Returns the worst exit status of all files. While
/// the watcher waits it holds no connection, so that an embedded database is free for others.
///
/// # Errors
///
/// With `once`: a folder that cannot be looked into. Without `once` the folder is waited for.
pub async fn watch(
    database: &Database,
    orders: &Orders,
    stop: &Stop,
    pulse: &Pulse,
    observer: &mut dyn Observer,
) -> io::Result<ExitStatus> {
    let mut watcher = Watcher {
        database,
        orders,
        stop,
        pulse,
        observer,
        slugs: None,
        still: Still::new(orders.still_for),
        pause: Pause::default(),
        locked: BTreeMap::new(),
        moved: MovedFiles::default(),
        folders: Vec::new(),
        looked_at: Instant::now(),
        skipped: Skipped::new(),
        closed: false,
        deaf: false,
        look_again: false,
        settled: 0,
        worst: ExitStatus::Done,
    };
    match orders.once {
        true => watcher.once().await,
        false => watcher.go_on().await,
    }?;
    Ok(watcher.worst)
}

impl Watcher<'_> {
    async fn once(&mut self) -> io::Result<()> {
        close(self.companies().await).await;
        self.look(Instant::now())?;
        let settled = Instant::now().checked_add(self.orders.still_for);
        self.wait(settled.unwrap_or(self.looked_at), None).await;
        if self.stop.is_asked() {
            self.worst = self.worst.max(ExitStatus::TryAgain);
            return Ok(());
        }
        let ready = self.look(Instant::now())?;
        if !ready.is_empty() && self.slugs.is_some() {
            close(self.bring_in(None, ready).await).await;
        }
        let moving: Vec<InboxPath> = self.still.moving(self.looked_at).cloned().collect();
        if self.slugs.is_none() || self.stop.is_asked() || !moving.is_empty() {
            self.worst = self.worst.max(ExitStatus::TryAgain);
        }
        for (slug, name) in moving {
            let file = self.orders.folder.join(slug.unwrap_or_default()).join(name);
            let file = &*file.to_string_lossy();
            self.observer.tell(Event::Kept { file, why: WhyKept::Written });
        }
        Ok(())
    }

    async fn go_on(&mut self) -> io::Result<()> {
        let mut events = self.listen();
        let now = Instant::now();
        let (mut next_look, mut next_beat) = (now, now + BEAT_EVERY);
        let mut greeted = false;
        while !self.stop.is_asked() {
            let now = Instant::now();
            let mut session = None;
            // Also while the database is away: only by asking is it found out that the database is
            // back.
            let ask = next_look <= now || self.slugs.is_none() || self.pause.is_begun();
            if next_look <= now {
                next_look = now + LOOK_EVERY;
                events.iter_mut().for_each(Events::doubt);
            }
            if ask && self.pause.until(now).is_none() {
                session = self.companies().await;
            }
            let ready = self.try_look();
            self.cover(events.as_mut());
            if !greeted {
                greeted = true;
                self.observer
                    .tell(Event::Watching(1 + self.slugs.as_ref().map_or(0, |slugs| slugs.len())));
            }
            if !ready.is_empty() && self.pause.until(now).is_none() {
                session = self.bring_in(session, ready).await;
            }
            close(session).await;
            if next_beat <= now {
                next_beat = now + BEAT_EVERY;
                let waiting = self.still.waiting();
                self.observer.tell(Event::Alive { settled: self.settled, waiting });
            }
            let until = self.wake(next_look.min(next_beat));
            self.wait(until, events.as_mut()).await;
        }
        Ok(())
    }

    /// Begins to listen to the system's notices, unless the user asked to look at intervals.
    fn listen(&mut self) -> Option<Events> {
        if self.orders.poll.is_some() {
            return None;
        }
        let events = Events::new();
        events.map_err(|error| self.be_deaf(&error)).ok()
    }

    /// Looks through the folders; a watched folder that is gone is waited for.
    fn try_look(&mut self) -> Vec<InboxFile> {
        let looked = self.look(Instant::now());
        match (&looked, self.closed) {
            (Err(error), false) => self.observer.tell(Event::Closed(error)),
            (Ok(_), true) => self.observer.tell(Event::Reopened),
            _ => {}
        }
        self.closed = looked.is_err();
        looked.unwrap_or_default()
    }

    /// Listens to the inboxes that the last look has found.
    fn cover(&mut self, events: Option<&mut Events>) {
        match events.map(|events| events.cover(&self.folders)) {
            Some(Ok(())) => self.deaf = false,
            // A folder that is gone meanwhile is no longer there at the next look, so that look
            // comes soon.
            Some(Err(error)) if !error.paths.iter().all(|path| path.exists()) => {
                self.look_again = true
            }
            Some(Err(error)) => self.be_deaf(&error),
            None => {}
        }
    }

    fn be_deaf(&mut self, error: &impl ToString) {
        if !std::mem::replace(&mut self.deaf, true) {
            let (error, seconds) = (error.to_string(), LOOK_WHEN_DEAF.as_secs());
            self.observer.tell(Event::Deaf { error, seconds });
        }
    }

    /// Opens a connection, unless there is one.
    async fn session(&mut self, session: Option<Session>) -> Option<Session> {
        if session.is_some() {
            return session;
        }
        let connecting = async {
            tokio::select! {
                connected = self.database.connect() => Some(connected),
                () = self.stop.asked() => None,
            }
        };
        let connected = self.pulse.wait_at_most(ASK_MAX, connecting).await?;
        connected.map_err(|error| self.away(&error)).ok()
    }

    /// Asks which companies there are.
    async fn companies(&mut self) -> Option<Session> {
        let mut session = self.session(None).await?;
        let asking = timeout(ASK_MAX, store::companies(&mut session));
        let asked = match self.pulse.wait_at_most(ASK_MAX, asking).await {
            Ok(asked) => asked,
            Err(_) => {
                let (place, seconds) = (self.database.place(), ASK_MAX.as_secs());
                Err(StoreError::ConnectTimeout { place, seconds })
            }
        };
        match asked {
            Ok(companies) => {
                let active = companies.into_iter().filter(|company| company.is_active);
                self.slugs = Some(Arc::new(active.map(|company| company.slug).collect()));
                self.back(Awaited::Reply);
                Some(session)
            }
            Err(error) => {
                self.away(&error);
                close(Some(session)).await;
                None
            }
        }
    }

    fn away(&mut self, error: &StoreError) {
        self.worst = self.worst.max(error.fault().exit());
        if self.pause.begin(Awaited::Reply, Instant::now()) {
            self.observer.tell(Event::Away(error));
        } else {
            tracing::debug!(%error, "still away");
        }
    }

    fn back(&mut self, done: Awaited) {
        if self.pause.end(done) {
            self.observer.tell(Event::Back);
        }
    }

    /// Brings the files in, and moves each to where it belongs.
    async fn bring_in(
        &mut self,
        session: Option<Session>,
        ready: Vec<InboxFile>,
    ) -> Option<Session> {
        let mut session = self.session(session).await?;
        let options = Options {
            stop: self.stop.flag(),
            connections: self.orders.connections,
            lock_wait: LOCK_WAIT,
            watched: true,
            ..Options::default()
        };
        let pulse = self.pulse;
        let mut recipient = InboxRecipient::new(self);
        let run = bring_in(&mut session, ready, &options, &mut recipient);
        let ended = timeout(RUN_MAX, pulse.of(run)).await;
        let InboxRecipient { mut lost, landed, locked, .. } = recipient;
        self.tell_locked(locked);
        match &ended {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::error!(%error, "threads"),
            Err(_) => lost = Some(text::SILENT.to_owned()),
        }
        match lost {
            Some(message) if self.pause.begin(Awaited::LandedFile, Instant::now()) => {
                self.observer.tell(Event::Lost(&message));
            }
            Some(message) => tracing::debug!(error = message, "still away"),
            None if landed => self.back(Awaited::LandedFile),
            _ => {}
        }
        Some(session)
    }

    /// Returns when to look again at the latest.
    ///
    /// The time is reckoned from the last look, so that what has come due since then is looked at
    /// without waiting.
    fn wake(&mut self, latest: Instant) -> Instant {
        let now = Instant::now();
        let later = |time: Option<Duration>| time.and_then(|time| now.checked_add(time));
        let deaf = (self.deaf || self.closed).then_some(LOOK_WHEN_DEAF);
        let again = std::mem::take(&mut self.look_again).then_some(LOOK_AGAIN);
        let pause = self.pause.until(self.looked_at);
        // Files that are ready while the database is away wait until it is tried again.
        let still = self.still.next(self.looked_at);
        let still = still.map(|due| pause.map_or(due, |pause| due.max(pause)));
        let moved = self.moved.next();
        let every = [later(self.orders.poll), later(deaf), later(again), pause, still, moved];
        every.into_iter().flatten().fold(latest, Instant::min)
    }

    async fn wait(&self, until: Instant, events: Option<&mut Events>) {
        let heard = async {
            match events {
                Some(events) => events.heard().await,
                None => std::future::pending().await,
            }
        };
        let waiting = async {
            tokio::select! {
                () = sleep_until(until.into()) => {}
                () = heard => {}
                () = self.stop.asked() => {}
            }
        };
        let at_most = until.saturating_duration_since(Instant::now()) + WAKE_MAX;
        self.pulse.wait_at_most(at_most, waiting).await;
    }
}

/// Closes a connection; where the database is silent, does not wait for it.
async fn close(session: Option<Session>) {
    if let Some(session) = session {
        drop(timeout(CLOSE_MAX, session.close()).await);
    }
}
