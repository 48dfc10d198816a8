//! Files → ready to land, on several threads, within a bound of memory and in their order.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::vec;

use rayon::ThreadPool;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::{Arrival, Manner};
use crate::import::{Options, Progress, Ready, prepare};
use crate::meter::{Meter, Stage};
use crate::report::FileReport;

/// Files that are read ahead of the database: two groups.
const FILES_AHEAD: usize = 512;

/// Bytes of files that are read ahead, in KiB; a file that has more is read alone.
const KIB_AHEAD: u32 = 64 * 1024;

/// Members of one zip that wait at most.
const MEMBERS_AHEAD: usize = 2;

/// A source that was read, or the report of one that is not let in.
pub(super) type Item = Result<Box<Ready>, Box<FileReport>>;

/// What comes of one arrival, in their order.
pub(super) struct Slot<A> {
    /// The arrival itself.
    pub(super) arrival: Arc<A>,
    /// Its sources: one, or the members of a zip.
    pub(super) items: mpsc::Receiver<Item>,
    /// What the next files wait for.
    _room: OwnedSemaphorePermit,
}

/// What is to be read, and where it is handed over: taken together, so the order is kept.
type Next<A> = (vec::IntoIter<A>, mpsc::Sender<Slot<A>>);

/// Threads that read.
struct Readers<A> {
    next: Mutex<Next<A>>,
    room: Arc<Semaphore>,
    runtime: Handle,
    manner: Manner,
    meter: Arc<Meter>,
}

/// Begins to read on all threads of the pool.
///
/// Each of its threads reads a file at a time, and helps with a large one when no other is left.
pub(super) fn start<A: Arrival>(
    pool: &ThreadPool,
    arrivals: Vec<A>,
    manner: &Manner,
    meter: &Arc<Meter>,
) -> mpsc::Receiver<Slot<A>> {
    let (sender, slots) = mpsc::channel(FILES_AHEAD);
    let readers = Readers {
        next: Mutex::new((arrivals.into_iter(), sender)),
        room: Arc::new(Semaphore::new(KIB_AHEAD as usize)),
        runtime: Handle::current(),
        manner: manner.clone(),
        meter: Arc::clone(meter),
    };
    pool.spawn_broadcast(move |_| readers.read_all());
    slots
}

impl<A: Arrival> Readers<A> {
    fn read_all(&self) {
        while let Some((arrival, items)) = self.next() {
            self.read(&*arrival, &items);
        }
    }

    /// Takes the next arrival, once there is room for it. Its turn to land comes before that of every
    /// one that is taken later, so the one that is waited for is always in somebody's hands.
    fn next(&self) -> Option<(Arc<A>, mpsc::Sender<Item>)> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if self.manner.stop.load(Ordering::Relaxed) {
            return None;
        }
        let (left, slots) = &mut *next;
        let arrival = Arc::new(left.next()?);
        let room = Arc::clone(&self.room).acquire_many_owned(kib_of(arrival.size()));
        let room = self.runtime.block_on(room).ok()?;
        let (sender, items) = mpsc::channel(MEMBERS_AHEAD);
        let slot = Slot { arrival: Arc::clone(&arrival), items, _room: room };
        slots.blocking_send(slot).ok()?;
        Some((arrival, sender))
    }

    fn read(&self, arrival: &A, items: &mpsc::Sender<Item>) {
        let accept_unbalanced = self.manner.accept_unbalanced;
        let options = Options { accept_unbalanced, ..Options::default() };
        let mut sources = self.meter.within(Stage::Read, || arrival.open());
        while let Some(source) = self.meter.within(Stage::Read, || sources.next()) {
            let item =
                source.and_then(|source| prepare(&Arc::new(source), options, &Unseen, &self.meter));
            // Nobody listens any more where the run has ended.
            if items.blocking_send(item).is_err() {
                return;
            }
        }
    }
}

fn kib_of(bytes: u64) -> u32 {
    u32::try_from(bytes / 1024).unwrap_or(KIB_AHEAD).clamp(1, KIB_AHEAD)
}

/// Of many files at once no stage is shown.
struct Unseen;

impl Progress for Unseen {
    fn stage(&self, _stage: &'static str, _records: Option<u64>) {}
}
