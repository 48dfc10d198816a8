//! Old rows get the keys that imports look for, where the recipe allows (`identity.rs`).
//!
//! The old platform wrote some keys of Python's text of a float: `120.0` for `120.00`. Such a key is
//! known by its digest, and made anew. A key of neither recipe is left alone.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use crate::store::StoreError;
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

/// The tables whose keys are digests, in an order in which each finds the keys it needs, and the
/// statement that makes them.
const RECIPES: [(&str, &str); 5] = [
    ("bank_transactions", include_str!("../../sql/adopt/key_bank_transactions.sql")),
    ("profit_transactions", include_str!("../../sql/adopt/key_profit_transactions.sql")),
    ("product_sales", include_str!("../../sql/adopt/key_product_sales.sql")),
    ("gls_borderouri", include_str!("../../sql/adopt/key_gls_borderouri.sql")),
    ("gls_borderou_parcels", include_str!("../../sql/adopt/key_gls_borderou_parcels.sql")),
];

/// Makes the keys of all rows of the company that was entered. Tables without rows are left out.
pub(super) async fn make(
    connection: &mut PgConnection,
) -> Result<BTreeMap<&'static str, Keyed>, StoreError> {
    let mut all = BTreeMap::new();
    for (table, sql) in RECIPES {
        let keyed: Keyed = query_as(sql)
            .fetch_one(&mut *connection)
            .await
            .map_err(StoreError::at("making the keys of old rows"))?;
        if keyed != Keyed::default() {
            all.insert(table, keyed);
        }
    }
    Ok(all)
}
