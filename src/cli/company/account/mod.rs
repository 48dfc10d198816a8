//! `vama company account`: the accounts by which files find their company.

mod moving;
mod refile;
mod whereabouts;

use clap::Subcommand;

use super::inactive;
use crate::cli::output::{UsageError, show, show_json};
use crate::cli::{Global, session};
use crate::road::report::ExitStatus;
use crate::store;
use crate::value::fiscal;

/// Edit what a company's files are known by
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Route files of an account to a company
    Add(Account),
    /// Route files of an account to a company no longer; what is imported stays
    Remove(Account),
    Move(moving::Arguments),
}

#[derive(Debug, clap::Args)]
struct Account {
    /// The company's slug
    slug: String,

    /// An IBAN, gls:<client number>, netopia:<terminal id> or emag:<seller id>
    account: String,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    match &arguments.command {
        Command::Add(named) => change(named, true, global).await?,
        Command::Remove(named) => change(named, false, global).await?,
        Command::Move(arguments) => return moving::run(arguments, global).await,
    }
    Ok(ExitStatus::Done)
}

/// Adds the account to the company, or removes it.
async fn change(named: &Account, is_to_be_there: bool, global: &Global) -> anyhow::Result<()> {
    let account = checked_account(&named.account)?;
    let slug = &named.slug;
    let mut session = session::open(global).await?;
    let (changed, told) = match is_to_be_there {
        true => match store::add_account(&mut session, slug, &account).await? {
            true => (true, format!("files of {account} go to {slug} from now on")),
            false => (false, format!("{slug} has {account} already")),
        },
        false => match store::remove_account(&mut session, slug, &account).await? {
            true => (true, format!("files of {account} go to {slug} no longer")),
            false => (false, format!("{slug} has no account {account}; nothing was changed")),
        },
    };
    if is_to_be_there {
        inactive::note(&mut session, slug, global).await?;
    }
    session.close().await;
    if named.json {
        return show_json(&serde_json::json!({
            "schema": 1, "company": slug, "account": account, "changed": changed,
        }));
    }
    Ok(show(&told)?)
}

/// Returns the account in the form in which files are looked up by it.
pub(super) fn checked_account(raw: &str) -> Result<String, UsageError> {
    let raw = raw.trim();
    let known = ["gls:", "netopia:", "emag:"];
    let fits = |number: &str| !number.is_empty() && !number.contains(char::is_whitespace);
    if known.iter().any(|kind| raw.strip_prefix(kind).is_some_and(fits)) {
        return Ok(raw.to_owned());
    }
    fiscal::iban(raw).ok_or_else(|| {
        UsageError(format!(
            "account {raw:?} is not an IBAN with right check digits, nor gls:<client number>, \
             nor netopia:<terminal id>, nor emag:<seller id>"
        ))
    })
}
