//! `vama company release`: gives a company's tables back to the platform.

use super::backup::default_file;
use crate::cli::output::{show, show_json};
use crate::cli::table::{Column, show_table};
use crate::cli::{Global, session};
use crate::store;

/// Give a company's tables back to a schema, and take the company out of the registry
///
/// The way back from `company adopt`. Tables that were adopted, and those with rows, move with their keys,
/// indexes and rights; a company that has adopted none gives all its tables. Its schema goes where nothing is
/// left in it. Its users and credentials go
/// with the registry's row; they are in the backup.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The company's slug
    slug: String,

    /// The schema that gets the tables; it must be there
    #[arg(long, value_name = "SCHEMA")]
    to: String,

    /// Make no backup before
    #[arg(long)]
    no_backup: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<()> {
    let Arguments { slug, to, no_backup, json } = arguments;
    let backup = if *no_backup { None } else { Some(default_file(slug)?) };
    let session = session::open(global).await?;
    let (session, released) = store::release(session, slug, to, backup.as_deref()).await?;
    session.close().await;
    if *json {
        return show_json(&serde_json::json!({
            "schema": 1, "company": slug, "released_to": to, "released": released,
        }));
    }
    let rows = released.tables.iter().map(|(table, rows)| vec![table.clone(), rows.to_string()]);
    show_table(&[Column::Word("table"), Column::Number("rows")], rows.collect())?;
    if let Some(backup) = released.backup {
        global.note(&format!("backed up before to {}", backup.file.display()));
    }
    for left in &released.left {
        global.note(&format!("note: stays in the schema: {left}"));
    }
    if !released.dropped.is_empty() {
        let dropped = released.dropped.join(", ");
        global.note(&format!("note: empty and never adopted, so dropped: {dropped}"));
    }
    super::remove::say_what_went(
        global,
        released.users,
        released.credentials,
        released.role_dropped,
    );
    let count = released.tables.len();
    Ok(show(&format!("tables of {slug} that moved into {to}: {count}"))?)
}
