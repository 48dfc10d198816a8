//! The log row of each import, and what it has of its file.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::group_load::GroupLoad;
use super::landing::{Counts, Imported, Landing};
use crate::check::summary::Summary;
use crate::record::{Balance, Document};
use crate::row::Table;
use crate::source::MailHead;
use crate::store::StoreError;
use crate::store::connection::statement::query_as;
use crate::store::connection::turn::{Turn, Value};
use crate::value::normalize::text;

const LOGGING: &str = "logging the import";

/// What the log has of a file, whether it is in or not.
#[derive(Debug, Clone, Copy)]
pub struct FileNote<'a> {
    /// The format's name; `unknown` where no format knows the file.
    pub format: &'a str,
    /// The file's name.
    pub file_name: &'a str,
    /// The name of the zip or mail that it came in.
    pub container: Option<&'a str>,
    /// Its name inside that, with the folders and the zip that it is in there.
    pub member: Option<&'a str>,
    /// What the mail says of itself that it came in.
    pub mail: Option<&'a MailHead>,
    /// The watched folder that it was dropped into.
    pub inbox: Option<&'a str>,
    /// The digest of its bytes.
    pub sha256: &'a [u8; 32],
    /// How many bytes it has.
    pub size: u64,
    /// Its figures, where it was read so far.
    pub summary: Option<&'a Summary>,
    /// What was found odd.
    pub warnings: &'a [String],
}

impl FileNote<'_> {
    /// Returns what has no column of its own, with what is known further.
    pub(super) fn details(&self, further: serde_json::Value) -> serde_json::Value {
        let summary = self.summary;
        let subject = self.mail.and_then(|it| it.subject.as_deref());
        let mut details = json!({
            "container": self.container,
            "member": self.member,
            "email_date": self.mail.and_then(|it| it.date),
            "email_subject": subject.map(text),
            "watched": self.inbox.is_some(),
            "inbox": self.inbox,
            "accounts": summary.map(|it| &it.accounts),
            "aliases": summary.map(|it| &it.aliases),
            "period": summary.and_then(|it| it.period),
            "sum": summary.map(|it| &it.sum),
            "warnings": texts(self.warnings),
        });
        if let (Some(all), serde_json::Value::Object(further)) = (details.as_object_mut(), further)
        {
            all.extend(further);
        }
        details
    }
}

/// Returns texts that may quote the file in the form that jsonb holds, which takes not every character.
fn texts(them: &[String]) -> Vec<Cow<'_, str>> {
    them.iter().map(|it| text(it)).collect()
}

/// How an import ended, as its log row has it.
pub(super) struct Ended<'a> {
    pub(super) id: Uuid,
    pub(super) file: FileNote<'a>,
    pub(super) status: &'static str,
    pub(super) counts: Counts,
    pub(super) details: serde_json::Value,
    pub(super) error: Option<String>,
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
        file: landing.note(),
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
    let (opening, closing) = balances(landing.document).unzip();
    let mut warnings = texts(landing.warnings);
    warnings.extend(imported.gaps.iter().map(|gap| Cow::Owned(gap.to_string())));
    landing.note().details(json!({
        "first_id": ids.0,
        "last_id": ids.1,
        "opening": opening,
        "closing": closing,
        "tables": imported.tables,
        "reworded": imported.reworded,
        "changed": imported.changed,
        "interim": imported.interim,
        "warnings": warnings,
        "accepted_unbalanced": texts(landing.accepted),
    }))
}

/// Writes log rows; returns their numbers.
pub(super) async fn insert(
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
        .bind(column(ended, |it| it.file.format))
        .bind(column(ended, |it| it.status))
        .bind(column(ended, |it| it.file.file_name))
        .bind(column(ended, |it| hex(it.file.sha256)))
        .bind(counts(|it| it.file.size))
        .bind(counts(|it| it.file.summary.map_or(0, |it| it.read)))
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
pub fn hex(digest: &[u8; 32]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
