//! The states of orders and invoices → what these are now.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::ids::Ids;
use crate::row::{Table, own_oblio_id};
use crate::store::StoreError;
use crate::store::connection::turn::{Turn, Value};

/// What messages call it.
pub(super) const DERIVING: &str = "bringing orders and invoices up to date";

/// Orders or invoices that one turn is about: so many that round trips do not count, so few that its
/// text stays small.
const NAMES_MAX: usize = 8192;

const MOVE_TIES: &str = concat!(
    include_str!("../sql/states/joined_invoices.sql"),
    include_str!("../sql/states/move_ties.sql"),
);

const JOIN: &str = concat!(
    include_str!("../sql/states/joined_invoices.sql"),
    include_str!("../sql/states/join_invoices.sql"),
);

const KEEP: &str = concat!(
    include_str!("../sql/states/newest_invoices.sql"),
    include_str!("../sql/states/keep_platform.sql"),
);

/// What some orders or invoices are known by, in the columns by which statements find them.
#[derive(Debug)]
pub(crate) struct Names {
    table: Table,
    names: Vec<String>,
    numbers: Vec<String>,
    /// The keys that rows of vama's own have.
    own: Vec<String>,
}

impl Names {
    /// Sorts the names of orders or invoices, and hands them out some at a time.
    pub(crate) fn parts(table: Table, names: impl IntoIterator<Item = String>) -> Vec<Self> {
        let names: BTreeSet<String> = names.into_iter().collect();
        let names: Vec<String> = names.into_iter().collect();
        names.chunks(NAMES_MAX).map(|some| Self::of(table, some)).collect()
    }

    fn of(table: Table, names: &[String]) -> Self {
        // Neither a channel nor the number of an invoice has a bar.
        let number = |name: &String| match table {
            Table::Orders => name.split_once('|').map(|(_, number)| number.to_owned()),
            _ => name.rsplit_once('|').map(|(_, number)| number.to_owned()),
        };
        Self {
            table,
            names: names.to_vec(),
            numbers: names.iter().filter_map(number).collect(),
            own: names.iter().map(|name| own_oblio_id(name)).collect(),
        }
    }

    /// Adds the statement that asks what is stored of them.
    pub(super) fn ask(&self, turn: Turn, step: &'static str) -> Turn {
        let [names, numbers, own] =
            [&self.names, &self.numbers, &self.own].map(|it| Value::Texts(it));
        match self.table {
            Table::Orders => {
                turn.add(step, include_str!("../sql/stored_orders.sql"), &[names, numbers])
            }
            _ => turn.add(step, include_str!("../sql/stored_invoices.sql"), &[names, numbers, own]),
        }
    }

    /// Adds the statement that makes them what their states say.
    pub(crate) fn derive(&self, turn: Turn) -> Turn {
        let sql = match self.table {
            Table::Orders => include_str!("../sql/states/derive_orders.sql"),
            _ => concat!(
                include_str!("../sql/states/newest_invoices.sql"),
                include_str!("../sql/states/derive_invoices.sql"),
            ),
        };
        turn.add(DERIVING, sql, &[Value::Texts(&self.names), Value::Texts(&self.numbers)])
    }

    /// Adds the statement that takes out what is kept of the platform where no import tells of an invoice
    /// any more.
    pub(crate) fn drop_platform(&self, turn: Turn) -> Turn {
        match self.table {
            Table::Orders => turn,
            _ => {
                let sql = include_str!("../sql/undo/drop_platform.sql");
                turn.add(DERIVING, sql, &[Value::Texts(&self.names)])
            }
        }
    }

    /// Keeps what the platform wrote of them since their rows were made, and joins rows of ours into
    /// those of the platform. To be done before their states change. Returns how many states of the
    /// platform that makes.
    pub(crate) async fn keep_platform(
        &self,
        connection: &mut PgConnection,
        ids: &mut Ids,
    ) -> Result<u64, StoreError> {
        if self.table == Table::Orders {
            return Ok(0);
        }
        let ids: Vec<String> = ids.take(self.names.len()).map(|id| id.to_string()).collect();
        let by = [Value::Texts(&self.names), Value::Texts(&self.numbers), Value::Texts(&ids)];
        let [names, numbers, _] = by;
        let mut answers = Turn::default()
            .add(DERIVING, include_str!("../sql/states/plain_plans.sql"), &[])
            .add(DERIVING, MOVE_TIES, &[names, numbers])
            .add(DERIVING, JOIN, &[names, numbers])
            .add(DERIVING, KEEP, &by)
            .take(connection)
            .await?;
        answers.skip(3);
        let (kept,): (i64,) = answers.value(DERIVING)?;
        Ok(kept.unsigned_abs())
    }
}
