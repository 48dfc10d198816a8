//! What became of files, in words for people.

use crate::format::by_name;
use std::collections::BTreeSet;

use crate::road::report::{FileReport, RunReport, Status};
use crate::road::route::shortened;
use crate::value::day;
use crate::value::import_name::ImportName;

/// What was done with the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// They were read and verified.
    Check,
    /// They were brought into their companies.
    Import,
    /// They were imported, and everything was rolled back.
    DryRun,
}

/// How a file fared, at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is in, or adds up.
    Good,
    /// It was there already.
    Known,
    /// It is in, but not all of it, or it does not add up.
    Held,
    /// It is not in.
    Out,
}

impl Mark {
    /// Returns the mark of a file.
    pub fn of(file: &FileReport) -> Self {
        match file.status {
            Status::Refused | Status::Failed => Self::Out,
            _ if file.to_settle() > 0 || file.accepted_unbalanced => Self::Held,
            Status::Checked if file.adds_up == Some(false) => Self::Held,
            Status::AlreadyImported => Self::Known,
            _ => Self::Good,
        }
    }

    /// Returns the sign in front of the file.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Known => "=",
            Self::Held => "!",
            Self::Out => "✗",
        }
    }
}

/// The heads of the columns.
pub mod head {
    /// The file's name.
    pub const FILE: &str = "file";
    /// Records in it.
    pub const RECORDS: &str = "records";
    /// Of these, new.
    pub const NEW: &str = "new";
    /// Of these, there already.
    pub const THERE: &str = "there";
    /// Of these, set aside.
    pub const HELD: &str = "held";
    /// What they add up to.
    pub const SUM: &str = "sum";
}

/// What stands where there is nothing to tell.
pub const NOTHING: &str = "–";

/// Returns the text with `?` for each control character, since one could pretend to be another
/// line, or rewrite the screen.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// Returns what the file adds up to, where all of it is in one currency.
pub fn sum(file: &FileReport) -> String {
    let mut sums = file.sum.iter();
    match (sums.next(), sums.next()) {
        (None, _) => NOTHING.to_owned(),
        (Some((currency, sum)), None) => format!("{sum:.2} {currency}"),
        (Some(_), Some(_)) => "see below".to_owned(),
    }
}

/// Returns the line below a file: what the file is, whose it is, and what became of it.
///
/// Returns `None` where only the file's name is known.
pub fn detail(file: &FileReport, with_company: bool) -> Option<String> {
    let mut parts = vec![kind(file)?];
    if file.sum.len() > 1 {
        let sums = file.sum.iter().map(|(currency, sum)| format!("{sum:.2} {currency}"));
        parts.push(sums.collect::<Vec<_>>().join(" + "));
    }
    // The name of an import begins with its company.
    if with_company && file.import.is_none() {
        parts.extend(file.company.clone());
    }
    parts.extend(outcome(file));
    Some(parts.join(" · "))
}

/// Returns what a file is: `statement, Banca Transilvania RO27…2509, 2–31 March 2026`.
pub fn kind(file: &FileReport) -> Option<String> {
    let kind = by_name(file.format?)?.word();
    let sender = file.sender.iter().map(|it| (*it).to_owned());
    let words: Vec<String> = sender.chain(accounts(file)).collect();
    let period = file.period.map(|it| day::days(it.from, it.to));
    let parts = [Some(kind.to_owned()), Some(words.join(" ")), period];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    Some(parts.collect::<Vec<_>>().join(", "))
}

/// Returns the file's first account, shortened, and how many more there are.
fn accounts(file: &FileReport) -> Option<String> {
    let (first, more) = file.accounts.split_first()?;
    let first = shortened(first.rsplit(':').next().unwrap_or(first));
    Some(match more.len() {
        0 => first,
        count => format!("{first} and {count} more"),
    })
}

/// Returns the name of the file's import.
pub fn import_name(file: &FileReport) -> Option<ImportName> {
    Some(ImportName { company: file.company.clone(), number: file.import? })
}

fn outcome(file: &FileReport) -> Option<String> {
    let open = file.held.saturating_sub(file.interim + file.discarded);
    match (file.status, import_name(file)) {
        (Status::Imported, Some(import)) => Some(format!("in as {import}")),
        (Status::AlreadyImported, Some(import)) if open > 0 => {
            Some(format!("{} there, {open} held since {import}", file.duplicates))
        }
        (Status::AlreadyImported, Some(import)) if file.discarded > 0 => {
            let (there, discarded) = (file.duplicates, file.discarded);
            Some(format!("{there} there, {discarded} discarded, in since {import}"))
        }
        (Status::AlreadyImported, Some(import)) => Some(match file.imported_at {
            Some(at) => format!("in since {} as {import}", day::local_day(at)),
            None => format!("the same as {import}"),
        }),
        (Status::AlreadyImported, None) => Some("the same as another of these files".to_owned()),
        (Status::Imported, None) => None,
        (Status::DryRun, _) => Some("would go in".to_owned()),
        (Status::Checked, _) => Some(proof(file).to_owned()),
        (Status::Refused, _) => Some("refused".to_owned()),
        (Status::Failed, _) => Some("failed".to_owned()),
    }
}

/// Says of a file that was read whether it adds up: only where a stated sum was compared and fits.
fn proof(file: &FileReport) -> &'static str {
    match file.adds_up {
        Some(true) => "adds up",
        Some(false) => "read; something is missing, see its warnings",
        None => "read; it states no sum to compare with",
    }
}

/// Returns what all files came to.
pub fn totals(report: &RunReport, work: Work) -> String {
    let totals = report.totals;
    let mut text = match work {
        Work::Check => format!("{}: {} records read", files(totals.files), totals.read),
        Work::Import | Work::DryRun => format!(
            "{}: {} records read = {} new + {} there already + {} held",
            files(totals.files),
            totals.read,
            totals.inserted,
            totals.duplicates,
            totals.held
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
    let companies = companies(&report.files);
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

/// Returns the companies that files went to.
pub fn companies(files: &[FileReport]) -> BTreeSet<&str> {
    files.iter().filter_map(|file| file.company.as_deref()).collect()
}

fn files(count: u64) -> String {
    format!("{count} {}", if count == 1 { "file" } else { "files" })
}

/// Says that files of a large run are not shown.
pub fn more_files(count: usize) -> String {
    format!("and {count} more; --json lists all")
}

/// Says that something is odd about files which are in.
pub fn odd_files(count: usize) -> String {
    format!("warning: {} that are in have oddities; --json lists them", files(count as u64))
}

/// Says what was odd about a file, and did not keep it out.
pub fn warning(name: &str, warning: &str) -> String {
    format!("warning: {name}: {warning}")
}

/// Returns what is to be said about a file's records, each a line.
pub fn of_records(file: &FileReport) -> Vec<String> {
    let word = held_word(file.status);
    let mut said = Vec::new();
    if file.reworded > 0 {
        said.push(format!(
            "{} of the rows that were there are known by the bank's reference although the text \
             differs",
            file.reworded
        ));
    }
    if file.changed > 0 {
        said.push(format!("{} of those that were there are brought up to date", file.changed));
    }
    let held = file.held_rows.iter();
    said.extend(held.map(|held| format!("{word}: line {}: {}", held.line, held.reason)));
    if file.held_rows_more > 0 {
        let all = import_name(file).map(|import| format!("; `vama log {import}` has all of them"));
        said.push(format!("{word}: {} more{}", file.held_rows_more, all.unwrap_or_default()));
    }
    said
}

fn held_word(status: Status) -> &'static str {
    match status {
        Status::Imported | Status::AlreadyImported => "held",
        Status::DryRun | Status::Checked => "would be held",
        Status::Refused | Status::Failed => "cannot be read",
    }
}

/// Returns the command line that brings files in whose company is not known; where they have accounts,
/// a company may be given these.
pub fn name_the_company(words: &str, have_accounts: bool) -> String {
    let by_itself = match have_accounts {
        true => "; with `vama company account add SLUG ACCOUNT` it gets such files by itself",
        false => "",
    };
    format!("name the company: `vama import -c SLUG {words}`{by_itself}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::summary::Period;

    fn statement() -> FileReport {
        let mut file = FileReport::new("a.sta", None, Status::Imported);
        file.format = Some("mt940");
        file.sender = Some("Banca Transilvania");
        file.accounts = vec!["RO27BTRLRONCRT0144272509".to_owned()];
        let day = |text: &str| text.parse().unwrap();
        file.period = Some(Period { from: day("2026-03-02"), to: day("2026-03-31") });
        file.import = Some(12);
        file
    }

    #[test]
    fn a_file_is_told_in_the_words_of_the_field() {
        let told = "statement, Banca Transilvania RO27…2509, 2–31 March 2026";
        assert_eq!(kind(&statement()).as_deref(), Some(told));
        let mut batch = statement();
        (batch.format, batch.sender) = (Some("netopia"), Some("Netopia"));
        batch.accounts = vec!["netopia:35545".to_owned()];
        (batch.status, batch.import) = (Status::DryRun, None);
        batch.company = Some("firma-noua".to_owned());
        let told = "batch, Netopia 35545, 2–31 March 2026 · firma-noua · would go in";
        assert_eq!(detail(&batch, true).as_deref(), Some(told));
        assert_eq!(detail(&FileReport::new("a.pdf", None, Status::Refused), true), None);
    }

    #[test]
    fn what_was_there_tells_since_when_and_by_which_import() {
        let mut file = statement();
        file.status = Status::AlreadyImported;
        file.imported_at = Some("2026-04-01T08:00:00Z".parse().unwrap());
        assert!(detail(&file, false).unwrap().ends_with(" · in since 1 April 2026 as #12"));
        assert_eq!(Mark::of(&file), Mark::Known);
        file.imported_at = None;
        assert!(detail(&file, false).unwrap().ends_with(" · the same as #12"));
    }

    #[test]
    fn several_currencies_stand_below_their_file() {
        let mut file = statement();
        file.sum.insert("EUR".to_owned(), "-3.5".parse().unwrap());
        assert_eq!(sum(&file), "-3.50 EUR");
        file.sum.insert("RON".to_owned(), "12".parse().unwrap());
        assert_eq!(sum(&file), "see below");
        assert!(detail(&file, false).unwrap().contains(" · -3.50 EUR + 12.00 RON · "));
    }
}
