//! Entries of statements → `bank_transactions`, inside the transaction.
//!
//! What is new goes in in the order of the keys, so that the table's indexes fill from left to
//! right. A bucket is read and hashed while the rows of the one before are sent.

use std::sync::Arc;

use rayon::prelude::*;
use sqlx::PgConnection;
use tokio::task::{JoinHandle, spawn_blocking};

use super::StoreError;
use super::ask::{ask_keys, how_full};
use super::copy::{CopyEntries, Making, copy_entries, make};
use super::group::Group;
use super::scan::{Scanned, scan};
use super::settle::conflict;
use crate::fault::Impossible;
use crate::identity::Key;
use crate::plan::{Bucket, Chunk, Entries, Plan};
use crate::refusal::Refusal;
use crate::row::{BankTransaction, HeldKind, HeldRow, Row as _, Table};

/// Stored rows that are read along with one that is wanted, at most: a row of a range costs a
/// fraction of one that is looked up by its key.
const SURPLUS_MAX: u64 = 3;

/// Rows with keys outside of their bucket that wait at most.
const LATER_ENTRIES: usize = 32_768;

/// Held rows that are made at once.
const HELD_AT_ONCE: usize = 1024;

/// Loads the entries of the group's statements.
///
/// With `look_ahead`, what is stored under a bucket's keys is asked before the rows of the bucket
/// before it are sent, and not at all where the table is empty. Then a key that two buckets plan is
/// not seen, and the COPY fails: a reference that ends in `#2` can make the key of another's twin.
/// Without, it is.
pub(super) async fn entries(
    connection: &mut PgConnection,
    entries: &Arc<Entries>,
    group: &mut Group,
    look_ahead: bool,
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let (stored_max, is_empty) = how_full(connection).await?;
    let mut loading = Loading { group, look_ahead, later: None };
    if is_empty && look_ahead {
        return loading.fill_empty(connection, entries).await;
    }
    // Where the table has hardly more rows than the files, all rows of a range of keys are read.
    let few = |max: u64| max <= entries.len() as u64 * SURPLUS_MAX;
    let by_range = stored_max.is_some_and(few);
    loading.beside_stored(connection, entries, by_range).await
}

struct Loading<'g> {
    group: &'g mut Group,
    look_ahead: bool,
    /// New rows whose keys lie outside of their bucket.
    later: Option<Later>,
}

impl Loading<'_> {
    /// Sends the rows of one bucket after the other in one COPY; nothing is stored to be asked for.
    async fn fill_empty(
        &mut self,
        connection: &mut PgConnection,
        entries: &Arc<Entries>,
    ) -> Result<(), StoreError> {
        let mut copy = CopyEntries::begin(connection).await?;
        let sent = self.send_all(&mut copy, entries).await;
        copy.end(sent).await
    }

    async fn send_all(
        &mut self,
        copy: &mut CopyEntries<'_>,
        entries: &Arc<Entries>,
    ) -> Result<(), StoreError> {
        let settle = |range| {
            let entries = Arc::clone(entries);
            spawn_blocking(move || -> Result<_, Refusal> {
                let chunk = Chunk::new(entries.bucket(range)?)?;
                Ok((chunk.bucket(), chunk.settle()?))
            })
        };
        let mut buckets = entries.buckets()?.into_iter();
        let mut next = buckets.next().map(settle);
        let mut before: Option<Making> = None;
        while let Some(settling) = next {
            let (bucket, plan) = joined(settling).await?;
            next = buckets.next().map(settle);
            if let Some(before) = before.replace(self.begin(bucket, plan)?) {
                copy.send(before).await?;
            }
            if let Some(full) = self.full() {
                copy.send(full).await?;
            }
        }
        copy.send_all(before.into_iter().chain(self.rest())).await
    }

    /// Asks for what is stored under a bucket's keys before its rows are sent. Three buckets are under
    /// way: one is read, one compared with what is stored, and the rows of one are sent.
    async fn beside_stored(
        &mut self,
        connection: &mut PgConnection,
        entries: &Arc<Entries>,
        by_range: bool,
    ) -> Result<(), StoreError> {
        let prepare = |range| {
            let entries = Arc::clone(entries);
            spawn_blocking(move || -> Result<_, Refusal> {
                Ok(Chunk::new(entries.bucket(range)?)?)
            })
        };
        let mut buckets = entries.buckets()?.into_iter();
        let mut next = buckets.next().map(prepare);
        let mut learning: Option<Learning> = None;
        let mut before: Option<Making> = None;
        while let Some(preparing) = next {
            let chunk = joined(preparing).await?;
            next = buckets.next().map(prepare);
            let asked = ask_first(connection, chunk, by_range).await?;
            let due = if self.look_ahead { learning.replace(asked) } else { Some(asked) };
            if let Some(due) = due {
                self.advance(connection, due, &mut before).await?;
            }
        }
        if let Some(due) = learning {
            self.advance(connection, due, &mut before).await?;
        }
        copy_entries(connection, before.into_iter().chain(self.rest())).await
    }

    /// Asks what a bucket still must know, sends the rows of the one before, and begins its own.
    async fn advance(
        &mut self,
        connection: &mut PgConnection,
        learning: Learning,
        before: &mut Option<Making>,
    ) -> Result<(), StoreError> {
        let mut chunk = joined(learning).await?;
        loop {
            let wanted = chunk.wanted()?;
            if wanted.is_empty() {
                break;
            }
            chunk.learn(ask_keys(connection, &wanted).await?)?;
        }
        let bucket = chunk.bucket();
        let settling = spawn_blocking(|| chunk.settle());
        copy_entries(connection, before.take()).await?;
        *before = Some(self.begin(bucket, joined(settling).await?)?);
        if !self.look_ahead {
            copy_entries(connection, before.take()).await?;
        }
        copy_entries(connection, self.full()).await
    }

    /// Takes a plan in, and begins to make the rows that are to be sent now.
    fn begin(&mut self, bucket: Arc<Bucket>, mut plan: Plan) -> Result<Making, StoreError> {
        tally(&bucket, &plan, self.group)?;
        hold(&bucket, &plan, self.group)?;
        if self.look_ahead {
            let outside = plan.new.extract_if(.., |(key, _)| !bucket.spans(*key));
            let outside: Vec<(Key, u32)> = outside.collect();
            self.later.get_or_insert_with(|| Later::new(&bucket)).extend(&bucket, &outside)?;
        }
        Ok(begin(bucket, plan.new, self.group))
    }

    /// Begins to make the rows that wait, where they are many.
    fn full(&mut self) -> Option<Making> {
        let full = self.later.take_if(|later| later.rows.len() >= LATER_ENTRIES)?;
        Some(full.begin(self.group))
    }

    /// Begins to make the rows that still wait.
    fn rest(&mut self) -> Option<Making> {
        self.later.take().map(|later| later.begin(self.group))
    }
}

fn begin(bucket: Arc<Bucket>, new: Vec<(Key, u32)>, group: &mut Group) -> Making {
    let ids = group.ids.take(new.len());
    make(bucket, new, ids, Arc::clone(&group.stamps))
}

/// Entries that are taken out of their buckets, since their turn comes later. Second and further twins
/// have keys that lie all over the index: in their buckets they would make each touch all of it.
struct Later {
    bucket: Bucket,
    rows: Vec<(Key, u32)>,
}

impl Later {
    fn new(like: &Bucket) -> Self {
        Self { bucket: like.emptied(), rows: Vec::new() }
    }

    fn extend(&mut self, bucket: &Bucket, rows: &[(Key, u32)]) -> Result<(), Impossible> {
        for (key, entry) in rows {
            self.rows.push((*key, self.bucket.adopt(bucket, *entry)?));
        }
        Ok(())
    }

    fn begin(mut self, group: &mut Group) -> Making {
        self.rows.sort_unstable();
        begin(Arc::new(self.bucket), self.rows, group)
    }
}

/// Returns what a task made; its panic is ours.
pub(super) async fn joined<T>(task: JoinHandle<T>) -> T {
    match task.await {
        Ok(made) => made,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// A chunk that is told what is stored under the keys that it wants first.
type Learning = JoinHandle<Result<Chunk, StoreError>>;

/// Looks up what is stored under the keys that a chunk wants first, and tells it meanwhile.
async fn ask_first(
    connection: &mut PgConnection,
    mut chunk: Chunk,
    by_range: bool,
) -> Result<Learning, StoreError> {
    let mut wanted = chunk.wanted()?;
    let range = chunk.range().filter(|_| by_range);
    let scanned = match range {
        Some((first, last)) => {
            wanted.retain(|key| *key < first || *key > last);
            Some(scan(connection, first, last).await?)
        }
        None => None,
    };
    let found = ask_keys(connection, &wanted).await?;
    Ok(spawn_blocking(move || {
        let scanned = scanned.as_ref().map(Scanned::said).transpose()?;
        chunk.learn(scanned.into_iter().flatten().chain(found))?;
        Ok(chunk)
    }))
}

fn tally(bucket: &Bucket, plan: &Plan, group: &mut Group) -> Result<(), StoreError> {
    let table = Table::BankTransactions;
    for (_, entry) in &plan.new {
        group.counts(bucket.file(*entry)?, table)?.inserted += 1;
    }
    for entry in &plan.duplicates {
        group.counts(bucket.file(*entry)?, table)?.duplicates += 1;
    }
    for entry in &plan.reworded {
        group.landed(bucket.file(*entry)?)?.reworded += 1;
    }
    Ok(())
}

/// Holds what collides, each with what it differs in from the row that has its key, and what is not
/// booked; some rows at a time are made on all cores.
fn hold(bucket: &Bucket, plan: &Plan, group: &mut Group) -> Result<(), StoreError> {
    let collided = |row: &(Key, u32)| {
        let says = plan.says_under(row.0)?;
        let held = |it: &BankTransaction<'_>| conflict(it, it.key().into_owned(), &says);
        Ok((bucket.file(row.1)?, bucket.with_row(*row, held)?))
    };
    let unbooked = |entry: &u32| {
        let (raw, line) = bucket.raw(*entry)?;
        Ok((bucket.file(*entry)?, not_booked(raw, line)))
    };
    let mut hold_all = |held: Vec<Result<(usize, HeldRow), Impossible>>| {
        held.into_iter().try_for_each(|held| {
            let (file, row) = held?;
            group.hold(file, row)
        })
    };
    for some in plan.conflicts.chunks(HELD_AT_ONCE) {
        hold_all(some.par_iter().map(collided).collect())?;
    }
    for some in plan.unbooked.chunks(HELD_AT_ONCE) {
        hold_all(some.par_iter().map(unbooked).collect())?;
    }
    Ok(())
}

fn not_booked(raw: String, line: u32) -> HeldRow {
    HeldRow {
        kind: HeldKind::Conflict,
        table: Table::BankTransactions,
        key: None,
        reason:
            "not booked yet, and without a bank reference to know it by when it is; import the \
                 statement (MT940)"
                .to_owned(),
        raw,
        line,
    }
}
