//! Files dragged into the terminal: a line of them at a time, each with its report at once.

mod editor;
mod paths;

use std::time::Instant;

use super::files;
use super::import::import_all;
use super::output::{say, show};
use super::progress::Bar;
use super::{Global, output};
use crate::import::Options;
use crate::report::{ExitStatus, FileReport, RunReport};
use crate::store::Database;
use crate::text::drag as text;
use crate::text::report::Work;
use editor::Editor;
use paths::Dropped;

/// Asks for files until there are no more, imports them, and returns how it ends: as the worst of them.
pub(super) async fn ask_for_files(
    database: &Database,
    options: Options<'_>,
    work: Work,
    global: &Global,
) -> anyhow::Result<ExitStatus> {
    let begun = Instant::now();
    let mut editor = Editor::new()?;
    let (mut all, mut worst): (Vec<FileReport>, _) = (Vec::new(), ExitStatus::Done);
    if !global.quiet {
        output::show_faint(text::HOW, "")?;
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
        // A connection a line: one that waits for somebody to come back is soon lost.
        let mut session = match database.connect().await {
            Ok(session) => session,
            Err(error) => {
                worst = worst.max(output::explain(&error.into()));
                continue;
            }
        };
        let bar = Bar::new(paths.len(), global);
        let reports = import_all(&mut session, &paths, options, &bar).await;
        bar.finish();
        session.close().await;
        let reports = reports?;
        files::show_files(&reports, work, global)?;
        show("")?;
        all.extend(reports);
    }
    let report = RunReport::of(all, begun.elapsed());
    files::show_totals(&report, work)?;
    Ok(worst.max(report.exit()))
}
