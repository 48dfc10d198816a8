//! Files that a person names or drags in: they take the road, and where no company is found for a
//! file, the person is asked whose it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::connections::Connections;
use super::expected_files::ExpectedFiles;
use super::progress::Bar;
use super::whose::Questions;
use super::{Global, session};
use crate::fault::{ChosenBy, Refusal};
use crate::format::Format;
use crate::road::input::{OneSource, PathInput};
use crate::road::left_out;
use crate::road::open::each_source_found;
use crate::road::report::FileReport;
use crate::road::words::Work;
use crate::road::{Options, bring_in};
use crate::source::{Found, find};
use crate::store::{Database, Session};

/// What the user has said about the files.
pub(super) struct Intake {
    /// The company; else each file's own account decides.
    pub(super) company: Option<String>,
    /// The format; else the content decides.
    pub(super) format: Option<&'static dyn Format>,
    /// Let in what does not add up, and log that.
    pub(super) accept_unbalanced: bool,
    /// Let a file into the company although the client that it names is another one.
    pub(super) company_anyway: bool,
    /// Whether folders must have files.
    pub(super) expected: ExpectedFiles,
    /// Do everything, then roll back.
    pub(super) dry_run: bool,
    /// Over how many connections they go in.
    pub(super) connections: Connections,
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
        let missing = self.expected.missing(paths, &found);
        if found.is_empty() {
            return Ok(missing);
        }
        let mut session = session::connect(database, global).await?;
        let reports = self.bring_in(&mut session, found, global).await;
        session.close().await;
        Ok([reports?, missing].concat())
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
        Questions::new(self, session, global).ask_about(&paths, &folders, &mut reports).await?;
        left_out::of_folders(&mut reports, &folders);
        Ok(reports.into_iter().flatten().collect())
    }

    fn options(&self) -> Options {
        Options {
            format: self.format,
            accept_unbalanced: self.accept_unbalanced,
            company_anyway: self.company_anyway,
            dry_run: self.dry_run,
            connections: self.connections.most(),
            ..Options::default()
        }
    }

    /// Imports one source of a path again, into a company that is known by now.
    pub(super) async fn again(
        &self,
        session: &mut Session,
        path: &Path,
        before: &FileReport,
        into: Into<'_>,
        global: &Global,
    ) -> anyhow::Result<FileReport> {
        let only = OneSource { member: before.member.clone() };
        let found = Found::named(path.to_owned());
        let company = into.slug.map(Arc::from);
        let input = PathInput { found, company, chosen_by: into.by, only: Some(only) };
        let bar = Bar::of_few(global);
        let company_anyway = self.company_anyway || into.anyway;
        let options = Options { progress: bar.clone(), company_anyway, ..self.options() };
        let mut reports = vec![Vec::new()];
        let ended = bring_in(session, vec![input], &options, &mut reports).await;
        bar.finish();
        ended?;
        let mut report = before.clone();
        // Where the path has no such source any more, it was changed meanwhile.
        report.fail(&Refusal::Changed);
        Ok(reports.into_iter().flatten().next().unwrap_or(report))
    }
}

/// Where a file goes that is imported again.
pub(super) struct Into<'s> {
    /// The company; else the file's own account decides.
    pub(super) slug: Option<&'s str>,
    /// How the company was chosen.
    pub(super) by: ChosenBy,
    /// Whether the file goes there although the client that it names is another company.
    pub(super) anyway: bool,
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
