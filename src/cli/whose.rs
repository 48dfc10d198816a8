//! Files for which no company was found, or the wrong one was chosen: a person at the terminal is
//! asked, and the file is imported by the answer; else its report tells what to do.

use std::collections::BTreeSet;
use std::path::Path;

use super::ask_company::{self, CompanyAnswer, Reply};
use super::drag::words as text;
use super::intake::{Brought, Intake};
use super::output::quoted;
use super::remarks::NAMED_MAX;
use super::{Global, ask, first_company};
use crate::fault::ChosenBy;
use crate::road::client;
use crate::road::report::{FileReport, Question};
use crate::road::route::{Chosen, unknown};
use crate::road::words::name_the_company;
use crate::store::{self, Company, Session};

/// Returns what to do about files that lack a company, of one reason after the other; `None` where the
/// reason's own advice says it. Where no company was made yet, one command line makes it: for the files
/// that name their client, else for the first.
pub(super) fn advices(reasons: &[&[&FileReport]]) -> Vec<Option<String>> {
    let is_first = |files: &&[&FileReport]| question_of(files) == Some(&Question::FirstCompany);
    let names_client = |files: &&[&FileReport]| files.iter().any(|it| !it.client_names.is_empty());
    let of_client = reasons.iter().position(|files| is_first(files) && names_client(files));
    let makes = of_client.or_else(|| reasons.iter().position(is_first));
    let advice = |(place, files): (usize, &&[&FileReport])| match question_of(files)? {
        Question::FirstCompany if Some(place) == makes => {
            Some(text::make_the_first(&first_company::command_line(files)))
        }
        Question::FirstCompany | Question::Company => {
            let words = files.iter().take(NAMED_MAX).map(|file| quoted(&file.file));
            let words = words.collect::<Vec<_>>().join(" ");
            Some(name_the_company(&words, files.iter().any(|it| !it.accounts.is_empty())))
        }
        Question::WrongClient { .. } => None,
    };
    reasons.iter().enumerate().map(advice).collect()
}

/// Returns what a person could be asked about files of one reason.
fn question_of<'f>(files: &[&'f FileReport]) -> Option<&'f Question> {
    files.first()?.question()
}

/// Has the reports of files that lack a company tell what to do. Where no company was made yet, they
/// say that, and not that the registry has no tables.
pub(super) fn advise<'r>(
    reports: impl IntoIterator<Item = &'r mut FileReport>,
    company: Option<&str>,
) {
    for report in reports {
        if report.question() == Some(&Question::FirstCompany) {
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
}

impl<'q> Questions<'q> {
    pub(super) fn new(intake: &'q Intake, session: &'q mut Session, global: &'q Global) -> Self {
        let (may_ask, remembered) = (ask::somebody_is_there(), BTreeSet::new());
        Self { intake, session, global, may_ask, remembered }
    }

    /// Asks about the files, and has the reports of those that are left tell what to do.
    pub(super) async fn ask_about(mut self, brought: &mut Brought) -> anyhow::Result<()> {
        let Brought { paths, folders, reports } = brought;
        let beside = companies_beside(folders, reports);
        for ((path, beside), reports) in paths.iter().zip(&beside).zip(reports.iter_mut()) {
            for report in reports.iter_mut().filter(|it| it.question().is_some()) {
                self.settle(File { path, report, beside }).await?;
            }
        }
        advise(reports.iter_mut().flatten(), self.intake.company.as_deref());
        Ok(())
    }

    async fn settle(&mut self, mut file: File<'_>) -> anyhow::Result<()> {
        if file.report.accounts.iter().any(|account| self.remembered.contains(account)) {
            // The company that was remembered a moment ago has this file's account too.
            self.import(&mut file, None).await?;
        }
        match file.report.question().cloned().filter(|_| self.may_ask) {
            Some(Question::Company) => self.ask_whose(file).await,
            Some(Question::WrongClient { client, chosen }) => {
                if let Some(()) = self.take(ask_company::anyway(file.report, &client, &chosen)?) {
                    let chosen = Chosen { slug: &chosen, by: ChosenBy::Name, anyway: true };
                    self.import(&mut file, Some(chosen)).await?;
                }
                Ok(())
            }
            // Without a company there is none to choose.
            Some(Question::FirstCompany) | None => Ok(()),
        }
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
        let chosen = Chosen { slug: &slug, by: ChosenBy::Answer, anyway };
        self.import(&mut file, Some(chosen)).await?;
        if remember && file.report.error.is_none() {
            self.remember(&slug, file.report).await;
        }
        Ok(())
    }

    /// Imports the file again; into the company that was chosen for it, or into that of its accounts.
    async fn import(
        &mut self,
        file: &mut File<'_>,
        chosen: Option<Chosen<'_>>,
    ) -> anyhow::Result<()> {
        let again = self.intake.again(self.session, file.path, file.report, chosen, self.global);
        *file.report = again.await?;
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
