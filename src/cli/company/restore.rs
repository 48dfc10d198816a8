//! `vama company restore`: a company back out of its file.

use std::path::PathBuf;

use crate::cli::output::{UsageError, show, show_json};
use crate::cli::{Global, session};
use crate::store::{self, Restored};
use crate::value::slug::schema_of;

/// Bring a company back out of a file that `vama company backup` wrote
///
/// All or nothing: its rows in the registry, its schema with all that was in it, its role, and as many rows
/// in each table as were counted. A pg_dump is statements, and they run as you: restore only files that
/// you trust.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The backup
    file: PathBuf,

    /// Give it another slug
    ///
    /// Beside its original it becomes a copy: without CIF, accounts, users and credentials, which only one
    /// company can have.
    #[arg(long = "as", value_name = "SLUG")]
    slug: Option<String>,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: Arguments, global: &Global) -> anyhow::Result<()> {
    if let Some(slug) = &arguments.slug {
        schema_of(slug).map_err(|it| UsageError(it.to_string()))?;
    }
    let mut session = session::open(global).await?;
    let restored = store::restore(&mut session, &arguments.file, arguments.slug.as_deref()).await?;
    session.close().await;
    let notes = notes(&restored, &arguments.file.display().to_string());
    for note in &notes {
        global.note(&format!("note: {note}"));
    }
    if arguments.json {
        let document = serde_json::json!({ "schema": 1, "restored": restored, "notes": notes });
        return show_json(&document);
    }
    let rows: i64 = restored.tables.values().sum();
    let (slug, schema, tables) = (&restored.slug, &restored.company_schema, restored.tables.len());
    Ok(show(&format!("restored {slug} in schema {schema}: {rows} rows of {tables} tables"))?)
}

/// Returns what did not come back as it was, each with its reason.
fn notes(restored: &Restored, file: &str) -> Vec<String> {
    let mut notes = Vec::new();
    if restored.is_copy {
        notes.push(format!(
            "{} is a copy beside {}: it has no CIF, no accounts, no users and no credentials",
            restored.slug, restored.original
        ));
    }
    if !restored.has_role {
        notes.push("this user may not create roles; the company has none of its own".to_owned());
    }
    if restored.migrated {
        notes.push("its tables were brought to the current version".to_owned());
    }
    if !restored.missing_roles.is_empty() {
        let roles = restored.missing_roles.join(", ");
        notes.push(format!("had rights on it, but are not in this database: {roles}"));
    }
    if !restored.missing_columns.is_empty() {
        let columns = restored.missing_columns.join(", ");
        notes.push(format!("stay in the file, as this registry does not have them: {columns}"));
    }
    if !restored.outside.is_empty() {
        let tables: Vec<&str> = restored.outside.keys().map(String::as_str).collect();
        notes.push(format!(
            "the tables {} of {} stay in the file; `sed '1,/^{}/d' {file} | psql` brings them back",
            tables.join(", "),
            restored.outside_schema,
            store::OUTSIDE,
        ));
    }
    notes
}
