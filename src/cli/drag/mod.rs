//! Files dragged into the terminal: a line of them at a time, each with its report at once. Commands
//! may be typed there, too.

mod editor;
mod line;
mod paths;
pub(super) mod words;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Instant;

use clap::CommandFactory;

use super::intake::Intake;
use super::misspelt::Misspelt;
use super::output::{explain, say, show, show_faint};
use super::words::{commands_of, read};
use super::{Cli, Command, Global, files};
use crate::cli::drag::words as text;
use crate::road::report::{ExitStatus, FileReport, RunReport};
use crate::road::words::totals;
use crate::store::{Database, StoreError};
use editor::Editor;
use line::Line;

/// Asks for files until there are no more, imports them, and returns the worst exit status of all.
pub(super) async fn ask_for_files(
    database: &Database,
    intake: &Intake,
    global: &Global,
) -> anyhow::Result<ExitStatus> {
    let mut editor = Editor::new()?;
    let mut prompt =
        Prompt { database, intake, global, drops: Vec::new(), worst: ExitStatus::Done };
    if !global.quiet {
        show_faint(text::HOW)?;
    }
    let begun = Instant::now();
    while let Some(line) = editor.line(text::PROMPT).await? {
        match Line::of(&line) {
            Ok(Line::Files(dropped)) => {
                dropped.elsewhere.iter().for_each(|address| say(&text::elsewhere(address)));
                prompt.bring_in(&dropped.paths).await?;
            }
            Ok(Line::Command(words)) => prompt.run(words).await?,
            Ok(Line::Help) => show_help()?,
            Ok(Line::End) => break,
            Err(quote) => say(&text::open_quote(quote)),
        }
    }
    prompt.end(begun)
}

/// Tells what can be done at the prompt.
fn show_help() -> anyhow::Result<()> {
    let vama = Cli::command();
    let commands: Vec<&str> = commands_of(&vama).map(clap::Command::get_name).collect();
    Ok(show(&text::help(&commands.join(", ")))?)
}

/// What was done so far where files are dropped.
struct Prompt<'a> {
    database: &'a Database,
    intake: &'a Intake,
    global: &'a Global,
    /// The reports of each line of files.
    drops: Vec<Vec<FileReport>>,
    /// How the run would end now.
    worst: ExitStatus,
}

impl Prompt<'_> {
    /// Imports the files of a line, and shows what became of them.
    async fn bring_in(&mut self, paths: &[PathBuf]) -> anyhow::Result<()> {
        let Some(first) = paths.first() else { return Ok(()) };
        if let Some(misspelt) = first.to_str().and_then(Misspelt::of) {
            misspelt.tell(false)?;
            return Ok(());
        }
        let begun = Instant::now();
        // Each line has a connection of its own: one that waits until somebody comes back is soon
        // lost.
        let reports = match self.intake.import(self.database, paths, self.global).await {
            Err(error) if error.is::<StoreError>() => {
                self.worst = self.worst.max(explain(&error));
                return Ok(());
            }
            reports => reports?,
        };
        let report = RunReport::of(reports, begun.elapsed());
        if !report.files.is_empty() {
            files::show_report(&report, self.intake.work(), self.global)?;
            show("")?;
        }
        self.worst = self.worst.max(report.exit());
        self.drops.push(report.files);
        Ok(())
    }

    /// Runs a command that was typed here, with the global options of the prompt.
    async fn run(&mut self, words: Vec<String>) -> anyhow::Result<()> {
        let words = std::iter::once("vama".to_owned()).chain(words).map(OsString::from);
        let cli = match read(words.collect(), true) {
            Ok(cli) => Cli { global: self.global.with(cli.global), ..cli },
            Err(no_command) => {
                no_command.tell();
                return Ok(());
            }
        };
        match cli.command {
            Command::Watch(_) => say(text::WATCH_ELSEWHERE),
            Command::Import(arguments) if arguments.names_nothing() => say(text::ALREADY_ASKED),
            command => {
                let run = Box::pin(super::run(Cli { command, ..cli }));
                let status = run.await.unwrap_or_else(|error| explain(&error));
                self.worst = self.worst.max(status);
                show("")?;
            }
        }
        Ok(())
    }

    /// Shows what all lines of files came to, where there were several; returns the worst exit
    /// status.
    fn end(self, begun: Instant) -> anyhow::Result<ExitStatus> {
        if self.drops.len() > 1 {
            let all = self.drops.into_iter().flatten().collect();
            let report = RunReport::of(all, begun.elapsed());
            show(&text::in_all(&totals(&report, self.intake.work())))?;
        }
        Ok(self.worst)
    }
}
