//! `vama company backup`: a company in one file.

use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::Context;

use crate::cli::output::{UsageError, show, show_json};
use crate::cli::{Global, session};
use crate::store::{self, Outside};

/// Write a company to a file: its tables, and its rows in the registry
///
/// The file is text: a line of JSON, then what pg_dump says; only you may read it. Sealed credentials stay
/// sealed. On a server its own pg_dump is used, which needs a connection of its own and no pooler in
/// transaction mode; nobody can write into the company meanwhile.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The company's slug
    slug: String,

    /// Where to; a file that is there is never overwritten [default: in the user's data folder]
    file: Option<PathBuf>,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: Arguments, global: &Global) -> anyhow::Result<()> {
    let session = session::open(global).await?;
    let file = match arguments.file {
        Some(file) if file == Path::new("-") => {
            let reason = "a backup goes to a file, found -, expected its name";
            return Err(UsageError(reason.to_owned()).into());
        }
        Some(file) => file,
        None => default_file(&arguments.slug)?,
    };
    let (session, backup) =
        store::backup(session, &arguments.slug, &file, Outside::default()).await?;
    session.close().await;
    if arguments.json {
        return show_json(&serde_json::json!({ "schema": 1, "backup": backup }));
    }
    let rows: i64 = backup.tables.values().sum();
    let tables = backup.tables.len();
    Ok(show(&format!(
        "backed up {} to {}: {rows} rows of {tables} tables",
        backup.slug,
        backup.file.display()
    ))?)
}

/// Returns the default place of a backup: a file in the user's data folder, named by the present
/// second.
pub(super) fn default_file(slug: &str) -> anyhow::Result<PathBuf> {
    let folder = session::data_folder("backups");
    make_private(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let now = chrono::Local::now().format("%Y%m%d-%H%M%S");
    Ok(folder.join(format!("{slug}-{now}.sql")))
}

/// Makes the folder, which only its owner may look into.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}
