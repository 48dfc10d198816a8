//! What the bank says of a company's month.

use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row};

use super::{READING, month_facts};
use crate::month::{Bank, BankEntry, KnownTie, MonthOfYear};
use crate::store::connection::enter::enter_to_look;
use crate::store::connection::session::done_reading;
use crate::store::connection::turn::{Turn, Value};
use crate::store::{Session, StoreError};
use crate::tie::SettlementId;

/// Returns the entries of a company's month, what its credits pay, and the facts of the other months
/// whose settlements they pay.
///
/// # Errors
///
/// A company that is unknown or behind, a database that fails.
pub async fn month_bank(
    session: &mut Session,
    slug: &str,
    month: MonthOfYear,
) -> Result<Bank, StoreError> {
    let (mut tx, _) = enter_to_look(session, slug).await?;
    let first = month.first().to_string();
    let first = [Value::Text(&first)];
    let mut answers = Turn::default()
        .add(READING, include_str!("../sql/month/entries.sql"), &first)
        .add(READING, include_str!("../sql/month/ties.sql"), &first)
        .take(&mut tx)
        .await?;
    let mut bank = Bank {
        entries: answers.values(READING)?,
        ties: answers.values(READING)?,
        ..Bank::default()
    };
    done_reading(tx).await?;
    for other in Bank::other_months(&bank.ties, month) {
        bank.elsewhere.extend(month_facts(session, slug, Some(other)).await?);
    }
    Ok(bank)
}

impl FromRow<'_, PgRow> for BankEntry {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            key: row.try_get(0)?,
            account: row.try_get(1)?,
            day: row.try_get(2)?,
            booked: row.try_get(3)?,
            amount: row.try_get(4)?,
            currency: row.try_get(5)?,
            counterparty: row.try_get(6)?,
            text: row.try_get(7)?,
            reference: row.try_get(8)?,
        })
    }
}

impl FromRow<'_, PgRow> for KnownTie {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            settlement: SettlementId { kind: row.try_get(0)?, key: row.try_get(1)? },
            credit: row.try_get(2)?,
            amount: row.try_get(3)?,
            day: row.try_get(4)?,
            reference: row.try_get(5)?,
            dated: row.try_get(6)?,
            document: row.try_get(7)?,
        })
    }
}
