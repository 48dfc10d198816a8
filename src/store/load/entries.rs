//! The entries of statements → `bank_transactions`, inside the transaction.
//!
//! The entries go in by buckets, in the order of their keys, so that the table's indexes fill from
//! left to right. Up to four buckets are under way at once: one is read from its file, one is
//! compared with what is stored, and while the rows of one are sent, those of the next are encoded.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use sqlx::PgConnection;
use tokio::task::{JoinHandle, spawn_blocking};
use uuid::Uuid;

use super::ask::{Fullness, ask_keys, how_full};
use super::copy::copy_encoded;
use super::encode::EncodedRows;
use super::group_load::{GroupLoad, no_file};
use super::scan::{Scanned, scan};
use super::settle::conflict;
use super::statements::{StoredStatements, statements_of};
use crate::fault::{Impossible, Refusal};
use crate::plan::{Bucket, Comparison, Entries, Plan};
use crate::row::key::Key;
use crate::row::{BankTransaction, HeldRow, Row as _, Table};
use crate::store::StoreError;
use crate::store::blocking::joined;

/// The rows that the table may have for each entry, so that whole ranges of keys are still read:
/// reading a row of a range costs a fraction of looking one up by its key.
const SURPLUS_MAX: u64 = 3;

/// Rows whose keys lie outside of their bucket wait for the end; as soon as there are this many,
/// they are sent.
const DEFERRED_MAX: usize = 32_768;

/// Held rows that are made at once.
const HELD_AT_ONCE: usize = 1024;

/// What is known of stored rows before any is looked up.
#[derive(Debug)]
pub(crate) struct Known {
    pub(super) statements: StoredStatements,
    /// The highest numbers of twins, where numbers below may be free.
    pub(super) highest: Arc<HashMap<Key, u32>>,
}

/// Loads the entries of the group's statements.
///
/// With `look_ahead`, the look-up for one bucket goes out before the rows of the bucket before it
/// are sent, so that the server and this program work at the same time. Then one case goes unseen:
/// two buckets that plan the same key, since a reference that ends in `#2` can make the key of
/// another entry's second twin. The COPY fails on that key. Without `look_ahead` each bucket is
/// sent before the next look-up, which then finds the row with that key.
pub(crate) async fn entries(
    connection: &mut PgConnection,
    entries: &Arc<Entries>,
    known: &Known,
    group: &mut GroupLoad,
    look_ahead: bool,
) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    let ask = match how_full(connection).await? {
        Fullness::Empty if look_ahead => Ask::Nothing,
        Fullness::AtMost(rows) if rows <= entries.len() as u64 * SURPLUS_MAX => Ask::Range,
        _ => Ask::Keys,
    };
    Loading { group, known, look_ahead, ask, deferred: None }.load(connection, entries).await
}

/// What is asked of the database about a bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ask {
    /// Nothing: the table is empty.
    Nothing,
    /// All rows of the bucket's range of keys: the table has hardly more rows than the files.
    Range,
    /// The rows that have the bucket's keys.
    Keys,
}

struct Loading<'g> {
    group: &'g mut GroupLoad,
    known: &'g Known,
    look_ahead: bool,
    ask: Ask,
    /// New rows whose keys lie outside of their bucket.
    deferred: Option<Deferred>,
}

impl Loading<'_> {
    async fn load(
        &mut self,
        connection: &mut PgConnection,
        entries: &Arc<Entries>,
    ) -> Result<(), StoreError> {
        let near = self.known.statements.near();
        let highest = Arc::clone(&self.known.highest);
        let read = |range| {
            let (entries, near) = (Arc::clone(entries), near.clone());
            let highest = Arc::clone(&highest);
            spawn_blocking(move || -> Result<_, Refusal> {
                let mut comparison = Comparison::new(entries.bucket(range)?, &highest)?;
                comparison.tell_of_statements(near)?;
                Ok(comparison)
            })
        };
        let mut buckets = entries.buckets()?.into_iter();
        let mut next = buckets.next().map(read);
        let mut look_up: Option<LookUp> = None;
        let mut encoded: Option<EncodedRows> = None;
        while let Some(reading) = next {
            let comparison = joined(reading).await?;
            next = buckets.next().map(read);
            let begun = begin_look_up(connection, comparison, self.ask).await?;
            // Where nothing is asked there is no answer to wait for.
            let ahead = self.look_ahead && self.ask != Ask::Nothing;
            let due = if ahead { look_up.replace(begun) } else { Some(begun) };
            if let Some(due) = due {
                self.send_and_encode(connection, due, &mut encoded).await?;
            }
        }
        if let Some(due) = look_up {
            self.send_and_encode(connection, due, &mut encoded).await?;
        }
        let deferred = self.deferred.take().map(|deferred| deferred.encode(self.group));
        copy_encoded(connection, encoded.into_iter().chain(deferred)).await
    }

    /// Looks up the keys that the comparison still asks for, sends the rows of the bucket before
    /// this one, and begins to encode this bucket's rows.
    async fn send_and_encode(
        &mut self,
        connection: &mut PgConnection,
        look_up: LookUp,
        encoded: &mut Option<EncodedRows>,
    ) -> Result<(), StoreError> {
        let mut comparison = joined(look_up).await?;
        loop {
            let unknown = comparison.unknown_statements();
            if !unknown.is_empty() {
                comparison.tell_of_statements(statements_of(connection, unknown).await?)?;
            }
            let wanted = comparison.wanted()?;
            if wanted.is_empty() {
                break;
            }
            comparison.learn(ask_keys(connection, &wanted).await?)?;
        }
        let bucket = comparison.bucket();
        let settling = spawn_blocking(|| comparison.into_plan());
        // The rows of this bucket are encoded as soon as its plan is there, while those before are
        // sent.
        let (sent, taken_in) = tokio::join!(copy_encoded(connection, encoded.take()), async {
            self.count_hold_encode(bucket, joined(settling).await?)
        });
        sent?;
        *encoded = Some(taken_in?);
        if !self.look_ahead {
            copy_encoded(connection, encoded.take()).await?;
        }
        let many = self.deferred.take_if(|deferred| deferred.rows.len() >= DEFERRED_MAX);
        copy_encoded(connection, many.map(|deferred| deferred.encode(self.group))).await
    }

    /// Counts what the plan makes of the bucket's entries, holds those that cannot go in, and
    /// begins to encode the rows that are sent with this bucket.
    fn count_hold_encode(
        &mut self,
        bucket: Arc<Bucket>,
        mut plan: Plan,
    ) -> Result<EncodedRows, StoreError> {
        tally(&bucket, &plan, self.group)?;
        hold(&bucket, &plan, self.group)?;
        if self.look_ahead {
            let outside = plan.new.extract_if(.., |(key, _)| !bucket.spans(*key));
            let outside: Vec<(Key, u32)> = outside.collect();
            self.deferred
                .get_or_insert_with(|| Deferred::new(&bucket))
                .extend(&bucket, &outside)?;
        }
        Ok(encode(bucket, plan.new, self.group))
    }
}

fn encode(bucket: Arc<Bucket>, new: Vec<(Key, u32)>, group: &mut GroupLoad) -> EncodedRows {
    let ids = group.ids.take(new.len());
    EncodedRows::begin(bucket, new, ids, Arc::clone(&group.stamps))
}

/// Entries that are taken out of their buckets and sent at the end. Second and further twins have
/// keys that lie anywhere in the index: sent with their buckets, they would make every bucket touch
/// the whole index.
struct Deferred {
    bucket: Bucket,
    rows: Vec<(Key, u32)>,
}

impl Deferred {
    fn new(like: &Bucket) -> Self {
        Self { bucket: like.emptied(), rows: Vec::new() }
    }

    fn extend(&mut self, bucket: &Bucket, rows: &[(Key, u32)]) -> Result<(), Impossible> {
        for (key, entry) in rows {
            self.rows.push((*key, self.bucket.adopt(bucket, *entry)?));
        }
        Ok(())
    }

    fn encode(mut self, group: &mut GroupLoad) -> EncodedRows {
        self.rows.sort_unstable();
        encode(Arc::new(self.bucket), self.rows, group)
    }
}

/// A look-up under way: a bucket's entries, while they are compared with what is stored.
type LookUp = JoinHandle<Result<Comparison, StoreError>>;

/// Asks what is stored under the keys that a bucket plans, and begins to compare.
async fn begin_look_up(
    connection: &mut PgConnection,
    mut comparison: Comparison,
    ask: Ask,
) -> Result<LookUp, StoreError> {
    let mut wanted = comparison.wanted()?;
    let range = comparison.range().filter(|_| ask == Ask::Range);
    let scanned = match range {
        Some((first, last)) => {
            wanted.retain(|key| *key < first || *key > last);
            Some(scan(connection, first, last).await?)
        }
        None => None,
    };
    let found = match ask {
        Ask::Nothing => HashMap::new(),
        Ask::Range | Ask::Keys => ask_keys(connection, &wanted).await?,
    };
    Ok(spawn_blocking(move || {
        let scanned = scanned.as_ref().map(Scanned::rows).transpose()?;
        comparison.learn(scanned.into_iter().flatten().chain(found))?;
        Ok(comparison)
    }))
}

fn tally(bucket: &Bucket, plan: &Plan, group: &mut GroupLoad) -> Result<(), StoreError> {
    let table = Table::BankTransactions;
    for (_, entry) in &plan.new {
        group.counts(bucket.file(*entry)?, table)?.inserted += 1;
    }
    for entry in &plan.duplicates {
        group.counts(bucket.file(*entry)?, table)?.duplicates += 1;
    }
    for entry in &plan.reworded {
        group.imported(bucket.file(*entry)?)?.reworded += 1;
    }
    Ok(())
}

/// Holds the entries in conflict, each with what differs from the row that has its key, and the
/// entries that are not booked yet. The held rows are made on all cores, some at a time.
fn hold(bucket: &Bucket, plan: &Plan, group: &mut GroupLoad) -> Result<(), StoreError> {
    let stamps = Arc::clone(&group.stamps);
    let collided = |(row, id): (&(Key, u32), Uuid)| {
        let (says, file) = (plan.says_under(row.0)?, bucket.file(row.1)?);
        let own = (id, stamps.get(file).ok_or_else(no_file)?);
        let held = |it: &BankTransaction<'_>| conflict(it, it.key().into_owned(), &says, own);
        Ok((file, bucket.with_row(*row, held)?))
    };
    let interim = |entry: &u32| Ok((bucket.file(*entry)?, bucket.interim(*entry)?));
    for some in plan.conflicts.chunks(HELD_AT_ONCE) {
        let ids: Vec<Uuid> = group.ids.take(some.len()).collect();
        hold_all(group, some.par_iter().zip(ids).map(collided).collect())?;
    }
    for some in plan.interim.chunks(HELD_AT_ONCE) {
        hold_all(group, some.par_iter().map(interim).collect())?;
    }
    Ok(())
}

fn hold_all(
    group: &mut GroupLoad,
    held: Vec<Result<(usize, HeldRow), Impossible>>,
) -> Result<(), StoreError> {
    held.into_iter().try_for_each(|held| {
        let (file, row) = held?;
        group.hold(file, row)
    })
}
