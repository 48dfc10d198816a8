//! One file, one transaction: enter the company, claim the file, load, log, commit.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::copy::{COPYING, copy_held};
use super::enter::{enter, enter_alone};
use super::statement::{query_as, query_scalar};
use super::{Company, Session, StoreError, load};
use crate::normalize::text;
use crate::plan::Entries;
use crate::record::Document;
use crate::row::{HeldRow, Stamp, Table};
use crate::summary::Summary;

/// How often a file is tried again where another writer put the same key in at the same moment.
const TRIES_MAX: usize = 3;

/// A file on its way into a company.
#[derive(Debug)]
pub struct Landing<'a> {
    /// The company's slug.
    pub slug: &'a str,
    /// The format's name.
    pub format: &'static str,
    /// The file's name, as the tables keep it.
    pub file_name: &'a str,
    /// The digest of its bytes.
    pub sha256: &'a [u8; 32],
    /// How many bytes it has.
    pub size: u64,
    /// What it holds.
    pub document: &'a Document<'a>,
    /// Its figures.
    pub summary: &'a Summary,
    /// What was found odd and let pass.
    pub warnings: Vec<String>,
    /// What did not add up and was let in by `--accept-unbalanced`.
    pub accepted: Vec<String>,
    /// Roll back at the end.
    pub dry_run: bool,
}

/// Rows of one table, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// New.
    pub inserted: u64,
    /// There already.
    pub duplicates: u64,
    /// Set aside.
    pub held: u64,
}

/// What an import put in.
#[derive(Debug, Default)]
pub struct Landed {
    /// The import's number for people; none in a dry run.
    pub number: Option<i64>,
    /// What became of the rows, by table.
    pub tables: BTreeMap<Table, Counts>,
    /// What was set aside.
    pub held: Vec<HeldRow>,
    /// Duplicates that the bank worded differently.
    pub reworded: u64,
}

/// What became of a file.
#[derive(Debug)]
pub enum Outcome {
    /// It is in, or would be.
    Landed(Landed),
    /// The same bytes are in already.
    AlreadyImported {
        /// The import's number.
        number: i64,
        /// When it ended.
        at: Option<DateTime<Utc>>,
    },
}

/// Brings a file into its company, whole or not at all.
///
/// Imports into one company wait for each other. Another writer, who knows nothing of that lock, may
/// still put a key in between the look-up and the COPY: then the transaction fails and is tried
/// again, and the look-up finds that row.
///
/// # Errors
///
/// A company that is unknown or behind, a database that fails, counts that do not add up. Nothing of
/// the file is kept then.
pub async fn land(session: &mut Session, landing: &Landing<'_>) -> Result<Outcome, StoreError> {
    let entries = match landing.document {
        Document::Statements(messages) => Some(Entries::of(messages)),
        _ => None,
    };
    let mut tries = 1;
    loop {
        match try_land(session, landing, entries.as_ref()).await {
            Err(StoreError::Query { step: COPYING, source })
                if tries < TRIES_MAX && matches!(source, sqlx::Error::Database(_)) =>
            {
                tracing::debug!(error = %source, tries, "trying again");
                tries += 1;
            }
            outcome => return outcome,
        }
    }
}

async fn try_land(
    session: &mut Session,
    landing: &Landing<'_>,
    entries: Option<&Entries<'_>>,
) -> Result<Outcome, StoreError> {
    let (mut tx, company) = enter_alone(session, landing.slug).await?;
    let outcome = bring_in(&mut tx, &company, landing, entries).await;
    match outcome {
        Ok(Outcome::Landed(_)) if !landing.dry_run => {
            tx.commit().await.map_err(StoreError::at("committing the import"))?;
        }
        // At once, so that nobody waits for the company's lock; the first error is what counts.
        _ => drop(tx.rollback().await),
    }
    outcome
}

async fn bring_in(
    connection: &mut PgConnection,
    company: &Company,
    landing: &Landing<'_>,
    entries: Option<&Entries<'_>>,
) -> Result<Outcome, StoreError> {
    let started = Utc::now();
    if let Some((number, at)) = find(connection, landing.sha256).await? {
        return Ok(Outcome::AlreadyImported { number, at });
    }
    let stamp = Stamp {
        import_id: Uuid::now_v7(),
        file_name: landing.file_name,
        own_accounts: &company.accounts,
    };
    let mut landed = Landed::default();
    match (landing.document, entries) {
        (Document::Borderouri(them), _) => {
            load::borderouri(connection, them, &stamp, &mut landed).await?;
        }
        (Document::Batch(batch), _) => load::batch(connection, batch, &stamp, &mut landed).await?,
        (Document::Statements(_), Some(entries)) => {
            load::entries(connection, entries, &stamp, &mut landed).await?;
        }
        (Document::Statements(_), None) => {}
    }
    hold_damaged(landing, &mut landed);
    let number = log_import(connection, landing, &landed, &stamp, started).await?;
    copy_held(connection, &landed.held, &stamp).await?;
    prove(connection, landing, &landed, stamp.import_id).await?;
    landed.number = (!landing.dry_run).then_some(number);
    Ok(Outcome::Landed(landed))
}

async fn find(
    connection: &mut PgConnection,
    sha256: &[u8; 32],
) -> Result<Option<(i64, Option<DateTime<Utc>>)>, StoreError> {
    query_as(include_str!("sql/find_import.sql"))
        .bind(hex(sha256))
        .fetch_optional(connection)
        .await
        .map_err(StoreError::at("looking for an earlier import of this file"))
}

/// Returns the held rows of the records that could not be read.
pub fn held_of(document: &Document<'_>, table: Table) -> Vec<HeldRow> {
    document.damaged().map(|damaged| HeldRow::malformed(table, damaged)).collect()
}

fn hold_damaged(landing: &Landing<'_>, landed: &mut Landed) {
    let table = landing.summary.record_table;
    let damaged = held_of(landing.document, table);
    landed.tables.entry(table).or_default().held += damaged.len() as u64;
    landed.held.extend(damaged);
    landed.held.sort_by_key(|held| held.line);
}

/// Proves that every record of the file was let in, known or held, and that each table has what it
/// was sent.
async fn prove(
    connection: &mut PgConnection,
    landing: &Landing<'_>,
    landed: &Landed,
    import_id: Uuid,
) -> Result<(), StoreError> {
    let read = landing.summary.read;
    let counts = landed.tables.get(&landing.summary.record_table).copied().unwrap_or_default();
    let Counts { inserted, duplicates, held } = counts;
    if read != inserted + duplicates + held {
        return Err(StoreError::Equation { read, inserted, duplicates, held });
    }
    let there: Vec<(String, i64)> = query_as(include_str!("sql/imported_rows.sql"))
        .bind(import_id)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at("counting what came in"))?;
    let held: u64 = landed.tables.values().map(|counts| counts.held).sum();
    let sent = landed.tables.iter().map(|(table, counts)| (table.name(), counts.inserted));
    let sent: HashMap<&str, u64> = sent.chain([("held_rows", held)]).collect();
    for (table, found) in there {
        let expected = sent.get(table.as_str()).copied().unwrap_or_default();
        if u64::try_from(found) != Ok(expected) {
            return Err(StoreError::Missing { table, found, expected });
        }
    }
    Ok(())
}

async fn log_import(
    connection: &mut PgConnection,
    landing: &Landing<'_>,
    landed: &Landed,
    stamp: &Stamp<'_>,
    started: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let summary = landing.summary;
    let counts = landed.tables.get(&summary.record_table).copied().unwrap_or_default();
    // A file's own words may be in these, and jsonb cannot hold every character.
    let texts = |them: &[String]| them.iter().map(|it| text(it).into_owned()).collect::<Vec<_>>();
    let details = json!({
        "tables": landed.tables,
        "period": summary.period,
        "sum": summary.sum,
        "reworded": landed.reworded,
        "warnings": texts(&landing.warnings),
        "accepted_unbalanced": texts(&landing.accepted),
    });
    let ended = Ended { id: stamp.import_id, status: "completed", counts, details, error: None };
    insert_import(connection, landing, ended, started)
        .await
        .map_err(StoreError::at("logging the import"))
}

/// How an import ended, as its log row has it.
struct Ended {
    id: Uuid,
    status: &'static str,
    counts: Counts,
    details: serde_json::Value,
    error: Option<String>,
}

async fn insert_import(
    connection: &mut PgConnection,
    landing: &Landing<'_>,
    ended: Ended,
    started: DateTime<Utc>,
) -> Result<i64, sqlx::Error> {
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    query_scalar(include_str!("sql/insert_import.sql"))
        .bind(ended.id)
        .bind(landing.format)
        .bind(ended.status)
        .bind(vec![landing.file_name.to_owned()])
        .bind(hex(landing.sha256))
        .bind(whole(landing.size))
        .bind(whole(landing.summary.read))
        .bind(whole(ended.counts.inserted))
        .bind(whole(ended.counts.duplicates))
        .bind(whole(ended.counts.held))
        .bind(ended.details)
        .bind(ended.error)
        .bind(started)
        .fetch_one(connection)
        .await
}

/// Logs a file whose import failed, in a transaction of its own.
///
/// # Errors
///
/// A database that fails again.
pub async fn record_failure(
    session: &mut Session,
    landing: &Landing<'_>,
    error: &StoreError,
) -> Result<(), StoreError> {
    let step = "logging the failed import";
    let (mut tx, _) = enter(session, landing.slug).await?;
    let ended = Ended {
        id: Uuid::now_v7(),
        status: "failed",
        counts: Counts::default(),
        details: json!({}),
        error: Some(error.with_cause()),
    };
    insert_import(&mut tx, landing, ended, Utc::now()).await.map_err(StoreError::at(step))?;
    tx.commit().await.map_err(StoreError::at(step))
}

fn hex(digest: &[u8; 32]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
