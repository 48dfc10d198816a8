//! Letting a held order or invoice in: what it says takes the place of all that imports said before.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use sqlx::PgConnection;

use super::accept::{ACCEPTING, Accepted, KeptRow, LOOKING, not_acceptable};
use crate::row::Table;
use crate::store::StoreError;
use crate::store::connection::turn::{Turn, Value};
use crate::store::load::derive::Names;
use crate::store::load::ids::Ids;

/// Why an invoice is not let in whose row says something else all the same.
const STANDS: &str =
    "the platform's own row is newer and says otherwise, or is another invoice of this key";

/// A held order or invoice.
pub(super) struct HeldState<'r> {
    table: Table,
    name: String,
    row: &'r KeptRow,
}

impl<'r> HeldState<'r> {
    /// Returns what the rows of a held record are, where it is an order or invoice.
    pub(super) fn of(table_name: &str, rows: &'r [KeptRow]) -> Option<Self> {
        let table = Table::of_name(table_name).filter(|it| it.is_derived())?;
        let row = rows.first()?;
        let text = |column: &str| row.row.get(column).and_then(Json::as_str);
        let name = match table {
            Table::Orders => format!("{}|{}", text("channel")?, text("order_number")?),
            _ => text("invoice_key")?.to_owned(),
        };
        Some(Self { table, name, row })
    }

    /// Returns what letting it in does.
    pub(super) async fn plan(&self, connection: &mut PgConnection) -> Result<Accepted, StoreError> {
        let imports = self.imports(connection).await?;
        let replaced = imports.into_iter().map(|(_, number)| number).collect();
        let rows = BTreeMap::from([(self.table, 1)]);
        Ok(Accepted { was_settled: false, rows, replaced, going: 1 })
    }

    /// Returns the imports that tell of it.
    async fn imports(
        &self,
        connection: &mut PgConnection,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = match self.table {
            Table::Orders => include_str!("../sql/accept/imports_of_order.sql"),
            _ => include_str!("../sql/accept/imports_of_invoice.sql"),
        };
        let turn = Turn::default().add(LOOKING, sql, &[Value::Text(&self.name)]);
        turn.take(connection).await?.values(LOOKING)
    }

    /// Takes out what imports said of it. Their files are to be read again when they come again.
    pub(super) async fn make_way(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        for names in self.names() {
            names.keep_platform(connection, &mut Ids::now()).await?;
        }
        let imports = self.imports(connection).await?;
        let imports: Vec<String> = imports.into_iter().map(|(id, _)| id).collect();
        let sql = match self.table {
            Table::Orders => include_str!("../sql/accept/take_out_order_states.sql"),
            _ => include_str!("../sql/accept/take_out_invoice_states.sql"),
        };
        let mark = include_str!("../sql/undo/mark_later.sql");
        Turn::default()
            .add(ACCEPTING, sql, &[Value::Text(&self.name)])
            .add(ACCEPTING, mark, &[Value::Texts(&imports)])
            .take(connection)
            .await
            .map(drop)
    }

    /// Makes the order or invoice what is said of it now.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotAcceptable`] where that is not what the held record says.
    pub(super) async fn derive(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        for names in self.names() {
            names.derive(Turn::default()).take(connection).await?;
        }
        let total = self.row.row.get("total").and_then(Json::as_str).unwrap_or_default();
        let sql = match self.table {
            Table::Orders => include_str!("../sql/accept/order_says.sql"),
            _ => include_str!("../sql/accept/invoice_says.sql"),
        };
        let values = [Value::Text(&self.name), Value::Text(total)];
        let turn = Turn::default().add(ACCEPTING, sql, &values);
        let (says,): (bool,) = turn.take(connection).await?.value(ACCEPTING)?;
        if says { Ok(()) } else { Err(not_acceptable(STANDS)) }
    }

    fn names(&self) -> Vec<Names> {
        Names::parts(self.table, [self.name.clone()])
    }
}
