//! What is to be said about single files: why one is not in, what was odd, what is held.

use super::output::{say, say_failure};
use crate::report::{FileReport, Status};

/// Held records that are listed for a file; the rest is counted.
const HELD_SHOWN_MAX: usize = 20;

/// Files that are there already, up to which each is told with its day.
const ALREADY_SHOWN_MAX: usize = 5;

/// Returns the last part of the file's name, and its member where that says more: of a zip in a mail
/// its own name too.
pub(super) fn file_name(file: &FileReport) -> String {
    let mut parts = vec![last_part(&file.file)];
    if let Some(member) = &file.member {
        match member.split_once('/') {
            Some((zip, inner)) if zip.to_ascii_lowercase().ends_with(".zip") => {
                parts.extend([zip, inner]);
            }
            _ => parts.push(member),
        }
    }
    let mut shown = String::new();
    let mut before: Option<&str> = None;
    for part in parts {
        let says_nothing = |zip: &str| zip.strip_suffix(".zip") == Some(part);
        if before.is_some_and(says_nothing) {
            continue;
        }
        if before.is_some() {
            shown.push_str(" › ");
        }
        shown.push_str(part);
        before = Some(part);
    }
    shown.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

fn last_part(path: &str) -> &str {
    let name = path.trim_end_matches(['/', '\\']);
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    if name.is_empty() { path } else { name }
}

/// Says on stderr why files are not in; what several have in common is said once.
pub(super) fn say_failures(files: &[FileReport]) {
    let mut told: Vec<(&str, Vec<&FileReport>)> = Vec::new();
    for file in files {
        let Some(error) = &file.error else { continue };
        match told.iter_mut().find(|(message, _)| *message == error.message) {
            Some((_, same)) => same.push(file),
            None => told.push((&error.message, vec![file])),
        }
    }
    for (_, files) in told {
        let Some(first) = files.first() else { continue };
        let names = match files.as_slice() {
            [file] => file_name(file),
            more => format!("{} and {} more", file_name(first), more.len() - 1),
        };
        if let Some(error) = &first.error {
            say_failure(Some(&names), error);
        }
    }
}

/// Says on stderr what was odd and let pass.
pub(super) fn say_warnings(files: &[FileReport]) {
    for file in files {
        for warning in &file.warnings {
            say(&format!("warning: {}: {warning}", file_name(file)));
        }
    }
}

/// Returns what is to be said about a file's records.
pub(super) fn of_records(file: &FileReport) -> Vec<String> {
    let name = file_name(file);
    let fate = match file.status {
        Status::Imported => "held",
        Status::DryRun | Status::Checked => "would be held",
        Status::AlreadyImported | Status::Refused | Status::Failed => "cannot be read",
    };
    let mut remarks = Vec::new();
    if file.reworded > 0 {
        let text = "known by the bank's reference although the text differs";
        remarks.push(format!("{name}: {} of the rows that were there are {text}", file.reworded));
    }
    for held in file.held_rows.iter().take(HELD_SHOWN_MAX) {
        remarks.push(format!("{name}: {fate}: line {}: {}", held.line, held.reason));
    }
    if let Some(more) = file.held_rows.len().checked_sub(HELD_SHOWN_MAX).filter(|it| *it > 0) {
        remarks.push(format!("{name}: {fate}: {more} more"));
    }
    remarks
}

/// Returns when the files that were there already went in.
pub(super) fn already_imported(files: &[FileReport]) -> Vec<String> {
    let already = files.iter().filter_map(|file| Some((file, file.import?, file.imported_at?)));
    let already: Vec<_> = already.collect();
    if already.len() > ALREADY_SHOWN_MAX {
        return vec![format!("{} files were imported before; see `vama log`", already.len())];
    }
    let told = already.into_iter().map(|(file, import, at)| {
        let when = at.format("%Y-%m-%d %H:%M UTC");
        format!("{}: already imported as #{import} on {when}", file_name(file))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_last_part_and_a_member_of_the_same_name_says_nothing_more() {
        let name = |file: &str, member: Option<&str>| {
            file_name(&FileReport::new(file, member.map(str::to_owned), Status::Imported))
        };
        assert_eq!(name("mails/extras.sta", None), "extras.sta");
        assert_eq!(name("C:\\mails\\extras.sta", None), "extras.sta");
        assert_eq!(name("mails/", None), "mails");
        assert_eq!(name("/", None), "/");
        assert_eq!(name("a\nb", None), "a?b");
        assert_eq!(name("x/batch.csv.zip", Some("batch.csv")), "batch.csv.zip");
        assert_eq!(name("x/mails.zip", Some("batch.csv")), "mails.zip › batch.csv");
        assert_eq!(name("x/a.eml", Some("daily.xlsx")), "a.eml › daily.xlsx");
        assert_eq!(name("x/a.eml", Some("b.zip/batch.csv")), "a.eml › b.zip › batch.csv");
        assert_eq!(name("x/a.eml", Some("batch.csv.zip/batch.csv")), "a.eml › batch.csv.zip");
    }
}
