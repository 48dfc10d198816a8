//! Files of one company, one transaction: enter the company, claim the files, load, log, commit.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::copy::{COPYING, copy_held};
use super::enter::enter_alone;
use super::entries::entries;
use super::group::Group;
use super::journal::{hex, log_imports};
use super::prove::{prove, written};
use super::statement::query_as;
use super::{Company, Session, StoreError, load};
use crate::plan::Entries;
use crate::record::Document;
use crate::row::{HeldRow, Stamp, Table};
use crate::summary::Summary;

/// How often files are tried again where another writer put the same key in at the same moment.
const TRIES_MAX: usize = 3;

/// A file on its way into a company.
#[derive(Debug, Clone, Copy)]
pub struct Landing<'a> {
    /// The format's name.
    pub format: &'static str,
    /// The file's name, as the tables keep it.
    pub file_name: &'a str,
    /// The digest of its bytes.
    pub sha256: &'a [u8; 32],
    /// How many bytes it has.
    pub size: u64,
    /// What it holds.
    pub document: &'a Document<'static>,
    /// The entries of its statements.
    pub entries: &'a Arc<Entries>,
    /// Its figures.
    pub summary: &'a Summary,
    /// What was found odd and let pass.
    pub warnings: &'a [String],
    /// What did not add up and was let in by `--accept-unbalanced`.
    pub accepted: &'a [String],
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

/// Brings files into their company, each whole, and all or none of them.
///
/// Imports into one company wait for each other. Another writer, who knows nothing of that lock, may
/// still put a key in between the look-up and the COPY: then the transaction fails and is tried
/// again, and the look-up finds that row. Returns what became of each file, and how long the COMMIT
/// took; with `dry_run` nothing is kept.
///
/// # Errors
///
/// A company that is unknown or behind, a database that fails, counts that do not add up. Nothing of
/// any file is kept then.
pub async fn land(
    session: &mut Session,
    slug: &str,
    landings: &[Landing<'_>],
    dry_run: bool,
) -> Result<(Vec<Outcome>, Duration), StoreError> {
    let mut tries = 1;
    loop {
        match try_land(session, slug, landings, dry_run, tries == 1).await {
            Err(StoreError::Query { step: COPYING, source })
                if tries < TRIES_MAX && matches!(source, sqlx::Error::Database(_)) =>
            {
                tracing::debug!(error = %source, tries, "trying again");
                tries += 1;
            }
            outcomes => return outcomes,
        }
    }
}

async fn try_land(
    session: &mut Session,
    slug: &str,
    landings: &[Landing<'_>],
    dry_run: bool,
    look_ahead: bool,
) -> Result<(Vec<Outcome>, Duration), StoreError> {
    let (mut tx, company) = enter_alone(session, slug).await?;
    let outcomes = bring_in(&mut tx, &company, landings, dry_run, look_ahead).await;
    let ending = Instant::now();
    match &outcomes {
        Ok(all) if !dry_run && all.iter().any(|it| matches!(it, Outcome::Landed(_))) => {
            tx.commit().await.map_err(StoreError::at("committing the import"))?;
        }
        // At once, so that nobody waits for the company's lock; the first error is what counts.
        _ => drop(tx.rollback().await),
    }
    Ok((outcomes?, ending.elapsed()))
}

async fn bring_in(
    connection: &mut PgConnection,
    company: &Company,
    landings: &[Landing<'_>],
    dry_run: bool,
    look_ahead: bool,
) -> Result<Vec<Outcome>, StoreError> {
    let before = find(connection, landings).await?;
    // Of files with the same bytes the first goes in.
    let mut seen = HashSet::new();
    let fresh: Vec<&Landing<'_>> = landings
        .iter()
        .filter(|it| !before.contains_key(&hex(it.sha256)) && seen.insert(it.sha256))
        .collect();
    let mut done = HashMap::new();
    if !fresh.is_empty() {
        let landed = bring_fresh(connection, company, &fresh, look_ahead).await?;
        for (landing, (number, landed)) in fresh.iter().zip(landed) {
            let shown = (!dry_run).then_some(number);
            done.insert(landing.sha256, (number, Some(Landed { number: shown, ..landed })));
        }
    }
    let mut outcomes = Vec::with_capacity(landings.len());
    for landing in landings {
        let known = before.get(&hex(landing.sha256)).copied();
        outcomes.extend(match (known, done.get_mut(landing.sha256)) {
            (Some((number, at)), _) => Some(Outcome::AlreadyImported { number, at }),
            (None, Some((number, landed))) => Some(match landed.take() {
                Some(landed) => Outcome::Landed(landed),
                None => Outcome::AlreadyImported { number: *number, at: None },
            }),
            (None, None) => None,
        });
    }
    Ok(outcomes)
}

/// Loads and logs files that are not in yet, and returns the import's number and what came of each.
async fn bring_fresh(
    connection: &mut PgConnection,
    company: &Company,
    fresh: &[&Landing<'_>],
    look_ahead: bool,
) -> Result<Vec<(i64, Landed)>, StoreError> {
    let started = Utc::now();
    let written_before = written(connection).await?;
    let mut group = Group::new(fresh.iter().map(|landing| stamp(company, landing)).collect());
    load_all(connection, fresh, &mut group, look_ahead).await?;
    group.put_held_in_order();
    let numbers = log_imports(connection, fresh, &group, started).await?;
    let stamps = Arc::clone(&group.stamps);
    copy_held(connection, &group.held(), &stamps).await?;
    prove(connection, fresh, &group, &written_before).await?;
    Ok(numbers.into_iter().zip(group.into_landed()).collect())
}

fn stamp(company: &Company, landing: &Landing<'_>) -> Stamp {
    Stamp {
        import_id: Uuid::now_v7(),
        file_name: landing.file_name.to_owned(),
        own_accounts: company.accounts.clone().into(),
    }
}

/// Returns number and end of the completed imports of these files, by the text of their digest.
async fn find(
    connection: &mut PgConnection,
    landings: &[Landing<'_>],
) -> Result<HashMap<String, (i64, Option<DateTime<Utc>>)>, StoreError> {
    let digests: Vec<String> = landings.iter().map(|landing| hex(landing.sha256)).collect();
    let found: Vec<(String, i64, Option<DateTime<Utc>>)> =
        query_as(include_str!("sql/find_imports.sql"))
            .bind(digests)
            .fetch_all(connection)
            .await
            .map_err(StoreError::at("looking for an earlier import of this file"))?;
    Ok(found.into_iter().map(|(digest, number, at)| (digest, (number, at))).collect())
}

async fn load_all(
    connection: &mut PgConnection,
    files: &[&Landing<'_>],
    group: &mut Group,
    look_ahead: bool,
) -> Result<(), StoreError> {
    let (mut borderouri, mut batches) = (Vec::new(), Vec::new());
    for (file, landing) in files.iter().enumerate() {
        match landing.document {
            Document::Statements(_) => {}
            Document::Borderouri(all) => borderouri.extend(all.iter().map(|it| (file, it))),
            Document::Batch(batch) => batches.push((file, batch)),
        }
        let table = landing.summary.record_table;
        let damaged = held_of(landing.document, table);
        group.counts(file, table).held += damaged.len() as u64;
        group.landed(file).held.extend(damaged);
    }
    let all: Vec<_> = files.iter().map(|it| Arc::clone(it.entries)).collect();
    let all = Entries::join(&all)?;
    entries(connection, &all, group, look_ahead).await?;
    load::borderouri(connection, &borderouri, group).await?;
    load::batches(connection, &batches, group).await
}

/// Returns the held rows of the records that could not be read.
pub fn held_of(document: &Document<'_>, table: Table) -> Vec<HeldRow> {
    document.damaged().map(|damaged| HeldRow::malformed(table, damaged)).collect()
}
