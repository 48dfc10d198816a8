//! A row that is held → JSON by table and column, so that it can be let in later as it would have
//! gone in.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::copy::columns;
use crate::row::{ColumnWriter, Row, Stamp, Table};

/// Rows by table and column: a list of objects `{"table": …, "row": {column: value}}`.
#[derive(Debug, Default)]
pub(super) struct KeptRows(Vec<Value>);

impl KeptRows {
    /// Returns one row, as text.
    pub(super) fn one<R: Row>(row: &R, id: Uuid, stamp: &Stamp) -> String {
        let mut rows = Self::default();
        rows.add(row, id, stamp);
        rows.into_text()
    }

    /// Adds a row.
    pub(super) fn add<R: Row>(&mut self, row: &R, id: Uuid, stamp: &Stamp) {
        let mut columns = Columns::of(R::TABLE);
        row.put(id, stamp, &mut columns);
        self.0.push(serde_json::json!({ "table": R::TABLE.name(), "row": columns.row }));
    }

    /// Returns all rows as text.
    pub(super) fn into_text(self) -> String {
        Value::Array(self.0).to_string()
    }
}

/// The columns of one row by their names, each as text that the server reads as its column's type.
struct Columns {
    names: Vec<&'static str>,
    row: Map<String, Value>,
}

impl Columns {
    fn of(table: Table) -> Self {
        Self { names: columns(table).collect(), row: Map::new() }
    }

    fn add(&mut self, value: Value) {
        if let Some(name) = self.names.get(self.row.len()) {
            self.row.insert((*name).to_owned(), value);
        }
    }
}

impl ColumnWriter for Columns {
    fn uuid(&mut self, value: Uuid) {
        self.add(value.to_string().into());
    }

    fn uuid_or_null(&mut self, value: Option<Uuid>) {
        self.add(value.map(|it| it.to_string()).into());
    }

    fn text(&mut self, value: Option<&str>) {
        self.add(value.into());
    }

    fn date(&mut self, value: Option<NaiveDate>) {
        self.add(value.map(|it| it.to_string()).into());
    }

    fn moment(&mut self, value: NaiveDateTime) {
        self.add(value.to_string().into());
    }

    fn instant(&mut self, value: Option<DateTime<Utc>>) {
        self.add(value.map(|it| it.to_rfc3339()).into());
    }

    fn decimal(&mut self, value: Decimal) {
        self.add(value.to_string().into());
    }

    fn int(&mut self, value: u32) {
        self.add(value.into());
    }

    fn bool(&mut self, value: bool) {
        self.add(value.into());
    }
}
