//! What a watcher tells → its log, stdout as JSON, and systemd.

use std::path::Path;

use super::service;
use crate::cli::names::file_name;
use crate::cli::output;
use crate::road::report::FileReport;
use crate::road::words::Mark;
use crate::watch::words as text;
use crate::watch::{Event, Observer, WhyKept, WhySkipped};

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
        // The line for people has these counts in its text already.
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
            Event::Moved(reports) => reports.iter().for_each(|report| self.settled(report)),
            Event::Kept { file, why } => tracing::warn!("{}", kept(file, &why)),
            Event::TakenBack { file, to } => {
                tracing::warn!(
                    "{}",
                    text::taken_back(&file.to_string_lossy(), &to.to_string_lossy())
                );
            }
            Event::Locked { slug, files, since } => {
                tracing::warn!("{}", text::locked(slug, files, since));
            }
            Event::Skipped { what, why } => tracing::warn!("{}", skipped(what, why)),
            Event::NoReason { file, error } => {
                tracing::warn!("{}", text::no_reason(file, &error.to_string()));
            }
            Event::Deaf { error, seconds } => tracing::warn!("{}", text::deaf(&error, seconds)),
            Event::Closed(error) => {
                tracing::error!("{}", text::closed(&self.folder, &error.to_string()));
            }
            Event::Reopened => tracing::info!("{}", text::reopened(&self.folder)),
            // Advice to try again is left out, since a watcher does so by itself.
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

fn kept(file: &str, why: &WhyKept) -> String {
    match why {
        WhyKept::Unmoved(error) => text::unmoved(file, &error.to_string()),
        WhyKept::Unread(error) => text::unread(file, &error.to_string()),
        WhyKept::Waits(message, advice) => text::waits(file, message, advice.as_deref()),
        WhyKept::Open => text::open_elsewhere(file),
        WhyKept::Changed => text::changed(file),
        WhyKept::Written => text::written(file),
    }
}

fn skipped(what: &str, why: WhySkipped) -> String {
    match why {
        WhySkipped::UnknownCompany => text::unknown_company(what),
        WhySkipped::Nested => text::nested(what),
        WhySkipped::NotAFolder => text::no_folder(what),
    }
}
