//! The report of a run, as a bookkeeper reads it or as JSON.

use std::collections::BTreeSet;

use super::Global;
use super::output::{say, show, show_json, show_table};
use super::remarks::{self, file_name};
use crate::report::{ExitStatus, FileReport, RunReport, Status};
use crate::summary::Period;

/// Characters of a file's name in the table: with them a usual line fits into 120 columns.
const NAME_CHARS_MAX: usize = 32;

/// Files of a large run that are shown one by one.
const EXCEPTIONS_MAX: usize = 20;

/// What was done with the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// They were read and verified.
    Check,
    /// They were brought into their companies.
    Import,
    /// The same, and rolled back.
    DryRun,
}

/// Writes the report as one JSON document to stdout.
pub(super) fn show_document(report: &RunReport) -> anyhow::Result<()> {
    show_json(report)
}

/// Writes the report as a table to stdout; what kept a file out, and warnings, go to stderr.
pub(super) fn show_report(report: &RunReport, work: Work, global: &Global) -> anyhow::Result<()> {
    let companies = companies(report);
    show_files(&report.files, work, companies.len() > 1, global)?;
    for remark in remarks::already_imported(&report.files) {
        show(&remark)?;
    }
    Ok(show(&totals(report, work, &companies))?)
}

/// Writes what a large run came to, and of its files those that are not plainly in.
pub(super) fn show_exceptions(
    report: &RunReport,
    work: Work,
    global: &Global,
) -> anyhow::Result<()> {
    let companies = companies(report);
    show(&totals(report, work, &companies))?;
    let mut exceptions: Vec<&FileReport> =
        report.files.iter().filter(|file| file.exit() != ExitStatus::Done).collect();
    // The worst first, since some may not be shown.
    exceptions.sort_by_key(|file| std::cmp::Reverse(file.exit()));
    if !exceptions.is_empty() {
        show("")?;
        let shown: Vec<FileReport> =
            exceptions.iter().take(EXCEPTIONS_MAX).map(|file| (*file).clone()).collect();
        show_files(&shown, work, companies.len() > 1, global)?;
    }
    if let Some(more) = exceptions.len().checked_sub(EXCEPTIONS_MAX).filter(|it| *it > 0) {
        show(&format!("and {more} more; --json lists all"))?;
    }
    let plain = report.files.iter().filter(|file| file.exit() == ExitStatus::Done);
    let odd = plain.filter(|file| !file.warnings.is_empty()).count();
    if odd > 0 && !global.quiet {
        say(&format!("warning: {odd} files that are in have oddities; --json lists them"));
    }
    Ok(())
}

fn companies(report: &RunReport) -> BTreeSet<&str> {
    report.files.iter().filter_map(|file| file.company.as_deref()).collect()
}

fn show_files(
    files: &[FileReport],
    work: Work,
    with_company: bool,
    global: &Global,
) -> anyhow::Result<()> {
    let columns = columns(work, with_company);
    let head: Vec<&str> = columns.iter().map(|column| column.head).collect();
    let right = columns.iter().enumerate().filter(|(_, it)| it.right).map(|(index, _)| index);
    let line = |file| columns.iter().map(|column| (column.text)(file)).collect();
    show_table(&head, &right.collect::<Vec<_>>(), files.iter().map(line).collect())?;
    remarks::say_failures(files);
    if !global.quiet {
        remarks::say_warnings(files);
    }
    for remark in files.iter().flat_map(remarks::of_records) {
        show(&remark)?;
    }
    Ok(())
}

/// A column of the table.
struct Column {
    head: &'static str,
    right: bool,
    text: fn(&FileReport) -> String,
}

fn columns(work: Work, with_company: bool) -> Vec<Column> {
    let left = |head, text| Column { head, right: false, text };
    let right = |head, text| Column { head, right: true, text };
    let mut columns = vec![
        left("file", |file| shortened(&file_name(file), NAME_CHARS_MAX)),
        left("what", |file| known(file.format)),
    ];
    if with_company {
        columns.push(left("company", |file| known(file.company.as_deref())));
    }
    columns.extend([
        left("period", |file| file.period.map_or_else(|| known(None), period)),
        right("records", |file| file.read.to_string()),
    ]);
    if work != Work::Check {
        columns.extend([
            right("new", |file| file.inserted.to_string()),
            right("there", |file| file.duplicates.to_string()),
        ]);
    }
    columns.extend([
        right("held", |file| file.held.to_string()),
        right("sum", sum),
        left("status", status),
    ]);
    columns
}

fn known(text: Option<&str>) -> String {
    text.unwrap_or("–").to_owned()
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

fn period(period: Period) -> String {
    let Period { from, to } = period;
    let year = |day: chrono::NaiveDate| day.format("%Y").to_string();
    match from == to {
        true => from.to_string(),
        false if year(from) == year(to) => format!("{from} – {}", to.format("%m-%d")),
        false => format!("{from} – {to}"),
    }
}

fn sum(file: &FileReport) -> String {
    let sums = file.sum.iter().map(|(currency, sum)| format!("{sum:.2} {currency}"));
    sums.collect::<Vec<_>>().join(", ")
}

fn status(file: &FileReport) -> String {
    let import = file.import.map(|it| format!(" as #{it}")).unwrap_or_default();
    match file.status {
        Status::Imported => format!("imported{import}"),
        Status::AlreadyImported => format!("already in{import}"),
        Status::DryRun => "would go in".to_owned(),
        Status::Checked => "adds up".to_owned(),
        Status::Refused => "refused".to_owned(),
        Status::Failed => "failed".to_owned(),
    }
}

fn totals(report: &RunReport, work: Work, companies: &BTreeSet<&str>) -> String {
    let totals = report.totals;
    let files = if totals.files == 1 { "file" } else { "files" };
    let mut text = match work {
        Work::Check => format!("{} {files}: {} records read", totals.files, totals.read),
        Work::Import | Work::DryRun => format!(
            "{} {files}: {} records read = {} new + {} there already + {} held",
            totals.files, totals.read, totals.inserted, totals.duplicates, totals.held
        ),
    };
    let outside = totals.read - totals.inserted - totals.duplicates - totals.held;
    match work {
        Work::Check if totals.held > 0 => {
            text.push_str(&format!(", {} of them would be held", totals.held));
        }
        Work::Import | Work::DryRun if outside > 0 => {
            text.push_str(&format!(" + {outside} not imported"));
        }
        _ => {}
    }
    if let Some(slug) = companies.first().filter(|_| companies.len() == 1) {
        text.push_str(&format!(" (company {slug})"));
    }
    for (count, word) in [(totals.refused, "refused"), (totals.failed, "failed")] {
        if count > 0 {
            text.push_str(&format!("; {count} {word}"));
        }
    }
    if work == Work::DryRun {
        text.push_str(" (dry run: nothing was written)");
    }
    text
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn a_long_name_loses_its_middle() {
        assert_eq!(shortened("extras.sta", 32), "extras.sta");
        let long = "MT940_RO49AAAA1B31007593840000_20260302_20260331.txt";
        assert_eq!(shortened(long, 32), "MT940_RO…0_20260302_20260331.txt");
        assert_eq!(shortened(&"ț".repeat(40), 32).chars().count(), 32);
    }

    #[test]
    fn a_period_says_the_year_once_where_that_is_enough() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let told = |from, to| period(Period { from: day(from), to: day(to) });
        assert_eq!(told("2026-03-02", "2026-03-02"), "2026-03-02");
        assert_eq!(told("2026-03-02", "2026-03-31"), "2026-03-02 – 03-31");
        assert_eq!(told("2025-12-30", "2026-01-02"), "2025-12-30 – 2026-01-02");
    }
}
