//! What an import holds, to be written as a file of its format.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};
use sqlx::types::Json as Typed;
use uuid::Uuid;

use crate::record::export::{BroughtStatement, HeldImport, HeldLine};
use crate::record::{Currency, KeptStatement};
use crate::store::connection::enter::enter_to_look;
use crate::store::connection::session::done_reading;
use crate::store::connection::turn::{Turn, Value};
use crate::store::{Session, StoreError};

const LOOKING: &str = "looking at what the import holds";

/// An import that holds records.
#[derive(Debug)]
pub struct Holding {
    /// The name of its format.
    pub format: String,
    /// The name of its file.
    pub file: String,
    /// What it holds.
    pub import: HeldImport,
}

/// The columns of a row, by name.
type Columns = Typed<Map<String, Json>>;

/// A statement that the import brought.
#[derive(sqlx::FromRow)]
struct Brought {
    account: String,
    currency: String,
    number: String,
    opening_date: NaiveDate,
    opening_balance: Decimal,
    closing_date: NaiveDate,
    closing_balance: Decimal,
    entries: i32,
    line: i32,
    stored: i64,
    sum: Decimal,
}

/// Returns what an import holds and nobody has settled, with what it takes to write that as a file.
///
/// # Errors
///
/// A company that is unknown or behind; [`StoreError::NoImport`]; a database that fails.
pub async fn held_import(
    session: &mut Session,
    slug: &str,
    number: i64,
) -> Result<Holding, StoreError> {
    let (mut tx, _) = enter_to_look(session, slug).await?;
    let import = Turn::default()
        .add(LOOKING, include_str!("../sql/export/import.sql"), &[Value::Number(number)])
        .take(&mut tx)
        .await?
        .values::<(Uuid, String, String)>(LOOKING)?
        .pop();
    let no_import = || StoreError::NoImport { slug: slug.to_owned(), number };
    let (id, format, file) = import.ok_or_else(no_import)?;
    let id = id.to_string();
    let id = [Value::Text(&id)];
    let mut answers = Turn::default()
        .add(LOOKING, include_str!("../sql/export/held.sql"), &id)
        .add(LOOKING, include_str!("../sql/export/statements.sql"), &id)
        .add(LOOKING, include_str!("../sql/export/lines.sql"), &id)
        .take(&mut tx)
        .await?;
    let held: Vec<(i32, String, String)> = answers.values(LOOKING)?;
    let statements: Vec<Brought> = answers.values(LOOKING)?;
    let settlements: Vec<(Columns, Columns)> = answers.values(LOOKING)?;
    done_reading(tx).await?;
    let held = held.into_iter().map(|(line, reason, raw)| HeldLine {
        line: line.unsigned_abs(),
        reason,
        raw,
    });
    let import = HeldImport {
        held: held.collect(),
        statements: statements.into_iter().filter_map(brought).collect(),
        settlements: settlements.into_iter().map(|(head, line)| (head.0, line.0)).collect(),
    };
    Ok(Holding { format, file, import })
}

/// Returns the statement; `None` where somebody else wrote a currency that is none.
fn brought(it: Brought) -> Option<BroughtStatement> {
    let count = |count: i64| u32::try_from(count).unwrap_or_default();
    Some(BroughtStatement {
        statement: KeptStatement {
            line: it.line.unsigned_abs(),
            account: it.account,
            currency: Currency::new(&it.currency)?,
            number: it.number,
            opening_date: it.opening_date,
            opening: it.opening_balance,
            closing_date: it.closing_date,
            closing: it.closing_balance,
            entries: count(it.entries.into()),
            is_whole: false,
        },
        stored: (count(it.stored), it.sum),
    })
}
