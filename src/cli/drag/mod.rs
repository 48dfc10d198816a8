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
use crate::report::{FileReport, RunReport};
use crate::store::Session;
use crate::text::drag as text;
use crate::text::report::Work;
use editor::Editor;
use paths::Dropped;

/// Asks for files until there are no more, imports them, and returns what all of them came to.
pub(super) async fn ask_for_files(
    session: &mut Session,
    options: Options<'_>,
    work: Work,
    global: &Global,
) -> anyhow::Result<RunReport> {
    let begun = Instant::now();
    let mut editor = Editor::new()?;
    let mut all: Vec<FileReport> = Vec::new();
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
        let bar = Bar::new(paths.len(), global);
        let reports = import_all(session, &paths, options, &bar).await;
        bar.finish();
        let reports = reports?;
        files::show_files(&reports, work, global)?;
        show("")?;
        all.extend(reports);
    }
    let report = RunReport::of(all, begun.elapsed());
    files::show_totals(&report, work)?;
    Ok(report)
}
