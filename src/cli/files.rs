//! The report of a run, as a bookkeeper reads it or as JSON.

use super::output::{show, show_json, show_table};
use crate::report::{FileReport, RunReport, Status};

/// Held rows that are listed for a file; the rest is counted.
const HELD_SHOWN_MAX: usize = 20;

/// Writes the report to stdout.
pub(super) fn show_report(report: &RunReport, json: bool) -> anyhow::Result<()> {
    if json {
        return show_json(report);
    }
    let head = ["file", "what", "company", "records", "new", "there", "held", "sum", "status"];
    let rows = report.files.iter().map(line).collect();
    show_table(&head, &[3, 4, 5, 6, 7], rows)?;
    for file in &report.files {
        for remark in remarks(file) {
            show(&remark)?;
        }
    }
    Ok(show(&totals(report))?)
}

fn line(file: &FileReport) -> Vec<String> {
    let known = |text: Option<&str>| text.unwrap_or("–").to_owned();
    vec![
        name(file),
        known(file.format),
        known(file.company.as_deref()),
        file.read.to_string(),
        file.inserted.to_string(),
        file.duplicates.to_string(),
        file.held.to_string(),
        sum(file),
        status(file),
    ]
}

fn name(file: &FileReport) -> String {
    let last = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
    let shown = match &file.member {
        Some(member) => format!("{} › {member}", last(&file.file)),
        None => last(&file.file),
    };
    shown.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

fn sum(file: &FileReport) -> String {
    let sums = file.sum.iter().map(|(currency, sum)| format!("{sum:.2} {currency}"));
    sums.collect::<Vec<_>>().join(", ")
}

fn status(file: &FileReport) -> String {
    let import = file.import.map(|it| format!(" as #{it}")).unwrap_or_default();
    match file.status {
        Status::Imported => format!("imported{import}"),
        Status::AlreadyImported => {
            let when =
                file.imported_at.map(|at| format!(" on {}", at.format("%Y-%m-%d %H:%M UTC")));
            format!("already imported{import}{}", when.unwrap_or_default())
        }
        Status::DryRun => "would be imported".to_owned(),
        Status::Checked => "adds up".to_owned(),
        Status::Refused => "refused".to_owned(),
        Status::Failed => "failed".to_owned(),
    }
}

fn remarks(file: &FileReport) -> Vec<String> {
    let name = name(file);
    let mut remarks = Vec::new();
    if let Some(error) = &file.error {
        remarks.push(format!("{name}: {}", error.message));
        remarks.extend(error.advice.iter().map(|advice| format!("  next: {advice}")));
    }
    remarks.extend(file.warnings.iter().map(|warning| format!("{name}: warning: {warning}")));
    if file.reworded > 0 {
        let text = "known by the bank's reference although the text differs";
        remarks.push(format!("{name}: {} of the rows that were there are {text}", file.reworded));
    }
    for held in file.held_rows.iter().take(HELD_SHOWN_MAX) {
        remarks.push(format!("{name}: held: line {}: {}", held.line, held.reason));
    }
    if file.held_rows.len() > HELD_SHOWN_MAX {
        remarks.push(format!("{name}: and {} more held", file.held_rows.len() - HELD_SHOWN_MAX));
    }
    remarks
}

fn totals(report: &RunReport) -> String {
    let totals = report.totals;
    let mut text = format!(
        "{} {}: {} records read = {} new + {} there already + {} held",
        totals.files,
        if totals.files == 1 { "file" } else { "files" },
        totals.read,
        totals.inserted,
        totals.duplicates,
        totals.held
    );
    let outside: u64 = report
        .files
        .iter()
        .filter(|file| matches!(file.status, Status::Refused | Status::Failed | Status::Checked))
        .map(|file| file.read - file.held)
        .sum();
    if outside > 0 {
        text.push_str(&format!(" + {outside} not imported"));
    }
    for (count, word) in [(totals.refused, "refused"), (totals.failed, "failed")] {
        if count > 0 {
            text.push_str(&format!("; {count} {word}"));
        }
    }
    text
}
