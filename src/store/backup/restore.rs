//! A file → the company that it holds, in one transaction.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde_json::value::RawValue;
use sqlx::PgConnection;
use uuid::Uuid;

use super::manifest::{Counts, Manifest};
use super::reader::{Piece, Pieces, Unread};
use crate::store::backup::{BackupError, file};
use crate::store::connection::cluster;
use crate::store::connection::copy_stream::CopyIn;
use crate::store::connection::enter::enter_schema;
use crate::store::connection::lock::{begin_change, lock_company, lock_registry};
use crate::store::connection::role;
use crate::store::connection::statement::{
    query, query_as, query_scalar, quoted, run_all_quoted, run_quoted,
};
use crate::store::connection::wait::wait_for_lock;
use crate::store::migrate::catalog::counts;
use crate::store::{Migrations, Session, StoreError, migrate};
use crate::value::slug::{SlugError, schema_of};

const STEP: &str = "restoring the company";

/// A company that came out of a backup.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Restored {
    /// Its slug.
    pub slug: String,
    /// Its schema.
    pub company_schema: String,
    /// What it was called when it was backed up.
    pub original: String,
    /// Whether it is a copy beside its original: with an identifier of its own, and without the
    /// CIF, the accounts, the users and the credentials, which only one company can have.
    pub is_copy: bool,
    /// How many rows each of its tables had in the backup.
    pub tables: Counts,
    /// Whether it has a role of its own.
    pub has_role: bool,
    /// Whether its tables were brought to a newer version.
    pub migrated: bool,
    /// Roles that had rights on its schema and are not in this database.
    pub missing_roles: Vec<String>,
    /// Columns of the registry's rows, `table.column`, that are not in this database.
    pub missing_columns: Vec<String>,
    /// The schema of tables that are in the file too, but were not restored.
    pub outside_schema: String,
    /// The tables that were not restored, with their rows.
    pub outside: Counts,
}

/// Brings a company back out of a backup, under its own slug or another one.
///
/// All in one transaction: its rows in the registry, its schema with all that was in it, its role;
/// its tables are then brought to the newest version. The statements of the file are run as they
/// stand there.
///
/// # Errors
///
/// [`StoreError::Backup`] for a file that is no backup or not whole, [`StoreError::Taken`],
/// [`StoreError::Restore`], or a database that fails; nothing is left behind.
pub async fn restore(
    session: &mut Session,
    path: &Path,
    slug: Option<&str>,
) -> Result<Restored, StoreError> {
    let (manifest, text) = file::open(path)?;
    let foreign = || BackupError::Foreign { file: path.display().to_string() };
    // A schema that has the dump's name is renamed meanwhile, which must not happen to the
    // database's own schemas.
    let own = schema_of(&manifest.schema.replace('_', "-"));
    if matches!(own, Err(SlugError::Reserved { .. })) {
        return Err(foreign().into());
    }
    let name = match slug {
        Some(slug) => Name { slug, schema: schema_of(slug).map_err(|_| foreign())? },
        None => Name { slug: &manifest.slug, schema: manifest.schema.clone() },
    };
    let mut tx = begin_change(session).await?;
    let restored = bring_back(&mut tx, &manifest, text, &name).await?;
    tx.commit().await.map_err(StoreError::at(STEP))?;
    Ok(restored)
}

/// What the company is to be called.
struct Name<'n> {
    slug: &'n str,
    schema: String,
}

async fn bring_back(
    tx: &mut PgConnection,
    manifest: &Manifest,
    text: BufReader<File>,
    name: &Name<'_>,
) -> Result<Restored, StoreError> {
    lock_company(tx, name.slug).await?;
    migrate::enter_newest_registry(tx).await?;
    refuse_taken(tx, manifest, name, false).await?;
    let has_role = role::make(tx, &name.schema).await?;
    let gives = cluster::gives_schemas(tx).await?;
    run_under_own_name(tx, manifest, text, name).await?;
    if gives {
        cluster::give(tx, &name.schema).await?;
    }
    compare(tx, manifest, &name.schema).await?;
    enter_schema(tx, &name.schema).await?;
    let migrated = migrate::run(tx, name.slug, Migrations::built_in()).await?;
    role::give_rights(tx, &name.schema).await?;
    let missing_roles = grant(tx, manifest, &name.schema).await?;
    lock_registry(tx).await?;
    // Checked again: another company may have come to the registry meanwhile. The schema is our own
    // now.
    let is_copy = refuse_taken(tx, manifest, name, true).await?;
    let missing_columns = register(tx, manifest, name, is_copy).await?;
    Ok(Restored {
        slug: name.slug.to_owned(),
        company_schema: name.schema.clone(),
        original: manifest.slug.clone(),
        is_copy,
        tables: manifest.own_tables(),
        has_role,
        migrated,
        missing_roles,
        missing_columns,
        outside_schema: manifest.outside_schema.clone(),
        outside: manifest.outside.clone(),
    })
}

/// Refuses a name that is taken. Returns whether the company is a copy, since something else of it
/// is taken.
async fn refuse_taken(
    connection: &mut PgConnection,
    manifest: &Manifest,
    name: &Name<'_>,
    has_schema: bool,
) -> Result<bool, StoreError> {
    let taken: Vec<(bool, String)> = query_as(include_str!("../sql/backup/taken.sql"))
        .bind(name.slug)
        .bind(&name.schema)
        .bind(manifest.company.get())
        .bind(texts(&manifest.users))
        .bind(texts(&manifest.credentials))
        .bind(has_schema)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at(STEP))?;
    let renamed = name.slug != manifest.slug;
    if taken.iter().any(|(binding, _)| *binding) || (!renamed && !taken.is_empty()) {
        return Err(StoreError::Taken(taken.into_iter().map(|(_, what)| what).collect()));
    }
    Ok(!taken.is_empty())
}

fn texts(rows: &[Box<RawValue>]) -> Vec<&str> {
    rows.iter().map(|row| row.get()).collect()
}

/// Writes the rows of the registry. Returns the columns of these rows that this registry does not
/// have.
async fn register(
    connection: &mut PgConnection,
    manifest: &Manifest,
    name: &Name<'_>,
    is_copy: bool,
) -> Result<Vec<String>, StoreError> {
    let company: String = query_scalar(include_str!("../sql/backup/renamed_company.sql"))
        .bind(manifest.company.get())
        .bind(name.slug)
        .bind(&name.schema)
        .bind(is_copy.then(Uuid::now_v7))
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(STEP))?;
    let mut rows = vec![("companies", company.as_str())];
    // Sealed credentials open for the company's own identifier alone, and a copy has another one.
    if !is_copy {
        rows.extend(texts(&manifest.users).into_iter().map(|row| ("users", row)));
        let credentials = texts(&manifest.credentials).into_iter();
        rows.extend(credentials.map(|row| ("api_credentials", row)));
    }
    let mut missing = Vec::new();
    for (table, row) in rows {
        let (statement, columns): (String, Vec<String>) =
            query_as(include_str!("../sql/backup/insert_statement.sql"))
                .bind(table)
                .bind(row)
                .fetch_one(&mut *connection)
                .await
                .map_err(StoreError::at(STEP))?;
        let inserted = quoted(statement).bind(row).execute(&mut *connection).await;
        inserted.map_err(StoreError::at(STEP))?;
        missing.extend(columns.into_iter().map(|column| format!("{table}.{column}")));
    }
    missing.sort();
    missing.dedup();
    Ok(missing)
}

/// Runs the dump, which uses the schema's old name, and then gives the schema its new name.
///
/// A schema that has the old name already is renamed for as long as the dump runs. It all happens
/// in one transaction, so nobody else sees it.
async fn run_under_own_name(
    connection: &mut PgConnection,
    manifest: &Manifest,
    text: BufReader<File>,
    name: &Name<'_>,
) -> Result<(), StoreError> {
    let Manifest { schema, .. } = manifest;
    if *schema == name.schema {
        return run(connection, text).await;
    }
    let holding =
        query(include_str!("../sql/lock/hold_schema.sql")).bind(schema).execute(&mut *connection);
    let waits_for = format!("another change of the schema {schema}");
    wait_for_lock(&waits_for, holding).await.map_err(StoreError::at(STEP))?;
    let exists: bool = query_scalar(include_str!("../sql/backup/schema_exists.sql"))
        .bind(schema)
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(STEP))?;
    let aside = format!("vama_aside_{}", Uuid::now_v7().simple());
    if exists {
        rename(connection, schema, &aside).await?;
    }
    run(connection, text).await?;
    rename(connection, schema, &name.schema).await?;
    if exists {
        rename(connection, &aside, schema).await?;
    }
    Ok(())
}

async fn rename(connection: &mut PgConnection, from: &str, to: &str) -> Result<(), StoreError> {
    let step = "renaming the schema";
    let statement: String = query_scalar(include_str!("../sql/backup/rename_statement.sql"))
        .bind(from)
        .bind(to)
        .fetch_one(&mut *connection)
        .await
        .map_err(StoreError::at(step))?;
    run_quoted(connection, statement, step).await
}

/// Sends the dump, piece by piece.
async fn run(connection: &mut PgConnection, text: BufReader<File>) -> Result<(), StoreError> {
    query(include_str!("../sql/backup/prepare.sql"))
        .execute(&mut *connection)
        .await
        .map_err(StoreError::at(STEP))?;
    let mut pieces = Pieces::behind_manifest(text);
    while let Some(piece) = next(&mut pieces)? {
        let line = pieces.line();
        let failed = |source| StoreError::Restore { line, source };
        match piece {
            Piece::Statements(text) => {
                let sent = sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut *connection);
                sent.await.map_err(failed)?;
            }
            Piece::Copy(statement) => {
                let mut copy = CopyIn::begin(connection, &statement).await.map_err(failed)?;
                let sent = send_rows(&mut copy, &mut pieces, line).await;
                copy.end(sent, failed).await?;
            }
            Piece::Rows(_) | Piece::CopyDone => return Err(BackupError::Damaged { line }.into()),
        }
    }
    Ok(())
}

/// Sends the rows of one COPY; `line` is the line in which the COPY begins.
async fn send_rows(
    copy: &mut CopyIn<'_>,
    pieces: &mut Pieces<BufReader<File>>,
    line: u64,
) -> Result<(), StoreError> {
    let failed = |source| StoreError::Restore { line, source };
    while let Some(Piece::Rows(rows)) = next(pieces)? {
        copy.send(rows).await.map_err(failed)?;
    }
    Ok(())
}

fn next(pieces: &mut Pieces<BufReader<File>>) -> Result<Option<Piece>, StoreError> {
    pieces.next().map_err(|unread| {
        let line = pieces.line();
        match unread {
            Unread::Read(source) => {
                BackupError::Read { file: "the backup".to_owned(), source }.into()
            }
            Unread::Line => BackupError::Damaged { line }.into(),
        }
    })
}

/// Proves that every table has as many rows as the manifest says.
async fn compare(
    connection: &mut PgConnection,
    manifest: &Manifest,
    schema: &str,
) -> Result<(), StoreError> {
    let found = counts(connection, schema, None).await?;
    for table in found.keys().chain(manifest.tables.keys()) {
        let (found, expected) = (found.get(table), manifest.tables.get(table));
        if found != expected {
            let (found, expected) = (found.copied(), expected.copied());
            return Err(BackupError::Count { table: table.clone(), found, expected }.into());
        }
    }
    Ok(())
}

/// Gives other roles their rights back. Returns the roles that are not here.
async fn grant(
    connection: &mut PgConnection,
    manifest: &Manifest,
    schema: &str,
) -> Result<Vec<String>, StoreError> {
    let step = "giving other roles their rights";
    let mut missing = Vec::new();
    for grant in &manifest.grants {
        let statements: Vec<Option<String>> =
            query_scalar(include_str!("../sql/backup/grant_statements.sql"))
                .bind(schema)
                .bind(&grant.role)
                .bind(&grant.on_tables)
                .fetch_all(&mut *connection)
                .await
                .map_err(StoreError::at(step))?;
        if statements.is_empty() {
            missing.push(grant.role.clone());
        }
        run_all_quoted(connection, statements.into_iter().flatten(), step).await?;
    }
    Ok(missing)
}
