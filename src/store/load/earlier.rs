//! An earlier import of the same bytes, and what is left of it: the answer to a file that comes again
//! is the truth of this moment, not what the log says of that day.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::journal::hex;
use super::landing::{Counts, Imported, Landing};
use crate::row::{HeldKind, HeldRow, REPORTED_MAX, Table};
use crate::store::StoreError;
use crate::store::connection::turn::{Answers, Turn, Value};

/// What messages call the look for an earlier import.
pub(super) const FINDING: &str = "looking for an earlier import of this file";

const LOOKING: &str = "looking at what is left of an earlier import";

const AGAIN: &str = "letting a file in again whose rows are gone";

/// A completed import of the same bytes.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    pub(super) id: Uuid,
    /// Its number; none where it is another file of the same dry run.
    pub number: Option<i64>,
    /// When it ended; none where it is another file of the same run.
    pub at: Option<DateTime<Utc>>,
    /// Its records that are held today: open, not booked yet, or discarded.
    pub held: u64,
    /// Of these, those that are not booked yet.
    pub interim: u64,
    /// Of these, those that somebody discarded.
    pub discarded: u64,
    /// The first of its held rows that somebody has to settle, by line.
    pub held_rows: Vec<HeldRow>,
    /// What came of its records when it ended.
    pub then: Counts,
    /// What came of its rows by table when it ended.
    pub tables: BTreeMap<Table, Counts>,
    /// How many of its records were not booked yet when it ended.
    pub interim_then: u64,
    /// Its held rows that somebody has to settle, of all tables.
    pub open: u64,
    /// The name, in its folder, of the file that it came in, where it lay in a watched folder.
    pub watched_as: Option<String>,
}

impl Earlier {
    /// Makes what another file with the same bytes is told, in the same transaction.
    pub(super) fn of(imported: &Imported, records: Table) -> Self {
        Self {
            number: imported.number,
            held: imported.of(records).held,
            interim: imported.interim,
            held_rows: imported.held.clone(),
            open: imported.held_rows().saturating_sub(imported.interim),
            ..Self::default()
        }
    }
}

/// Earlier imports by the text of their files' digest.
pub(super) type EarlierImports = HashMap<String, Earlier>;

/// Adds the statement that looks for completed imports of these files; its answer belongs to
/// [`found`].
pub(super) fn ask(turn: Turn, landings: &[Landing<'_>]) -> Turn {
    let digests: Vec<String> = landings.iter().map(|landing| hex(landing.sha256)).collect();
    turn.add(FINDING, include_str!("../sql/find_imports.sql"), &[Value::Texts(&digests)])
}

/// Returns the completed imports, out of the answer of [`ask`].
pub(super) fn found(answers: &mut Answers) -> Result<EarlierImports, StoreError> {
    let found: Vec<(String, Uuid, i64, Option<DateTime<Utc>>)> = answers.values(FINDING)?;
    let known = |(digest, id, number, at)| {
        (digest, Earlier { id, number: Some(number), at, ..Earlier::default() })
    };
    Ok(found.into_iter().map(known).collect())
}

/// What the database tells of an import.
#[derive(sqlx::FromRow)]
struct Left {
    id: Uuid,
    inserted: i64,
    duplicates: i64,
    held_then: i64,
    tables: String,
    is_incomplete: bool,
    watched_as: Option<String>,
    interim_then: i64,
}

/// What an import holds of one table.
#[derive(sqlx::FromRow)]
struct HeldOfTable {
    import_id: Uuid,
    table_name: String,
    open: i64,
    interim: i64,
    discarded: i64,
}

/// Completes the imports by what is left of them. Returns those of which rows are gone from the
/// tables, which are taken out: their files are to be read like new ones.
pub(super) async fn complete(
    connection: &mut PgConnection,
    known: &mut EarlierImports,
    landings: &[Landing<'_>],
) -> Result<EarlierImports, StoreError> {
    if known.is_empty() {
        return Ok(EarlierImports::new());
    }
    let ids: Vec<String> = known.values().map(|it| it.id.to_string()).collect();
    let most = Value::Number(REPORTED_MAX as i64);
    let mut answers = Turn::default()
        .add(LOOKING, include_str!("../sql/earlier_imports.sql"), &[Value::Texts(&ids)])
        .add(LOOKING, include_str!("../sql/open_held_rows.sql"), &[Value::Texts(&ids), most])
        .add(LOOKING, include_str!("../sql/held_of_earlier.sql"), &[Value::Texts(&ids)])
        .take(connection)
        .await?;
    let left: Vec<Left> = answers.values(LOOKING)?;
    let mut held = held_rows(&mut answers)?;
    let held_of_tables: Vec<HeldOfTable> = answers.values(LOOKING)?;
    let records: HashMap<String, &'static str> =
        landings.iter().map(|it| (hex(it.sha256), Table::of_records(it.document).name())).collect();
    let mut left: HashMap<Uuid, Left> = left.into_iter().map(|it| (it.id, it)).collect();
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    let incomplete = known.extract_if(|digest, earlier| {
        let Some(left) = left.remove(&earlier.id) else { return false };
        for held in held_of_tables.iter().filter(|it| it.import_id == earlier.id) {
            earlier.open += count(held.open);
            // Only rows of this table are records; a batch that is held is none.
            if records.get(digest).is_some_and(|table| **table == held.table_name) {
                earlier.interim += count(held.interim);
                earlier.discarded += count(held.discarded);
                earlier.held += count(held.open) + count(held.interim) + count(held.discarded);
            }
        }
        earlier.interim_then = count(left.interim_then);
        earlier.held_rows = held.remove(&earlier.id).unwrap_or_default();
        earlier.then = Counts {
            inserted: count(left.inserted),
            duplicates: count(left.duplicates),
            held: count(left.held_then),
        };
        // Another version of vama may have tables that this one does not know.
        earlier.tables = serde_json::from_str(&left.tables).unwrap_or_default();
        earlier.watched_as = left.watched_as;
        left.is_incomplete
    });
    Ok(incomplete.collect())
}

fn held_rows(answers: &mut Answers) -> Result<HashMap<Uuid, Vec<HeldRow>>, StoreError> {
    type Columns = (Uuid, String, Option<String>, Option<String>, String, Option<i32>);
    let mut held: HashMap<Uuid, Vec<HeldRow>> = HashMap::new();
    for (import, kind, table, key, reason, line) in answers.values::<Columns>(LOOKING)? {
        let table = table.as_deref().and_then(Table::of_name);
        held.entry(import).or_default().push(HeldRow {
            kind: if kind == "conflict" { HeldKind::Conflict } else { HeldKind::Damaged },
            table: table.unwrap_or(Table::BankTransactions),
            key,
            reason,
            raw: String::new(),
            line: line.and_then(|it| u32::try_from(it).ok()).unwrap_or_default(),
            rows: None,
            settlement: None,
            entry: None,
        });
    }
    Ok(held)
}

/// Makes way for files that are read again although they were imported.
pub(super) async fn make_way(
    connection: &mut PgConnection,
    incomplete: &EarlierImports,
) -> Result<(), StoreError> {
    if incomplete.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = incomplete.values().map(|it| it.id.to_string()).collect();
    Turn::default()
        .add(AGAIN, include_str!("../sql/supersede_imports.sql"), &[Value::Texts(&ids)])
        .add(AGAIN, include_str!("../sql/close_held_rows.sql"), &[Value::Texts(&ids)])
        .take(connection)
        .await
        .map(drop)
}
