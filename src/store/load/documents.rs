//! The settlements of files → the company's tables, inside the transaction.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::ask::{Stored, ask_for, told};
use super::corrected::Settlement;
use super::group_load::GroupLoad;
use super::known::{Book, compare};
use super::settle::{settle, settle_with};
use crate::record::{Batch, Borderou};
use crate::row::{
    BatchRow, BorderouRow, GlsParcel, Line as _, OperationRow, ParcelRow, Row as _, Table,
    batch_rows, borderou_rows,
};
use crate::store::StoreError;
use crate::store::connection::turn::{Turn, Value};

const LOOKING: &str = "looking for settlements that come again";

/// A borderou on its way in, with its parcels by themselves.
type Came = (Settlement<BorderouRow, ParcelRow>, Vec<GlsParcel>);

/// Loads borderouri, each with the number of its file: heads first, since their parcels point to
/// them. One that corrects another is held.
pub(crate) async fn borderouri(
    connection: &mut PgConnection,
    borderouri: &[(usize, &Borderou)],
    group: &mut GroupLoad,
) -> Result<(), StoreError> {
    if borderouri.is_empty() {
        return Ok(());
    }
    let came = borderouri.iter().map(|(file, borderou)| {
        let (head, lines, alone) = borderou_rows(borderou);
        (Settlement { file: *file, head, lines }, alone)
    });
    let came: Vec<Came> = came.collect();
    let keys: Vec<String> = came.iter().map(|(it, _)| it.head.key().into_owned()).collect();
    let accounts: Vec<String> = came.iter().map(|(it, _)| it.head.account().to_owned()).collect();
    let numbers = came.iter().flat_map(|(it, _)| &it.lines);
    let numbers: Vec<String> = numbers.map(|line| line.name().to_owned()).collect();
    let look = ask_for(Turn::default(), Table::GlsBorderouri, &keys).add(
        LOOKING,
        include_str!("../sql/known_gls_borderouri.sql"),
        &[Value::Texts(&numbers), Value::Texts(&accounts)],
    );
    let (stored, mut book) = look_up(connection, look).await?;
    let (mut heads, mut listed, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    for (mut borderou, by_themselves) in came {
        if !goes_in(&mut borderou, &by_themselves, (&stored, &mut book), group)? {
            continue;
        }
        let Settlement { file, head, lines } = borderou;
        alone.extend(by_themselves.into_iter().map(|parcel| (file, parcel)));
        heads.push((file, head));
        listed.push(lines);
    }
    let stored = settle_with(connection, &heads, stored, group).await?;
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

/// Returns whether a borderou goes in; else it is held, or counted as there.
fn goes_in(
    borderou: &mut Settlement<BorderouRow, ParcelRow>,
    by_themselves: &[GlsParcel],
    (stored, book): (&HashMap<String, Stored>, &mut Book),
    group: &mut GroupLoad,
) -> Result<bool, StoreError> {
    let key = borderou.head.key().into_owned();
    if stored.contains_key(&key) {
        return Ok(true);
    }
    let account = borderou.head.account();
    let known = book.with_lines(account, &borderou.lines);
    if known.is_empty() || known.iter().any(|it| it.key.as_deref() == Some(&key)) {
        book.add(account, borderou.known());
        return Ok(true);
    }
    let compared = compare(&borderou.lines, &known);
    if compared.is_all_the_same() && known.len() == 1 && borderou.says_as(known.first().copied()) {
        // Somebody else wrote it, under no key or another one.
        borderou.is_there(group)?;
        return Ok(false);
    }
    let head_id = group.ids.one();
    borderou.lines.iter_mut().for_each(|it| it.belongs_to(head_id));
    borderou.hold(group, (&known, &compared), (head_id, by_themselves))?;
    Ok(false)
}

/// Loads batches and their operations, each batch with the number of its file. One that has other
/// operations than the stored batch of its number is held.
pub(crate) async fn batches(
    connection: &mut PgConnection,
    batches: &[(usize, &Batch)],
    group: &mut GroupLoad,
) -> Result<(), StoreError> {
    if batches.is_empty() {
        return Ok(());
    }
    let came = batches.iter().map(|(file, batch)| {
        let (head, lines) = batch_rows(batch);
        Settlement { file: *file, head, lines }
    });
    let came: Vec<Settlement<BatchRow, OperationRow>> = came.collect();
    let keys: Vec<String> = came.iter().map(|it| it.head.key().into_owned()).collect();
    let known = include_str!("../sql/known_netopia_batches.sql");
    let look = ask_for(Turn::default(), Table::NetopiaBatches, &keys);
    let look = look.add(LOOKING, known, &[Value::Texts(&keys)]);
    let (stored, mut book) = look_up(connection, look).await?;
    let (mut heads, mut operations) = (Vec::new(), Vec::new());
    for batch in came {
        let known = book.of_key(&batch.head.key());
        let compared = compare(&batch.lines, &known);
        let agrees = match stored.get(&*batch.head.key()) {
            Some(stored) => batch.head.says().agrees(&stored.says),
            None => batch.says_as(known.first().copied()),
        };
        // Operations beyond the stored ones may be such as were held or deleted.
        if !known.is_empty() && (!agrees || compared.counts().0 + compared.missing > 0) {
            let head_id = group.ids.one();
            batch.hold::<OperationRow>(group, (&known, &compared), (head_id, &[]))?;
            continue;
        }
        if known.is_empty() {
            book.add("", batch.known());
        }
        heads.push((batch.file, batch.head));
        operations.extend(batch.lines.into_iter().map(|row| (batch.file, row)));
    }
    settle_with(connection, &heads, stored, group).await?;
    settle(connection, &operations, group).await?;
    Ok(())
}

/// Takes a turn that asks for stored heads by their keys, then for known settlements.
async fn look_up(
    connection: &mut PgConnection,
    look: Turn,
) -> Result<(HashMap<String, Stored>, Book), StoreError> {
    let mut answers = look.take(connection).await?;
    let stored = told(&mut answers)?;
    Ok((stored, Book::of(answers.values(LOOKING)?)))
}
