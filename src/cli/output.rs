//! Everything that people read: lines, tables, errors. The only place that prints.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use chrono::{DateTime, Local, Utc};
use console::{Style, Term};
use serde::Serialize;
use textwrap::{Options, WordSplitter};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::time::ChronoUtc;
use tracing_subscriber::prelude::*;

use crate::fault::{Refusal, refusal};
use crate::road::report::{ExitStatus, Failure};
use crate::store::StoreError;

/// Sends what the program says of itself to stderr.
pub(super) fn start_logging(quiet: bool, verbose: u8) {
    let format = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_target(false)
        .without_time()
        .with_ansi(colour(&io::stderr()));
    let filter = ours(level(quiet, verbose, LevelFilter::WARN));
    tracing_subscriber::registry().with(format.with_filter(filter)).init();
}

/// Sends what a service says of itself to stderr, each line with its time (UTC), for people or as JSON.
pub(super) fn start_service_log(quiet: bool, verbose: u8, json: bool) {
    let layer = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_target(false);
    let layer = match json {
        true => {
            layer.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed()
        }
        false => layer
            .with_timer(ChronoUtc::new("%Y-%m-%dT%H:%M:%SZ".to_owned()))
            .with_ansi(colour(&io::stderr()))
            .boxed(),
    };
    // The watcher tells what becomes of each file; the steps on the way are told with -v alone.
    let filter = ours(level(quiet, verbose, LevelFilter::WARN))
        .with_target("vama::cli::watch", level(quiet, verbose, LevelFilter::INFO));
    tracing_subscriber::registry().with(layer.with_filter(filter)).init();
}

/// Returns how much is to be said; `usual` is the level without `-q` and `-v`.
fn level(quiet: bool, verbose: u8, usual: LevelFilter) -> LevelFilter {
    match (quiet, verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, 0) => usual,
        (false, 1) => LevelFilter::INFO,
        (false, _) => LevelFilter::DEBUG,
    }
}

/// Lets only our own words through: drivers may log statements, and those hold personal data.
fn ours(level: LevelFilter) -> Targets {
    Targets::new().with_target("vama", level)
}

/// Returns whether colours are welcome on that stream (<https://no-color.org>).
pub(super) fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty())
}

/// Writes a text to stderr, in lines that fit the terminal.
pub(super) fn say(text: &str) {
    for line in fitted(&Term::stderr(), text) {
        // Nobody is left to tell when stderr is gone.
        drop(writeln!(io::stderr(), "{line}"));
    }
}

/// Writes a text to stdout, in lines that fit the terminal.
pub(super) fn show(text: &str) -> io::Result<()> {
    fitted(&Term::stdout(), text).iter().try_for_each(|line| show_exactly(line))
}

/// Writes a text that only explains what stands above it to stdout, in lines that fit the terminal.
pub(super) fn show_faint(text: &str) -> io::Result<()> {
    let lines = fitted(&Term::stdout(), text);
    lines.iter().try_for_each(|line| show_exactly(&Paint::Faint.on(line)))
}

/// Writes a text to stdout as it is: what a program reads, what is copied into a shell, a table. A
/// reader who has gone away, as in `vama log | head`, is no failure.
pub(super) fn show_exactly(text: &str) -> io::Result<()> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// A colour of a word on stdout, where colours are welcome.
#[derive(Debug, Clone, Copy)]
pub(super) enum Paint {
    /// All is well.
    Green,
    /// Somebody should look at it.
    Yellow,
    /// It failed.
    Red,
    /// It needs no attention.
    Faint,
}

impl Paint {
    /// Returns the text in that colour.
    pub(super) fn on(self, text: &str) -> String {
        let style = match self {
            Self::Green => Style::new().green(),
            Self::Yellow => Style::new().yellow(),
            Self::Red => Style::new().red(),
            Self::Faint => Style::new().dim(),
        };
        style.force_styling(colour(&io::stdout())).apply_to(text).to_string()
    }
}

/// The columns that are assumed where a terminal does not tell its width, or is narrower.
const COLUMNS_MIN: usize = 80;

/// Returns how many columns the terminal has; `None` where the stream is no terminal.
fn columns(terminal: &Term) -> Option<usize> {
    let columns = || terminal.size_checked().map_or(COLUMNS_MIN, |(_, columns)| columns.into());
    terminal.is_term().then(|| columns().max(COLUMNS_MIN))
}

/// Returns how many columns stdout has; `None` where it is no terminal.
pub(super) fn columns_of_stdout() -> Option<usize> {
    columns(&Term::stdout())
}

/// Returns the lines of a text, those that are too wide for the terminal in several: the further ones
/// stand two columns to the right of the first. Where the stream is no terminal, a line stays one,
/// for `grep`.
fn fitted(terminal: &Term, text: &str) -> Vec<String> {
    let columns = columns(terminal);
    let lines = text.split('\n').flat_map(|line| match columns {
        None => vec![line.to_owned()],
        Some(columns) => {
            let words = line.trim_start();
            let indent = line.get(..line.len() - words.len()).unwrap_or_default();
            broken(words, indent, &format!("{indent}  "), columns)
        }
    });
    lines.collect()
}

/// Returns the text in lines of so many columns, the first one behind an indent, the further ones
/// behind another. They are broken between words alone: a command or an address that has no room on
/// a line can still be copied as a whole.
pub(super) fn broken(text: &str, first: &str, further: &str, columns: usize) -> Vec<String> {
    let options = Options::new(columns).break_words(false);
    // A slug or a file's name is never broken at its hyphens.
    let options = options.word_splitter(WordSplitter::NoHyphenation);
    let options = options.initial_indent(first).subsequent_indent(further);
    textwrap::wrap(text, options).into_iter().map(Cow::into_owned).collect()
}

/// Returns the path as a shell takes it, for a command line that the user may copy.
pub(super) fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:@,%".contains(c);
    match !path.is_empty() && path.chars().all(plain) {
        true => path.to_owned(),
        false => in_quotes(path),
    }
}

/// Returns the word in the quotes in which a shell takes everything as it is.
pub(super) fn in_quotes(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// Writes one JSON document to stdout.
pub(super) fn show_json(document: &impl Serialize) -> anyhow::Result<()> {
    Ok(show_exactly(&serde_json::to_string_pretty(document)?)?)
}

/// Writes a JSON document to stdout, as a line of its own.
pub(super) fn show_json_line(document: &impl Serialize) -> anyhow::Result<()> {
    Ok(show_exactly(&serde_json::to_string(document)?)?)
}

/// Returns a number of bytes as people say it; `–` where there are none.
pub(super) fn size(bytes: i64) -> String {
    match u64::try_from(bytes) {
        Ok(0) | Err(_) => "–".to_owned(),
        Ok(bytes) => refusal::size(bytes),
    }
}

/// Returns a moment to the minute, in UTC; `–` where there is none.
pub(super) fn moment(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| "–".to_owned(), |at| at.format("%Y-%m-%d %H:%M").to_string())
}

/// Returns a moment to the minute, by the user's own clock.
pub(super) fn local_moment(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string()
}

/// Says what went wrong and what to do next; returns how the run ends.
pub(super) fn explain(error: &anyhow::Error) -> ExitStatus {
    if let Some(refusal) = error.downcast_ref::<Refusal>() {
        say_failure(None, &refusal.into());
        return ExitStatus::Refused;
    }
    if let Some(error) = error.downcast_ref::<StoreError>() {
        say_failure(None, &error.into());
        return error.fault().exit();
    }
    say(&format!("error: {error:#}"));
    match error.downcast_ref::<UsageError>() {
        Some(_) => ExitStatus::Usage,
        None => ExitStatus::Failed,
    }
}

/// Says why something failed and what to do next; `about` names what failed where that is one of
/// several.
pub(super) fn say_failure(about: Option<&str>, failure: &Failure) {
    let about = about.map(|it| format!("{it}: ")).unwrap_or_default();
    say(&format!("error: {about}{}", failure.message));
    if let Some(advice) = &failure.advice {
        say(&format!("  next: {advice}"));
    }
}

/// A command line that cannot be carried out.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct UsageError(pub(super) String);

impl UsageError {
    /// Makes an error that also says what to do next.
    pub(super) fn with_advice(message: &str, advice: &str) -> Self {
        Self(format!("{message}\n  next: {advice}"))
    }
}
