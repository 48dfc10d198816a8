//! Entries of statements → `bank_transactions`, inside the transaction.
//!
//! What is new goes in in the order of the keys, so that the table's indexes fill from left to
//! right. A bucket is read and hashed while the rows of the one before are sent.

use std::ops::Range;
use std::sync::Arc;

use sqlx::PgConnection;
use tokio::task::{JoinHandle, spawn_blocking};

use super::StoreError;
use super::ask::{ask_keys, ask_range, count_estimate};
use super::copy::copy_entries;
use super::group::Group;
use super::settle::conflict;
use crate::identity::Key;
use crate::plan::{Bucket, Chunk, Entries, Plan};
use crate::refusal::Refusal;
use crate::row::{HeldKind, HeldRow, Row as _, Table};

/// Stored rows that are read along with one that is wanted, at most: a row of a range costs a
/// fraction of one that is looked up by its key.
const SURPLUS_MAX: u64 = 3;

/// Loads the entries of the group's statements.
pub(super) async fn entries(
    connection: &mut PgConnection,
    entries: &Arc<Entries>,
    group: &mut Group,
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    // Where the table has hardly more rows than the files, all rows of a range of keys are read.
    let stored = count_estimate(connection).await?;
    let by_range = stored <= entries.len() as u64 * SURPLUS_MAX;
    let mut buckets = entries.buckets().into_iter();
    let mut next = buckets.next().map(|bucket| prepare(entries, bucket));
    while let Some(preparing) = next {
        let chunk = joined(preparing).await?;
        next = buckets.next().map(|bucket| prepare(entries, bucket));
        let bucket = chunk.bucket();
        let plan = decide(connection, chunk, by_range).await?;
        tally(&bucket, &plan, group);
        let Plan { new, conflicts, unbooked, .. } = plan;
        copy_entries(connection, &bucket, new, &group.stamps).await?;
        hold_unbooked(&bucket, &unbooked, group);
        hold_conflicts(connection, &bucket, &conflicts, group).await?;
    }
    Ok(())
}

fn prepare(entries: &Arc<Entries>, range: Range<usize>) -> JoinHandle<Result<Chunk, Refusal>> {
    let entries = Arc::clone(entries);
    spawn_blocking(move || Ok(Chunk::new(entries.bucket(range)?)))
}

/// Returns what a task made; its panic is ours.
pub(super) async fn joined<T>(task: JoinHandle<T>) -> T {
    match task.await {
        Ok(made) => made,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

async fn decide(
    connection: &mut PgConnection,
    mut chunk: Chunk,
    by_range: bool,
) -> Result<Plan, StoreError> {
    let mut range = chunk.range().filter(|_| by_range);
    loop {
        let wanted = chunk.wanted();
        if wanted.is_empty() {
            return Ok(chunk.settle());
        }
        let stored = match range.take() {
            Some((first, last)) => {
                let outside: Vec<Key> =
                    wanted.iter().filter(|key| **key < first || **key > last).copied().collect();
                let mut stored = ask_range(connection, first, last, &wanted).await?;
                stored.extend(ask_keys(connection, &outside).await?);
                stored
            }
            None => ask_keys(connection, &wanted).await?,
        };
        chunk.learn(wanted, stored);
    }
}

fn tally(bucket: &Bucket, plan: &Plan, group: &mut Group) {
    let table = Table::BankTransactions;
    for (_, entry) in &plan.new {
        group.counts(bucket.file(*entry), table).inserted += 1;
    }
    for entry in &plan.duplicates {
        group.counts(bucket.file(*entry), table).duplicates += 1;
    }
    for entry in plan.conflicts.iter().map(|(_, entry)| entry).chain(&plan.unbooked) {
        group.counts(bucket.file(*entry), table).held += 1;
    }
    for entry in &plan.reworded {
        group.landed(bucket.file(*entry)).reworded += 1;
    }
}

fn hold_unbooked(bucket: &Bucket, unbooked: &[u32], group: &mut Group) {
    for entry in unbooked {
        let Some((raw, line)) = bucket.raw(*entry) else {
            continue;
        };
        group.landed(bucket.file(*entry)).held.push(HeldRow {
            kind: HeldKind::Conflict,
            table: Table::BankTransactions,
            key: None,
            reason:
                "not booked yet, and without a bank reference to know it by when it is; import \
                     the statement (MT940)"
                    .to_owned(),
            raw,
            line,
        });
    }
}

/// Holds the entries that collide, each with what it differs in from the row that is there now.
async fn hold_conflicts(
    connection: &mut PgConnection,
    bucket: &Bucket,
    conflicts: &[(Key, u32)],
    group: &mut Group,
) -> Result<(), StoreError> {
    let keys: Vec<Key> = conflicts.iter().map(|(key, _)| *key).collect();
    let stored = ask_keys(connection, &keys).await?;
    for (key, entry) in conflicts {
        let held = stored.get(key).and_then(|known| {
            bucket.with_row((*key, *entry), |row| conflict(row, row.key().into_owned(), known))
        });
        group.landed(bucket.file(*entry)).held.extend(held);
    }
    Ok(())
}
