//! Questions about companies: whose a file is, and what a new company is called.

use inquire::error::InquireResult;
use inquire::{Confirm, InquireError, Select};

use super::company::Named;
use super::drag::words as text;
use super::names::file_name;
use super::output::say;
use crate::road::client;
use crate::road::report::FileReport;
use crate::road::words::plain;
use crate::store::{Company, NewCompany};
use crate::value::slug::schema_of;

/// What came of a question about a file.
pub(super) enum Reply<T> {
    /// The answer.
    Answer(T),
    /// The user would rather leave this file.
    Leave,
    /// The user wants no further question.
    Stop,
}

impl<T> Reply<T> {
    /// Ctrl-C ends the questions alone: other files are in by then, and their report is still to be
    /// shown.
    fn of(asked: InquireResult<Option<T>>) -> InquireResult<Self> {
        match asked {
            Ok(Some(answer)) => Ok(Self::Answer(answer)),
            Ok(None) | Err(InquireError::OperationCanceled) => Ok(Self::Leave),
            Err(InquireError::OperationInterrupted) => Ok(Self::Stop),
            Err(error) => Err(error),
        }
    }
}

/// The answer to the question whose file it is.
pub(super) struct CompanyAnswer {
    /// The company's slug.
    pub(super) slug: String,
    /// Whether the client that the file names is another company, and the user insists.
    pub(super) anyway: bool,
    /// Whether the file's accounts are to be remembered for the company.
    pub(super) remember: bool,
}

/// Asks for the company of a file. The first choice is to leave the file out; a company is chosen
/// beforehand only where the file itself names it (`named`).
///
/// Whether to remember the answer is asked where that may be.
pub(super) fn whose(
    file: &FileReport,
    companies: &[Company],
    named: Option<&str>,
    may_remember: bool,
) -> InquireResult<Reply<CompanyAnswer>> {
    Reply::of(ask_whose(file, companies, named, may_remember))
}

fn ask_whose(
    file: &FileReport,
    companies: &[Company],
    named: Option<&str>,
    may_remember: bool,
) -> InquireResult<Option<CompanyAnswer>> {
    let active: Vec<&Company> = companies.iter().filter(|company| company.is_active).collect();
    if active.is_empty() {
        return Ok(None);
    }
    let names = active.iter().map(|it| format!("{} ({})", it.slug, plain(&it.name)));
    let choices: Vec<String> = std::iter::once(text::LEAVE_OUT.to_owned()).chain(names).collect();
    let first = active.iter().position(|it| Some(it.slug.as_str()) == named);
    say(&text::accounts_of(&file_name(file), &file.accounts));
    let question = text::whose(&file_name(file));
    let select = Select::new(&question, choices);
    let choice = select.with_starting_cursor(first.map_or(0, |place| place + 1)).raw_prompt()?;
    let Some(company) = choice.index.checked_sub(1).and_then(|place| active.get(place)) else {
        return Ok(None);
    };
    let slug = &company.slug;
    let other = client::another(&file.client_names, companies, slug);
    if let Some(other) = other
        && !insists(file, &other.slug, slug)?
    {
        return Ok(None);
    }
    let remember = may_remember && remembers(&file.accounts, slug)?;
    Ok(Some(CompanyAnswer { slug: slug.clone(), anyway: other.is_some(), remember }))
}

/// Shows the answer once more, and asks whether it is to be remembered.
fn remembers(accounts: &[String], slug: &str) -> InquireResult<bool> {
    if accounts.is_empty() {
        return Ok(false);
    }
    say(&text::from_now_on(accounts, slug));
    Confirm::new(&text::remember(accounts, slug)).with_default(true).prompt()
}

/// Asks whether a file goes into the company that was chosen although its client is another one.
pub(super) fn anyway(file: &FileReport, client: &str, chosen: &str) -> InquireResult<Reply<()>> {
    Reply::of(insists(file, client, chosen).map(|insists| insists.then_some(())))
}

fn insists(file: &FileReport, client: &str, chosen: &str) -> InquireResult<bool> {
    say(&text::other_client(&file_name(file), client, chosen));
    Confirm::new(&text::anyway(chosen)).with_default(false).prompt()
}

/// Asks for the first company, of which a file is at hand: it gets the accounts of the file. `slug` is
/// what the user has called it.
pub(super) fn first(file: &FileReport, slug: Option<&str>) -> InquireResult<Reply<NewCompany>> {
    Reply::of(ask_first(file, slug))
}

fn ask_first(file: &FileReport, slug: Option<&str>) -> InquireResult<Option<NewCompany>> {
    say(&text::no_company_yet(&file_name(file)));
    let slug = slug.filter(|slug| schema_of(slug).is_ok()).map(str::to_owned);
    let client = file.client_names.first().map_or("", String::as_str);
    let named = Named { slug, ..Named::default() }.ask(client)?;
    let new = named.company(file.accounts.clone());
    let new = new.map_err(|error| InquireError::Custom(Box::new(error)))?;
    say(&text::to_be_made(&new.slug, &new.name, &new.cif, &new.accounts));
    Ok(Confirm::new(text::MAKE_IT).with_default(true).prompt()?.then_some(new))
}
