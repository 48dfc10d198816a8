//! The progress bar: only where stderr is a terminal. The only place that knows indicatif.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Global;
use crate::batch::Watch;
use crate::import::Progress;

/// How often the bar moves while a stage works.
const TICK: Duration = Duration::from_millis(100);

/// A bar over the files of a run, with what happens to the one in hand.
pub(super) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// Makes a bar for so many files; indicatif shows nothing where stderr is no terminal. With
    /// `-v` the stages are told line by line instead.
    pub(super) fn new(files: usize, global: &Global) -> Self {
        let hidden = global.quiet || global.verbose > 0;
        Self::styled(files, "{spinner} {pos}/{len} files  {prefix}  {msg}", hidden)
    }

    /// Makes a bar for a run of many files, with their rate and the time that is left.
    pub(super) fn of_many(global: &Global, json: bool) -> Self {
        let hidden = global.quiet || global.verbose > 0 || json;
        let template = "{spinner} {wide_bar} {pos}/{len} files  {per_sec}  {eta} left";
        Self::styled(0, template, hidden)
    }

    fn styled(files: usize, template: &str, hidden: bool) -> Self {
        let target = match hidden {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr(),
        };
        let bar = ProgressBar::with_draw_target(Some(files as u64), target);
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(TICK);
        Self { bar }
    }

    /// Takes in how many files there are, now that folders were looked into.
    pub(super) fn expect(&self, files: usize) {
        self.bar.set_length(files as u64);
    }

    /// Shows the file in hand.
    pub(super) fn file(&self, name: &str) {
        self.bar.set_prefix(name.chars().filter(|c| !c.is_control()).collect::<String>());
    }

    /// Counts a file as done.
    pub(super) fn done(&self) {
        self.bar.inc(1);
    }

    /// Runs a question to the user without the bar in its way.
    pub(super) fn suspend<T>(&self, question: impl FnOnce() -> T) -> T {
        self.bar.suspend(question)
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn stage(&self, stage: &'static str, records: Option<u64>) {
        let told = match records {
            Some(records) => format!("{stage} {records} records"),
            None => stage.to_owned(),
        };
        tracing::info!("{}: {told}", self.bar.prefix());
        self.bar.set_message(told);
    }
}

impl Watch for Bar {
    fn found(&self, files: u64) {
        self.bar.inc_length(files);
    }

    fn done(&self, files: u64) {
        self.bar.inc(files);
    }
}
