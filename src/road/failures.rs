//! The files of a run that are not in → the logs of their companies.
//!
//! A file whose company is known is told of in that company's log, with its reason. What is away or
//! locked for the moment is no such reason, since the next try may well end otherwise; what is not for
//! vama at all is none either, since it may lie in any folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::prepare::Options;
use super::report::FileReport;
use super::route::Owners;
use crate::check::summary::Summary;
use crate::source::{MailHead, Source};
use crate::store::{FailedFile, FileNote, Session, record_failures};

/// The format of a file that no format knows, in the log.
const UNKNOWN: &str = "unknown";

/// What the log is to have of a file that is not in, beside what its report has.
#[derive(Debug)]
pub struct LogFacts {
    file_name: String,
    container: Option<String>,
    mail: Option<MailHead>,
    inbox: Option<String>,
    sha256: [u8; 32],
    size: u64,
    summary: Option<Summary>,
}

impl LogFacts {
    /// Takes down what is known of a source; `None` where its bytes can no longer be read.
    pub(super) fn of(
        source: &Source,
        summary: Option<Summary>,
        options: &Options,
    ) -> Option<Arc<Self>> {
        Some(Arc::new(Self {
            file_name: source.file_name().to_owned(),
            container: source.container().map(str::to_owned),
            mail: source.mail().cloned(),
            inbox: inbox_of(source, options),
            sha256: *source.sha256().ok()?,
            size: source.size(),
            summary,
        }))
    }
}

/// Returns the watched folder that the source was dropped into.
pub(super) fn inbox_of(source: &Source, options: &Options) -> Option<String> {
    let folder = Path::new(source.name()).parent().filter(|_| options.watched)?;
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    Some(folder.to_string_lossy().into_owned())
}

/// The files of a run that are not in.
#[derive(Default)]
pub(super) struct Failures(Vec<FileReport>);

impl Failures {
    /// Remembers the reports that a log is to tell of.
    pub(super) fn note(&mut self, reports: &[FileReport]) {
        let told = reports.iter().filter(|report| is_for_the_log(report));
        self.0.extend(told.map(|it| FileReport { held_rows: Vec::new(), ..it.clone() }));
    }

    /// Logs the files, those of a company in one transaction.
    pub(super) async fn log(self, session: &mut Session, owners: &mut Owners) {
        let mut by_company: BTreeMap<String, Vec<&FileReport>> = BTreeMap::new();
        let unnamed = self.0.iter().filter(|it| it.company.is_none());
        if let Err(error) = owners.look_up(session, unnamed.filter_map(summary_of)).await {
            tracing::debug!(error = error.with_cause(), "no companies of failed files");
        }
        for report in &self.0 {
            let owner = || owners.owner(summary_of(report)?);
            if let Some(slug) = report.company.clone().or_else(owner) {
                by_company.entry(slug).or_default().push(report);
            }
        }
        for (slug, reports) in by_company {
            log_in(session, &slug, reports).await;
        }
    }
}

/// Logs files of a company that failed on their way into it, and takes down that this was done.
pub(super) async fn log_landed(session: &mut Session, slug: &str, reports: &mut [FileReport]) {
    log_in(session, slug, reports.iter().filter(|report| is_for_the_log(report))).await;
    reports.iter_mut().for_each(|report| report.log_facts = None);
}

/// Logs files of a company. The run goes on where that fails, since each reason is reported anyway.
async fn log_in(session: &mut Session, slug: &str, reports: impl IntoIterator<Item = &FileReport>) {
    let failed: Vec<FailedFile<'_>> = reports.into_iter().filter_map(failed_file).collect();
    if failed.is_empty() {
        return;
    }
    if let Err(error) = record_failures(session, slug, &failed).await {
        tracing::debug!(error = error.with_cause(), "the failed imports could not be logged");
    }
}

fn summary_of(report: &FileReport) -> Option<&Summary> {
    report.log_facts.as_ref()?.summary.as_ref()
}

/// Returns whether a log is to tell of the file.
fn is_for_the_log(report: &FileReport) -> bool {
    let error = report.error.as_ref().filter(|_| report.log_facts.is_some());
    error.is_some_and(|it| it.understood_as.is_none() && !it.fault.is_transient())
}

fn failed_file(report: &FileReport) -> Option<FailedFile<'_>> {
    let (facts, error) = (report.log_facts.as_ref()?, report.error.as_ref()?);
    Some(FailedFile {
        file: FileNote {
            format: report.format.unwrap_or(UNKNOWN),
            file_name: &facts.file_name,
            container: facts.container.as_deref(),
            member: report.member.as_deref(),
            mail: facts.mail.as_ref(),
            inbox: facts.inbox.as_deref(),
            sha256: &facts.sha256,
            size: facts.size,
            summary: facts.summary.as_ref(),
            warnings: &report.warnings,
        },
        kind: error.kind,
        exit: error.fault.exit(),
        line: error.line,
        reason: error.message.clone(),
    })
}
