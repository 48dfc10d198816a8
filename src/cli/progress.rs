//! The progress bar: only where stderr is a terminal. The only place that knows indicatif.

use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Global;
use crate::road::Progress;

/// How often the bar moves while a stage works.
const TICK: Duration = Duration::from_millis(100);

/// A bar over the files of a run.
pub(super) struct Bar {
    bar: ProgressBar,
    /// Whether the stages of each file are told.
    tells_stages: bool,
}

impl Bar {
    /// Makes a bar that shows the file in hand and its stage; indicatif shows nothing where stderr is
    /// no terminal. With `-v` the stages are told line by line instead.
    pub(super) fn of_few(global: &Global) -> Arc<Self> {
        Self::styled("{spinner} {pos}/{len} files  {msg}", global.quiet, true, global)
    }

    /// Makes a bar for a run of many files, with their rate and the time that is left.
    pub(super) fn of_many(global: &Global, json: bool) -> Arc<Self> {
        let template = "{spinner} {wide_bar} {pos}/{len} files  {per_sec}  {eta} left";
        Self::styled(template, global.quiet || json, false, global)
    }

    fn styled(template: &str, hidden: bool, tells_stages: bool, global: &Global) -> Arc<Self> {
        let target = match hidden || global.verbose > 0 {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr(),
        };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(TICK);
        Arc::new(Self { bar, tells_stages })
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn found(&self, files: u64) {
        self.bar.inc_length(files);
    }

    fn stage(&self, file: &str, stage: &'static str, records: Option<u64>) {
        if !self.tells_stages {
            return;
        }
        let file: String = file.chars().filter(|c| !c.is_control()).collect();
        let told = match records {
            Some(records) => format!("{stage} {records} records"),
            None => stage.to_owned(),
        };
        tracing::info!("{file}: {told}");
        // Several threads tell: file and stage are one text, so that they stay together.
        self.bar.set_message(format!("{file}  {told}"));
    }

    fn done(&self, files: u64) {
        self.bar.inc(files);
    }
}
