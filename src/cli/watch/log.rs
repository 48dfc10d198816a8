//! What a watcher tells → its log, stdout as JSON, and systemd.

use std::path::Path;

use super::service;
use crate::cli::output;
use crate::cli::remarks::file_name;
use crate::report::FileReport;
use crate::text::report::Mark;
use crate::text::watch as text;
use crate::watch::{Alone, Event, Observer, Stay};

/// Writes what a watcher tells.
pub(super) struct Log {
    folder: String,
    json: bool,
}

impl Log {
    pub(super) fn new(folder: &Path, json: bool) -> Self {
        Self { folder: folder.to_string_lossy().into_owned(), json }
    }

    fn settled(&self, report: &FileReport) {
        if self.json
            && let Err(error) = output::show_json_line(report)
        {
            tracing::error!(%error, "stdout");
        }
        let told = text::settled(&file_name(report), report);
        let is_good = matches!(Mark::of(report), Mark::Good | Mark::Known);
        let FileReport { company, import, inserted, duplicates, held, .. } = report;
        let company = company.as_deref();
        // For people the line has them already.
        match (self.json, is_good) {
            (false, true) => tracing::info!("{told}"),
            (false, false) => tracing::warn!("{told}"),
            (true, true) => tracing::info!(company, import, inserted, duplicates, held, "{told}"),
            (true, false) => tracing::warn!(company, import, inserted, duplicates, held, "{told}"),
        }
        for warning in &report.warnings {
            tracing::warn!("{}", text::odd(&file_name(report), warning));
        }
    }
}

impl Observer for Log {
    fn tell(&mut self, event: Event<'_>) {
        match event {
            Event::Watching(folders) => {
                let told = text::watching(&self.folder, folders);
                service::ready(&told);
                tracing::info!("{told}");
            }
            Event::NewFolder(slug) => tracing::info!("{}", text::new_folder(slug)),
            Event::Settled(reports) => reports.iter().for_each(|report| self.settled(report)),
            Event::Stays { file, why } => tracing::warn!("{}", stays(file, &why)),
            Event::LeftAlone { what, why } => tracing::warn!("{}", left_alone(what, why)),
            Event::NoReason { file, error } => {
                tracing::warn!("{}", text::no_reason(file, &error.to_string()));
            }
            Event::Deaf { error, seconds } => tracing::warn!("{}", text::deaf(&error, seconds)),
            Event::Closed(error) => {
                tracing::error!("{}", text::closed(&self.folder, &error.to_string()));
            }
            Event::Opened => tracing::info!("{}", text::opened(&self.folder)),
            // That the same is to be tried again is what a watcher does by itself.
            Event::Away(error) => {
                self.away(
                    &error.with_cause(),
                    error.advice().filter(|_| !error.fault().is_transient()),
                );
            }
            Event::Lost(message) => self.away(message, None),
            Event::Back => {
                service::status(text::BACK);
                tracing::info!("{}", text::BACK);
            }
            Event::Alive { settled, waiting } => {
                let told = text::alive(settled, waiting);
                service::status(&told);
                tracing::info!("{told}");
            }
        }
    }
}

impl Log {
    fn away(&self, message: &str, advice: Option<&str>) {
        let told = text::away(message, advice);
        service::status(&told);
        tracing::warn!("{told}");
    }
}

fn stays(file: &str, why: &Stay) -> String {
    match why {
        Stay::Unmoved(error) => text::unmoved(file, &error.to_string()),
        Stay::Unread(error) => text::unread(file, &error.to_string()),
        Stay::Waits(message, advice) => text::waits(file, message, advice.as_deref()),
        Stay::Changed => text::changed(file),
        Stay::Written => text::written(file),
    }
}

fn left_alone(what: &str, why: Alone) -> String {
    match why {
        Alone::Stranger => text::stranger(what),
        Alone::Within => text::within(what),
        Alone::NoFolder => text::no_folder(what),
    }
}
