//! What was imported: read back for people.

use chrono::{DateTime, Utc};

use crate::store::connection::enter::enter_to_look;
use crate::store::connection::session::done_reading;
use crate::store::connection::statement::query_as;
use crate::store::{Session, StoreError};

/// One import as its log row tells it.
#[derive(Debug, Clone, sqlx::FromRow, serde::Serialize)]
pub struct ImportNote {
    /// The number that people call it by.
    pub number: i64,
    /// The format's name.
    #[sqlx(rename = "sync_type")]
    pub format: String,
    /// `completed`, `failed`, `undone` or `running`.
    pub status: String,
    /// The file's name.
    pub file_names: Vec<String>,
    /// How many bytes it had.
    pub file_size: Option<i64>,
    /// Records in the file.
    #[sqlx(rename = "records_processed")]
    pub read: i64,
    /// Of these, new.
    #[sqlx(rename = "records_inserted")]
    pub inserted: i64,
    /// Of these, there already.
    #[sqlx(rename = "records_skipped")]
    pub duplicates: i64,
    /// Of these, held.
    #[sqlx(rename = "records_failed")]
    pub held: i64,
    /// Tables, period, sums, warnings.
    pub details: serde_json::Value,
    /// Why it failed.
    pub error_message: Option<String>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// One held row, without the record itself.
#[derive(Debug, Clone, sqlx::FromRow, serde::Serialize)]
pub struct HeldNote {
    /// `malformed` or `conflict`.
    pub kind: String,
    /// The table it was for.
    pub table_name: Option<String>,
    /// Its key, where a stored row has the same one.
    pub row_key: Option<String>,
    /// Why it is held.
    pub reason: String,
    /// Where it stands in its file.
    pub source_line: Option<i32>,
    /// How it was settled, if it was.
    pub resolution: Option<String>,
}

/// Returns the newest imports of the company, or the one with that number.
///
/// # Errors
///
/// A company that is unknown or behind, a database that fails.
pub async fn imports(
    session: &mut Session,
    slug: &str,
    number: Option<i64>,
    limit: i64,
) -> Result<Vec<ImportNote>, StoreError> {
    let (mut tx, _) = enter_to_look(session, slug).await?;
    let found = query_as(include_str!("../sql/imports.sql"))
        .bind(number)
        .bind(limit)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::at("reading the log"))?;
    done_reading(tx).await?;
    Ok(found)
}

/// An import that came by an account, and what is known of its file.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AccountImport {
    /// Its number.
    pub number: i64,
    /// The format's name.
    pub format: String,
    /// The file's name.
    pub file: String,
    /// The digest of its bytes, as text.
    pub sha256: String,
    /// The watched folder that it was dropped into.
    pub inbox: Option<String>,
    /// The name of the zip or mail that it came in.
    pub container: Option<String>,
    /// Its name inside that.
    pub member: Option<String>,
    /// Its accounts.
    pub accounts: Vec<String>,
    /// By what else its company may be found.
    pub aliases: Vec<String>,
    /// Whether it was let in although it does not add up.
    pub was_accepted_unbalanced: bool,
}

/// Returns the imports of the company that are in and came by the account, by number.
///
/// # Errors
///
/// A company that is unknown or behind, a database that fails.
pub async fn imports_of_account(
    session: &mut Session,
    slug: &str,
    account: &str,
) -> Result<Vec<AccountImport>, StoreError> {
    let (mut tx, _) = enter_to_look(session, slug).await?;
    let found = query_as(include_str!("../sql/company/imports_of_account.sql"))
        .bind(account)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::at("looking for the imports of the account"))?;
    done_reading(tx).await?;
    Ok(found)
}

/// Returns what the import with that number held.
///
/// # Errors
///
/// A company that is unknown or behind, a database that fails.
pub async fn held_of_import(
    session: &mut Session,
    slug: &str,
    number: i64,
) -> Result<Vec<HeldNote>, StoreError> {
    let (mut tx, _) = enter_to_look(session, slug).await?;
    let found = query_as(include_str!("../sql/held_of_import.sql"))
        .bind(number)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::at("reading the held rows"))?;
    done_reading(tx).await?;
    Ok(found)
}
