//! The log row of each import.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::group_load::GroupLoad;
use super::landing::{Counts, Imported, Landing};
use crate::check::coverage::Gap;
use crate::record::{Balance, Document};
use crate::row::Table;
use crate::store::connection::enter::enter;
use crate::store::connection::statement::query_as;
use crate::store::connection::turn::{Turn, Value};
use crate::store::{Session, StoreError};
use crate::value::normalize::text;

const LOGGING: &str = "logging the import";

/// How an import ended, as its log row has it.
struct Ended<'a> {
    id: Uuid,
    landing: &'a Landing<'a>,
    status: &'static str,
    counts: Counts,
    details: serde_json::Value,
    error: Option<String>,
}

/// Logs the completed imports, and returns their numbers.
pub(crate) async fn log_imports(
    connection: &mut PgConnection,
    files: &[&Landing<'_>],
    group: &GroupLoad,
    started: DateTime<Utc>,
) -> Result<Vec<i64>, StoreError> {
    let ended = files.iter().zip(group.all()).zip(group.stamps.iter());
    let ended = ended.map(|((landing, imported), stamp)| Ended {
        id: stamp.import_id,
        landing,
        status: "completed",
        counts: imported.of(Table::of_records(landing.document)),
        details: details(landing, imported, group.ids.range()),
        error: None,
    });
    let ended: Vec<Ended<'_>> = ended.collect();
    let numbers = insert(connection, &ended, started).await;
    let numbers = numbers.map_err(StoreError::at(LOGGING))?;
    if numbers.len() == ended.len() {
        return Ok(numbers);
    }
    Err(StoreError::Missing {
        table: "sync_logs".to_owned(),
        found: numbers.len() as i64,
        expected: ended.len() as u64,
    })
}

/// Writes the log rows of a dry run.
pub(crate) async fn log_dry_run(
    connection: &mut PgConnection,
    group: &GroupLoad,
) -> Result<(), StoreError> {
    let ids = group.import_ids();
    Turn::default()
        .add(LOGGING, include_str!("../sql/insert_dry_imports.sql"), &[Value::Texts(&ids)])
        .take(connection)
        .await
        .map(drop)
}

/// Returns the opening balance of a file's first statement and the closing balance of its last, where
/// all are of one account and state them.
fn balances(document: &Document<'_>) -> Option<(String, String)> {
    let Document::Statements(statements) = document else { return None };
    let (first, last) = (statements.first()?, statements.last()?);
    if statements.iter().any(|it| it.account != first.account) {
        return None;
    }
    let told = |balance: Balance| format!("{:.2} {}", balance.amount, balance.currency);
    Some((told(first.opening?), told(last.closing?)))
}

fn details(landing: &Landing<'_>, imported: &Imported, ids: (Uuid, Uuid)) -> serde_json::Value {
    // These texts may quote the file, and jsonb cannot hold every character.
    let texts = |them: &[String]| them.iter().map(|it| text(it).into_owned()).collect::<Vec<_>>();
    let mut warnings = texts(landing.warnings);
    warnings.extend(imported.gaps.iter().map(Gap::to_string));
    json!({
        "container": landing.container,
        "watched": landing.watched,
        "first_id": ids.0,
        "last_id": ids.1,
        "accounts": landing.summary.accounts,
        "opening": balances(landing.document).map(|(opening, _)| opening),
        "closing": balances(landing.document).map(|(_, closing)| closing),
        "tables": imported.tables,
        "period": landing.summary.period,
        "sum": landing.summary.sum,
        "reworded": imported.reworded,
        "interim": imported.interim,
        "warnings": warnings,
        "accepted_unbalanced": texts(landing.accepted),
    })
}

/// Logs files of a company whose import failed, each with its error, in a transaction of its own.
///
/// # Errors
///
/// A database that fails again.
pub async fn record_failures(
    session: &mut Session,
    slug: &str,
    failed: &[(Landing<'_>, &StoreError)],
) -> Result<(), StoreError> {
    let step = "logging failed imports";
    let (mut tx, _) = enter(session, slug).await?;
    let ended = failed.iter().map(|(landing, error)| Ended {
        id: Uuid::now_v7(),
        landing,
        status: "failed",
        counts: Counts::default(),
        details: json!({}),
        error: Some(error.with_cause()),
    });
    let ended: Vec<Ended<'_>> = ended.collect();
    insert(&mut tx, &ended, Utc::now()).await.map_err(StoreError::at(step))?;
    tx.commit().await.map_err(StoreError::at(step))
}

async fn insert(
    connection: &mut PgConnection,
    ended: &[Ended<'_>],
    started: DateTime<Utc>,
) -> Result<Vec<i64>, sqlx::Error> {
    fn column<'e, T>(ended: &'e [Ended<'_>], of: impl Fn(&'e Ended<'e>) -> T) -> Vec<T> {
        ended.iter().map(of).collect()
    }
    // A file's bytes and records are far fewer than a bigint holds.
    let counts = |of: fn(&Ended<'_>) -> u64| -> Vec<i64> {
        ended.iter().map(|it| of(it).cast_signed()).collect()
    };
    let numbers: Vec<(Uuid, i64)> = query_as(include_str!("../sql/insert_imports.sql"))
        .bind(column(ended, |it| it.id))
        .bind(column(ended, |it| it.landing.format))
        .bind(column(ended, |it| it.status))
        .bind(column(ended, |it| it.landing.file_name))
        .bind(column(ended, |it| hex(it.landing.sha256)))
        .bind(counts(|it| it.landing.size))
        .bind(counts(|it| it.landing.summary.read))
        .bind(counts(|it| it.counts.inserted))
        .bind(counts(|it| it.counts.duplicates))
        .bind(counts(|it| it.counts.held))
        .bind(column(ended, |it| it.details.clone()))
        .bind(column(ended, |it| it.error.clone()))
        .bind(started)
        .fetch_all(connection)
        .await?;
    let numbers: HashMap<Uuid, i64> = numbers.into_iter().collect();
    Ok(ended.iter().filter_map(|it| numbers.get(&it.id).copied()).collect())
}

/// Returns the text of a digest.
pub(crate) fn hex(digest: &[u8; 32]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
