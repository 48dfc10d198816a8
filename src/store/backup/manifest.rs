//! What a backup says of itself in its first line: the registry's rows and how many rows there are.

use crate::store::connection::registry;
use crate::store::connection::version;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sqlx::{PgConnection, Row};

use super::Outside;
use crate::store::StoreError;
use crate::store::connection::enter::enter_schema;
use crate::store::connection::lock::lock_company;
use crate::store::connection::statement::{query, query_as, query_scalar, run_quoted};
use crate::store::connection::wait::wait_for_lock;
use crate::store::migrate::catalog::counts;

/// The form of the files that this program writes and reads.
pub(crate) const FORM: u32 = 1;

const STEP: &str = "looking at the company";

/// Rows of each table, by its name.
pub(crate) type Counts = BTreeMap<String, i64>;

/// The first line of a backup.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The form of the file.
    pub v: u32,
    pub made_at: DateTime<Utc>,
    pub slug: String,
    pub schema: String,
    /// The newest migration that the company's tables have had.
    pub version: i64,
    /// The server's version, in its own words.
    pub server: String,
    #[serde(skip)]
    pub server_major: u32,
    /// The rows of the registry, as the text that the server wrote: a number that is read as a
    /// float may come back as another number.
    pub company: Box<RawValue>,
    pub users: Vec<Box<RawValue>>,
    pub credentials: Vec<Box<RawValue>>,
    pub grants: Vec<Grant>,
    pub tables: Counts,
    /// The schema of the tables that stand behind the company's own.
    pub outside_schema: String,
    /// These tables, with their rows.
    pub outside: Counts,
}

impl Manifest {
    /// Returns the rows of the company's tables, without those that say which migrations have run.
    pub(crate) fn own_tables(&self) -> Counts {
        let tables = self.tables.iter().filter(|(name, _)| *name != version::VERSIONS);
        tables.map(|(name, rows)| (name.clone(), *rows)).collect()
    }
}

/// What a role that is not the company's own may do with its schema.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub role: String,
    /// What it may do with every table.
    pub on_tables: Vec<String>,
}

/// Gathers everything about a company; its tables have no writers from here on until the
/// transaction ends.
pub(crate) async fn gather(
    connection: &mut PgConnection,
    slug: &str,
    outside: Outside<'_>,
) -> Result<Manifest, StoreError> {
    version::check_registry(connection).await?;
    lock_company(connection, slug).await?;
    let row = query(include_str!("../sql/backup/company.sql"))
        .bind(slug)
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::at(STEP))?;
    let Some(row) = row else {
        return Err(registry::unknown(connection, slug).await?);
    };
    let registered = Registered::of(&row).map_err(StoreError::at(STEP))?;
    hold_still(connection, &registered.schema, outside).await?;
    enter_schema(connection, &registered.schema).await?;
    let version = version::version(connection).await?;
    let grants = grants(connection, &registered.schema).await?;
    let tables = counts(connection, &registered.schema, None).await?;
    let rows = counts(connection, outside.schema, Some(outside.tables)).await?;
    Ok(Manifest {
        v: FORM,
        made_at: Utc::now(),
        slug: slug.to_owned(),
        schema: registered.schema,
        version,
        server: registered.server,
        server_major: registered.server_major,
        company: registered.company,
        users: registered.users,
        credentials: registered.credentials,
        grants,
        tables,
        outside_schema: outside.schema.to_owned(),
        outside: rows,
    })
}

/// What the registry has of a company, and on which server.
struct Registered {
    schema: String,
    company: Box<RawValue>,
    users: Vec<Box<RawValue>>,
    credentials: Vec<Box<RawValue>>,
    server: String,
    server_major: u32,
}

impl Registered {
    fn of(row: &sqlx::postgres::PgRow) -> Result<Self, sqlx::Error> {
        let json = |text: String| {
            RawValue::from_string(text).map_err(|error| sqlx::Error::Decode(error.into()))
        };
        let all = |texts: Vec<String>| texts.into_iter().map(json).collect::<Result<_, _>>();
        Ok(Self {
            schema: row.try_get("schema_name")?,
            company: json(row.try_get("company")?)?,
            users: all(row.try_get("users")?)?,
            credentials: all(row.try_get("credentials")?)?,
            server: row.try_get("server")?,
            server_major: row.try_get::<i32, _>("server_major")?.unsigned_abs(),
        })
    }
}

/// Keeps writers out of the tables.
async fn hold_still(
    connection: &mut PgConnection,
    schema: &str,
    outside: Outside<'_>,
) -> Result<(), StoreError> {
    let step = "waiting for others who write into the company";
    query(include_str!("../sql/backup/hold_still.sql"))
        .execute(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    let statement: Option<String> = query_scalar(include_str!("../sql/backup/lock_statement.sql"))
        .bind(schema)
        .bind(outside.schema)
        .bind(outside.tables)
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    match statement {
        Some(statement) => {
            let locking = run_quoted(connection, statement, step);
            wait_for_lock(&format!("whoever writes into the tables in {schema}"), locking).await
        }
        None => Ok(()),
    }
}

async fn grants(connection: &mut PgConnection, schema: &str) -> Result<Vec<Grant>, StoreError> {
    let grants: Vec<(String, Vec<String>)> = query_as(include_str!("../sql/backup/grants.sql"))
        .bind(schema)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at(STEP))?;
    Ok(grants.into_iter().map(|(role, on_tables)| Grant { role, on_tables }).collect())
}
