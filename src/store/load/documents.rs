//! The settlements of files → the company's tables, inside the transaction.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::ask::{Stored, ask_for, told};
use super::corrected::Settlement;
use super::group_load::{GroupLoad, no_file};
use super::known::{Book, compare, known_statement};
use super::settle::{settle, settle_with};
use super::take_out::take_out;
use crate::record::{Batch, Borderou, PayoutDocument};
use crate::row::{
    BorderouRow, BorderouRows, BorderouTables, Head, Line, ParcelRow, Row as _, Table, batch_rows,
    borderou_rows, payout_rows,
};
use crate::store::StoreError;
use crate::store::connection::turn::{Turn, Value};

const LOOKING: &str = "looking for settlements that come again";

/// A borderou on its way in, with its parcels by themselves.
type Came<T> = (Settlement<BorderouRow<T>, ParcelRow<T>>, Vec<<T as BorderouTables>::Alone>);

/// Loads borderouri of the couriers that have these tables, each with the number of its file. One that
/// corrects another is held.
pub(crate) async fn borderouri<T: BorderouTables>(
    connection: &mut PgConnection,
    borderouri: &[(usize, &Borderou)],
    group: &mut GroupLoad,
) -> Result<(), StoreError> {
    if borderouri.is_empty() {
        return Ok(());
    }
    let came = borderouri.iter().map(|(file, borderou)| {
        let BorderouRows { head, parcels, by_themselves } = borderou_rows::<T>(borderou);
        let (file, is_whole) = (*file, borderou.damaged.is_empty());
        (Settlement { file, is_whole, head, lines: parcels }, by_themselves)
    });
    let came: Vec<Came<T>> = came.collect();
    let keys: Vec<String> = came.iter().map(|(it, _)| it.head.key().into_owned()).collect();
    let accounts: Vec<String> = came.iter().map(|(it, _)| it.head.account().to_owned()).collect();
    let numbers = came.iter().flat_map(|(it, _)| &it.lines);
    let numbers: Vec<String> = numbers.map(|line| line.name().to_owned()).collect();
    let by = [Value::Texts(&numbers), Value::Texts(&accounts)];
    let look = look_for(T::HEADS, &keys, &by)?;
    let (stored, mut book) = look_up(connection, look).await?;
    let (mut new, mut alone) = (Vec::new(), Vec::new());
    let mut going = Vec::new();
    for (mut borderou, by_themselves) in came {
        if goes_in(&mut borderou, &by_themselves, (&stored, &mut book), &mut going, group)? {
            let file = borderou.file;
            alone.extend(by_themselves.into_iter().map(|parcel| (file, parcel)));
            new.push(borderou);
        }
    }
    take_incomplete_out(connection, T::HEADS, &going, group).await?;
    take_in(connection, new, stored, group).await?;
    settle(connection, &alone, group).await?;
    Ok(())
}

/// Returns whether a borderou goes in; else it is held, or counted as there.
fn goes_in<T: BorderouTables>(
    borderou: &mut Settlement<BorderouRow<T>, ParcelRow<T>>,
    by_themselves: &[T::Alone],
    (stored, book): (&HashMap<String, Stored>, &mut Book),
    going: &mut Vec<(usize, Uuid)>,
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
    if borderou.completes(&known, &compared) {
        going.extend(known.iter().filter_map(|it| Some((borderou.file, it.id?))));
        book.add(account, borderou.known());
        return Ok(true);
    }
    if compared.is_all_the_same() && known.len() == 1 && borderou.says_as(known.first().copied()) {
        // Somebody else wrote it, under no key or another one.
        borderou.is_there(group)?;
        return Ok(false);
    }
    borderou.hold(group, (&known, &compared), by_themselves)?;
    Ok(false)
}

/// Loads batches and their operations, each batch with the number of its file.
pub(crate) async fn batches(
    connection: &mut PgConnection,
    batches: &[(usize, &Batch)],
    group: &mut GroupLoad,
) -> Result<(), StoreError> {
    let came = batches.iter().map(|(file, batch)| {
        let (head, lines) = batch_rows(batch);
        Settlement { file: *file, is_whole: batch.damaged.is_empty(), head, lines }
    });
    numbered(connection, came.collect(), group).await
}

/// Loads payout documents and their lines, each document with the number of its file.
pub(crate) async fn payouts(
    connection: &mut PgConnection,
    documents: &[(usize, &PayoutDocument)],
    group: &mut GroupLoad,
) -> Result<(), StoreError> {
    let came = documents.iter().map(|(file, document)| {
        let (head, lines) = payout_rows(document);
        Settlement { file: *file, is_whole: document.damaged.is_empty(), head, lines }
    });
    numbered(connection, came.collect(), group).await
}

/// Loads settlements to which their sender gave a number, which is their key. One that has other lines
/// than the stored one of its number is held.
async fn numbered<H: Head, L: Line>(
    connection: &mut PgConnection,
    came: Vec<Settlement<H, L>>,
    group: &mut GroupLoad,
) -> Result<(), StoreError> {
    if came.is_empty() {
        return Ok(());
    }
    let keys: Vec<String> = came.iter().map(|it| it.head.key().into_owned()).collect();
    let look = look_for(H::TABLE, &keys, &[Value::Texts(&keys)])?;
    let (mut stored, mut book) = look_up(connection, look).await?;
    let (mut new, mut going) = (Vec::new(), Vec::new());
    for mut settlement in came {
        let known = book.of_key(&settlement.head.key());
        let compared = compare(&settlement.lines, &known);
        if settlement.completes(&known, &compared) {
            going.extend(known.iter().filter_map(|it| Some((settlement.file, it.id?))));
            stored.remove(&*settlement.head.key());
            new.push(settlement);
            continue;
        }
        let agrees = match stored.get(&*settlement.head.key()) {
            Some(stored) => settlement.head.says().agrees(&stored.says),
            None => settlement.says_as(known.first().copied()),
        };
        // Lines beyond the stored ones may be such as were held or deleted.
        if !known.is_empty() && (!agrees || compared.counts().0 + compared.missing > 0) {
            settlement.hold::<L>(group, (&known, &compared), &[])?;
            continue;
        }
        if known.is_empty() {
            book.add("", settlement.known());
        }
        new.push(settlement);
    }
    take_incomplete_out(connection, H::TABLE, &going, group).await?;
    take_in(connection, new, stored, group).await
}

/// Takes stored settlements out that lack lines which could not be read; each comes in whole with the
/// file of that number.
async fn take_incomplete_out(
    connection: &mut PgConnection,
    heads: Table,
    going: &[(usize, Uuid)],
    group: &GroupLoad,
) -> Result<(), StoreError> {
    for (file, settlement) in going {
        let import = group.stamps.get(*file).ok_or_else(no_file)?.import_id;
        take_out(connection, heads, &[settlement.to_string()], Some(import)).await?;
    }
    Ok(())
}

/// Puts settlements in: heads first, since lines may point to them.
async fn take_in<H: Head, L: Line>(
    connection: &mut PgConnection,
    settlements: Vec<Settlement<H, L>>,
    stored: HashMap<String, Stored>,
    group: &mut GroupLoad,
) -> Result<(), StoreError> {
    let (heads, lines): (Vec<_>, Vec<_>) =
        settlements.into_iter().map(|it| ((it.file, it.head), it.lines)).unzip();
    let stored = settle_with(connection, &heads, stored, group).await?;
    let mut all = Vec::new();
    for ((file, head), lines) in heads.iter().zip(lines) {
        let known = stored.get(head.key().as_ref());
        let known = known.ok_or_else(|| StoreError::impossible("a head that is not stored"))?;
        all.extend(lines.into_iter().map(|mut line| {
            line.belongs_to(known.id);
            (*file, line)
        }));
    }
    settle(connection, &all, group).await?;
    Ok(())
}

/// Returns a turn that asks for stored heads by their keys, then for known settlements by what finds
/// them.
fn look_for(heads: Table, keys: &[String], by: &[Value<'_>]) -> Result<Turn, StoreError> {
    let (known, _) = known_statement(heads)
        .ok_or_else(|| StoreError::impossible("a table of heads without settlements"))?;
    Ok(ask_for(Turn::default(), heads, keys).add(LOOKING, known, by))
}

/// Takes such a turn.
async fn look_up(
    connection: &mut PgConnection,
    look: Turn,
) -> Result<(HashMap<String, Stored>, Book), StoreError> {
    let mut answers = look.take(connection).await?;
    let stored = told(&mut answers)?;
    Ok((stored, Book::of(answers.values(LOOKING)?)))
}
