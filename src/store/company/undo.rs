//! Taking one import out of its company again: exactly what it put in.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::row::Table;
use crate::store::connection::enter::{enter_locked, enter_to_look};
use crate::store::connection::session::done_reading;
use crate::store::connection::statement::run_all_quoted;
use crate::store::connection::turn::{Turn, Value};
use crate::store::connection::wait::WAIT_MAX;
use crate::store::load::derive::Names;
use crate::store::load::ids::Ids;
use crate::store::tie::{bring_in_step, names_of};
use crate::store::{Session, StoreError};
use crate::tie::{Rule, SettlementId, Tie};

const LOOKING: &str = "looking at what the import put in";

const UNDOING: &str = "undoing the import";

/// What an import put in, and what depends on it.
#[derive(Debug, serde::Serialize)]
pub struct Undoing {
    #[serde(skip)]
    id: Uuid,
    /// The import's number.
    pub number: i64,
    /// The file's name.
    pub file: String,
    /// When the import ended.
    pub imported_at: Option<DateTime<Utc>>,
    /// The rows of it that are in each table now, held rows included; tables without are left out.
    pub rows: BTreeMap<String, u64>,
    /// How many borderouri and batches of it are matched with the bank.
    pub matched: u64,
    /// How many ties that a rule made have a credit or a settlement of it.
    pub ties_by_rule: u64,
    /// The ties by hand that have one. They wait until its rows are back, and count again then.
    pub ties_by_hand: Vec<TieByHand>,
    /// What its records were accepted in the place of; that does not come back by itself.
    pub replaced: Vec<String>,
    /// Later imports that found rows there, or were contradicted by rows, which may be rows of it.
    pub later: Vec<Later>,
}

/// A tie by hand, as people call what it ties.
#[derive(Debug, serde::Serialize)]
pub struct TieByHand {
    #[serde(skip)]
    tie: Tie,
    /// The settlement, invoice or order.
    pub settlement: String,
    /// The credit.
    pub credit: String,
    /// The part of the credit that pays it; zero where it does not pay it.
    pub amount: Decimal,
}

/// A later import whose file is to be read again when it comes again.
#[derive(Debug, sqlx::FromRow, serde::Serialize)]
pub struct Later {
    #[serde(skip)]
    id: Uuid,
    /// Its number.
    pub number: i64,
    /// The file's name.
    pub file: String,
    /// How many rows it found there.
    pub duplicates: i64,
    /// How many rows it held.
    pub held: i64,
}

/// Returns what undoing the import would take out.
///
/// # Errors
///
/// A company that is unknown or behind; [`StoreError::NoImport`], [`StoreError::NotIn`]; a database
/// that fails.
pub async fn look_at_import(
    session: &mut Session,
    slug: &str,
    number: i64,
) -> Result<Undoing, StoreError> {
    let (mut tx, _) = enter_to_look(session, slug).await?;
    let undoing = look(&mut tx, slug, number).await?;
    done_reading(tx).await?;
    Ok(undoing)
}

/// Takes out exactly what the import put in, and marks it as undone, in one transaction; its file can
/// be imported again then. Held rows that the import had settled are open again; what its rows were
/// tied to is tied anew; ties by hand wait until the rows are back. Returns what was taken out.
///
/// # Errors
///
/// As [`look_at_import`]; nothing is changed then.
pub async fn undo(session: &mut Session, slug: &str, number: i64) -> Result<Undoing, StoreError> {
    let (mut tx, _) = enter_locked(session, slug, WAIT_MAX).await?;
    let mut undoing = look(&mut tx, slug, number).await?;
    let id = undoing.id.to_string();
    let (import, tables) = ([Value::Text(&id)], Table::names_of_imported());
    let of_tables = [Value::Text(&id), Value::Texts(&tables)];
    let told_of = told_of(&mut tx, &id).await?;
    for names in &told_of {
        names.keep_platform(&mut tx, &mut Ids::now()).await?;
    }
    let statements = Turn::default()
        .add(UNDOING, include_str!("../sql/undo/delete_statements.sql"), &of_tables)
        .take(&mut tx)
        .await?
        .values::<(String,)>(UNDOING)?;
    run_all_quoted(&mut tx, statements.into_iter().map(|(it,)| it), UNDOING).await?;
    let later: Vec<String> = undoing.later.iter().map(|it| it.id.to_string()).collect();
    let turn = Turn::default()
        .add(UNDOING, include_str!("../sql/undo/drop_orders.sql"), &import)
        .add(UNDOING, include_str!("../sql/undo/drop_invoices.sql"), &import)
        .add(UNDOING, include_str!("../sql/undo/leave_invoices.sql"), &import);
    let turn = told_of.iter().fold(turn, |turn, names| names.drop_platform(names.derive(turn)));
    turn.add(UNDOING, include_str!("../sql/undo/open_held.sql"), &import)
        .add(UNDOING, include_str!("../sql/undo/mark.sql"), &import)
        .add(UNDOING, include_str!("../sql/undo/mark_later.sql"), &[Value::Texts(&later)])
        .take(&mut tx)
        .await?;
    let left: u64 = rows(&mut tx, &id).await?.0.values().sum();
    if left > 0 {
        return Err(StoreError::impossible("rows of an undone import are still there"));
    }
    // What rows of the import were tied to is free now. An invoice or order may stay by what another
    // import says of it, and its tie with it.
    let changes = bring_in_step(&mut tx).await?;
    undoing.ties_by_hand.retain(|it| changes.set_aside.contains(&it.tie));
    tx.commit().await.map_err(StoreError::at(UNDOING))?;
    Ok(undoing)
}

async fn look(
    connection: &mut PgConnection,
    slug: &str,
    number: i64,
) -> Result<Undoing, StoreError> {
    type Import = (Uuid, String, Option<String>, Option<DateTime<Utc>>, Option<String>);
    let mut answers = Turn::default()
        .add(LOOKING, include_str!("../sql/undo/import.sql"), &[Value::Number(number)])
        .take(connection)
        .await?;
    let import: Option<Import> = answers.values(LOOKING)?.into_iter().next();
    let no_import = || StoreError::NoImport { slug: slug.to_owned(), number };
    let (id, status, file, imported_at, undone_at) = import.ok_or_else(no_import)?;
    if status != "completed" {
        return Err(StoreError::NotIn { slug: slug.to_owned(), number, status, undone_at });
    }
    let text = id.to_string();
    let (rows, matched) = rows(connection, &text).await?;
    let mut answers = Turn::default()
        .add(LOOKING, include_str!("../sql/undo/later.sql"), &[Value::Text(&text)])
        .add(LOOKING, include_str!("../sql/undo/replaced.sql"), &[Value::Text(&text)])
        .add(LOOKING, include_str!("../sql/undo/ties.sql"), &[Value::Text(&text)])
        .take(connection)
        .await?;
    let later = answers.values(LOOKING)?;
    let replaced: Vec<(String,)> = answers.values(LOOKING)?;
    let replaced = replaced.into_iter().map(|(it,)| it).collect();
    let (ties_by_rule, ties_by_hand) = ties(connection, answers.values(LOOKING)?).await?;
    let file = file.unwrap_or_default();
    Ok(Undoing {
        id,
        number,
        file,
        imported_at,
        rows,
        matched,
        ties_by_rule,
        ties_by_hand,
        replaced,
        later,
    })
}

/// Returns how many of the ties are a rule's, and those by hand.
async fn ties(
    connection: &mut PgConnection,
    ties: Vec<(String, String, String, Decimal, String)>,
) -> Result<(u64, Vec<TieByHand>), StoreError> {
    let all = ties.len();
    let by_hand = ties.into_iter().filter(|(.., rule)| rule == Rule::ByHand.name());
    let by_hand = by_hand.map(|(kind, key, credit, amount, _)| Tie {
        settlement: SettlementId { kind, key },
        credit,
        amount,
        rule: Rule::ByHand,
    });
    let by_hand: Vec<Tie> = by_hand.collect();
    let names = names_of(connection, &by_hand).await?;
    let by_rule = (all - by_hand.len()) as u64;
    let named = names.into_iter().zip(by_hand).map(|((settlement, credit), tie)| TieByHand {
        settlement,
        credit,
        amount: tie.amount,
        tie,
    });
    Ok((by_rule, named.collect()))
}

/// Returns the orders and invoices that the import tells of: they are then what other imports say.
async fn told_of(connection: &mut PgConnection, id: &str) -> Result<Vec<Names>, StoreError> {
    let told: Vec<(String, String)> = Turn::default()
        .add(LOOKING, include_str!("../sql/undo/derived_names.sql"), &[Value::Text(id)])
        .take(connection)
        .await?
        .values(LOOKING)?;
    let (orders, invoices): (Vec<_>, Vec<_>) =
        told.into_iter().partition(|(table, _)| table == Table::Orders.name());
    let parts = |table, told: Vec<(String, String)>| {
        Names::parts(table, told.into_iter().map(|(_, name)| name))
    };
    let mut told_of = parts(Table::Orders, orders);
    told_of.extend(parts(Table::Invoices, invoices));
    Ok(told_of)
}

/// Returns how many rows of the import each table has, and how many of them are matched.
async fn rows(
    connection: &mut PgConnection,
    id: &str,
) -> Result<(BTreeMap<String, u64>, u64), StoreError> {
    let counted: Vec<(String, i64, i64)> = Turn::default()
        .add(LOOKING, include_str!("../sql/undo/rows.sql"), &[Value::Text(id)])
        .take(connection)
        .await?
        .values(LOOKING)?;
    let matched = counted.iter().map(|(_, _, matched)| matched.unsigned_abs()).sum();
    let rows = counted.into_iter().map(|(table, rows, _)| (table, rows.unsigned_abs()));
    Ok((rows.filter(|(_, rows)| *rows > 0).collect(), matched))
}
