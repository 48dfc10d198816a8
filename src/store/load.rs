//! The rows of one document → the company's tables, inside the transaction.

use sqlx::PgConnection;

use super::ask::ask;
use super::copy::copy_entries;
use super::settle::{conflict, settle};
use super::{Landed, StoreError};
use crate::identity::Key;
use crate::plan::{Entries, EntryAt, Plan};
use crate::record::{Batch, Borderou};
use crate::row::{
    BankTransaction, HeldKind, HeldRow, Row, Stamp, Table, batch_rows, borderou_rows,
};

/// Loads the entries of statements: what is new goes in, in the order of the keys, so that the
/// table's indexes fill from left to right.
pub(super) async fn entries(
    connection: &mut PgConnection,
    entries: &Entries<'_>,
    stamp: &Stamp<'_>,
    landed: &mut Landed,
) -> Result<(), StoreError> {
    let table = Table::BankTransactions;
    let mut plan = Plan::default();
    for mut chunk in entries.chunks() {
        loop {
            let wanted = chunk.wanted();
            if wanted.is_empty() {
                break;
            }
            let keys: Vec<String> = wanted.iter().map(Key::to_string).collect();
            let stored = ask(connection, table, &keys).await?;
            let stored =
                stored.into_iter().filter_map(|(key, it)| Some((Key::parse(&key)?, it.says)));
            chunk.learn(wanted, stored.collect());
        }
        chunk.settle(&mut plan);
    }
    plan.finish();
    let counts = landed.tables.entry(table).or_default();
    counts.inserted += plan.new.len() as u64;
    counts.duplicates += plan.duplicates;
    counts.held += (plan.conflicts.len() + plan.unbooked.len()) as u64;
    landed.reworded += plan.reworded;
    copy_entries(connection, entries, &plan.new, stamp).await?;
    hold_unbooked(entries, &plan.unbooked, landed);
    hold_conflicts(connection, entries, &plan.conflicts, landed).await
}

/// Holds entries of an interim report that would come in a second time with their statement.
fn hold_unbooked(entries: &Entries<'_>, unbooked: &[EntryAt], landed: &mut Landed) {
    let held = unbooked.iter().filter_map(|at| entries.raw(*at)).map(|(raw, line)| HeldRow {
        kind: HeldKind::Conflict,
        table: Table::BankTransactions,
        key: None,
        reason: "not booked yet, and without a bank reference to know it by when it is; import \
                 the statement (MT940)"
            .to_owned(),
        raw: raw.to_owned(),
        line,
    });
    landed.held.extend(held);
}

/// Holds the entries that collide, each with what it differs in from the row that is there now.
async fn hold_conflicts(
    connection: &mut PgConnection,
    entries: &Entries<'_>,
    conflicts: &[(Key, EntryAt)],
    landed: &mut Landed,
) -> Result<(), StoreError> {
    let keys: Vec<String> = conflicts.iter().map(|(key, _)| key.to_string()).collect();
    let stored = ask(connection, Table::BankTransactions, &keys).await?;
    for ((key, at), name) in conflicts.iter().zip(keys) {
        let row: Option<BankTransaction<'_>> = entries.row(*key, *at);
        if let (Some(row), Some(known)) = (row, stored.get(&name)) {
            landed.held.push(conflict(&row, name, &known.says));
        }
    }
    Ok(())
}

/// Loads borderouri: heads first, since their parcels point to them.
pub(super) async fn borderouri(
    connection: &mut PgConnection,
    borderouri: &[Borderou],
    stamp: &Stamp<'_>,
    landed: &mut Landed,
) -> Result<(), StoreError> {
    let (mut heads, mut listed, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    for borderou in borderouri {
        let (head, parcels, by_themselves) = borderou_rows(borderou);
        heads.push(head);
        listed.push(parcels);
        alone.extend(by_themselves);
    }
    let stored = settle(connection, &heads, stamp, landed).await?;
    for (head, parcels) in heads.iter().zip(&mut listed) {
        if let Some(known) = stored.get(head.key().as_ref()) {
            parcels.iter_mut().for_each(|parcel| parcel.belongs_to(known.id));
        }
    }
    let listed: Vec<_> = listed.into_iter().flatten().collect();
    settle(connection, &listed, stamp, landed).await?;
    settle(connection, &alone, stamp, landed).await?;
    Ok(())
}

/// Loads a batch and its operations.
pub(super) async fn batch(
    connection: &mut PgConnection,
    batch: &Batch,
    stamp: &Stamp<'_>,
    landed: &mut Landed,
) -> Result<(), StoreError> {
    let (head, operations) = batch_rows(batch);
    settle(connection, &[head], stamp, landed).await?;
    settle(connection, &operations, stamp, landed).await?;
    Ok(())
}
