//! The report of a run, as a bookkeeper reads it or as JSON.
//!
//! A line for each file, and below it what the file is; then remarks on single files; last, the
//! totals. The report fits 80 columns, however long names are.

use super::Global;
use super::output::{self, Paint, say, show, show_json, show_wrapped};
use super::remarks::{self, file_name};
use crate::road::report::{ExitStatus, FileReport, RunReport};
use crate::road::words::{self as text, Mark, Work, head};

/// Characters of a file's name that are always shown: enough to tell names apart.
const NAME_CHARS_MIN: usize = 32;

/// Files of a large run that are shown one by one, at most.
const EXCEPTIONS_MAX: usize = 20;

/// The indent of the line below a file's name, which says what the file is.
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

/// Writes a line for each file, below it what the file is, and then remarks on single files.
pub(super) fn show_files(files: &[FileReport], work: Work, global: &Global) -> anyhow::Result<()> {
    let with_company = text::companies(files).len() > 1;
    let mut lines = lines(files, work).into_iter();
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

/// Returns the head of the table and a line for each file; names are as long as there is room for.
fn lines(files: &[FileReport], work: Work) -> Vec<String> {
    let counts = counts(work);
    let rows = files.iter().map(|file| counts.iter().map(|(_, of)| of(file)).collect());
    let rows: Vec<Vec<String>> = rows.collect();
    let mut room = output::COLUMNS_MIN - INDENT.len();
    for (index, (head, _)) in counts.iter().enumerate() {
        let cells = rows.iter().filter_map(|row| row.get(index));
        let widest = cells.map(|cell| cell.chars().count()).max().unwrap_or_default();
        room = room.saturating_sub(usize::from(output::GAP) + widest.max(head.len()));
    }
    let named = files.iter().zip(rows).map(|(file, row)| {
        let name = shortened_name(&file_name(file), room.max(NAME_CHARS_MIN));
        std::iter::once(name).chain(row).collect()
    });
    let heads: Vec<&str> =
        std::iter::once(head::FILE).chain(counts.iter().map(|(head, _)| *head)).collect();
    let right: Vec<usize> = (1..heads.len()).collect();
    output::table_lines(&heads, &right, named.collect())
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

/// Returns the name of a file; where it is too long, each part of it is shortened.
fn shortened_name(name: &str, chars_max: usize) -> String {
    match name.split_once(" › ") {
        Some((outer, inner)) if name.chars().count() > chars_max => {
            let outer = shortened(outer, chars_max / 3);
            let inner = shortened(inner, chars_max - outer.chars().count() - 3);
            format!("{outer} › {inner}")
        }
        _ => shortened(name, chars_max),
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
        let mail = "Raport ramburs GLS 2 martie.eml › 553000101_RON_02032026.xlsx";
        assert_eq!(shortened_name(mail, 40), "Rap…artie.eml › 553000…RON_02032026.xlsx");
        assert_eq!(shortened_name(mail, 80), mail);
    }
}
