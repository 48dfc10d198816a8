//! Everything that people read: lines, tables, errors. The only place that prints.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use chrono::{DateTime, Utc};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
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

/// Writes a line to stderr.
pub(super) fn say(line: &str) {
    // Nobody is left to tell when stderr is gone.
    drop(writeln!(io::stderr(), "{line}"));
}

/// Writes a line to stdout; a reader who has gone away, as in `vama log | head`, is no failure.
pub(super) fn show(text: &str) -> io::Result<()> {
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
pub(super) const COLUMNS_MIN: usize = 80;

/// Returns the text in lines that fit the terminal, all but the first behind the indent. Where the
/// stream is no terminal, the text stays one line, for `grep`.
fn wrapped(terminal: &Term, text: &str, first: &str, indent: &str) -> Vec<String> {
    if !terminal.is_term() {
        return vec![format!("{first}{text}")];
    }
    let columns = terminal.size_checked().map_or(COLUMNS_MIN, |(_, columns)| columns.into());
    let options = Options::new(columns.max(COLUMNS_MIN));
    // A slug or a file's name is never cut at its hyphens.
    let options = options.word_splitter(WordSplitter::NoHyphenation);
    let options = options.initial_indent(first).subsequent_indent(indent);
    textwrap::wrap(text, options).into_iter().map(Cow::into_owned).collect()
}

/// Writes a text to stderr, in several lines where the terminal is narrow.
pub(super) fn say_wrapped(text: &str, indent: &str) {
    let terminal = Term::stderr();
    let lines = text.lines().flat_map(|line| wrapped(&terminal, line, "", indent));
    lines.for_each(|line| say(&line));
}

/// Writes a text to stdout, in several lines where the terminal is narrow.
pub(super) fn show_wrapped(text: &str, indent: &str) -> io::Result<()> {
    wrapped(&Term::stdout(), text, "", indent).iter().try_for_each(|line| show(line))
}

/// Writes a text that only explains what stands above it, behind an indent.
pub(super) fn show_faint(text: &str, indent: &str) -> io::Result<()> {
    wrapped(&Term::stdout(), text, indent, indent)
        .iter()
        .try_for_each(|line| show(&Paint::Faint.on(line)))
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
    Ok(show(&serde_json::to_string_pretty(document)?)?)
}

/// Writes a JSON document to stdout, as a line of its own.
pub(super) fn show_json_line(document: &impl Serialize) -> anyhow::Result<()> {
    Ok(show(&serde_json::to_string(document)?)?)
}

/// Columns between two columns of a table.
pub(super) const GAP: u16 = 2;

/// Writes a table to stdout: the columns named in `right` hold numbers.
pub(super) fn show_table(head: &[&str], right: &[usize], rows: Vec<Vec<String>>) -> io::Result<()> {
    table_lines(head, right, rows).iter().try_for_each(|line| show(line))
}

/// Returns the lines of a table: the columns named in `right` hold numbers.
pub(super) fn table_lines(head: &[&str], right: &[usize], rows: Vec<Vec<String>>) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(head.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, GAP));
        if right.contains(&index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt().lines().map(str::to_owned).collect()
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
    say_wrapped(&format!("error: {about}{}", failure.message), "  ");
    if let Some(advice) = &failure.advice {
        say_wrapped(&format!("  next: {advice}"), "  ");
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
