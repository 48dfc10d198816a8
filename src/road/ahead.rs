//! Inputs → prepared files, on several threads, ahead of the database: within a bound of memory and in
//! their order.

use std::iter::Peekable;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{thread, vec};

use rayon::{ThreadPool, Yield};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::input::Input;
use super::meter::{Meter, Stage};
use super::prepare::{Options, Prepared, prepare};
use super::report::FileReport;
use crate::source::Source;
use crate::store::StoreError;

/// Inputs that may be open ahead of the database: as many as two groups hold.
const FILES_AHEAD: usize = 512;

/// The size of all inputs that are read ahead, in KiB at most; a larger input is read alone.
const KIB_AHEAD: u32 = 64 * 1024;

/// Sources of one input that wait at most. The bound of bytes counts a zip as it is packed, so hardly
/// more than one of its members is unpacked ahead.
const SOURCES_AHEAD: usize = 1;

/// How long a thread waits that has nothing to do until it looks again.
const WAIT: Duration = Duration::from_millis(1);

/// A source that was read and adds up, or the report of one that is not let in.
pub(super) type PreparedOrReport = Result<Box<Prepared>, Box<FileReport>>;

/// An input whose sources are being prepared.
pub(super) struct OpenedInput<I> {
    /// The input.
    pub(super) input: Arc<I>,
    /// Its sources in their order: one, or the members of a zip.
    pub(super) sources: mpsc::Receiver<PreparedOrReport>,
    /// The input's share of the bound of memory; further inputs wait until it is given back.
    _room: OwnedSemaphorePermit,
}

/// The inputs that are left, and where the opened ones are handed over. Both under one lock, so that
/// inputs are handed over in their order.
type Queue<I> = (Peekable<vec::IntoIter<I>>, mpsc::Sender<OpenedInput<I>>);

/// An input and the channel of its prepared sources.
type Opened<I> = (Arc<I>, mpsc::Sender<PreparedOrReport>);

/// The threads that read ahead.
struct Readers<I> {
    queue: Mutex<Queue<I>>,
    room: Arc<Semaphore>,
    options: Options,
    meter: Arc<Meter>,
}

/// Begins to read on all threads of the pool.
///
/// Each thread prepares one input at a time, and helps with a large one when no other input is left.
pub(super) fn start<I: Input>(
    pool: &ThreadPool,
    inputs: Vec<I>,
    options: &Options,
    meter: &Arc<Meter>,
) -> mpsc::Receiver<OpenedInput<I>> {
    let (sender, opened) = mpsc::channel(FILES_AHEAD);
    let readers = Readers {
        queue: Mutex::new((inputs.into_iter().peekable(), sender)),
        room: Arc::new(Semaphore::new(KIB_AHEAD as usize)),
        options: options.clone(),
        meter: Arc::clone(meter),
    };
    pool.spawn_broadcast(move |_| readers.read_all());
    opened
}

impl<I: Input> Readers<I> {
    fn read_all(&self) {
        while let Some((input, prepared)) = self.next() {
            self.read(&*input, &prepared);
        }
    }

    /// Takes the next input, once there is room for it; `None` when no further one is to be read.
    ///
    /// An input is handed over before it is read, in the order of the queue. So the input that the
    /// database waits for is always the oldest one, and a thread is already reading it: two inputs
    /// never wait for each other's room.
    fn next(&self) -> Option<Opened<I>> {
        loop {
            match self.try_next() {
                Next::Input(opened) => return Some(opened),
                Next::None => return None,
                // While it waits, the thread helps those that read a large file.
                Next::Wait if rayon::yield_now() == Some(Yield::Executed) => {}
                Next::Wait => thread::sleep(WAIT),
            }
        }
    }

    fn try_next(&self) -> Next<I> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if self.options.stop.load(Ordering::Relaxed) {
            return Next::None;
        }
        let (left, opened) = &mut *queue;
        let Some(size) = left.peek().map(Input::size) else { return Next::None };
        let place = match opened.try_reserve() {
            Ok(place) => place,
            Err(TrySendError::Full(())) => return Next::Wait,
            // The receiver is gone where the run has ended.
            Err(TrySendError::Closed(())) => return Next::None,
        };
        let Ok(room) = Arc::clone(&self.room).try_acquire_many_owned(kib_of(size)) else {
            return Next::Wait;
        };
        let Some(input) = left.next().map(Arc::new) else { return Next::None };
        let (sender, sources) = mpsc::channel(SOURCES_AHEAD);
        place.send(OpenedInput { input: Arc::clone(&input), sources, _room: room });
        Next::Input((input, sender))
    }

    fn read(&self, input: &I, prepared: &mpsc::Sender<PreparedOrReport>) {
        let mut sources = self.meter.within(Stage::Read, || input.open());
        while let Some(source) = self.meter.within(Stage::Read, || sources.next()) {
            let item = source.and_then(|source| self.prepare(&Arc::new(source)));
            // Nobody receives any more where the run has ended.
            if prepared.blocking_send(item).is_err() {
                return;
            }
        }
    }

    /// Prepares a source. A panic is a mistake in vama; it fails this file alone.
    fn prepare(&self, source: &Arc<Source>) -> PreparedOrReport {
        let work = AssertUnwindSafe(|| prepare(source, &self.options, &self.meter));
        catch_unwind(work).unwrap_or_else(|_| {
            let mut report = FileReport::of(source);
            report.fail(&StoreError::impossible("a file that cannot be read without a panic"));
            Err(Box::new(report))
        })
    }
}

/// What [`Readers::try_next`] finds.
enum Next<I> {
    Input(Opened<I>),
    /// There is no room now.
    Wait,
    None,
}

fn kib_of(bytes: u64) -> u32 {
    u32::try_from(bytes / 1024).unwrap_or(KIB_AHEAD).clamp(1, KIB_AHEAD)
}
