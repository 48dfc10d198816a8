//! The report of a run, as a bookkeeper reads it or as JSON.
//!
//! A line a file, and below it what the file is; then what is to be said of single files; last, the
//! totals. It fits 80 columns, however long names are.

use super::Global;
use super::output::{self, Paint, say, show, show_json, show_wrapped};
use super::remarks::{self, file_name};
use crate::report::{ExitStatus, FileReport, RunReport};
use crate::text::report::{self as text, Mark, Work, head};

/// Characters of a file's name in the table: with them the widest line fits into 80 columns.
const NAME_CHARS_MAX: usize = 36;

/// Files of a large run that are shown one by one.
const EXCEPTIONS_MAX: usize = 20;

/// Columns by which what a file is stands below its name.
const INDENT: &str = "   ";

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
    Ok(show_wrapped(&text::totals(report, work), "")?)
}

/// Writes what a large run came to, and of its files those that are not plainly in.
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
    let odd = plain.filter(|file| !file.warnings.is_empty()).count();
    if odd > 0 && !global.quiet {
        say(&text::odd_files(odd));
    }
    Ok(())
}

/// Writes a line a file, with what it is below, and then what is to be said of single files.
pub(super) fn show_files(files: &[FileReport], work: Work, global: &Global) -> anyhow::Result<()> {
    let with_company = text::companies(files).len() > 1;
    let columns = columns(work);
    let head: Vec<&str> = columns.iter().map(|column| column.head).collect();
    let right = columns.iter().enumerate().filter(|(_, it)| it.right).map(|(index, _)| index);
    let line = |file| columns.iter().map(|column| (column.text)(file)).collect();
    let right: Vec<usize> = right.collect();
    let lines = output::table_lines(&head, &right, files.iter().map(line).collect());
    let mut lines = lines.into_iter();
    if let Some(head) = lines.next() {
        show(&Paint::Faint.on(&format!("{INDENT}{head}")))?;
    }
    for (line, file) in lines.zip(files) {
        let mark = Mark::of(file);
        show(&format!(" {} {line}", paint(mark).on(mark.sign())))?;
        if let Some(detail) = text::detail(file, with_company) {
            output::show_faint(&detail, INDENT)?;
        }
    }
    remarks::say_failures(files);
    if !global.quiet {
        remarks::say_warnings(files);
    }
    for remark in files.iter().flat_map(remarks::of_records) {
        show_wrapped(&remark, INDENT)?;
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

/// A column of the table.
struct Column {
    head: &'static str,
    right: bool,
    text: fn(&FileReport) -> String,
}

fn columns(work: Work) -> Vec<Column> {
    let count = |head, text| Column { head, right: true, text };
    let name = |file: &FileReport| shortened(&file_name(file), NAME_CHARS_MAX);
    let mut columns = vec![Column { head: head::FILE, right: false, text: name }];
    match work {
        Work::Check => columns.push(count(head::RECORDS, |file| file.read.to_string())),
        Work::Import | Work::DryRun => columns.extend([
            count(head::NEW, |file| known(file, file.inserted)),
            count(head::THERE, |file| known(file, file.duplicates)),
        ]),
    }
    columns.push(count(head::HELD, |file| known(file, file.held)));
    columns.push(count(head::SUM, text::sum));
    columns
}

/// Returns a count, or nothing where the file is not in.
fn known(file: &FileReport, count: u64) -> String {
    match Mark::of(file) {
        Mark::Out => text::NOTHING.to_owned(),
        _ => count.to_string(),
    }
}

/// Returns the text with its middle left out where it is too long: names that senders give differ
/// at their end.
fn shortened(text: &str, chars_max: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    let head = chars_max / 4;
    let tail = chars.len().saturating_sub(chars_max - head - 1);
    match (chars.len() > chars_max, chars.get(..head), chars.get(tail..)) {
        (true, Some(head), Some(tail)) => head.iter().chain(&['…']).chain(tail).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_loses_its_middle() {
        assert_eq!(shortened("extras.sta", 32), "extras.sta");
        let long = "MT940_RO49AAAA1B31007593840000_20260302_20260331.txt";
        assert_eq!(shortened(long, 32), "MT940_RO…0_20260302_20260331.txt");
        assert_eq!(shortened(&"ț".repeat(40), 32).chars().count(), 32);
    }
}
