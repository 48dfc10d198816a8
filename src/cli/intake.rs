//! Files that a person names or drags in: they take the road, and where no company is found for a
//! file, the person is asked whose it is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::connections::Connections;
use super::expected_files::ExpectedFiles;
use super::progress::Bar;
use super::whose::Questions;
use super::{Global, first_company, session};
use crate::fault::{ChosenBy, Refusal};
use crate::format::Format;
use crate::road::input::{OneSource, PathInput};
use crate::road::left_out;
use crate::road::open::each_source_found;
use crate::road::report::FileReport;
use crate::road::route::Chosen;
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
        let reports = self.bring_in(&mut session, paths, found, global).await;
        session.close().await;
        Ok([reports?, missing].concat())
    }

    async fn bring_in(
        &self,
        session: &mut Session,
        paths: &[PathBuf],
        found: Vec<Found>,
        global: &Global,
    ) -> anyhow::Result<Vec<FileReport>> {
        let company = self.company.as_deref();
        let mut brought = self.bring_in_all(session, found, company, global).await?;
        if !self.dry_run
            && let Some((slug, has_accounts)) =
                first_company::ask_for_it(session, &mut brought.reports, company, global).await?
        {
            // All files have waited for the company: now they go in together.
            // Where no file states an account, none would be found by it.
            let named = (company.is_some() || !has_accounts).then_some(slug.as_str());
            brought = self.bring_in_all(session, find(paths), named, global).await?;
        }
        Questions::new(self, session, global).ask_about(&mut brought).await?;
        left_out::of_folders(&mut brought.reports, &brought.folders);
        Ok(brought.reports.into_iter().flatten().collect())
    }

    async fn bring_in_all(
        &self,
        session: &mut Session,
        found: Vec<Found>,
        company: Option<&str>,
        global: &Global,
    ) -> anyhow::Result<Brought> {
        let paths = found.iter().map(|it| it.path.clone()).collect();
        let folders = found.iter().map(|it| it.folder).collect();
        let inputs = PathInput::of_all(found, company);
        let reports = self.take_the_road(session, inputs, self.company_anyway, global).await?;
        Ok(Brought { paths, folders, reports })
    }

    async fn take_the_road(
        &self,
        session: &mut Session,
        inputs: Vec<PathInput>,
        company_anyway: bool,
        global: &Global,
    ) -> anyhow::Result<Vec<Vec<FileReport>>> {
        let bar = Bar::of_few(global);
        let options = Options {
            format: self.format,
            accept_unbalanced: self.accept_unbalanced,
            company_anyway,
            dry_run: self.dry_run,
            connections: self.connections.most(),
            progress: bar.clone(),
            ..Options::default()
        };
        let mut reports = vec![Vec::new(); inputs.len()];
        let ended = bring_in(session, inputs, &options, &mut reports).await;
        bar.finish();
        ended?;
        Ok(reports)
    }

    /// Imports one source of a path again; into the company that was chosen for it by now, or into that
    /// of its accounts.
    pub(super) async fn again(
        &self,
        session: &mut Session,
        path: &Path,
        before: &FileReport,
        chosen: Option<Chosen<'_>>,
        global: &Global,
    ) -> anyhow::Result<FileReport> {
        let input = PathInput {
            found: Found::named(path.to_owned()),
            company: chosen.map(|it| Arc::from(it.slug)),
            chosen_by: chosen.map_or(ChosenBy::Name, |it| it.by),
            only: Some(OneSource { member: before.member.clone() }),
        };
        let anyway = self.company_anyway || chosen.is_some_and(|it| it.anyway);
        let reports = self.take_the_road(session, vec![input], anyway, global).await?;
        let mut report = before.clone();
        // Where the path has no such source any more, it was changed meanwhile.
        report.fail(&Refusal::Changed);
        Ok(reports.into_iter().flatten().next().unwrap_or(report))
    }
}

/// What became of the files that were found.
pub(super) struct Brought {
    /// Where each was found.
    pub(super) paths: Vec<PathBuf>,
    /// The place of the folder that each was found in.
    pub(super) folders: Vec<Option<usize>>,
    /// The reports of each: of a zip or a mail several.
    pub(super) reports: Vec<Vec<FileReport>>,
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
