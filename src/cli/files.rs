//! The report of a run, as a bookkeeper reads it or as JSON.
//!
//! A line for each file, and below it what the file is, why it is not in, and what of it is held; last,
//! the totals. What a zip or a mail holds stands below its name. On a terminal the report is as wide
//! as that, however long names are.

use super::Global;
use super::names::{self, ListedName, shortened};
use super::output::{self, Paint, say, show, show_exactly, show_faint, show_json};
use super::remarks;
use super::table::{Column, lines_of_rows};
use crate::road::report::{ExitStatus, FileReport, RunReport};
use crate::road::words::{self as text, Mark, Work, head};

/// Files of a large run that are shown one by one, at most.
const EXCEPTIONS_MAX: usize = 20;

/// The indent of the lines below a file's name.
const INDENT: &str = "   ";

/// How much further to the right stands what is in a zip or a mail.
const STEP: &str = "  ";

/// Writes the report as one JSON document to stdout.
pub(super) fn show_document(report: &RunReport) -> anyhow::Result<()> {
    show_json(report)
}

/// Writes the report as a table to stdout; what kept a file out, and warnings, go to stderr.
pub(super) fn show_report(report: &RunReport, work: Work, global: &Global) -> anyhow::Result<()> {
    show_files(&report.files, work, global)?;
    show_totals(report, work)
}

/// Writes what all files came to.
pub(super) fn show_totals(report: &RunReport, work: Work) -> anyhow::Result<()> {
    Ok(show(&text::totals(report, work))?)
}

/// Writes the totals of a large run, and those of its files that are not in as a whole.
pub(super) fn show_exceptions(
    report: &RunReport,
    work: Work,
    global: &Global,
) -> anyhow::Result<()> {
    show_totals(report, work)?;
    let mut exceptions: Vec<&FileReport> =
        report.files.iter().filter(|file| file.exit() != ExitStatus::Done).collect();
    // The worst first, since some may not be shown.
    exceptions.sort_by_key(|file| std::cmp::Reverse(file.exit()));
    if !exceptions.is_empty() {
        show("")?;
        let shown: Vec<FileReport> =
            exceptions.iter().take(EXCEPTIONS_MAX).map(|file| (*file).clone()).collect();
        show_files(&shown, work, global)?;
    }
    if let Some(more) = exceptions.len().checked_sub(EXCEPTIONS_MAX).filter(|it| *it > 0) {
        show(&text::more_files(more))?;
    }
    let plain = report.files.iter().filter(|file| file.exit() == ExitStatus::Done);
    let odd: Vec<&FileReport> = plain.filter(|file| !file.warnings.is_empty()).collect();
    match odd.len() {
        _ if global.quiet => {}
        0..=EXCEPTIONS_MAX => remarks::say_warnings(odd),
        count => say(&text::odd_files(count)),
    }
    Ok(())
}

/// Writes a line for each file, and below it what is to be said of it; then, to stderr, why files are
/// not in, and what was odd.
pub(super) fn show_files(files: &[FileReport], work: Work, global: &Global) -> anyhow::Result<()> {
    let with_company = text::companies(files).len() > 1;
    let names = names::listed(files);
    let mut lines = lines(files, &names, work).into_iter();
    if let Some(head) = lines.next() {
        show_exactly(&Paint::Faint.on(&format!("{INDENT}{head}")))?;
    }
    for ((line, file), name) in lines.zip(files).zip(&names) {
        show_names_above(name)?;
        let mark = Mark::of(file);
        show_exactly(&format!(" {} {line}", paint(mark).on(mark.sign())))?;
        show_below(file, &format!("{INDENT}{}", STEP.repeat(name.depth)), with_company)?;
    }
    remarks::say_failures(files);
    if !global.quiet {
        remarks::say_warnings(files);
    }
    Ok(())
}

/// Writes the names of the zips and mails that begin with this file, each on a line.
fn show_names_above(name: &ListedName) -> std::io::Result<()> {
    let first = name.depth - name.above.len();
    for (further, above) in name.above.iter().enumerate() {
        let indent = format!("{INDENT}{}", STEP.repeat(first + further));
        let room = output::columns_of_stdout().map_or(usize::MAX, |it| it - indent.len());
        show_exactly(&format!("{indent}{}", shortened(above, room)))?;
    }
    Ok(())
}

/// Writes below a file's line what the file is, why it is not in, and what is to be said of its
/// records.
fn show_below(file: &FileReport, indent: &str, with_company: bool) -> std::io::Result<()> {
    if let Some(detail) = text::detail(file, with_company) {
        show_faint(&format!("{indent}{detail}"))?;
    }
    if let Some(error) = &file.error {
        show(&format!("{indent}{}", error.message))?;
    }
    for remark in text::of_records(file) {
        show(&format!("{indent}{remark}"))?;
    }
    Ok(())
}

fn paint(mark: Mark) -> Paint {
    match mark {
        Mark::Good => Paint::Green,
        Mark::Known => Paint::Faint,
        Mark::Held => Paint::Yellow,
        Mark::Out => Paint::Red,
    }
}

/// Returns the head of the table and a line for each file; names are as long as there is room for.
fn lines(files: &[FileReport], names: &[ListedName], work: Work) -> Vec<String> {
    let counts = counts(work);
    let rows = files.iter().zip(names).map(|(file, name)| {
        let name = format!("{}{}", STEP.repeat(name.depth), name.name);
        std::iter::once(name).chain(counts.iter().map(|(_, of)| of(file))).collect()
    });
    let heads = counts.iter().map(|(head, _)| Column::Number(head));
    let columns: Vec<Column<'_>> = std::iter::once(Column::Name(head::FILE)).chain(heads).collect();
    let room = output::columns_of_stdout().map(|it| it - INDENT.len());
    lines_of_rows(&columns, rows.collect(), room)
}

/// A column behind the name: its head, and what it tells of a file.
type Count = (&'static str, fn(&FileReport) -> String);

fn counts(work: Work) -> Vec<Count> {
    let mut counts: Vec<Count> = match work {
        Work::Check => vec![(head::RECORDS, |file| file.read.to_string())],
        Work::Import | Work::DryRun => vec![
            (head::NEW, |file| known(file, file.inserted)),
            (head::THERE, |file| known(file, file.duplicates)),
        ],
    };
    counts.extend([
        (head::HELD, (|file| known(file, file.held)) as fn(&_) -> _),
        (head::SUM, text::sum),
    ]);
    counts
}

/// Returns a count; a dash where the file is not in.
fn known(file: &FileReport, count: u64) -> String {
    match Mark::of(file) {
        Mark::Out => text::NOTHING.to_owned(),
        _ => count.to_string(),
    }
}
