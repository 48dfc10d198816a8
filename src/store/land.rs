//! Files of one company, one transaction: enter the company, claim the files, load, log, commit.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::copy::copy_held;
use super::enter::enter_alone;
use super::entries::entries;
use super::group::Group;
use super::journal::{hex, log_imports};
use super::prove::{prove, written};
use super::statement::query_as;
use super::tries::Tries;
use super::{Company, Session, StoreError, load};
use crate::plan::Entries;
use crate::record::Document;
use crate::row::{HeldRow, Stamp, Table};
use crate::summary::Summary;

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
    /// What was set aside, the first of it by line; all of it is counted.
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

impl Outcome {
    /// Returns whether something is to be committed.
    fn is_new(&self) -> bool {
        matches!(self, Self::Landed(_))
    }
}

/// Brings files into their company, each whole, and all or none of them.
///
/// Imports into one company wait for each other. Another writer, who knows nothing of that lock, may
/// still put a key in between the look-up and the COPY: then the transaction fails and is tried
/// again, and the look-up finds that row. A connection that is lost on the way is made anew, and the
/// files go in from their start. Returns what became of each file, and how long the COMMIT took; with
/// `dry_run` nothing is kept.
///
/// # Errors
///
/// A company that is unknown or behind, a database that fails, counts that do not add up. Nothing of
/// any file is kept then, unless the connection was lost at the COMMIT and no other could be made.
pub async fn land(
    session: &mut Session,
    slug: &str,
    landings: &[Landing<'_>],
    dry_run: bool,
) -> Result<(Vec<Outcome>, Duration), StoreError> {
    let mut attempt = Attempt {
        slug,
        landings,
        dry_run,
        ids: landings.iter().map(|_| Uuid::now_v7()).collect(),
        look_ahead: true,
        unanswered: None,
    };
    let mut tries = Tries::default();
    loop {
        match attempt.bring_in(session).await {
            Err(error) if tries.again_after(&error).await => attempt.look_ahead = false,
            outcomes => return outcomes,
        }
    }
}

/// Files that are brought in together, and what is known of the tries before.
struct Attempt<'a> {
    slug: &'a str,
    landings: &'a [Landing<'a>],
    dry_run: bool,
    /// The identifiers of their imports, the same in each try: by them a COMMIT of which no answer
    /// came is known to have been one.
    ids: Vec<Uuid>,
    look_ahead: bool,
    /// What became of the files if the COMMIT that was not answered was one.
    unanswered: Option<Vec<Outcome>>,
}

impl Attempt<'_> {
    async fn bring_in(
        &mut self,
        session: &mut Session,
    ) -> Result<(Vec<Outcome>, Duration), StoreError> {
        let (mut tx, company) = enter_alone(session, self.slug).await?;
        let found = self.find_or_load(&mut tx, &company).await;
        let ending = Instant::now();
        match found {
            Ok(outcomes) if !self.dry_run && outcomes.iter().any(Outcome::is_new) => {
                match tx.commit().await.map_err(StoreError::at("committing the import")) {
                    Ok(()) => Ok((outcomes, ending.elapsed())),
                    Err(error) => {
                        self.unanswered = Some(outcomes);
                        Err(error)
                    }
                }
            }
            found => {
                // At once, so that nobody waits for the company's lock; the first error is what counts.
                drop(tx.rollback().await);
                Ok((found?, ending.elapsed()))
            }
        }
    }

    /// Looks for earlier imports of the files, and loads those that are not in yet.
    async fn find_or_load(
        &mut self,
        connection: &mut PgConnection,
        company: &Company,
    ) -> Result<Vec<Outcome>, StoreError> {
        let before = find(connection, self.landings).await?;
        if let Some(outcomes) = self.unanswered.take()
            && before.values().any(|known| self.ids.contains(&known.id))
        {
            return Ok(outcomes);
        }
        // Of files with the same bytes the first goes in.
        let mut seen = HashSet::new();
        let fresh: Vec<(Uuid, &Landing<'_>)> =
            std::iter::zip(self.ids.iter().copied(), self.landings)
                .filter(|(_, it)| !before.contains_key(&hex(it.sha256)) && seen.insert(it.sha256))
                .collect();
        let mut landed = HashMap::new();
        if !fresh.is_empty() {
            let came = bring_fresh(connection, company, &fresh, self.look_ahead).await?;
            for ((_, landing), (number, it)) in fresh.iter().zip(came) {
                let shown = (!self.dry_run).then_some(number);
                landed.insert(landing.sha256, (number, Some(Landed { number: shown, ..it })));
            }
        }
        let outcome = |landing: &Landing<'_>| {
            if let Some(Known { number, at, .. }) = before.get(&hex(landing.sha256)) {
                return Ok(Outcome::AlreadyImported { number: *number, at: *at });
            }
            match landed.get_mut(landing.sha256) {
                Some((number, it)) => Ok(match it.take() {
                    Some(landed) => Outcome::Landed(landed),
                    None => Outcome::AlreadyImported { number: *number, at: None },
                }),
                None => Err(StoreError::impossible("a file is neither new nor known")),
            }
        };
        self.landings.iter().map(outcome).collect()
    }
}

/// Loads and logs files that are not in yet, and returns the import's number and what came of each.
async fn bring_fresh(
    connection: &mut PgConnection,
    company: &Company,
    fresh: &[(Uuid, &Landing<'_>)],
    look_ahead: bool,
) -> Result<Vec<(i64, Landed)>, StoreError> {
    let started = Utc::now();
    let written_before = written(connection).await?;
    let stamps = fresh.iter().map(|(id, landing)| stamp(company, *id, landing)).collect();
    let mut group = Group::new(stamps);
    let fresh: Vec<&Landing<'_>> = fresh.iter().map(|(_, landing)| *landing).collect();
    load_all(connection, &fresh, &mut group, look_ahead).await?;
    let numbers = log_imports(connection, &fresh, &group, started).await?;
    copy_held(connection, group.take_held()).await?;
    prove(connection, &fresh, &group, &written_before).await?;
    Ok(numbers.into_iter().zip(group.into_landed()).collect())
}

fn stamp(company: &Company, import_id: Uuid, landing: &Landing<'_>) -> Stamp {
    Stamp {
        import_id,
        file_name: landing.file_name.to_owned(),
        own_accounts: company.accounts.clone().into(),
    }
}

/// A completed import.
struct Known {
    id: Uuid,
    number: i64,
    at: Option<DateTime<Utc>>,
}

/// Returns the completed imports of these files, by the text of their digest.
async fn find(
    connection: &mut PgConnection,
    landings: &[Landing<'_>],
) -> Result<HashMap<String, Known>, StoreError> {
    let digests: Vec<String> = landings.iter().map(|landing| hex(landing.sha256)).collect();
    let found: Vec<(String, Uuid, i64, Option<DateTime<Utc>>)> =
        query_as(include_str!("sql/find_imports.sql"))
            .bind(digests)
            .fetch_all(connection)
            .await
            .map_err(StoreError::at("looking for an earlier import of this file"))?;
    let known = |(digest, id, number, at)| (digest, Known { id, number, at });
    Ok(found.into_iter().map(known).collect())
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
        for held in held_of(landing.document, table) {
            group.hold(file, held)?;
        }
    }
    let all: Vec<_> = files.iter().map(|it| Arc::clone(it.entries)).collect();
    let all = Entries::join(&all)?;
    entries(connection, &all, group, look_ahead).await?;
    load::borderouri(connection, &borderouri, group).await?;
    load::batches(connection, &batches, group).await
}

/// Returns the held rows of the records that could not be read.
pub fn held_of<'d>(
    document: &'d Document<'_>,
    table: Table,
) -> impl Iterator<Item = HeldRow> + use<'d> {
    document.damaged().map(move |damaged| HeldRow::malformed(table, damaged))
}
