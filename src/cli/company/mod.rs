//! `vama company`: one file for each thing that can be done with a company.

mod account;
mod adopt;
mod backup;
mod create;
mod edit;
mod grant;
mod inactive;
mod list;
mod named;
mod release;
mod remove;
mod restore;
mod show;

use clap::Subcommand;
pub(super) use create::make;
pub(super) use inactive::note as note_inactive;
pub(super) use named::Named;

use super::Global;
use crate::road::report::ExitStatus;

/// Make companies, look at them, hand them over, take them away
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(create::Arguments),
    List(list::Arguments),
    Show(show::Arguments),
    Edit(edit::Arguments),
    Activate(inactive::ActivateArguments),
    Deactivate(inactive::DeactivateArguments),
    Account(account::Arguments),
    Grant(grant::GrantArguments),
    Revoke(grant::RevokeArguments),
    Adopt(adopt::Arguments),
    Release(release::Arguments),
    Drop(remove::Arguments),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
}

pub(super) async fn run(arguments: Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    match arguments.command {
        Command::Create(arguments) => create::run(arguments, global).await?,
        Command::List(arguments) => return list::run(&arguments, global).await,
        Command::Show(arguments) => show::run(&arguments, global).await?,
        Command::Edit(arguments) => edit::run(&arguments, global).await?,
        Command::Activate(arguments) => inactive::activate(&arguments, global).await?,
        Command::Deactivate(arguments) => inactive::deactivate(&arguments, global).await?,
        Command::Account(arguments) => return account::run(&arguments, global).await,
        Command::Grant(arguments) => grant::grant(&arguments, global).await?,
        Command::Revoke(arguments) => grant::revoke(&arguments, global).await?,
        Command::Adopt(arguments) => adopt::run(&arguments, global).await?,
        Command::Release(arguments) => release::run(&arguments, global).await?,
        Command::Drop(arguments) => remove::run(&arguments, global).await?,
        Command::Backup(arguments) => backup::run(arguments, global).await?,
        Command::Restore(arguments) => restore::run(arguments, global).await?,
    }
    Ok(ExitStatus::Done)
}
