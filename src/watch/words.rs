//! What a watched folder says: in its log, and beside its files.

use chrono::{DateTime, Local, Utc};

use crate::fault::Fault;
use crate::road::report::{FileReport, Status};
use crate::road::words::{import_name, kind, plain};
use crate::value::day::moment;

/// Says of a file that its run ended without a report of it.
pub const NOTHING_SAID: &str = "nothing is known of what became of it";

/// The first line of every reason. By this line vama knows its own files from other people's.
pub const REASON_START: &str = "vama: what became of this file\n";

/// Returns the text beside a file that is not in, or of which rows are held; none where there is
/// nothing to tell.
pub fn reason(
    name: &str,
    inbox: &str,
    reports: &[FileReport],
    now: DateTime<Utc>,
) -> Option<String> {
    let out = reports.iter().any(|it| it.error.is_some());
    if !out && reports.iter().all(|it| it.held_rows.is_empty()) {
        return None;
    }
    let mut text = format!("{REASON_START}\nfile: {}\nwhen: {}\n", plain(name), moment(now));
    for report in reports {
        text.push('\n');
        describe(report, &mut text);
    }
    text.push_str(&match out {
        true => {
            format!("\nWhen that is done, move the file back into {inbox} and it is tried again.\n")
        }
        false => {
            "\nAll else of the file is in. Held rows are kept with their reasons: `vama held`.\n"
                .to_owned()
        }
    });
    Some(text)
}

fn describe(report: &FileReport, text: &mut String) {
    let mut line = |word: &str, told: &str| text.push_str(&format!("{word} {told}\n"));
    if let Some(member) = &report.member {
        line("in it:", &plain(member));
    }
    if let Some(kind) = kind(report) {
        line("kind: ", &kind);
    }
    if let Some(company) = &report.company {
        line("company:", company);
    }
    match &report.error {
        Some(error) => {
            let word = if report.status == Status::Refused { "refused:" } else { "failed:" };
            line(word, &error.message);
            match (error.fault, &error.advice) {
                (Fault::Unrouted, _) if report.accounts.is_empty() => {
                    line("next:   ", "move it into the folder of its company");
                }
                (Fault::Unrouted, _) => line("next:   ", INTO_ITS_FOLDER),
                (_, Some(advice)) => line("next:   ", advice),
                (_, None) => {}
            }
        }
        None => line("result:", &counts(report)),
    }
    let fate = if report.error.is_some() { "cannot be read:" } else { "held:" };
    for held in &report.held_rows {
        line(fate, &format!("line {}: {}", held.line, held.reason));
    }
    if report.held_rows_more > 0 {
        line(fate, &format!("{} more", report.held_rows_more));
    }
    for warning in &report.warnings {
        line("warning:", warning);
    }
}

/// What to do with a file whose company is not known.
const INTO_ITS_FOLDER: &str = "move it into the folder of its company; with `vama company account add \
                               SLUG ACCOUNT` it gets such files by itself";

/// Returns the counts of a file.
fn counts(report: &FileReport) -> String {
    let FileReport { read, inserted, duplicates, held, .. } = report;
    let import = import_name(report).map(|it| format!(", as {it}")).unwrap_or_default();
    format!("{read} read = {inserted} new + {duplicates} there already + {held} held{import}")
}

/// Says what became of a file.
pub fn settled(name: &str, report: &FileReport) -> String {
    let what = kind(report).map(|kind| format!(" ({kind})")).unwrap_or_default();
    let told = match (&report.error, report.imported_at, import_name(report)) {
        (Some(error), ..) => error.message.clone(),
        (None, Some(at), Some(import)) => format!("in since {} as {import}", moment(at)),
        (None, ..) => counts(report),
    };
    let place = report.moved_to.as_ref().map(|it| format!(" → {}", plain(it))).unwrap_or_default();
    format!("{}{what}: {told}{place}", plain(name))
}

/// Says what was odd about a file, and did not keep it out.
pub fn odd(name: &str, warning: &str) -> String {
    format!("{name}: {}", plain(warning))
}

/// Says that a text is no number of seconds.
pub const NO_SECONDS: &str = "expected a number of seconds";

/// Says that a number of seconds is too small.
pub const TOO_OFTEN: &str = "expected a tenth of a second at least";

/// Says that a number of seconds is too large.
pub const TOO_LONG: &str = "expected a day at most, in seconds";

/// Says that the watcher has begun.
pub fn watching(folder: &str, folders: usize) -> String {
    match folders {
        1 => format!("watching {folder}"),
        2 => format!("watching {folder} and the folder of a company in it"),
        _ => format!("watching {folder} and {} folders of companies in it", folders - 1),
    }
}

/// Says that a company has a folder now.
pub fn new_folder(slug: &str) -> String {
    format!("made the folder of company {slug}")
}

/// Says that a file cannot be moved.
pub fn unmoved(file: &str, error: &str) -> String {
    format!(
        "{}: all is known of it, but it cannot be moved: {error}; see that vama may write there, it \
         is tried again every few minutes",
        plain(file)
    )
}

/// Says that a file cannot be read at the moment.
pub fn unread(file: &str, error: &str) -> String {
    format!("{}: cannot be read: {error}; it is tried again every few minutes", plain(file))
}

/// Says that the files of a company wait, since another session has locked the company.
pub fn locked(slug: &str, files: usize, since: DateTime<Local>) -> String {
    let (files, wait) = match files {
        1 => ("1 file".to_owned(), "waits"),
        _ => (format!("{files} files"), "wait"),
    };
    let since = since.format("%H:%M");
    format!("{slug} is locked by another session since {since}; its {files} {wait}")
}

/// Says that a file waits, since the database or its company is not as it should be.
pub fn waits(file: &str, message: &str, advice: Option<&str>) -> String {
    let advice = advice.map(|it| format!(" ({it})")).unwrap_or_default();
    format!("{}: waits, since {message}{advice}; it is tried again every half minute", plain(file))
}

/// Says that a file was moved which is not the one that was read, and could not be moved back.
pub fn stranded(place: &str, error: &str) -> String {
    format!("{error}; it is in {} now and was not read", plain(place))
}

/// Says that a file was changed while it was read.
pub fn changed(file: &str) -> String {
    format!("{}: was changed while it was read; it is read again when it is still", plain(file))
}

/// Why a file waits that a program has open.
pub const OPEN_ELSEWHERE: &str = "a program still has it open for writing";

/// Says that a file waits for the program that writes it.
pub fn open_elsewhere(file: &str) -> String {
    format!(
        "{}: waits, since {OPEN_ELSEWHERE}; it is taken when that program closes it",
        plain(file)
    )
}

/// Says that a file was changed after it had been moved.
pub fn taken_back(file: &str, to: &str) -> String {
    format!(
        "{}: was changed after it had been moved; it is read again, as {}",
        plain(file),
        plain(to)
    )
}

/// Says that a file is still being written.
pub fn written(file: &str) -> String {
    format!("{}: is still being written; the next run takes it", plain(file))
}

/// Says that a folder is of no company.
pub fn unknown_company(folder: &str) -> String {
    format!(
        "{}: no active company is called so; what is in it stays, see `vama company list`",
        plain(folder)
    )
}

/// Says that a folder lies inside an inbox.
pub fn nested(folder: &str) -> String {
    format!("{}: is a folder; what is in it stays, drop the files themselves", plain(folder))
}

/// Says that what should be a folder of vama's own or of a company is no folder.
pub fn no_folder(folder: &str) -> String {
    format!(
        "{}: is a link or a file, or cannot be opened or made; vama needs a folder of that name here",
        plain(folder)
    )
}

/// Says that a reason could not be written.
pub fn no_reason(file: &str, error: &str) -> String {
    format!("{}: the reason beside it could not be written: {error}", plain(file))
}

/// Says that the system does not tell what happens.
pub fn deaf(error: &str, seconds: u64) -> String {
    format!(
        "the system does not tell what happens in the folder ({error}); looking every {seconds} s"
    )
}

/// Says that the folder is gone.
pub fn closed(folder: &str, error: &str) -> String {
    format!("{folder} cannot be looked into: {error}; waiting for it")
}

/// Says that the folder is there again.
pub fn reopened(folder: &str) -> String {
    format!("{folder} is there again")
}

/// Says that the database is away.
pub fn away(message: &str, advice: Option<&str>) -> String {
    let advice = advice.map(|it| format!(" ({it})")).unwrap_or_default();
    format!("{message}; files stay where they are and are tried again{advice}")
}

/// Says that the database has said nothing for far too long.
pub const SILENT: &str = "the database did not answer within an hour";

/// Says that the database is back.
pub const BACK: &str = "the database is back";

/// Says that the watcher is alive.
pub fn alive(settled: u64, waiting: usize) -> String {
    format!("alive: {settled} files since the start, {waiting} waiting")
}

/// Says that the watcher ends after the files in hand.
pub const STOPPING: &str = "ending after the files in hand; once more to leave at once";

/// Says that the watcher has ended.
pub const ENDED: &str = "ended";

/// Says that the path to watch is no folder.
pub fn no_watched_folder(folder: &str) -> String {
    format!("{folder} is no folder")
}

/// What to do where the path to watch is no folder.
pub const NO_WATCHED_FOLDER_ADVICE: &str = "make it first, with mkdir, or name another";
