//! Old rows get the keys that imports look for, where the recipe allows (`identity.rs`).
//!
//! The old platform wrote some keys of Python's text of a float: `120.0` for `120.00`. Such a key is
//! known by its digest, and made anew. A key of neither recipe is left alone.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use crate::store::StoreError;
use crate::store::catalog::Catalog;
use crate::store::statement::query_as;

/// What became of the keys of a table's rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct Keyed {
    /// Rows that had the right key.
    pub right: i64,
    /// Rows that had none and have one now.
    pub made: i64,
    /// Rows whose key was made of a float's text and is made anew.
    pub rekeyed: i64,
    /// Rows whose key follows another recipe; it stays.
    pub other: i64,
    /// Rows that have none, and lack what one is made of.
    pub without: i64,
}

/// A table whose keys are digests.
struct Recipe {
    table: &'static str,
    /// The table that its keys are made of too, where there is one.
    needs: Option<&'static str>,
    /// The statement that makes them.
    sql: &'static str,
}

/// In an order in which each finds the keys that it needs.
const RECIPES: [Recipe; 5] = [
    Recipe {
        table: "bank_transactions",
        needs: None,
        sql: include_str!("../../sql/adopt/key_bank_transactions.sql"),
    },
    Recipe {
        table: "profit_transactions",
        needs: None,
        sql: include_str!("../../sql/adopt/key_profit_transactions.sql"),
    },
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

/// Makes the keys of all rows of the tables that are adopted, in the schema that was entered. Tables
/// without rows are left out, and those whose keys are made of a table that stays.
pub(super) async fn make(
    connection: &mut PgConnection,
    adopted: &Catalog,
) -> Result<BTreeMap<&'static str, Keyed>, StoreError> {
    let possible = |recipe: &&Recipe| {
        adopted.0.contains_key(recipe.table)
            && recipe.needs.is_none_or(|needs| adopted.0.contains_key(needs))
    };
    let mut all = BTreeMap::new();
    for Recipe { table, sql, .. } in RECIPES.iter().filter(possible) {
        let keyed: Keyed = query_as(sql)
            .fetch_one(&mut *connection)
            .await
            .map_err(StoreError::at("making the keys of old rows"))?;
        if keyed != Keyed::default() {
            all.insert(*table, keyed);
        }
    }
    Ok(all)
}
