//! Twins that stand behind a number that is free.
//!
//! Twins are numbered from 1, and a look-up ends at the first number that is free. Where rows are gone
//! (an import was undone), a further twin may stand behind that number: then all twins of the files'
//! days are asked for before the look-up.

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::landing::Landing;
use crate::row::key::{Key, transaction_key};
use crate::store::StoreError;
use crate::store::connection::turn::{Answers, Turn, Value};

const STEP: &str = "looking for twins of rows that are gone";

/// A twin's number at most; a row beyond was given its key by somebody else.
const NUMBER_MAX: u32 = 10_000;

/// Adds the statement that asks whether rows are gone; its answer belongs to [`are_gone`].
pub(super) fn ask(turn: Turn) -> Turn {
    turn.add(STEP, include_str!("../sql/has_undone.sql"), &[])
}

/// Returns whether rows are gone, by the answer of [`ask`].
pub(super) fn are_gone(answers: &mut Answers) -> Result<bool, StoreError> {
    let (are_gone,): (bool,) = answers.value(STEP)?;
    Ok(are_gone)
}

/// Returns the highest numbers of the stored twins on the days of the files, by the keys of their first
/// twins.
pub(super) async fn highest_numbers(
    connection: &mut PgConnection,
    files: &[Landing<'_>],
) -> Result<HashMap<Key, u32>, StoreError> {
    let periods = || files.iter().filter_map(|it| it.summary.period);
    let (from, to) = (periods().map(|it| it.from).min(), periods().map(|it| it.to).max());
    let Some((from, to)) = from.zip(to) else { return Ok(HashMap::new()) };
    let (from, to) = (from.to_string(), to.to_string());
    let days = [Value::Text(&from), Value::Text(&to)];
    let rows: Vec<(String, NaiveDate, String, Decimal)> = Turn::default()
        .add(STEP, include_str!("../sql/further_twins.sql"), &days)
        .take(connection)
        .await?
        .values(STEP)?;
    let mut highest: HashMap<Key, u32> = HashMap::new();
    for (key, date, reference, amount) in rows {
        let numbered =
            |number: &u32| transaction_key(date, &reference, *number, amount).to_string() == key;
        if let Some(number) = (2..=NUMBER_MAX).find(numbered) {
            let known = highest.entry(transaction_key(date, &reference, 1, amount)).or_default();
            *known = number.max(*known);
        }
    }
    Ok(highest)
}
