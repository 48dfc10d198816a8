//! `vama company drop`: takes a company away for good.

use super::backup::default_file;
use crate::cli::output::{UsageError, show, show_json};
use crate::cli::{Global, ask, session};
use crate::store;

/// Drop a company for good: its tables, its role, its users, its credentials, its row in the registry
///
/// A backup is made before, behind which nobody can write any more; `company restore` brings it back.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The company's slug
    slug: String,

    /// The slug once more, to be sure; else it is asked for
    #[arg(long, value_name = "SLUG")]
    confirm: Option<String>,

    /// Make no backup before
    #[arg(long)]
    no_backup: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<()> {
    let Arguments { slug, no_backup, json, .. } = arguments;
    confirm(arguments)?;
    let backup = if *no_backup { None } else { Some(default_file(slug)?) };
    let session = session::open(global).await?;
    let (session, removed) = store::remove(session, slug, backup.as_deref()).await?;
    session.close().await;
    if *json {
        return show_json(&serde_json::json!({
            "schema": 1, "dropped": slug, "removed": removed,
        }));
    }
    say_what_went(global, removed.users, removed.credentials, removed.role_dropped);
    show(&match &removed.backup {
        Some(backup) => format!(
            "dropped {slug}; `vama company restore {}` brings it back",
            backup.file.display()
        ),
        None => format!("dropped {slug}; there is no backup of it"),
    })?;
    Ok(())
}

/// Makes sure that the company is meant.
fn confirm(arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments { slug, confirm, .. } = arguments;
    let answer = match confirm {
        Some(confirm) => Some(confirm.clone()),
        None if ask::somebody_is_there() => {
            ask::text(&format!("This drops {slug} with all its rows. Its slug, to be sure:"))?
        }
        None => {
            let reason = format!("nobody is here to confirm it: add --confirm {slug}");
            return Err(UsageError(reason).into());
        }
    };
    match answer {
        Some(answer) if answer.trim() == slug => Ok(()),
        answer => {
            let answer = answer.unwrap_or_default();
            let reason = format!("confirmed {answer:?}, expected {slug:?}; nothing was dropped");
            Err(UsageError(reason).into())
        }
    }
}

/// Says what went with a company's row in the registry, and what did not.
pub(super) fn say_what_went(global: &Global, users: i64, credentials: i64, role_dropped: bool) {
    if users + credentials > 0 {
        global.note(&format!(
            "note: its users ({users}) and credentials ({credentials}) went with it"
        ));
    }
    if !role_dropped {
        global.note(
            "note: its role stays: it is used in another database of this server, or this user may not \
             drop it",
        );
    }
}
