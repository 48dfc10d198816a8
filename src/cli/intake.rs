//! Files that a person names or drags in: they take the road, and where no company is found for a
//! file, the person is asked whose it is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::connections::Connections;
use super::output::{quoted, say};
use super::progress::Bar;
use super::{Global, ask, session};
use crate::cli::drag::words as text;
use crate::fault::{Fault, Refusal};
use crate::format::Format;
use crate::road::input::{OneSource, PathInput};
use crate::road::left_out;
use crate::road::open::each_source_found;
use crate::road::report::FileReport;
use crate::road::words::{Work, name_the_company};
use crate::road::{Options, bring_in};
use crate::source::{Found, find};
use crate::store::{self, Database, Session};

/// What the user has said about the files.
pub(super) struct Intake {
    /// The company; else each file's own account decides.
    pub(super) company: Option<String>,
    /// The format; else the content decides.
    pub(super) format: Option<&'static dyn Format>,
    /// Let in what does not add up, and log that.
    pub(super) accept_unbalanced: bool,
    /// Do everything, then roll back.
    pub(super) dry_run: bool,
    /// Over how many connections they go in.
    pub(super) connections: Connections,
}

/// A file for which no company was found: its path and its report.
struct Unrouted<'a> {
    path: &'a Path,
    report: &'a mut FileReport,
}

impl Intake {
    /// Returns what is done with the files.
    pub(super) fn work(&self) -> Work {
        if self.dry_run { Work::DryRun } else { Work::Import }
    }

    /// Imports the files, and those below folders; returns their reports in the order of the paths.
    /// The database is opened only where there is a file.
    ///
    /// # Errors
    ///
    /// A [`StoreError`](store::StoreError) where the database cannot be opened; then no file was tried.
    pub(super) async fn import(
        &self,
        database: &Database,
        paths: &[PathBuf],
        global: &Global,
    ) -> anyhow::Result<Vec<FileReport>> {
        if let Some(reports) = none_there(paths) {
            return Ok(reports);
        }
        let found = find(paths);
        say_if_none(found.len());
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut session = session::connect(database, global).await?;
        let reports = self.bring_in(&mut session, found, global).await;
        session.close().await;
        reports
    }

    async fn bring_in(
        &self,
        session: &mut Session,
        found: Vec<Found>,
        global: &Global,
    ) -> anyhow::Result<Vec<FileReport>> {
        let paths: Vec<PathBuf> = found.iter().map(|it| it.path.clone()).collect();
        let folders: Vec<Option<usize>> = found.iter().map(|it| it.folder).collect();
        let inputs = PathInput::of_all(found, self.company.as_deref());
        let bar = Bar::of_few(global);
        let options = Options { progress: bar.clone(), ..self.options() };
        let mut reports = vec![Vec::new(); inputs.len()];
        let ended = bring_in(session, inputs, &options, &mut reports).await;
        bar.finish();
        ended?;
        if self.company.is_none() {
            self.ask_for_companies(session, &paths, &mut reports, global).await?;
        }
        left_out::of_folders(&mut reports, &folders);
        Ok(reports.into_iter().flatten().collect())
    }

    fn options(&self) -> Options {
        Options {
            format: self.format,
            accept_unbalanced: self.accept_unbalanced,
            dry_run: self.dry_run,
            connections: self.connections.most(),
            ..Options::default()
        }
    }

    /// Asks whose the files are for which no company was found, and imports them.
    async fn ask_for_companies(
        &self,
        session: &mut Session,
        paths: &[PathBuf],
        reports: &mut [Vec<FileReport>],
        global: &Global,
    ) -> anyhow::Result<()> {
        let mut remembered = BTreeSet::new();
        let mut may_ask = ask::somebody_is_there();
        for (path, reports) in paths.iter().zip(reports) {
            for report in reports.iter_mut().filter(|it| unrouted(it)) {
                let mut file = Unrouted { path, report };
                if file.report.accounts.iter().any(|account| remembered.contains(account)) {
                    // The company that was remembered a moment ago has this file's account too.
                    *file.report = self.again(session, &file, None, global).await?;
                }
                if !unrouted(file.report) {
                    continue;
                }
                match file.ask(session, may_ask, !self.dry_run).await? {
                    ask::Reply::Company(answer) => {
                        remembered.extend(self.follow(session, file, &answer, global).await?);
                    }
                    ask::Reply::Leave => {}
                    ask::Reply::Stop => may_ask = false,
                }
            }
        }
        Ok(())
    }

    /// Imports a file into the company that the user has chosen; returns the accounts that the company
    /// has from now on.
    async fn follow(
        &self,
        session: &mut Session,
        file: Unrouted<'_>,
        answer: &ask::CompanyAnswer,
        global: &Global,
    ) -> anyhow::Result<Vec<String>> {
        let accounts = file.report.accounts.clone();
        *file.report = self.again(session, &file, Some(&answer.slug), global).await?;
        if !answer.remember || file.report.error.is_some() {
            return Ok(Vec::new());
        }
        remember(session, &answer.slug, &accounts, file.report).await;
        Ok(accounts)
    }

    /// Imports one source of a path again.
    async fn again(
        &self,
        session: &mut Session,
        file: &Unrouted<'_>,
        company: Option<&str>,
        global: &Global,
    ) -> anyhow::Result<FileReport> {
        let only = OneSource { member: file.report.member.clone() };
        let found = Found::named(file.path.to_owned());
        let company = company.map(Arc::from);
        let input = PathInput { found, company, only: Some(only) };
        let bar = Bar::of_few(global);
        let options = Options { progress: bar.clone(), ..self.options() };
        let mut reports = vec![Vec::new()];
        let ended = bring_in(session, vec![input], &options, &mut reports).await;
        bar.finish();
        ended?;
        let mut report = file.report.clone();
        // Where the path has no such source any more, it was changed meanwhile.
        report.fail(&Refusal::Changed);
        Ok(reports.into_iter().flatten().next().unwrap_or(report))
    }
}

impl Unrouted<'_> {
    /// Asks whose file it is, where a person is there to answer; else the report tells what to do.
    async fn ask(
        &mut self,
        session: &mut Session,
        may_ask: bool,
        may_remember: bool,
    ) -> anyhow::Result<ask::Reply> {
        if let Some(error) = &mut self.report.error {
            error.advice = Some(name_the_company(&quoted(&self.report.file)));
        }
        if !may_ask {
            return Ok(ask::Reply::Leave);
        }
        match store::companies(session).await {
            Ok(companies) => Ok(ask::company(self.report, &companies, may_remember)?),
            Err(error) => {
                self.report.fail(&error);
                Ok(ask::Reply::Leave)
            }
        }
    }
}

fn unrouted(report: &FileReport) -> bool {
    report.error.as_ref().is_some_and(|error| error.fault == Fault::Unrouted)
}

/// Returns the reports of paths none of which exists; `None` where one of them does. So a path that is
/// misspelt is told without a database being opened, or even made.
pub(super) fn none_there(paths: &[PathBuf]) -> Option<Vec<FileReport>> {
    if paths.iter().any(|path| path.exists()) {
        return None;
    }
    let sources = find(paths).into_iter().flat_map(|it| each_source_found(&it));
    // A file that is there by now is brought in like any other.
    sources.map(|source| source.err().map(|report| *report)).collect()
}

/// Says that the paths name no file, as an empty folder does.
pub(super) fn say_if_none(files: usize) {
    if files == 0 {
        say(text::NO_FILE_IN_IT);
    }
}

/// Stores the accounts of a file as the company's; the file is in, whether that works or not.
async fn remember(session: &mut Session, slug: &str, accounts: &[String], report: &mut FileReport) {
    for account in accounts {
        if let Err(error) = store::add_account(session, slug, account).await {
            return report.warnings.push(text::not_remembered(slug, &error.with_cause()));
        }
    }
}
