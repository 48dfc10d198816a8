//! `vama man`: the pages of the manual.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Command, CommandFactory};

use super::Cli;
use super::output::show;
use super::words::commands_of;

/// Write the pages of the manual into a folder: vama.1, and one for each command
///
/// `man -l DIR/vama-import.1` shows one; a package puts them into share/man/man1.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder; a missing one is made
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let folder = &arguments.folder;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut vama = Cli::command();
    // Gives every command what all commands take, and its full name.
    vama.build();
    let mut pages = Vec::new();
    collect(vama, "", &mut pages)?;
    for (name, page) in &pages {
        let path = folder.join(format!("{name}.1"));
        fs::write(&path, page).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(show(&format!("wrote {} pages into {}", pages.len(), folder.display()))?)
}

/// Adds the page of a command, then those of the commands within it that its help tells of.
fn collect(
    command: Command,
    outer: &str,
    pages: &mut Vec<(String, Vec<u8>)>,
) -> std::io::Result<()> {
    let name = match outer.is_empty() {
        true => command.get_name().to_owned(),
        false => format!("{outer}-{}", command.get_name()),
    };
    let within: Vec<Command> =
        commands_of(&command).filter(|it| it.get_name() != "help").cloned().collect();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.disable_help_subcommand(true)).title(&name).render(&mut page)?;
    pages.push((name.clone(), page));
    within.into_iter().try_for_each(|it| collect(it, &name, pages))
}
