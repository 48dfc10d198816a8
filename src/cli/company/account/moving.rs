//! `vama company account move`: an account that a wrong company has is given to the right one.

use std::path::PathBuf;

use super::checked_account;
use super::refile::{Refiled, plan, refile, tell};
use crate::cli::company::inactive;
use crate::cli::output::{show, show_json};
use crate::cli::{Global, ask, session};
use crate::road::report::ExitStatus;
use crate::store::{self, Session, StoreError};

/// Give an account to a company, whichever has it; on request with the imports that came by it
///
/// Says first what will be moved. With --with-imports each import is undone where it is, and its file
/// imported into the other company: from a watched folder's imported/, or from the files and folders
/// that are named. Where a file is not found, nothing is done.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// An IBAN, gls:<client number>, netopia:<terminal id> or emag:<seller id>
    account: String,

    /// The slug of the company that gets it
    to: String,

    /// Files of the imports, and folders in which they are to be looked for
    #[arg(value_name = "FILE", requires = "with_imports")]
    files: Vec<PathBuf>,

    /// Move the imports that came by the account, too
    #[arg(long)]
    with_imports: bool,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// Only say what would be moved
    #[arg(short = 'n', long, conflicts_with = "yes")]
    dry_run: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    let account = checked_account(&arguments.account)?;
    let to = &arguments.to;
    let mut session = session::open(global).await?;
    let from = owners_but(&mut session, &account, to).await?;
    let imports = match arguments.with_imports {
        true => plan(&mut session, &from, (&account, to), &arguments.files).await?,
        false => Vec::new(),
    };
    if !arguments.json {
        show(&match from.as_slice() {
            [] => format!("{to} has {account} already"),
            from => format!("{account}: from {} to {to}", from.join(", ")),
        })?;
        if !imports.is_empty() {
            tell(&imports, global)?;
        }
    }
    let is_needed = !from.is_empty() || !imports.is_empty();
    let question = format!("Move {account} to {}?", arguments.to);
    let is_moved = is_needed && !arguments.dry_run && ask::is_meant(arguments.yes, &question)?;
    let mut refiled =
        Refiled { imports: imports.iter().map(|it| it.json()).collect(), failed: None };
    let mut from = from;
    if is_moved {
        let had = store::move_account(&mut session, &account, to).await?;
        from = if had.is_empty() { from } else { had };
        refiled = refile(&mut session, &imports, (&account, to), !arguments.json).await?;
    }
    inactive::note(&mut session, to, global).await?;
    session.close().await;
    if arguments.json {
        show_json(&serde_json::json!({
            "schema": 1, "account": account, "from": from, "to": to, "moved": is_moved,
            "dry_run": arguments.dry_run, "imports": refiled.imports,
        }))?;
    } else {
        show(&match (is_moved, arguments.dry_run && is_needed) {
            (true, _) => format!("files of {account} go to {to} from now on"),
            (false, true) => "nothing was changed (dry run)".to_owned(),
            (false, false) => "nothing was changed".to_owned(),
        })?;
    }
    Ok(refiled.failed.map_or(ExitStatus::Done, |report| report.exit()))
}

/// Returns the companies that have the account, without the one that is to get it.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`] of the one that is to get it; [`StoreError::InTheWay`] where nobody
/// has the account; a database that fails.
async fn owners_but(
    session: &mut Session,
    account: &str,
    to: &str,
) -> Result<Vec<String>, StoreError> {
    let known: Vec<String> =
        store::companies(session).await?.into_iter().map(|it| it.slug).collect();
    if !known.iter().any(|slug| slug == to) {
        return Err(StoreError::UnknownCompany { slug: to.to_owned(), known });
    }
    let owners = store::owners(session, &[account.to_owned()]).await?;
    if owners.is_empty() {
        return Err(StoreError::InTheWay(vec![format!(
            "no company has the account {account}: `vama company account add {to} {account}` gives it"
        )]));
    }
    Ok(owners.into_iter().map(|(slug, _)| slug).filter(|slug| slug != to).collect())
}
