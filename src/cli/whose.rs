//! Files for which no company was found, or the wrong one was chosen: a person at the terminal is
//! asked, and the file is imported by the answer; else its report tells what to do.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::ask_company::{self, CompanyAnswer, Reply};
use super::company::{self, Named};
use super::drag::words as text;
use super::intake::{Intake, Into};
use super::output::{quoted, say};
use super::remarks::NAMED_MAX;
use super::{Global, ask};
use crate::fault::ChosenBy;
use crate::road::client;
use crate::road::report::{FileReport, Question};
use crate::road::route::unknown;
use crate::road::words::name_the_company;

use crate::store::{self, Company, Session};

/// Returns what to do about files that lack a company, of one reason after the other; `None` where the
/// reason's own advice says it. Where no company was made yet, one command line makes it: for the files
/// that name their client, else for the first.
pub(super) fn advices(reasons: &[&[&FileReport]]) -> Vec<Option<String>> {
    let is_first = |files: &&&[&FileReport]| asked(files) == Some(&Question::FirstCompany);
    let names_client = |files: &&&[&FileReport]| files.iter().any(|it| !it.client_names.is_empty());
    let without = reasons.iter().filter(is_first);
    let makes = without.clone().find(names_client).or_else(|| without.clone().next());
    let advice = |files: &&[&FileReport]| match asked(files)? {
        Question::FirstCompany if makes.is_some_and(|it| std::ptr::eq(*it, *files)) => {
            Some(text::make_the_first(&command_line(files)))
        }
        Question::FirstCompany | Question::Company => {
            let words = files.iter().take(NAMED_MAX).map(|file| quoted(&file.file));
            Some(name_the_company(&words.collect::<Vec<_>>().join(" ")))
        }
        Question::WrongClient { .. } => None,
    };
    reasons.iter().map(advice).collect()
}

/// Returns what a person could be asked about files of one reason.
fn asked<'f>(files: &[&'f FileReport]) -> Option<&'f Question> {
    files.first()?.error.as_ref()?.question.as_ref()
}

/// Returns the command line that makes the company of files, as far as they tell.
fn command_line(files: &[&FileReport]) -> String {
    let name = files.iter().flat_map(|file| &file.client_names).next().cloned();
    let slug = files.first().and_then(|file| file.company.clone());
    let accounts: BTreeSet<&String> = files.iter().flat_map(|file| &file.accounts).collect();
    let accounts: Vec<String> = accounts.into_iter().cloned().collect();
    Named { name, slug, cif: None }.command_line(&accounts)
}

/// Has the reports of files that lack a company tell what to do. Where no company was made yet, they
/// say that, and not that the registry has no tables.
pub(super) fn advise<'r>(
    reports: impl IntoIterator<Item = &'r mut FileReport>,
    company: Option<&str>,
) {
    for report in reports {
        if question_of(report) == Some(Question::FirstCompany) {
            report.company = company.map(str::to_owned);
            match company {
                Some(slug) => report.fail(&store::none_of(&[], slug)),
                None => report.fail(&unknown(report.accounts.first(), &[])),
            }
        }
        let advice = advices(&[&[report]]).pop().flatten();
        if let Some((error, advice)) = report.error.as_mut().zip(advice) {
            error.advice = Some(advice);
        }
    }
}

fn question_of(report: &FileReport) -> Option<Question> {
    report.error.as_ref()?.question.clone()
}

/// A file about which there is a question.
struct File<'f> {
    path: &'f Path,
    report: &'f mut FileReport,
    /// The companies of other files in the same folder, zip or mail.
    beside: &'f BTreeSet<String>,
}

/// Asks about files, one after the other, and imports them by the answers.
pub(super) struct Questions<'q> {
    intake: &'q Intake,
    session: &'q mut Session,
    global: &'q Global,
    may_ask: bool,
    /// The accounts that a company has since an answer.
    remembered: BTreeSet<String>,
    /// The company that was made by an answer.
    made: Option<String>,
}

impl<'q> Questions<'q> {
    pub(super) fn new(intake: &'q Intake, session: &'q mut Session, global: &'q Global) -> Self {
        let (may_ask, remembered) = (ask::somebody_is_there(), BTreeSet::new());
        Self { intake, session, global, may_ask, remembered, made: None }
    }

    /// Asks about the files of the paths; `folders` are the places of the folders that they were found
    /// in.
    pub(super) async fn ask_about(
        mut self,
        paths: &[PathBuf],
        folders: &[Option<usize>],
        reports: &mut [Vec<FileReport>],
    ) -> anyhow::Result<()> {
        let beside = companies_beside(folders, reports);
        for ((path, beside), reports) in paths.iter().zip(&beside).zip(reports.iter_mut()) {
            for report in reports.iter_mut().filter(|it| question_of(it).is_some()) {
                self.settle(File { path, report, beside }).await?;
            }
        }
        advise(reports.iter_mut().flatten(), self.intake.company.as_deref());
        Ok(())
    }

    async fn settle(&mut self, mut file: File<'_>) -> anyhow::Result<()> {
        if self.is_answered(file.report) {
            let named = self.made.clone().filter(|_| self.intake.company.is_some());
            self.import(&mut file, named.as_deref(), false).await?;
        }
        if !self.may_ask {
            return Ok(());
        }
        match question_of(file.report) {
            Some(Question::FirstCompany) if !self.intake.dry_run => self.make_first(file).await,
            Some(Question::FirstCompany) | None => Ok(()),
            Some(Question::Company) => self.ask_whose(file).await,
            Some(Question::WrongClient { client, chosen }) => {
                if let Some(()) = self.take(ask_company::anyway(file.report, &client, &chosen)?) {
                    self.import(&mut file, Some(&chosen), true).await?;
                }
                Ok(())
            }
        }
    }

    /// Returns whether an answer about an earlier file may hold for this one, too.
    fn is_answered(&self, report: &FileReport) -> bool {
        report.accounts.iter().any(|account| self.remembered.contains(account))
            || (self.made.is_some() && question_of(report) == Some(Question::FirstCompany))
    }

    /// Returns the answer; where the user wants no further question, none is asked.
    fn take<T>(&mut self, reply: Reply<T>) -> Option<T> {
        match reply {
            Reply::Answer(answer) => Some(answer),
            Reply::Leave => None,
            Reply::Stop => {
                self.may_ask = false;
                None
            }
        }
    }

    async fn ask_whose(&mut self, mut file: File<'_>) -> anyhow::Result<()> {
        let companies = match store::companies(self.session).await {
            Ok(companies) => companies,
            Err(error) => {
                file.report.fail(&error);
                return Ok(());
            }
        };
        let named = named_by(&file, &companies);
        let reply = ask_company::whose(file.report, &companies, named, !self.intake.dry_run)?;
        let Some(CompanyAnswer { slug, anyway, remember }) = self.take(reply) else {
            return Ok(());
        };
        self.import(&mut file, Some(&slug), anyway).await?;
        if remember && file.report.error.is_none() {
            self.remember(&slug, file.report).await;
        }
        Ok(())
    }

    /// Asks for the first company, makes it, and imports the file into it.
    async fn make_first(&mut self, mut file: File<'_>) -> anyhow::Result<()> {
        let reply = ask_company::first(file.report, self.intake.company.as_deref())?;
        let Some(new) = self.take(reply) else { return Ok(()) };
        match company::make(self.session, &new, self.global).await {
            Ok(_) => {
                say(&text::made(&new.slug));
                self.remembered.extend(new.accounts);
                self.import(&mut file, Some(&new.slug), false).await?;
                self.made = Some(new.slug);
            }
            Err(error) => file.report.fail(&error),
        }
        Ok(())
    }

    /// Imports the file again; into a company, or into that of its accounts.
    async fn import(
        &mut self,
        file: &mut File<'_>,
        slug: Option<&str>,
        anyway: bool,
    ) -> anyhow::Result<()> {
        let by = match self.intake.company.is_some() {
            true => ChosenBy::Name,
            false => ChosenBy::Answer,
        };
        let into = Into { slug, by, anyway };
        *file.report =
            self.intake.again(self.session, file.path, file.report, into, self.global).await?;
        Ok(())
    }

    /// Stores the accounts of a file as the company's; the file is in, whether that works or not.
    async fn remember(&mut self, slug: &str, report: &mut FileReport) {
        for account in report.accounts.clone() {
            match store::add_account(self.session, slug, &account).await {
                Ok(_) => drop(self.remembered.insert(account)),
                Err(error) => {
                    return report.warnings.push(text::not_remembered(slug, &error.with_cause()));
                }
            }
        }
    }
}

/// Returns, for each path, the companies of the files that lie beside it: in the folder that the user
/// named, or in the zip or mail that the path is.
fn companies_beside(
    folders: &[Option<usize>],
    reports: &[Vec<FileReport>],
) -> Vec<BTreeSet<String>> {
    let in_it = |reports: &Vec<FileReport>| -> BTreeSet<String> {
        let let_in = reports.iter().filter(|it| it.error.is_none());
        let_in.filter_map(|it| it.company.clone()).collect()
    };
    let own: Vec<BTreeSet<String>> = reports.iter().map(in_it).collect();
    let mut of_folders = vec![BTreeSet::new(); folders.len()];
    for (folder, own) in folders.iter().zip(&own) {
        if let Some(all) = folder.and_then(|place| of_folders.get_mut(place)) {
            all.extend(own.iter().cloned());
        }
    }
    let beside = |(folder, own): (&Option<usize>, BTreeSet<String>)| {
        folder.and_then(|place| of_folders.get(place)).cloned().unwrap_or(own)
    };
    folders.iter().zip(own).map(beside).collect()
}

/// Returns the slug of the one company that the file itself names: it has an account of the file, or
/// the name of its client, or the files beside it.
fn named_by<'c>(file: &'c File<'_>, companies: &'c [Company]) -> Option<&'c str> {
    let has_account =
        |it: &&Company| it.accounts.iter().any(|one| file.report.accounts.contains(one));
    let by_account = companies.iter().filter(has_account);
    let by_name = client::called(&file.report.client_names, companies);
    let beside = companies.iter().filter(|it| file.beside.contains(&it.slug));
    let named: BTreeSet<&str> =
        by_account.chain(by_name).chain(beside).map(|it| it.slug.as_str()).collect();
    (named.len() == 1).then(|| named.into_iter().next()).flatten()
}
