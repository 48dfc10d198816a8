//! `vama company adopt`: makes an old platform's tables those of a company.

use std::path::PathBuf;

use super::backup::default_file;
use crate::cli::output::{show, show_json};
use crate::cli::table::{Column, show_table};
use crate::cli::{Global, session};
use crate::store::{self, Adopt, Adopted};

/// Move tables of an old platform into a company
///
/// They move with their rows, sequences, indexes, keys and rights. What they lack beside the tables of a company is
/// added: columns, keys, indexes. Old rows get the keys that imports look for: some had the right one, some
/// none, some one made of a float's text, which is made anew; one made otherwise stays. Where types, and
/// then rows, contradict what is demanded, all of it is listed and nothing is moved. `company release` is
/// the way back.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The company's slug; it must have been made already
    slug: String,

    /// The schema that has the tables
    #[arg(long, value_name = "SCHEMA")]
    from: String,

    /// Only this table; can be repeated [default: each of the 14 that the schema has]
    #[arg(long = "table", value_name = "TABLE")]
    tables: Vec<String>,

    /// Show what would be done, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,

    /// Make no backup before
    #[arg(long)]
    no_backup: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<()> {
    let backup: Option<PathBuf> = match arguments.no_backup || arguments.dry_run {
        true => None,
        false => Some(default_file(&arguments.slug)?),
    };
    let what = Adopt {
        from: &arguments.from,
        tables: &arguments.tables,
        backup: backup.as_deref(),
        dry_run: arguments.dry_run,
    };
    let session = session::open(global).await?;
    let (session, adopted) = store::adopt(session, &arguments.slug, what).await?;
    session.close().await;
    for warning in &adopted.warnings {
        global.note(&format!("warning: {warning}"));
    }
    if arguments.json {
        return show_json(&serde_json::json!({
            "schema": 1, "company": arguments.slug, "dry_run": arguments.dry_run, "adopted": adopted,
        }));
    }
    show_adopted(arguments, adopted, global)
}

fn show_adopted(arguments: &Arguments, adopted: Adopted, global: &Global) -> anyhow::Result<()> {
    let Arguments { slug, from, dry_run, .. } = arguments;
    let numbers = ["rows", "key right", "key made", "float's key", "other key", "no key"];
    let columns = [&[Column::Name("table")][..], &numbers.map(Column::Number)].concat();
    let keys = adopted.keys;
    let rows = adopted.tables.iter().map(|(table, rows)| {
        let mut line = vec![table.clone(), rows.to_string()];
        line.extend(match keys.get(table.as_str()) {
            Some(it) => {
                [it.right, it.made, it.rekeyed, it.other, it.without].map(|n| n.to_string())
            }
            None => [const { String::new() }; 5],
        });
        line
    });
    show_table(&columns, rows.collect())?;
    for change in &adopted.changes {
        show(&format!("  {change}"))?;
    }
    if let Some(backup) = adopted.backup {
        global.note(&format!("backed up before to {}", backup.file.display()));
    }
    let count = adopted.tables.len();
    show(&match dry_run {
        true => {
            format!("tables of {from} that would move into {slug}: {count}; nothing was changed")
        }
        false => format!("tables of {from} that moved into {slug}: {count}"),
    })?;
    Ok(())
}
