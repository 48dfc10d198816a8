//! The command line: one file for each command.
//!
//! stdout has the result, as a table or as JSON; talk, progress and errors go to stderr.

mod ask;
mod ask_company;
mod batch;
mod bench;
mod check;
mod company;
mod completions;
mod connections;
mod credentials;
mod demo;
mod desktop;
mod drag;
mod expected_files;
mod files;
mod first_company;
#[cfg(unix)]
mod handles;
mod held;
mod import;
mod import_named;
mod intake;
mod interrupt;
mod log;
mod man;
mod migrate;
mod misspelt;
mod month;
mod names;
mod output;
mod password;
mod progress;
mod remarks;
mod session;
mod sql;
mod table;
mod tie;
mod undo;
mod unlisted;
mod user;
mod watch;
mod which_company;
mod whose;
mod words;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::road::report::ExitStatus;
use crate::store::unless_silent;

/// Imports bank statements, borderouri, card batches, orders and invoices, losing nothing
///
/// Name files and they go in: `vama FILE…` is the same as `vama import FILE…`, and `vama` alone asks
/// for files that you drag into the terminal. What is there already stays as it is, so importing a file again, or one that overlaps, adds nothing.
#[derive(Debug, Parser)]
#[command(
    name = "vama",
    version = env!("VAMA_VERSION"),
    override_usage = "vama [OPTIONS] FILE…\n       vama [OPTIONS] <COMMAND>",
    arg_required_else_help = true,
    after_help = EXIT_STATUS
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    global: Global,
}

const EXIT_STATUS: &str = "\
Exit status: 0 all in or there already · 1 failed · 2 usage · 3 in, but rows are held · 4 refused \
(unknown file, does not add up, wrong company) · 5 try again (connection, lock) · 6 schema not at \
the current migration · 7 some companies failed · 130/143 interrupted, rolled back. With several \
files: the worst.";

/// What every command takes.
#[derive(Debug, Clone, Args)]
struct Global {
    /// The database: a postgres:// URL, or embedded:FOLDER
    ///
    /// Without it DATABASE_URL counts, then PGHOST and its kin, then the embedded database in the
    /// user's data folder. A password belongs in ~/.pgpass.
    #[arg(long, global = true, value_name = "URL", help_heading = "Global options")]
    database_url: Option<String>,

    /// Say less: no progress, no notes, no warnings
    #[arg(short, long, global = true, help_heading = "Global options")]
    quiet: bool,

    /// Say more: every stage of every file (-vv: even more)
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    verbose: u8,
}

impl Global {
    /// Returns these options together with those of a command that was typed at the prompt.
    fn with(&self, typed: Self) -> Self {
        Self {
            database_url: typed.database_url.or_else(|| self.database_url.clone()),
            quiet: self.quiet || typed.quiet,
            verbose: self.verbose.max(typed.verbose),
        }
    }

    /// Says a note or a warning on stderr, unless `--quiet` was given.
    fn note(&self, line: &str) {
        if !self.quiet {
            output::say(line);
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    Import(import::Arguments),
    Watch(watch::Arguments),
    Batch(batch::Arguments),
    Check(check::Arguments),
    Log(log::Arguments),
    Held(held::Arguments),
    Undo(undo::Arguments),
    Month(month::Arguments),
    Tie(tie::Arguments),
    Untie(tie::UntieArguments),
    Company(company::Arguments),
    User(user::Arguments),
    Credentials(credentials::Arguments),
    Migrate(migrate::Arguments),
    Demo(demo::Arguments),
    Bench(bench::Arguments),
    Sql(sql::Arguments),
    Desktop(desktop::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Reads the arguments, runs the command, says what went wrong and returns the exit status.
pub fn main() -> ExitCode {
    let arguments = std::env::args_os().collect();
    let cli = match words::read(arguments, ask::somebody_is_there()) {
        Ok(cli) => cli,
        Err(no_command) => return no_command.tell(),
    };
    #[cfg(unix)]
    handles::raise_limit();
    match &cli.command {
        Command::Watch(arguments) => arguments.start_logging(&cli.global),
        _ => output::start_logging(cli.global.quiet, cli.global.verbose),
    }
    let status = tokio::runtime::Runtime::new().map_err(anyhow::Error::from).and_then(|runtime| {
        runtime.block_on(async {
            // A watcher listens for signals itself, and ends after the files in hand.
            if !matches!(cli.command, Command::Watch(_)) {
                interrupt::listen();
            }
            run(cli).await
        })
    });
    match status {
        Ok(status) => ExitCode::from(status.code()),
        Err(error) => ExitCode::from(output::explain(&error).code()),
    }
}

/// Runs the command; one that works with the database alone is given up where the database falls
/// silent. Imports read files meanwhile, and look after that themselves.
async fn run(cli: Cli) -> anyhow::Result<ExitStatus> {
    let works_with_the_database_alone = matches!(
        cli.command,
        Command::Log(_)
            | Command::Held(_)
            | Command::Undo(_)
            | Command::Month(_)
            | Command::Tie(_)
            | Command::Untie(_)
            | Command::Company(_)
            | Command::User(_)
            | Command::Credentials(_)
            | Command::Migrate(_)
            | Command::Sql(_)
    );
    if !works_with_the_database_alone {
        return run_command(cli).await;
    }
    let global = cli.global.clone();
    let ended = match session::choose(&global) {
        Ok(database) => unless_silent(&database, run_command(cli)).await,
        // The command says itself that no database can be chosen, behind what else is wrong with it.
        Err(_) => run_command(cli).await,
    };
    match ended {
        Ok(status) => Ok(status),
        Err(error) => Err(session::told_in_full(error, &global).await),
    }
}

async fn run_command(cli: Cli) -> anyhow::Result<ExitStatus> {
    let global = &cli.global;
    match cli.command {
        Command::Import(arguments) => import::run(arguments, global).await,
        Command::Watch(arguments) => watch::run(arguments, global).await,
        Command::Batch(arguments) => batch::run(arguments, global).await,
        Command::Check(arguments) => check::run(&arguments, global),
        Command::Log(arguments) => log::run(&arguments, global).await,
        Command::Held(arguments) => held::run(&arguments, global).await,
        Command::Undo(arguments) => undo::run(&arguments, global).await.map(|()| ExitStatus::Done),
        Command::Month(arguments) => month::run(&arguments, global).await,
        Command::Tie(arguments) => tie::run(&arguments, global).await.map(|()| ExitStatus::Done),
        Command::Untie(arguments) => {
            tie::run_untie(&arguments, global).await.map(|()| ExitStatus::Done)
        }
        Command::Company(arguments) => company::run(arguments, global).await,
        Command::User(arguments) => user::run(arguments, global).await.map(|()| ExitStatus::Done),
        Command::Credentials(arguments) => credentials::run(arguments, global).await,
        Command::Migrate(arguments) => migrate::run(&arguments, global).await,
        Command::Demo(arguments) => demo::run(&arguments, global).await,
        Command::Bench(arguments) => bench::run(arguments, global).await,
        Command::Sql(arguments) => sql::run(arguments, global).await,
        Command::Desktop(arguments) => desktop::run(arguments, global).await,
        Command::Completions(arguments) => completions::run(&arguments).map(|()| ExitStatus::Done),
        Command::Man(arguments) => man::run(&arguments).map(|()| ExitStatus::Done),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
