//! Files of one company, one transaction: enter the company, claim the files, load, log, commit.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use sqlx::PgConnection;
use uuid::Uuid;

use super::copy::copy_held;
use super::documents;
use super::earlier::{self, Earlier, EarlierImports, FINDING};
use super::entries::{Known, entries};
use super::group_load::GroupLoad;
use super::journal::{hex, log_dry_run, log_imports};
use super::landing::{Imported, Landing, Outcome};
use super::prove::{RowsByTable, ask_written, prove, written};
use super::statements::{self, GroupStatements};
use super::states;
use super::twins;
use crate::fault::Refusal;
use crate::plan::Entries;
use crate::record::{Courier, Document};
use crate::row::{HeldRow, OfGls, OfOthers, Stamp, Table};
use crate::store::connection::enter::enter_locked;
use crate::store::connection::silence::unless_silent;
use crate::store::connection::tries::Tries;
use crate::store::connection::turn::{Turn, Value};
use crate::store::error::COMMITTING;
use crate::store::{Company, Session, StoreError};

/// What messages call the look for entries that are stored with another amount.
const COMPARING: &str = "comparing references with the stored ones";

const TOUCH_TABLES: &str = include_str!("../sql/touch_tables.sql");

/// Brings files into their company, each whole, and all or none of them.
///
/// Imports into one company wait for each other. Another writer, who knows nothing of that lock,
/// may still put a key in between the look-up and the COPY: then the transaction fails and is tried
/// again, and the look-up finds that row. Where the connection is lost on the way, another one is
/// opened, and the files go in from their start. No lock is waited for longer than `lock_wait`.
/// Returns what became of each file, and how long the COMMIT took; with `dry_run` nothing is kept.
///
/// # Errors
///
/// A company that is unknown or behind, a database that fails, counts that do not add up. Nothing
/// of any file is kept then, unless the connection was lost at the COMMIT and no other could be
/// made.
pub async fn land(
    session: &mut Session,
    slug: &str,
    landings: &[Landing<'_>],
    dry_run: bool,
    lock_wait: Duration,
) -> Result<(Vec<Outcome>, Duration), StoreError> {
    let mut attempt = Attempt {
        slug,
        landings,
        dry_run,
        lock_wait,
        ids: landings.iter().map(|_| Uuid::now_v7()).collect(),
        look_ahead: true,
        unanswered: None,
    };
    let mut tries = Tries::default();
    let database = session.database().clone();
    loop {
        let brought_in = unless_silent(&database, attempt.bring_in(session)).await;
        if let Err(StoreError::Silent { .. }) = brought_in {
            session.forget_connection();
        }
        match brought_in {
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
    lock_wait: Duration,
    /// The identifiers of their imports, the same in each try: where a COMMIT was not answered, the
    /// next try looks for them, and so knows whether it took effect.
    ids: Vec<Uuid>,
    look_ahead: bool,
    /// What became of the files, in case a COMMIT that was not answered took effect.
    unanswered: Option<Vec<Outcome>>,
}

impl Attempt<'_> {
    async fn bring_in(
        &mut self,
        session: &mut Session,
    ) -> Result<(Vec<Outcome>, Duration), StoreError> {
        let (mut tx, company) = enter_locked(session, self.slug, self.lock_wait).await?;
        let found = self.find_or_load(&mut tx, &company).await;
        let ending = Instant::now();
        match found {
            Ok(outcomes) if !self.dry_run && outcomes.iter().any(Outcome::is_new) => {
                match tx.commit().await.map_err(StoreError::at(COMMITTING)) {
                    Ok(()) => Ok((outcomes, ending.elapsed())),
                    Err(error) => {
                        self.unanswered = Some(outcomes);
                        Err(error)
                    }
                }
            }
            found => {
                // Rolled back at once, so that nobody waits for the company's lock. An error of the
                // rollback is dropped: the error before it says more.
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
        let locker = format!("another session, which has locked tables of {}", self.slug);
        let turn = Turn::default().waiting_for(locker).add(FINDING, TOUCH_TABLES, &[]);
        let turn = statements::ask(earlier::ask(turn, self.landings), self.landings);
        let turn = ask_written(twins::ask(turn));
        let mut answers = turn.take(connection).await?;
        answers.skip(1);
        let mut before = earlier::found(&mut answers)?;
        let stored = statements::found(&mut answers)?;
        let are_gone = twins::are_gone(&mut answers)?;
        let written_before = written(&mut answers)?;
        if let Some(outcomes) = self.unanswered.take()
            && before.values().any(|known| self.ids.contains(&known.id))
        {
            return Ok(outcomes);
        }
        let incomplete = earlier::complete(connection, &mut before, self.landings).await?;
        // Of several files with the same bytes only the first goes in.
        let mut seen = HashSet::new();
        let fresh: Vec<(Uuid, &Landing<'_>)> =
            std::iter::zip(self.ids.iter().copied(), self.landings)
                .filter(|(_, it)| !before.contains_key(&hex(it.sha256)) && seen.insert(it.sha256))
                .collect();
        let mut imported: HashMap<&[u8; 32], (Earlier, Option<Imported>)> = HashMap::new();
        if !fresh.is_empty() {
            let highest = match are_gone || !incomplete.is_empty() {
                true => twins::highest_numbers(connection, self.landings).await?,
                false => HashMap::new(),
            };
            let known = Known { statements: stored, highest: Arc::new(highest) };
            let came = self
                .load_and_log(connection, company, &fresh, &known, &incomplete, &written_before)
                .await?;
            for ((_, landing), it) in fresh.iter().zip(came) {
                let again = incomplete.get(&hex(landing.sha256)).and_then(|it| it.number);
                let it = Imported { read_again: again, ..it };
                let records = Table::of_records(landing.document);
                imported.insert(landing.sha256, (Earlier::of(&it, records), Some(it)));
            }
        }
        let outcome = |landing: &Landing<'_>| {
            if let Some(earlier) = before.get(&hex(landing.sha256)) {
                return Ok(Outcome::AlreadyImported(Box::new(earlier.clone())));
            }
            match imported.get_mut(landing.sha256) {
                Some((earlier, it)) => Ok(match it.take() {
                    Some(imported) => Outcome::Imported(imported),
                    // Another file of the group has the same bytes.
                    None => Outcome::AlreadyImported(Box::new(earlier.clone())),
                }),
                None => Err(StoreError::impossible("a file is neither new nor known")),
            }
        };
        self.landings.iter().map(outcome).collect()
    }

    /// Loads and logs files that are not in yet, and returns what came of each.
    async fn load_and_log(
        &self,
        connection: &mut PgConnection,
        company: &Company,
        fresh: &[(Uuid, &Landing<'_>)],
        known: &Known,
        incomplete: &EarlierImports,
        written_before: &RowsByTable,
    ) -> Result<Vec<Imported>, StoreError> {
        let started = Utc::now();
        let stamps = fresh.iter().map(|(id, landing)| stamp(company, *id, landing)).collect();
        let mut group = GroupLoad::new(stamps);
        let fresh: Vec<&Landing<'_>> = fresh.iter().map(|(_, landing)| *landing).collect();
        let statements = GroupStatements::of(&fresh, &known.statements, &mut group)?;
        load_all(connection, &fresh, known, &mut group, self.look_ahead).await?;
        refuse_contradicted(connection, &fresh, &group).await?;
        statements.copy(connection, &group).await?;
        statements.note_gaps(&mut group)?;
        // Behind the load: on a cluster nobody may ask how full a table is once rows were changed.
        earlier::make_way(connection, incomplete).await?;
        // A dry run uses up no number.
        let numbers = match self.dry_run {
            true => {
                log_dry_run(connection, &group).await?;
                fresh.iter().map(|_| None).collect()
            }
            false => {
                let numbers = log_imports(connection, &fresh, &group, started).await?;
                numbers.into_iter().map(Some).collect::<Vec<_>>()
            }
        };
        copy_held(connection, group.take_held()).await?;
        let settling = statements.settling(&fresh, &group);
        prove(connection, &fresh, &group, &settling, written_before).await?;
        let imported = numbers.into_iter().zip(group.into_imported());
        Ok(imported.map(|(number, it)| Imported { number, ..it }).collect())
    }
}

/// Refuses entries whose reference is stored with another amount, of files that do not add up and were
/// let in all the same: nothing else tells that an amount of theirs was changed.
async fn refuse_contradicted(
    connection: &mut PgConnection,
    files: &[&Landing<'_>],
    group: &GroupLoad,
) -> Result<(), StoreError> {
    let accepted = files.iter().zip(group.import_ids()).filter(|(it, _)| !it.accepted.is_empty());
    let ids: Vec<String> = accepted.map(|(_, id)| id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    type Contradicted = (i32, String, String, Option<i64>);
    let found: Option<Contradicted> = Turn::default()
        .add(COMPARING, include_str!("../sql/contradicted_references.sql"), &[Value::Texts(&ids)])
        .take(connection)
        .await?
        .values(COMPARING)?
        .pop();
    match found {
        Some((line, stored, found, import)) => {
            let line = line.unsigned_abs();
            Err(Refusal::Contradicted { line, stored, found, import }.into())
        }
        None => Ok(()),
    }
}

fn stamp(company: &Company, import_id: Uuid, landing: &Landing<'_>) -> Stamp {
    Stamp {
        import_id,
        file_name: landing.file_name.to_owned(),
        mail: landing.mail.cloned(),
        own_accounts: company.accounts.clone().into(),
        statement_ids: Arc::default(),
    }
}

async fn load_all(
    connection: &mut PgConnection,
    files: &[&Landing<'_>],
    known: &Known,
    group: &mut GroupLoad,
    look_ahead: bool,
) -> Result<(), StoreError> {
    let (mut of_gls, mut of_others) = (Vec::new(), Vec::new());
    let (mut batches, mut payouts) = (Vec::new(), Vec::new());
    let (mut lists, mut reports) = (Vec::new(), Vec::new());
    let mut first = 0;
    for (file, landing) in files.iter().enumerate() {
        match landing.document {
            Document::Statements(_) => {}
            Document::Borderouri(all) => {
                for borderou in all {
                    match borderou.courier {
                        Courier::Gls => of_gls.push((file, borderou)),
                        Courier::Sameday => of_others.push((file, borderou)),
                    }
                }
            }
            Document::Batch(batch) => batches.push((file, batch)),
            Document::Payout(document) => payouts.push((file, &**document)),
            Document::Orders(list) => lists.push((file, list)),
            Document::Invoices(report) => reports.push((file, report)),
        }
        for held in HeldRow::of_damaged(landing.document, first) {
            group.hold(file, held)?;
        }
        first += landing.entries.statements().len() as u32;
    }
    let all: Vec<_> = files.iter().map(|it| Arc::clone(it.entries)).collect();
    let all = Entries::join(&all)?;
    entries(connection, &all, known, group, look_ahead).await?;
    documents::borderouri::<OfGls>(connection, &of_gls, group).await?;
    documents::borderouri::<OfOthers>(connection, &of_others, group).await?;
    documents::batches(connection, &batches, group).await?;
    documents::payouts(connection, &payouts, group).await?;
    // Sales name the invoices that are stored.
    states::invoices(connection, &reports, group).await?;
    states::orders(connection, &lists, group).await
}
