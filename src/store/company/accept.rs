//! Letting a held record in: a conflict as a row of its own, a corrected settlement in the place of the
//! stored one.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::Value as Json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::accept_state::HeldState;
use crate::row::key::transaction_key;
use crate::row::{BankSays, ColumnValue, Table};
use crate::store::connection::enter::{enter_locked, enter_to_look};
use crate::store::connection::session::done_reading;
use crate::store::connection::statement::quoted_as;
use crate::store::connection::turn::{Turn, Value};
use crate::store::connection::wait::WAIT_MAX;
use crate::store::load::ask::{ask, ask_keys};
use crate::store::load::known::{KnownColumns, known_statement};
use crate::store::load::landing::Counts;
use crate::store::load::take_out::take_out;
use crate::store::tie::bring_in_step;
use crate::store::{Session, StoreError, Transaction};

pub(super) const LOOKING: &str = "looking at the held record";

pub(super) const ACCEPTING: &str = "letting a held record in";

/// Why a line of a settlement that differs in other things than its amount is not let in.
const NO_TWIN: &str = "the books have this very line, with the same amount";

/// Numbers that are tried for a row of its own under a key that is taken.
const TWINS_MAX: u32 = 1000;

/// What letting a record in does.
#[derive(Debug, Default, serde::Serialize)]
pub struct Accepted {
    /// Whether the record was settled before; then nothing is done.
    pub was_settled: bool,
    /// The rows that come in, by table.
    pub rows: BTreeMap<Table, u64>,
    /// The imports whose stored rows go out for it.
    pub replaced: Vec<i64>,
    /// How many stored settlements go out for it, whoever wrote them.
    pub going: usize,
}

/// A held record, with what its import's log says.
#[derive(sqlx::FromRow)]
struct Record {
    import_id: Uuid,
    id: Uuid,
    kind: String,
    table_name: String,
    row_key: Option<String>,
    settlement_key: Option<String>,
    is_settled: bool,
    record_rows: Option<String>,
    lines_held: i64,
    inserted: i64,
    duplicates: i64,
    held: i64,
    tables: String,
}

/// A row by its columns.
#[derive(serde::Deserialize)]
pub(super) struct KeptRow {
    table: Table,
    pub(super) row: serde_json::Map<String, Json>,
}

/// Returns what letting the record in would do.
///
/// # Errors
///
/// A company that is unknown or behind; [`StoreError::NoHeldRow`], [`StoreError::NotAcceptable`]; a
/// database that fails.
pub async fn look_at_held(
    session: &mut Session,
    slug: &str,
    place: (i64, i64),
) -> Result<Accepted, StoreError> {
    let (mut tx, _) = enter_to_look(session, slug).await?;
    let found = find(&mut tx, slug, place).await?;
    let accepted = match found {
        Some((record, rows, going)) => match HeldState::of(&record.table_name, &rows) {
            Some(held) => held.plan(&mut tx).await?,
            None => plan(&rows, &going),
        },
        None => Accepted { was_settled: true, ..Accepted::default() },
    };
    done_reading(tx).await?;
    Ok(accepted)
}

/// Lets the record in, in one transaction: a bank entry or card operation as a row of its own, a whole
/// settlement in the place of what is stored, an order or invoice in the place of all that imports said of
/// it before. Credits are tied anew then. Returns what was done.
///
/// # Errors
///
/// As [`look_at_held`]; nothing is changed then.
pub async fn accept(
    session: &mut Session,
    slug: &str,
    place: (i64, i64),
) -> Result<Accepted, StoreError> {
    let (mut tx, _) = enter_locked(session, slug, WAIT_MAX).await?;
    let Some((record, mut rows, going)) = find(&mut tx, slug, place).await? else {
        return Ok(Accepted { was_settled: true, ..Accepted::default() });
    };
    if let Some(held) = HeldState::of(&record.table_name, &rows) {
        let accepted = held.plan(&mut tx).await?;
        held.make_way(&mut tx).await?;
        for row in &rows {
            insert(&mut tx, row, std::slice::from_ref(row)).await?;
        }
        held.derive(&mut tx).await?;
        return end(tx, &record, accepted).await;
    }
    let mut accepted = plan(&rows, &going);
    if record.settlement_key.is_some() {
        let head = rows.first().ok_or_else(|| not_acceptable("no row was kept with it"))?;
        let ids: Vec<String> = going.iter().map(|it| it.settlement.to_string()).collect();
        take_out(&mut tx, head.table, &ids, None).await?;
    } else {
        make_room(&mut tx, &record, &mut rows).await?;
    }
    // No row is left where the books have this very entry under another number.
    let is_there = rows.is_empty();
    let mut came: BTreeMap<Table, u64> =
        accepted.rows.keys().filter(|_| is_there).map(|table| (*table, 0)).collect();
    for of_table in rows.chunk_by(|a, b| a.table == b.table) {
        if let Some(first) = of_table.first() {
            *came.entry(first.table).or_default() += insert(&mut tx, first, of_table).await?;
        }
    }
    for (table, wanted) in &accepted.rows {
        // A parcel by itself may be there already; it is left as it is.
        let may_be_there = matches!(table, Table::GlsParcels | Table::SamedayParcels);
        if !is_there && !may_be_there && came.get(table) != Some(wanted) {
            return Err(not_acceptable("another row has taken its key"));
        }
    }
    accepted.rows = came;
    end(tx, &record, accepted).await
}

/// Writes down what was let in, ties credits anew, and commits.
async fn end(
    mut tx: Transaction<'_>,
    record: &Record,
    accepted: Accepted,
) -> Result<Accepted, StoreError> {
    write_down(&mut tx, record, &accepted).await?;
    bring_in_step(&mut tx).await?;
    tx.commit().await.map_err(StoreError::at(ACCEPTING))?;
    Ok(accepted)
}

pub(super) fn not_acceptable(why: &'static str) -> StoreError {
    StoreError::NotAcceptable { why }
}

type Found = (Record, Vec<KeptRow>, Vec<KnownColumns>);

/// Returns the record with its rows, and the lines of the stored settlements that it replaces; `None`
/// where it was settled before.
async fn find(
    connection: &mut PgConnection,
    slug: &str,
    (number, place): (i64, i64),
) -> Result<Option<Found>, StoreError> {
    let numbers = [Value::Number(number), Value::Number(place)];
    let record: Option<Record> = Turn::default()
        .add(LOOKING, include_str!("../sql/accept/record.sql"), &numbers)
        .take(connection)
        .await?
        .values(LOOKING)?
        .pop();
    let record =
        record.ok_or_else(|| StoreError::NoHeldRow { slug: slug.to_owned(), number, place })?;
    if record.is_settled {
        return Ok(None);
    }
    let why = match record.kind.as_str() {
        "malformed" => Some("it could not be read, so there is no row to let in"),
        "interim" => Some("it is not booked yet; its statement brings it"),
        _ if record.record_rows.is_none() => Some("an older vama held it, without its row"),
        _ => None,
    };
    if let Some(why) = why {
        return Err(not_acceptable(why));
    }
    let has_twins = [Table::BankTransactions, Table::NetopiaTransactions];
    let table = Table::of_name(&record.table_name);
    let comes_alone = |it: Table| it.is_derived() || has_twins.contains(&it);
    if record.settlement_key.is_none() && !table.is_some_and(comes_alone) {
        return Err(not_acceptable(NO_TWIN));
    }
    let rows = record.record_rows.as_deref().unwrap_or_default();
    let rows: Vec<KeptRow> = serde_json::from_str(rows)
        .map_err(|_| not_acceptable("the row that was kept with it is not as vama writes it"))?;
    let going = match record.settlement_key.is_some() {
        true => known(connection, &rows).await?,
        false => Vec::new(),
    };
    Ok(Some((record, rows, going)))
}

/// Returns the stored settlements that the rows replace, line by line.
async fn known(
    connection: &mut PgConnection,
    rows: &[KeptRow],
) -> Result<Vec<KnownColumns>, StoreError> {
    let Some(head) = rows.first() else { return Ok(Vec::new()) };
    let texts = |column: &str| -> Vec<String> {
        let values = rows.iter().filter_map(|it| it.row.get(column)?.as_str());
        values.map(str::to_owned).collect()
    };
    let (statement, by) = known_statement(head.table)
        .ok_or_else(|| StoreError::impossible("a settlement of a table that has none"))?;
    let by: Vec<Vec<String>> = by.iter().map(|column| texts(column)).collect();
    let by: Vec<Value<'_>> = by.iter().map(|texts| Value::Texts(texts)).collect();
    Turn::default().add(LOOKING, statement, &by).take(connection).await?.values(LOOKING)
}

fn plan(rows: &[KeptRow], going: &[KnownColumns]) -> Accepted {
    let mut accepted = Accepted::default();
    for row in rows {
        *accepted.rows.entry(row.table).or_default() += 1;
    }
    accepted.replaced = going.iter().filter_map(|it| it.import).collect();
    accepted.replaced.sort_unstable();
    accepted.replaced.dedup();
    accepted.going = going.iter().map(|it| it.settlement).collect::<HashSet<_>>().len();
    accepted
}

/// Makes room for a row whose key is taken: it gets a key of its own, as the next twin.
async fn make_room(
    connection: &mut PgConnection,
    record: &Record,
    rows: &mut Vec<KeptRow>,
) -> Result<(), StoreError> {
    let no_row = || StoreError::impossible("a conflict without a row");
    let row = rows.first_mut().ok_or_else(no_row)?;
    let key = record.row_key.as_deref().ok_or_else(no_row)?;
    match row.table {
        Table::BankTransactions => match free_twin(connection, row).await? {
            Some(free) => {
                row.row.insert("transaction_hash".to_owned(), free.into());
            }
            None => rows.clear(),
        },
        Table::NetopiaTransactions => {
            let keys: Vec<String> = (2..TWINS_MAX).map(|k| format!("{key}#{k}")).collect();
            let taken = ask(connection, row.table, &keys).await?;
            let free = keys.into_iter().find(|key| !taken.contains_key(key));
            let free = free.ok_or_else(|| not_acceptable("too many rows have its key"))?;
            row.row.insert("transaction_id".to_owned(), free.into());
        }
        _ => return Err(not_acceptable(NO_TWIN)),
    }
    Ok(())
}

/// Returns the first key of a further twin of a bank entry that no row has; `None` where a stored twin
/// says the same, as when another file brought the entry since.
async fn free_twin(
    connection: &mut PgConnection,
    row: &KeptRow,
) -> Result<Option<String>, StoreError> {
    let text = |column: &str| row.row.get(column).and_then(Json::as_str);
    let parts = (|| {
        let date: NaiveDate = text("transaction_date")?.parse().ok()?;
        let amount: Decimal = text("amount")?.parse().ok()?;
        Some((date, text("op_reference")?, amount))
    })();
    let (date, reference, amount) = parts
        .ok_or_else(|| not_acceptable("the row that was kept with it lacks its key's parts"))?;
    let keys: Vec<_> =
        (2..TWINS_MAX).map(|k| transaction_key(date, reference, k, amount)).collect();
    let taken = ask_keys(connection, &keys).await?;
    let says = BankSays {
        account: text("account_iban"),
        currency: text("currency"),
        value_date: ColumnValue::Is(date),
        amount: ColumnValue::Is(amount),
        reference: Some(reference),
        booking_date: text("booking_date").and_then(|it| it.parse().ok()).into(),
        details: text("details"),
    };
    let says = says.said();
    if taken.values().any(|twin| says.agrees(&twin.says)) {
        return Ok(None);
    }
    let free = keys.iter().find(|key| !taken.contains_key(key));
    let free = free.ok_or_else(|| not_acceptable("too many rows have its key"))?;
    Ok(Some(free.to_string()))
}

/// Puts rows of one table in, all at once, and returns how many rows that were. All have the columns of
/// the first.
async fn insert(
    connection: &mut PgConnection,
    first: &KeptRow,
    rows: &[KeptRow],
) -> Result<u64, StoreError> {
    let columns: Vec<String> = first.row.keys().cloned().collect();
    let values = [Value::Text(first.table.name()), Value::Texts(&columns)];
    let (statement,): (String,) = Turn::default()
        .add(ACCEPTING, include_str!("../sql/accept/insert_statement.sql"), &values)
        .take(connection)
        .await?
        .value(ACCEPTING)?;
    let rows: Vec<_> = rows.iter().map(|it| &it.row).collect();
    let (count,): (i64,) = quoted_as(statement)
        .bind(sqlx::types::Json(rows))
        .fetch_one(connection)
        .await
        .map_err(StoreError::at(ACCEPTING))?;
    Ok(count.unsigned_abs())
}

/// Closes the held rows, and writes what is in now into the log of their import.
async fn write_down(
    connection: &mut PgConnection,
    record: &Record,
    accepted: &Accepted,
) -> Result<(), StoreError> {
    let import = record.import_id.to_string();
    let numbers: Vec<String> = accepted.replaced.iter().map(|it| format!("#{it}")).collect();
    let resolution = match numbers.is_empty() {
        true => "accepted".to_owned(),
        false => format!("accepted in the place of {}", numbers.join(", ")),
    };
    let settlement = record.settlement_key.as_deref().map_or(Value::Null, Value::Text);
    let id = record.id.to_string();
    let close = [Value::Text(&import), settlement, Value::Text(&resolution), Value::Text(&id)];
    let mut tables: BTreeMap<Table, Counts> = serde_json::from_str(&record.tables)
        .map_err(|_| not_acceptable("the log of its import is not as vama writes it"))?;
    let (mut inserted, mut held) = (0, 0);
    let lines = Table::of_name(&record.table_name).map(Table::lines);
    for (table, came) in &accepted.rows {
        let is_records = Some(*table) == lines;
        let counts = tables.entry(*table).or_default();
        let open = if is_records { record.lines_held.unsigned_abs() } else { counts.held.min(1) };
        counts.held = counts.held.saturating_sub(open);
        counts.duplicates = (counts.duplicates + open).saturating_sub(*came);
        counts.inserted += came;
        if let Some(states) = table.states() {
            tables.entry(states).or_default().inserted += came;
        }
        if is_records {
            (inserted, held) = (came.cast_signed(), open.cast_signed());
        }
    }
    let tables = serde_json::json!(tables).to_string();
    let log = [
        Value::Text(&import),
        Value::Number(record.inserted + inserted),
        Value::Number(record.duplicates - (inserted - held)),
        Value::Number(record.held - held),
        Value::Text(&tables),
    ];
    Turn::default()
        .add(ACCEPTING, include_str!("../sql/accept/close.sql"), &close)
        .add(ACCEPTING, include_str!("../sql/accept/log.sql"), &log)
        .take(connection)
        .await
        .map(drop)
}
