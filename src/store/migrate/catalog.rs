//! What a schema holds, and how that differs from what it should hold.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::store::connection::statement::{fetch_all_quoted, query_as, query_scalar, run_quoted};
use crate::store::migrate::bring;
use crate::store::{Migrations, StoreError};

const STEP: &str = "reading the catalog";

/// The tables of a schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Catalog(pub(crate) BTreeMap<String, Table>);

/// The definition of a table as text, without the name of its schema and the names of its constraints
/// and indexes, so that the tables of two schemas can be compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) columns: BTreeMap<String, Column>,
    /// Primary, unique and foreign keys, and checks, as in `UNIQUE (transaction_hash)`.
    pub(crate) keys: BTreeSet<String>,
    /// As in `btree (transaction_date)`; the indexes of keys are left out.
    pub(crate) indexes: BTreeSet<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its type, with its collation where that is not the type's own.
    pub(crate) of_type: String,
    /// What fills it where a row brings no value: `default …`, `generated …` or empty.
    pub(crate) filled: String,
    pub(crate) not_null: bool,
}

impl Column {
    /// Returns whether every row must bring a value of its own.
    pub(crate) fn must_be_given(&self) -> bool {
        self.not_null && self.filled.is_empty()
    }

    /// Returns whether this column takes every value that the expected column takes, and gives it
    /// back the same. Another default is as good as ours.
    fn serves_as(&self, expected: &Self) -> bool {
        self.of_type == expected.of_type
            && self.not_null == expected.not_null
            && (expected.filled.is_empty() || !self.filled.is_empty())
            && !self.filled.starts_with("generated always as (")
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let filled = if self.filled.is_empty() { "" } else { " " };
        let not_null = if self.not_null { " not null" } else { "" };
        write!(f, "{}{filled}{}{not_null}", self.of_type, self.filled)
    }
}

/// Something that a schema lacks, or has otherwise than it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Difference {
    /// A table is missing.
    Table { table: String },
    /// A column is missing.
    Column { table: String, column: String, expected: Column },
    /// A column is there, but differs.
    OtherColumn { table: String, column: String, found: Column, expected: Column },
    /// A column that vama does not know must be filled, which an import cannot do.
    Unknown { table: String, column: String, found: Column },
    /// A key is missing.
    Key { table: String, expected: String },
    /// An index is missing.
    Index { table: String, expected: String },
    /// There is a key that the migrations do not make, and that may keep rows of an import out.
    Stricter { table: String, found: String },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table { table } => write!(f, "table {table} is missing"),
            Self::Column { table, column, expected } => {
                write!(f, "column {table}.{column} is missing, expected {expected}")
            }
            Self::OtherColumn { table, column, found, expected } => {
                write!(f, "column {table}.{column} is {found}, expected {expected}")
            }
            Self::Unknown { table, column, found } => {
                write!(
                    f,
                    "column {table}.{column} is {found}, expected none that imports must fill"
                )
            }
            Self::Key { table, expected } => write!(f, "{table} lacks the key {expected}"),
            Self::Index { table, expected } => write!(f, "{table} lacks an index {expected}"),
            Self::Stricter { table, found } => {
                write!(f, "{table} has the key {found}, expected none that may keep rows out")
            }
        }
    }
}

impl Catalog {
    /// Returns the tables of these names.
    pub(crate) fn only(&self, names: &[String]) -> Self {
        let mut tables = self.0.clone();
        tables.retain(|name, _| names.contains(name));
        Self(tables)
    }

    /// Returns what the found catalog lacks of this one. Further tables, columns, keys and indexes
    /// are the platform's own affair, unless an import could not fill them.
    pub(crate) fn lacking(&self, found: &Self) -> Vec<Difference> {
        let mut differences = Vec::new();
        for (name, expected) in &self.0 {
            match found.0.get(name) {
                Some(found) => differences.extend(expected.lacking(name, found)),
                None => differences.push(Difference::Table { table: name.clone() }),
            }
        }
        differences
    }

    /// Returns what the found catalog lacks, and which of its keys may keep rows out.
    pub(crate) fn differences(&self, found: &Self) -> Vec<Difference> {
        let mut differences = self.lacking(found);
        for (name, expected) in &self.0 {
            let found = found.0.get(name).map(|found| found.keys_beyond(expected));
            differences.extend(
                found
                    .into_iter()
                    .flatten()
                    .map(|found| Difference::Stricter { table: name.clone(), found }),
            );
        }
        differences
    }
}

impl Table {
    /// Returns the keys, and unique indexes, that the other table does not have.
    fn keys_beyond(&self, other: &Self) -> Vec<String> {
        let unique = self.indexes.iter().filter_map(|it| it.strip_prefix("unique btree "));
        let unique = unique.map(|columns| format!("UNIQUE {columns}"));
        let indexes = |key: &String| {
            let columns = key.strip_prefix("UNIQUE ").unwrap_or(key);
            other.indexes.contains(&format!("unique btree {columns}"))
        };
        // Checks are left out: they are the platform's own demands on its rows.
        let keys = self.keys.iter().filter(|key| !key.starts_with("CHECK")).cloned();
        keys.chain(unique).filter(|key| !other.keys.contains(key) && !indexes(key)).collect()
    }

    fn lacking(&self, name: &str, found: &Self) -> Vec<Difference> {
        let table = || name.to_owned();
        let mut differences = Vec::new();
        for (column, expected) in &self.columns {
            let (column, expected) = (column.clone(), expected.clone());
            match found.columns.get(&column) {
                None => differences.push(Difference::Column { table: table(), column, expected }),
                Some(it) if it.serves_as(&expected) => {}
                Some(it) => differences.push(Difference::OtherColumn {
                    table: table(),
                    column,
                    found: it.clone(),
                    expected,
                }),
            }
        }
        for (column, it) in &found.columns {
            if it.must_be_given() && !self.columns.contains_key(column) {
                let (column, found) = (column.clone(), it.clone());
                differences.push(Difference::Unknown { table: table(), column, found });
            }
        }
        let keys = self.keys.iter().filter(|key| !found.has_key(key));
        differences.extend(keys.map(|it| Difference::Key { table: table(), expected: it.clone() }));
        let indexes = self.indexes.difference(&found.indexes);
        let index = |it: &String| Difference::Index { table: table(), expected: it.clone() };
        differences.extend(indexes.map(index));
        differences
    }

    /// Returns whether the key is there; a unique index serves as one.
    fn has_key(&self, key: &str) -> bool {
        let index = key.strip_prefix("UNIQUE ").map(|columns| format!("unique btree {columns}"));
        self.keys.contains(key) || index.is_some_and(|index| self.indexes.contains(&index))
    }
}

/// Returns what each of the schemas holds; a schema that is not there is left out.
pub(crate) async fn catalogs(
    connection: &mut PgConnection,
    schemas: &[&str],
) -> Result<HashMap<String, Catalog>, StoreError> {
    type Item = (String, String, String, String, String, bool);
    let items: Vec<Item> = query_as(include_str!("../sql/migrate/catalog.sql"))
        .bind(schemas)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at(STEP))?;
    let mut catalogs: HashMap<String, Catalog> = HashMap::new();
    for (schema, table, kind, text, more, not_null) in items {
        let table = catalogs.entry(schema).or_default().0.entry(table).or_default();
        match kind.as_str() {
            "key" => drop(table.keys.insert(text)),
            "index" => drop(table.indexes.insert(text)),
            "column" => {
                let (of_type, filled) = more.split_once('\t').unwrap_or((&more, ""));
                let (of_type, filled) = (of_type.to_owned(), filled.to_owned());
                table.columns.insert(text, Column { of_type, filled, not_null });
            }
            _ => {}
        }
    }
    Ok(catalogs)
}

/// Returns what the schema holds.
pub(crate) async fn catalog(
    connection: &mut PgConnection,
    schema: &str,
) -> Result<Catalog, StoreError> {
    Ok(catalogs(connection, &[schema]).await?.remove(schema).unwrap_or_default())
}

/// Counts the rows of every table of a schema, or of some of them.
pub(crate) async fn counts(
    connection: &mut PgConnection,
    schema: &str,
    only: Option<&[String]>,
) -> Result<BTreeMap<String, i64>, StoreError> {
    let step = "counting the rows";
    let statement: Option<String> = query_scalar(include_str!("../sql/count_statement.sql"))
        .bind(schema)
        .bind(only)
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    let Some(statement) = statement else { return Ok(BTreeMap::new()) };
    let counts: Vec<(String, i64)> = fetch_all_quoted(connection, statement, step).await?;
    Ok(counts.into_iter().collect())
}

/// Returns what a company's migrations make: runs them in a schema of their own and rolls that
/// back.
///
/// So nobody has to write down a second time, beside the migrations, what the tables are.
pub(crate) async fn reference(
    connection: &mut PgConnection,
    migrations: &Migrations,
) -> Result<Catalog, StoreError> {
    made(connection, Some(migrations)).await
}

/// Returns what the registry's migrations make, in the same way.
pub(crate) async fn registry_reference(
    connection: &mut PgConnection,
) -> Result<Catalog, StoreError> {
    made(connection, None).await
}

/// Returns what these migrations make of a company; without migrations, what those of the registry
/// make.
async fn made(
    connection: &mut PgConnection,
    migrations: Option<&Migrations>,
) -> Result<Catalog, StoreError> {
    let step = "making the tables to compare with";
    let schema = format!("vama_reference_{}", Uuid::now_v7().simple());
    let mut savepoint = connection.begin().await.map_err(StoreError::at(step))?;
    let (_, _, statement): (String, String, String) =
        query_as(include_str!("../sql/migrate/enter_reference.sql"))
            .bind(&schema)
            .fetch_one(&mut *savepoint)
            .await
            .map_err(StoreError::at(step))?;
    run_quoted(&mut savepoint, statement, step).await?;
    match migrations {
        Some(migrations) => {
            bring::run(&mut savepoint, "the tables to compare with", migrations).await?;
        }
        None => bring::run_registry_here(&mut savepoint).await?,
    }
    let made = catalog(&mut savepoint, &schema).await?;
    savepoint.rollback().await.map_err(StoreError::at(step))?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(of_type: &str, filled: &str, not_null: bool) -> Column {
        Column { of_type: of_type.to_owned(), filled: filled.to_owned(), not_null }
    }

    fn table(columns: &[(&str, Column)], keys: &[&str], indexes: &[&str]) -> Catalog {
        let owned = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect();
        let columns = columns.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect();
        let table = Table { columns, keys: owned(keys), indexes: owned(indexes) };
        Catalog(BTreeMap::from([("t".to_owned(), table)]))
    }

    fn told(expected: &Catalog, found: &Catalog) -> Vec<String> {
        expected.lacking(found).iter().map(Difference::to_string).collect()
    }

    #[test]
    fn what_is_missing_or_other_is_told_and_what_the_platform_added_is_not() {
        let key = column("text collate \"C\"", "", true);
        let amount = column("numeric(18,2)", "", true);
        let at = column("timestamp with time zone", "default now()", true);
        let expected = table(
            &[("key", key.clone()), ("amount", amount.clone()), ("at", at)],
            &["UNIQUE (key)", "PRIMARY KEY (id)"],
            &["btree (amount)"],
        );
        let theirs = column("timestamp with time zone", "default clock_timestamp()", true);
        let found = table(
            &[
                ("key", key),
                ("amount", column("double precision", "", true)),
                ("at", theirs),
                ("note", column("text", "", false)),
                ("tenant", column("integer", "", true)),
            ],
            &["PRIMARY KEY (id)", "CHECK ((amount > 0))"],
            &["unique btree (key)", "btree (note)"],
        );
        let differences = [
            "column t.amount is double precision not null, expected numeric(18,2) not null",
            "column t.tenant is integer not null, expected none that imports must fill",
            "t lacks an index btree (amount)",
        ];
        assert_eq!(told(&expected, &found), differences);
        assert_eq!(told(&expected, &Catalog::default()), ["table t is missing"]);
        let bare = table(&[("amount", amount)], &[], &[]);
        let differences = [
            "column t.at is missing, expected timestamp with time zone default now() not null",
            "column t.key is missing, expected text collate \"C\" not null",
            "t lacks the key PRIMARY KEY (id)",
            "t lacks the key UNIQUE (key)",
            "t lacks an index btree (amount)",
        ];
        assert_eq!(told(&expected, &bare), differences);
    }
}
