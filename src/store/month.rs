//! What a company has of a month.

mod bank;
mod lines;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row};

pub use bank::month_bank;

use crate::month::{Arrived, Facts, InvoiceFacts, MonthOfYear, Payout, State, Stated};
use crate::store::connection::enter::enter_to_look;
use crate::store::connection::session::done_reading;
use crate::store::connection::turn::{Turn, Value};
use crate::store::{Session, StoreError};
use crate::tie::{Credit, Settlement, SettlementId};

const READING: &str = "reading the month";

/// Returns all that is known of a company's month; without a month, of the last one that has entries; of
/// a company without statements, of the last one that has settlements. `None` where there is neither.
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
        .add(READING, include_str!("sql/states/plain_plans.sql"), &[])
        .add(READING, include_str!("sql/month/settlements.sql"), &first)
        .add(READING, include_str!("sql/month/credits.sql"), &first)
        .add(READING, include_str!("sql/month/apart.sql"), &[])
        .add(READING, include_str!("sql/month/payouts.sql"), &[])
        .add(READING, include_str!("sql/month/held.sql"), &[])
        .add(READING, include_str!("sql/month/lines.sql"), &first)
        .add(READING, include_str!("sql/month/customers.sql"), &first)
        .add(READING, include_str!("sql/month/issued.sql"), &first)
        .add(READING, include_str!("sql/month/reversed.sql"), &[])
        .take(&mut tx)
        .await?;
    answers.skip(1);
    let settlements = answers.values(READING)?;
    let credits = answers.values(READING)?;
    let apart: Vec<(String, String, String)> = answers.values(READING)?;
    let apart = apart.into_iter().map(|(kind, key, credit)| (SettlementId { kind, key }, credit));
    let payouts: Vec<(String, NaiveDate, String)> = answers.values(READING)?;
    let payouts = payouts.into_iter().map(|(seller, day, kinds)| Payout {
        seller,
        day,
        kinds: kinds.split(' ').map(str::to_owned).collect(),
    });
    let (held, waiting): (i64, i64) = answers.value(READING)?;
    let (lines, mut payments) = lines::paid_lines(answers.values(READING)?);
    payments.extend(lines::from_customers(answers.values(READING)?));
    let invoices = InvoiceFacts {
        payments,
        issued: answers.values(READING)?,
        reversed: answers.values(READING)?,
    };
    done_reading(tx).await?;
    Ok(Some(Facts {
        month,
        settlements,
        credits,
        apart: apart.collect(),
        payouts: payouts.collect(),
        lines,
        invoices,
        held: held.unsigned_abs(),
        waiting: waiting.unsigned_abs(),
    }))
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
            pays: row.try_get(11)?,
        })
    }
}
