//! Files that are not in → the log of their company.

use std::collections::HashMap;

use chrono::Utc;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::journal::{Ended, FileNote, hex, insert};
use super::landing::Counts;
use crate::fault::ExitStatus;
use crate::store::connection::enter::enter_for_a_moment;
use crate::store::connection::silence::unless_silent;
use crate::store::connection::statement::{query, query_as};
use crate::store::{Session, StoreError};
use crate::value::normalize::text;

const STEP: &str = "logging failed imports";

/// A file that is not in, and why.
#[derive(Debug)]
pub struct FailedFile<'a> {
    /// What is known of the file.
    pub file: FileNote<'a>,
    /// The word for the kind of failure.
    pub kind: &'static str,
    /// How a run ends where this file is its worst.
    pub exit: ExitStatus,
    /// The line of the file that the reason is about.
    pub line: Option<u32>,
    /// What was found and what was expected.
    pub reason: String,
}

impl FailedFile<'_> {
    fn details(&self) -> Value {
        let error = json!({ "kind": self.kind, "exit": self.exit.code(), "line": self.line });
        self.file.details(json!({ "error": error }))
    }
}

/// Logs files of a company that are not in, each with its reason, in a transaction of its own. A file
/// that failed before for the same reason keeps its row, which then tells of the last time, too.
///
/// # Errors
///
/// A company that is unknown or behind, or that somebody keeps locked; a database that fails.
pub async fn record_failures(
    session: &mut Session,
    slug: &str,
    failed: &[FailedFile<'_>],
) -> Result<(), StoreError> {
    let database = session.database().clone();
    let recorded = unless_silent(&database, record(session, slug, failed)).await;
    if let Err(StoreError::Silent { .. }) = recorded {
        session.forget_connection();
    }
    recorded
}

async fn record(
    session: &mut Session,
    slug: &str,
    failed: &[FailedFile<'_>],
) -> Result<(), StoreError> {
    let (mut tx, _) = enter_for_a_moment(session, slug).await?;
    let stored = stored(&mut tx, failed).await.map_err(StoreError::at(STEP))?;
    // The same bytes may lie in several places.
    let mut told: HashMap<(String, String), Option<Uuid>> = HashMap::new();
    let mut new = Vec::new();
    let now = Utc::now();
    for it in failed {
        // The text may quote the file, and no column holds every character.
        let (digest, reason) = (hex(it.file.sha256), text(&it.reason).into_owned());
        let known = stored.get(&digest).filter(|(_, before)| *before == reason).map(|(id, _)| *id);
        if told.insert((digest, reason.clone()), known).is_none() && known.is_none() {
            new.push(Ended {
                id: Uuid::now_v7(),
                file: it.file,
                status: "failed",
                counts: Counts::default(),
                details: it.details(),
                error: Some(reason),
            });
        }
    }
    let again: Vec<Uuid> = told.into_values().flatten().collect();
    if !again.is_empty() {
        query(include_str!("../sql/failed_again.sql"))
            .bind(again)
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::at(STEP))?;
    }
    if !new.is_empty() {
        insert(&mut tx, &new, now).await.map_err(StoreError::at(STEP))?;
    }
    tx.commit().await.map_err(StoreError::at(STEP))
}

/// Returns the newest failure of each file that is logged, with its reason, by the text of the digest.
async fn stored(
    connection: &mut PgConnection,
    failed: &[FailedFile<'_>],
) -> Result<HashMap<String, (Uuid, String)>, sqlx::Error> {
    let digests: Vec<String> = failed.iter().map(|it| hex(it.file.sha256)).collect();
    let found: Vec<(String, Uuid, String)> = query_as(include_str!("../sql/failures_stored.sql"))
        .bind(digests)
        .fetch_all(connection)
        .await?;
    Ok(found.into_iter().map(|(digest, id, reason)| (digest, (id, reason))).collect())
}
