//! Old rows get the keys that imports look for, where the recipe allows (`row/key.rs`).
//!
//! The old platform made some keys of Python's text of a float: `120.0` for `120.00`. Such a key is
//! recognised by its digest, and made anew. A key of any other recipe is left alone.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use crate::store::StoreError;
use crate::store::connection::statement::{fetch_quoted, query_as, query_scalar};
use crate::store::migrate::catalog::Catalog;

/// What became of the keys of a table's rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct KeyCounts {
    /// Rows that had the right key.
    pub right: i64,
    /// Rows that had no key and have one now.
    pub made: i64,
    /// Rows whose key was made of a float's text and is made anew.
    pub rekeyed: i64,
    /// Rows whose key follows another recipe; it stays.
    pub other: i64,
    /// Rows that have no key, and lack what a key is made of.
    pub without: i64,
}

/// Tables of entries: their keys are made alike, of date, reference and amount. Each with the
/// column that has the reference.
const ENTRIES: [(&str, &str); 2] =
    [("bank_transactions", "op_reference"), ("profit_transactions", "reference")];

/// A table whose keys are made in a way of its own.
struct Recipe {
    table: &'static str,
    /// A second table that its keys are made of, where there is one.
    needs: Option<&'static str>,
    /// The statement that makes them.
    sql: &'static str,
}

/// The recipes, in an order in which each finds the keys of the table that it needs.
const RECIPES: [Recipe; 3] = [
    Recipe {
        table: "product_sales",
        needs: None,
        sql: include_str!("../../sql/adopt/key_product_sales.sql"),
    },
    Recipe {
        table: "gls_borderouri",
        needs: Some("gls_borderou_parcels"),
        sql: include_str!("../../sql/adopt/key_gls_borderouri.sql"),
    },
    Recipe {
        table: "gls_borderou_parcels",
        needs: Some("gls_borderouri"),
        sql: include_str!("../../sql/adopt/key_gls_borderou_parcels.sql"),
    },
];

const STEP: &str = "making the keys of old rows";

/// Makes the keys of all rows of the tables that are adopted, in the schema that was entered.
/// Tables without rows are left out, and tables whose keys are made of a table that is not adopted.
pub(crate) async fn make(
    connection: &mut PgConnection,
    adopted: &Catalog,
) -> Result<BTreeMap<&'static str, KeyCounts>, StoreError> {
    let has = |table: &str| adopted.0.contains_key(table);
    let mut all = BTreeMap::new();
    for (table, reference) in ENTRIES.into_iter().filter(|(table, _)| has(table)) {
        let statement = query_scalar(include_str!("../../sql/adopt/key_entries_statement.sql"))
            .bind(table)
            .bind(reference)
            .fetch_one(&mut *connection)
            .await
            .map_err(StoreError::at(STEP))?;
        all.insert(table, fetch_quoted(connection, statement, STEP).await?);
    }
    let possible = |it: &&Recipe| has(it.table) && it.needs.is_none_or(has);
    for Recipe { table, sql, .. } in RECIPES.iter().filter(possible) {
        let keyed = query_as(sql).fetch_one(&mut *connection).await;
        all.insert(*table, keyed.map_err(StoreError::at(STEP))?);
    }
    all.retain(|_, keyed: &mut KeyCounts| *keyed != KeyCounts::default());
    Ok(all)
}
