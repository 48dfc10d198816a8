//! `vama desktop`: vama in the menus of a desktop.

mod associations;
mod entry;
mod launcher;
mod steps;
pub(super) mod words;

use std::io::{self, BufRead};
use std::path::{self, PathBuf};

use anyhow::Context;
use clap::Subcommand;

use super::output::{self, UsageError, show, show_exactly};
use crate::cli::desktop::words as text;
use crate::cli::{Global, ask, import, session};
use crate::road::report::ExitStatus;
use crate::store::{self, Database, StoreError};

/// Put vama into the menus of the desktop: a launcher, and "Open with vama" for files
///
/// For this user alone, and without becoming the default of any other program's files. On macOS and
/// Windows it says the three steps by which Finder and Explorer offer vama.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Install the launcher and the file types; a second time renews them
    ///
    /// The launcher starts this very program. It sees no variable of a shell: --database-url names
    /// the database that it is to use.
    Install,
    /// Remove what install has made
    Remove,
    /// Import files in a window of their own, which stays until Enter is pressed
    #[command(hide = true)]
    Open {
        /// The files
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// How a desktop learns of a program.
#[derive(Clone, Copy)]
enum Desktop {
    /// By files, as freedesktop.org has specified them.
    Free,
    /// By hand: Finder's Quick Actions.
    Mac,
    /// By hand: Explorer's SendTo folder.
    Windows,
}

impl Desktop {
    /// Returns the kind of this system.
    fn here() -> Self {
        match () {
            () if cfg!(target_os = "macos") => Self::Mac,
            () if cfg!(windows) => Self::Windows,
            () => Self::Free,
        }
    }
}

pub(super) async fn run(arguments: Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    match arguments.command {
        Command::Install => install(global)?,
        Command::Remove => match Desktop::here() {
            Desktop::Free => launcher::remove(global)?,
            Desktop::Mac => show(text::MAC_REMOVAL)?,
            Desktop::Windows => show(text::WINDOWS_REMOVAL)?,
        },
        Command::Open { files } => return open(files, global).await,
    }
    Ok(ExitStatus::Done)
}

fn install(global: &Global) -> anyhow::Result<()> {
    let url = global.database_url.as_deref().map(lasting).transpose()?;
    let program = std::env::current_exe().context(text::NO_PROGRAM)?;
    match Desktop::here() {
        Desktop::Free => {
            launcher::install(&program, url.as_deref(), global)?;
            note_variables(url.is_some(), global);
        }
        Desktop::Mac => {
            show_exactly(&text::mac_steps(&steps::apple_script(&program, url.as_deref())))?
        }
        Desktop::Windows => {
            show_exactly(&text::windows_steps(&steps::shortcut(&program, url.as_deref())))?
        }
    }
    Ok(())
}

/// Returns the URL as a launcher may keep it: valid, without a password, and the same from any
/// folder.
fn lasting(url: &str) -> anyhow::Result<String> {
    if store::holds_password(url) {
        return Err(UsageError::with_advice(text::PASSWORD, text::PASSWORD_ADVICE).into());
    }
    Ok(match Database::choose(Some(url), PathBuf::new)? {
        Database::Embedded(folder) => {
            let folder = path::absolute(folder)?;
            format!("embedded:{}", folder.display())
        }
        Database::Server(_) => url.to_owned(),
    })
}

/// Notes where variables of this shell name a database or a password that a launcher will not see.
fn note_variables(url_given: bool, global: &Global) {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if url_given {
        if set("PGPASSWORD") {
            global.note(text::PASSWORD_NOT_SEEN);
        }
        return;
    }
    let usual = session::usual_folder();
    match Database::choose(None, || usual.clone()) {
        // No variable names a database.
        Ok(Database::Embedded(folder)) if folder == usual => return,
        Err(StoreError::NoDatabase) => return,
        _ => {}
    }
    let variables = if set("DATABASE_URL") { "DATABASE_URL" } else { text::PG_VARIABLES };
    global.note(&text::database_not_seen(variables));
}

/// Imports the files; where the window would close afterwards, waits until somebody has read the
/// report.
async fn open(files: Vec<PathBuf>, global: &Global) -> anyhow::Result<ExitStatus> {
    let outcome = import::run(import::Arguments::of(files), global).await;
    if !ask::somebody_is_there() {
        return outcome;
    }
    let status = outcome.unwrap_or_else(|error| output::explain(&error));
    output::say(text::PRESS_ENTER);
    // Where nothing can be read from stdin, there is nobody to wait for.
    drop(io::stdin().lock().read_line(&mut String::new()));
    Ok(status)
}
