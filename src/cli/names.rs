//! What files are called on the screen.

use console::measure_text_width;

use crate::road::report::FileReport;
use crate::road::words::plain;

/// What stands between a zip or a mail and what is in it.
const WITHIN: &str = " › ";

/// Returns the last part of the file's name, and its member where that says more. Of a member of a
/// zip in a mail, or in another zip, the names of the zips stand between them.
pub(super) fn file_name(file: &FileReport) -> String {
    joined(&parts(file))
}

/// A file in a list in which what zips and mails hold stands below their names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListedName {
    /// The zips and mails whose first file this is, the outermost first.
    pub(super) above: Vec<String>,
    /// In how many zips and mails that are named above it the file is.
    pub(super) depth: usize,
    /// The rest of its name.
    pub(super) name: String,
}

/// Returns the names of files for a list: of a zip or a mail with several files its name is said once,
/// above the first of them.
pub(super) fn listed(files: &[FileReport]) -> Vec<ListedName> {
    let shared = |one: Option<&FileReport>, other: &FileReport| {
        one.map_or(0, |one| shared_parts(one, other))
    };
    let name = |(index, file): (usize, &FileReport)| {
        let before = shared(index.checked_sub(1).and_then(|it| files.get(it)), file);
        let depth = before.max(shared(files.get(index + 1), file));
        let parts = parts(file);
        let above = parts.get(before..depth).unwrap_or_default();
        ListedName {
            above: above.iter().map(|part| plain(part)).collect(),
            depth,
            name: joined(parts.get(depth..).unwrap_or_default()),
        }
    };
    files.iter().enumerate().map(name).collect()
}

/// Returns the names of files in one line: the first `most` of them, then how many there are further.
/// Of what is in one zip or mail its name is said once.
pub(super) fn enumerated(files: &[&FileReport], most: usize) -> String {
    let mut before: Option<&FileReport> = None;
    let mut names = Vec::new();
    for file in files.iter().take(most) {
        let shared = before.map_or(0, |before| shared_parts(before, file));
        names.push(joined(parts(file).get(shared..).unwrap_or_default()));
        before = Some(file);
    }
    let names = names.join(", ");
    match files.len().saturating_sub(most) {
        0 => names,
        further => format!("{names} and {further} further"),
    }
}

/// Returns the parts of a file's name, the outermost first: the file, a zip in it, a file in that.
fn parts(file: &FileReport) -> Vec<&str> {
    let mut parts = vec![last_part(&file.file)];
    parts.extend(file.member.iter().flat_map(|member| split_at_zips(member)));
    parts
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

/// Returns how many zips and mails, from the outermost on, two files are both in.
fn shared_parts(one: &FileReport, other: &FileReport) -> usize {
    if one.file != other.file {
        return 0;
    }
    let (one, other) = (parts(one), parts(other));
    let same = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    same.min(one.len() - 1).min(other.len() - 1)
}

/// Returns the parts as one name, without those that only repeat the name of the zip around them.
fn joined(parts: &[&str]) -> String {
    let mut shown = String::new();
    let mut before: Option<&str> = None;
    for part in parts {
        let says_nothing = |zip: &str| zip.strip_suffix(".zip") == Some(part);
        if before.is_some_and(says_nothing) {
            continue;
        }
        if before.is_some() {
            shown.push_str(WITHIN);
        }
        shown.push_str(part);
        before = Some(part);
    }
    plain(&shown)
}

/// Returns the name no wider than so many columns of a terminal: its middle is left out where it is
/// too wide, since names that senders give differ at their end. A zip or a mail, and what is in it,
/// are cut each by itself.
pub(super) fn shortened(name: &str, columns: usize) -> String {
    match name.split_once(WITHIN) {
        _ if measure_text_width(name) <= columns => name.to_owned(),
        Some((outer, inner)) => {
            let outer = cut(outer, columns / 3);
            let left = columns.saturating_sub(measure_text_width(&outer) + WITHIN.chars().count());
            format!("{outer}{WITHIN}{}", cut(inner, left))
        }
        None => cut(name, columns),
    }
}

fn cut(text: &str, columns: usize) -> String {
    if measure_text_width(text) <= columns {
        return text.to_owned();
    }
    let head = fitting(text.chars(), columns / 4);
    let left = columns.saturating_sub(measure_text_width(&head) + 1);
    let tail = fitting(text.chars().rev(), left);
    format!("{head}…{}", tail.chars().rev().collect::<String>())
}

/// Returns the first of these characters, as many as have room.
fn fitting(chars: impl Iterator<Item = char>, columns: usize) -> String {
    let mut left = columns;
    let fits = |c: &char| {
        let width = measure_text_width(c.encode_utf8(&mut [0; 4]));
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    };
    chars.take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::road::report::Status;

    fn report(file: &str, member: Option<&str>) -> FileReport {
        FileReport::new(file, member.map(str::to_owned), Status::Imported)
    }

    #[test]
    fn a_name_is_its_last_part_and_a_member_of_the_same_name_says_nothing_more() {
        let name = |file: &str, member: Option<&str>| file_name(&report(file, member));
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

    #[test]
    fn a_zip_is_named_once_above_its_files() {
        let files = [
            report("x/a.sta", None),
            report("x/one.zip", Some("a.sta")),
            report("x/b.eml", Some("c.sta")),
            report("x/b.eml", Some("d.zip/e.csv")),
            report("x/b.eml", Some("d.zip/f.csv")),
            report("y/b.eml", Some("c.sta")),
        ];
        let told: Vec<String> = listed(&files)
            .into_iter()
            .flat_map(|it| {
                let first = it.depth - it.above.len();
                let above = it.above.into_iter().enumerate();
                let above =
                    above.map(move |(at, name)| format!("{}[{name}]", "  ".repeat(first + at)));
                above.chain([format!("{}{}", "  ".repeat(it.depth), it.name)])
            })
            .collect();
        let expected = [
            "a.sta",
            "one.zip › a.sta",
            "[b.eml]",
            "  c.sta",
            "  [d.zip]",
            "    e.csv",
            "    f.csv",
            "b.eml › c.sta",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn of_many_files_some_are_named_and_the_others_counted() {
        let files: Vec<FileReport> =
            (1..=17).map(|number| report(&format!("{number}.sta"), None)).collect();
        let files: Vec<&FileReport> = files.iter().collect();
        assert_eq!(enumerated(&files[..5], 5), "1.sta, 2.sta, 3.sta, 4.sta, 5.sta");
        assert_eq!(enumerated(&files, 5), "1.sta, 2.sta, 3.sta, 4.sta, 5.sta and 12 further");
        let zipped = [report("x/a.zip", Some("b.pdf")), report("x/a.zip", Some("c.pdf"))];
        assert_eq!(enumerated(&[&zipped[0], &zipped[1]], 5), "a.zip › b.pdf, c.pdf");
    }

    #[test]
    fn a_long_name_loses_its_middle() {
        assert_eq!(shortened("extras.sta", 32), "extras.sta");
        let long = "MT940_RO49AAAA1B31007593840000_20260302_20260331.txt";
        assert_eq!(shortened(long, 32), "MT940_RO…0_20260302_20260331.txt");
        assert_eq!(shortened(&"ț".repeat(40), 32).chars().count(), 32);
        assert_eq!(measure_text_width(&shortened(&"漢".repeat(40), 32)), 31);
        let mail = "Raport ramburs GLS 2 martie.eml › 553000101_RON_02032026.xlsx";
        assert_eq!(shortened(mail, 40), "Rap…artie.eml › 553000…RON_02032026.xlsx");
        assert_eq!(shortened(mail, 80), mail);
    }
}
