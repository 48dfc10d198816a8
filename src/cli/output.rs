//! Everything that people read: lines, tables, errors. The only place that prints.

use std::io::{self, IsTerminal, Write};

use chrono::{DateTime, Utc};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde::Serialize;
use tracing::level_filters::LevelFilter;

use crate::refusal::{self, Refusal};
use crate::report::{ExitStatus, Failure};
use crate::store::StoreError;

/// Sends what the program says of itself to stderr.
pub(super) fn start_logging(quiet: bool, verbose: u8) {
    let level = match (quiet, verbose) {
        (true, _) => LevelFilter::ERROR,
        (false, 0) => LevelFilter::WARN,
        (false, 1) => LevelFilter::INFO,
        (false, _) => LevelFilter::DEBUG,
    };
    // Only our own words: drivers may log statements, and those hold personal data.
    let filter = tracing_subscriber::filter::Targets::new().with_target("vama", level);
    let format = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_target(false)
        .without_time()
        .with_ansi(colour(&io::stderr()));
    use tracing_subscriber::prelude::*;
    tracing_subscriber::registry().with(format.with_filter(filter)).init();
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

/// Writes one JSON document to stdout.
pub(super) fn show_json(document: &impl Serialize) -> anyhow::Result<()> {
    Ok(show(&serde_json::to_string_pretty(document)?)?)
}

/// Writes a table to stdout: the columns named in `right` hold numbers.
pub(super) fn show_table(head: &[&str], right: &[usize], rows: Vec<Vec<String>>) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(head.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if right.contains(&index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    show(&table.trim_fmt())
}

/// Returns bytes as people say them; `–` where there are none to tell of.
pub(super) fn size(bytes: i64) -> String {
    match u64::try_from(bytes) {
        Ok(0) | Err(_) => "–".to_owned(),
        Ok(bytes) => refusal::size(bytes),
    }
}

/// Returns a moment to the minute, in UTC; `–` where it has not come yet.
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
        return error.into();
    }
    say(&format!("error: {error:#}"));
    match error.downcast_ref::<UsageError>() {
        Some(_) => ExitStatus::Usage,
        None => ExitStatus::Failed,
    }
}

/// Says why it failed and what to do next, with what it is about where that is one of several.
pub(super) fn say_failure(about: Option<&str>, failure: &Failure) {
    let about = about.map(|it| format!("{it}: ")).unwrap_or_default();
    say(&format!("error: {about}{}", failure.message));
    if let Some(advice) = &failure.advice {
        say(&format!("  next: {advice}"));
    }
}

/// A command line that asks for what cannot be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct UsageError(pub(super) String);

impl UsageError {
    /// Makes one that says what to do next.
    pub(super) fn with_advice(message: &str, advice: &str) -> Self {
        Self(format!("{message}\n  next: {advice}"))
    }
}
