//! Files → ready to land, on several threads, within a bound of memory and in their order.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::vec;

use rayon::ThreadPool;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::find::Found;
use crate::import::{Options, Progress, Ready, each_source, prepare};
use crate::meter::{Meter, Stage};
use crate::report::{Failure, FileReport, Status};

/// Files that are read ahead of the database: two groups.
const FILES_AHEAD: usize = 512;

/// Bytes of files that are read ahead, in KiB; a file that has more is read alone.
const KIB_AHEAD: u32 = 64 * 1024;

/// Members of one zip that wait at most.
const MEMBERS_AHEAD: usize = 2;

/// A source that was read, or the report of one that is not let in.
pub(super) type Item = Result<Box<Ready>, Box<FileReport>>;

/// What comes of one path, in the order of the paths.
pub(super) struct Slot {
    /// Its sources: one, or the members of a zip.
    pub(super) items: mpsc::Receiver<Item>,
    /// What the next files wait for.
    _room: OwnedSemaphorePermit,
}

/// Threads that read.
struct Readers {
    /// What is to be read, and where it is handed over: taken together, so the order is kept.
    next: Mutex<(vec::IntoIter<Found>, mpsc::Sender<Slot>)>,
    room: Arc<Semaphore>,
    runtime: Handle,
    accept_unbalanced: bool,
    meter: Arc<Meter>,
}

/// Begins to read on all threads of the pool.
///
/// Each of its threads reads a file at a time, and helps with a large one when no other is left.
pub(super) fn start(
    pool: &ThreadPool,
    found: Vec<Found>,
    accept_unbalanced: bool,
    meter: &Arc<Meter>,
) -> mpsc::Receiver<Slot> {
    let (sender, slots) = mpsc::channel(FILES_AHEAD);
    let readers = Readers {
        next: Mutex::new((found.into_iter(), sender)),
        room: Arc::new(Semaphore::new(KIB_AHEAD as usize)),
        runtime: Handle::current(),
        accept_unbalanced,
        meter: Arc::clone(meter),
    };
    pool.spawn_broadcast(move |_| readers.read_all());
    slots
}

impl Readers {
    fn read_all(&self) {
        while let Some((found, items)) = self.next() {
            match found {
                Found::File(path) => self.read(&path, &items),
                Found::Closed(path, error) => {
                    let mut report = FileReport::new(path.to_string_lossy(), None, Status::Failed);
                    let advice = "give yourself the right to look into it";
                    report.fail(Failure::unreadable(format!("cannot be read: {error}"), advice));
                    // Nobody listens any more where the run has ended.
                    drop(items.blocking_send(Err(Box::new(report))));
                }
            }
        }
    }

    /// Takes the next file, once there is room for it. Its turn to land comes before that of every
    /// file that is taken later, so the one that is waited for is always in somebody's hands.
    fn next(&self) -> Option<(Found, mpsc::Sender<Item>)> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, slots) = &mut *next;
        let found = left.next()?;
        let room = Arc::clone(&self.room).acquire_many_owned(kib_of(&found));
        let room = self.runtime.block_on(room).ok()?;
        let (sender, items) = mpsc::channel(MEMBERS_AHEAD);
        slots.blocking_send(Slot { items, _room: room }).ok()?;
        Some((found, sender))
    }

    fn read(&self, path: &Path, items: &mpsc::Sender<Item>) {
        let options = Options { accept_unbalanced: self.accept_unbalanced, ..Options::default() };
        let mut sources = self.meter.within(Stage::Read, || each_source(path));
        while let Some(source) = self.meter.within(Stage::Read, || sources.next()) {
            let item =
                source.and_then(|source| prepare(&Arc::new(source), options, &Unseen, &self.meter));
            if items.blocking_send(item).is_err() {
                return;
            }
        }
    }
}

fn kib_of(found: &Found) -> u32 {
    let bytes = match found {
        Found::File(path) => path.metadata().map(|it| it.len()).unwrap_or_default(),
        Found::Closed(..) => 0,
    };
    u32::try_from(bytes / 1024).unwrap_or(KIB_AHEAD).clamp(1, KIB_AHEAD)
}

/// Of many files at once no stage is shown.
struct Unseen;

impl Progress for Unseen {
    fn stage(&self, _stage: &'static str, _records: Option<u64>) {}
}
