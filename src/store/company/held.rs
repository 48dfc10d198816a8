//! What was held back, until nothing is.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::store::connection::enter::{enter, enter_to_look};
use crate::store::connection::session::done_reading;
use crate::store::connection::statement::{query, query_as};
use crate::store::{Session, StoreError};

const READING: &str = "reading the held rows";

const DISCARDING: &str = "discarding a held row";

/// A held row that nobody has settled, without its record.
#[derive(Debug, sqlx::FromRow, serde::Serialize)]
pub struct OpenRow {
    /// The number of its import.
    pub number: i64,
    /// Its place among the held rows of that import, from 1.
    pub place: i64,
    /// `malformed`, `conflict` or `interim`.
    pub kind: String,
    /// The table it was for.
    pub table_name: Option<String>,
    /// The file's name.
    pub file: String,
    /// Where it stands in the file.
    pub source_line: Option<i32>,
    /// Why it is held.
    pub reason: String,
    /// When its import began.
    pub since: DateTime<Utc>,
}

/// A held row with its record.
#[derive(Debug, sqlx::FromRow, serde::Serialize)]
pub struct HeldRecord {
    #[serde(skip)]
    id: Uuid,
    /// `malformed`, `conflict` or `interim`.
    pub kind: String,
    /// The table it was for.
    pub table_name: Option<String>,
    /// Its key, where a stored row has the same one.
    pub row_key: Option<String>,
    /// Why it is held.
    pub reason: String,
    /// The record as it stands in the file.
    pub raw: String,
    /// Where it stands there.
    pub source_line: Option<i32>,
    /// The file's name.
    pub file: String,
    /// When its import began.
    pub since: DateTime<Utc>,
    /// When it was settled.
    pub resolved_at: Option<DateTime<Utc>>,
    /// How it was settled.
    pub resolution: Option<String>,
    /// The row that it would have become, by column, where one in the books has its key.
    #[serde(rename = "row")]
    pub kept: Option<serde_json::Value>,
}

/// The row that has the key of a held one.
#[derive(Debug, sqlx::FromRow, serde::Serialize)]
pub struct StoredRow {
    /// Its columns.
    pub stored: serde_json::Value,
    /// The number of the import that brought it, where one did.
    pub import: Option<i64>,
}

/// Returns the held rows that nobody has settled, the oldest first, `most` of them.
///
/// # Errors
///
/// A company that is unknown or behind, a database that fails; the same in the functions below.
pub async fn open_rows(
    session: &mut Session,
    slug: &str,
    most: u32,
) -> Result<Vec<OpenRow>, StoreError> {
    let (mut tx, _) = enter_to_look(session, slug).await?;
    let open = query_as(include_str!("../sql/held/open.sql")).bind(i64::from(most));
    let open = open.fetch_all(&mut *tx).await.map_err(StoreError::at(READING))?;
    done_reading(tx).await?;
    Ok(open)
}

/// Returns a held row with its record, by its import and its place there; and the row that has its
/// key.
///
/// # Errors
///
/// [`StoreError::NoHeldRow`] besides.
pub async fn held_record(
    session: &mut Session,
    slug: &str,
    (number, place): (i64, i64),
) -> Result<(HeldRecord, Option<StoredRow>), StoreError> {
    let (mut tx, _) = enter_to_look(session, slug).await?;
    let record = find(&mut tx, slug, (number, place)).await?;
    let stored = query_as(include_str!("../sql/held/stored.sql"))
        .bind(&record.table_name)
        .bind(&record.row_key)
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::at(READING))?;
    done_reading(tx).await?;
    Ok((record, stored))
}

/// Closes a held row that is not to come in, with the reason. Returns whether it was open.
///
/// # Errors
///
/// [`StoreError::NoHeldRow`] besides.
pub async fn discard(
    session: &mut Session,
    slug: &str,
    (number, place): (i64, i64),
    why: &str,
) -> Result<bool, StoreError> {
    let (mut tx, _) = enter(session, slug).await?;
    let record = find(&mut tx, slug, (number, place)).await?;
    let discarded = query(include_str!("../sql/held/discard.sql"))
        .bind(record.id)
        .bind(why)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::at(DISCARDING))?;
    tx.commit().await.map_err(StoreError::at(DISCARDING))?;
    Ok(discarded.rows_affected() > 0)
}

async fn find(
    connection: &mut PgConnection,
    slug: &str,
    (number, place): (i64, i64),
) -> Result<HeldRecord, StoreError> {
    let found = query_as(include_str!("../sql/held/record.sql")).bind(number).bind(place);
    let found = found.fetch_optional(connection).await.map_err(StoreError::at(READING))?;
    found.ok_or_else(|| StoreError::NoHeldRow { slug: slug.to_owned(), number, place })
}
