//! What an import holds, with what it takes to write that as a file of the same format.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::{KeptStatement, Line};

/// A held record as it stands in its file.
#[derive(Debug, Clone)]
pub struct HeldLine {
    /// Where it stands.
    pub line: Line,
    /// Why it is held.
    pub reason: String,
    /// The record.
    pub raw: String,
}

/// A statement that the import brought.
#[derive(Debug)]
pub struct BroughtStatement {
    /// The statement.
    pub statement: KeptStatement,
    /// How many of its entries are stored, and their sum.
    pub stored: (u32, Decimal),
}

/// What an import holds.
#[derive(Debug, Default)]
pub struct HeldImport {
    /// The records, by their lines.
    pub held: Vec<HeldLine>,
    /// The statements that it brought, by their lines.
    pub statements: Vec<BroughtStatement>,
    /// The lines of the settlements that it brought: the columns of the head, and those of the line.
    pub settlements: Vec<(Map<String, Value>, Map<String, Value>)>,
}

/// Returns the text of a column; empty where it is NULL.
pub fn column(row: &Map<String, Value>, name: &str) -> String {
    match row.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}
