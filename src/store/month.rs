//! What a company has of a month.

mod bank;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row};

pub use bank::month_bank;

use crate::month::{Arrived, Facts, MonthOfYear, State, Stated};
use crate::store::connection::enter::enter_to_look;
use crate::store::connection::session::done_reading;
use crate::store::connection::turn::{Turn, Value};
use crate::store::{Session, StoreError};
use crate::tie::{Credit, Settlement, SettlementId};

const READING: &str = "reading the month";

/// Returns all that is known of a company's month; without a month, of the last one that has entries.
/// `None` where there is no entry.
///
/// # Errors
///
/// A company that is unknown or behind, a database that fails.
pub async fn month_facts(
    session: &mut Session,
    slug: &str,
    month: Option<MonthOfYear>,
) -> Result<Option<Facts>, StoreError> {
    let (mut tx, _) = enter_to_look(session, slug).await?;
    let month = match month {
        Some(month) => Some(month),
        None => {
            let last = include_str!("sql/month/last.sql");
            let mut answers = Turn::default().add(READING, last, &[]).take(&mut tx).await?;
            let (last,): (Option<NaiveDate>,) = answers.value(READING)?;
            last.map(MonthOfYear::of)
        }
    };
    let Some(month) = month else { return done_reading(tx).await.map(|()| None) };
    let first = month.first().to_string();
    let first = [Value::Text(&first)];
    let mut answers = Turn::default()
        .add(READING, include_str!("sql/month/settlements.sql"), &first)
        .add(READING, include_str!("sql/month/credits.sql"), &first)
        .add(READING, include_str!("sql/month/held.sql"), &[])
        .take(&mut tx)
        .await?;
    let settlements = answers.values(READING)?;
    let credits = answers.values(READING)?;
    let (held,): (i64,) = answers.value(READING)?;
    done_reading(tx).await?;
    let held = held.unsigned_abs();
    Ok(Some(Facts { month, settlements, credits, lines: Vec::new(), held }))
}

impl FromRow<'_, PgRow> for Stated {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let state: &str = row.try_get(11)?;
        Ok(Self {
            settlement: Settlement {
                id: SettlementId { kind: row.try_get(0)?, key: row.try_get(1)? },
                account: row.try_get(2)?,
                currency: row.try_get(3)?,
                dated: row.try_get(4)?,
                amount: row.try_get(5)?,
            },
            document: row.try_get(6)?,
            lines: row.try_get(7)?,
            paid: row.try_get(8)?,
            paid_on: row.try_get(9)?,
            reference: row.try_get(10)?,
            state: State::by_name(state)
                .ok_or_else(|| sqlx::Error::Decode(format!("the state {state:?}").into()))?,
        })
    }
}

impl FromRow<'_, PgRow> for Arrived {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let tied: Decimal = row.try_get(10)?;
        Ok(Self {
            credit: Credit {
                key: row.try_get(0)?,
                sender: row.try_get(1)?,
                account: row.try_get(2)?,
                currency: row.try_get(3)?,
                day: row.try_get(4)?,
                amount: row.try_get(5)?,
                names: row.try_get(6)?,
                reference: row.try_get(7)?,
            },
            text: row.try_get(8)?,
            from: row.try_get(9)?,
            tied,
            pays_invoice: row.try_get(11)?,
        })
    }
}
