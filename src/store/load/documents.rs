//! The rows of documents with natural keys → the company's tables, inside the transaction.

use sqlx::PgConnection;

use super::group_load::GroupLoad;
use super::settle::settle;
use crate::record::{Batch, Borderou};
use crate::row::{Row, batch_rows, borderou_rows};
use crate::store::StoreError;

/// Loads borderouri, each with the number of its file: heads first, since their parcels point to
/// them.
pub(crate) async fn borderouri(
    connection: &mut PgConnection,
    borderouri: &[(usize, &Borderou)],
    group: &mut GroupLoad,
) -> Result<(), StoreError> {
    let (mut heads, mut listed, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    for (file, borderou) in borderouri {
        let (head, parcels, by_themselves) = borderou_rows(borderou);
        heads.push((*file, head));
        listed.push(parcels);
        alone.extend(by_themselves.into_iter().map(|parcel| (*file, parcel)));
    }
    let stored = settle(connection, &heads, group).await?;
    for ((_, head), parcels) in heads.iter().zip(&mut listed) {
        let known = stored.get(head.key().as_ref());
        let known = known.ok_or_else(|| StoreError::impossible("a borderou that is not stored"))?;
        parcels.iter_mut().for_each(|parcel| parcel.belongs_to(known.id));
    }
    let files = heads.iter().map(|(file, _)| *file);
    let listed: Vec<_> = files
        .zip(listed)
        .flat_map(|(file, parcels)| parcels.into_iter().map(move |parcel| (file, parcel)))
        .collect();
    settle(connection, &listed, group).await?;
    settle(connection, &alone, group).await?;
    Ok(())
}

/// Loads batches and their operations, each batch with the number of its file.
pub(crate) async fn batches(
    connection: &mut PgConnection,
    batches: &[(usize, &Batch)],
    group: &mut GroupLoad,
) -> Result<(), StoreError> {
    let (mut heads, mut operations) = (Vec::new(), Vec::new());
    for (file, batch) in batches {
        let (head, rows) = batch_rows(batch);
        heads.push((*file, head));
        operations.extend(rows.into_iter().map(|row| (*file, row)));
    }
    settle(connection, &heads, group).await?;
    settle(connection, &operations, group).await?;
    Ok(())
}
