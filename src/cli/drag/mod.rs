//! Files dragged into the terminal: a line of them at a time, each with its report at once.

mod editor;
mod paths;
pub(super) mod words;

use std::time::Instant;

use super::files;
use super::intake::Intake;
use super::output::{say, show};
use crate::cli::drag::words as text;
use crate::cli::{Global, output};
use crate::road::report::{ExitStatus, FileReport, RunReport};
use crate::store::{Database, StoreError};
use editor::Editor;
use paths::Dropped;

/// Asks for files until there are no more, imports them, and returns the worst exit status of all.
pub(super) async fn ask_for_files(
    database: &Database,
    intake: &Intake,
    global: &Global,
) -> anyhow::Result<ExitStatus> {
    let begun = Instant::now();
    let mut editor = Editor::new()?;
    let (mut all, mut worst): (Vec<FileReport>, _) = (Vec::new(), ExitStatus::Done);
    if !global.quiet {
        output::show_faint(text::HOW)?;
    }
    while let Some(line) = editor.line(text::PROMPT).await? {
        let paths = match paths::dropped(&line) {
            Ok(Dropped { paths, elsewhere }) => {
                elsewhere.iter().for_each(|address| say(&text::elsewhere(address)));
                paths
            }
            Err(quote) => {
                say(&text::open_quote(quote));
                continue;
            }
        };
        if paths.is_empty() {
            continue;
        }
        // Each line has a connection of its own: one that waits until somebody comes back is soon
        // lost.
        let reports = match intake.import(database, &paths, global).await {
            Err(error) if error.is::<StoreError>() => {
                worst = worst.max(output::explain(&error));
                continue;
            }
            reports => reports?,
        };
        files::show_files(&reports, intake.work(), global)?;
        show("")?;
        all.extend(reports);
    }
    let report = RunReport::of(all, begun.elapsed());
    files::show_totals(&report, intake.work())?;
    Ok(worst.max(report.exit()))
}
