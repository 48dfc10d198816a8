//! What is to be said about single files: why one is not in, what was odd, what is held.

use super::output::{quoted, say_failure, say_wrapped};
use crate::fault::Fault;
use crate::road::report::FileReport;
use crate::road::words as text;

/// Files that the command line of an advice names at most.
const NAMED_MAX: usize = 5;

/// Returns the last part of the file's name, and its member where that says more. Of a member of a
/// zip in a mail, or in another zip, the names of the zips stand between them.
pub(super) fn file_name(file: &FileReport) -> String {
    let mut parts = vec![last_part(&file.file)];
    parts.extend(file.member.iter().flat_map(|member| split_at_zips(member)));
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
    text::plain(&shown)
}

/// Splits the name of a member behind each zip in it.
fn split_at_zips(member: &str) -> Vec<&str> {
    let lower = member.to_ascii_lowercase();
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, zip) in lower.match_indices(".zip/") {
        let end = at + zip.len();
        parts.extend(member.get(start..end - 1));
        start = end;
    }
    parts.extend(member.get(start..));
    parts
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
        let Some(mut error) = first.error.clone() else { continue };
        if error.fault == Fault::Unrouted {
            let words = files.iter().take(NAMED_MAX).map(|file| quoted(&file.file));
            error.advice = Some(text::name_the_company(&words.collect::<Vec<_>>().join(" ")));
        }
        say_failure(Some(&text::one_of(&file_name(first), files.len())), &error);
    }
}

/// Says on stderr what was odd about files, and did not keep them out.
pub(super) fn say_warnings<'f>(files: impl IntoIterator<Item = &'f FileReport>) {
    for file in files {
        for warning in &file.warnings {
            say_wrapped(&text::warning(&file_name(file), warning), "  ");
        }
    }
}

/// Returns what is to be said about a file's records.
pub(super) fn of_records(file: &FileReport) -> Vec<String> {
    let (name, status) = (file_name(file), file.status);
    let mut remarks = Vec::new();
    if file.reworded > 0 {
        remarks.push(text::reworded(&name, file.reworded));
    }
    remarks.extend(file.held_rows.iter().map(|held| text::held(&name, status, held)));
    if file.held_rows_more > 0 {
        remarks.push(text::more_held(&name, file));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::road::report::Status;

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
        let month = name("month.zip", Some("bank/March.ZIP/a/march.sta"));
        assert_eq!(month, "month.zip › bank/March.ZIP › a/march.sta");
        assert_eq!(name("a.eml", Some("b.zip/c.zip/d.csv")), "a.eml › b.zip › c.zip › d.csv");
    }
}
