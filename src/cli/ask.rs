//! Questions: asked only where a person sits at the terminal.

use std::io::{self, IsTerminal};

use inquire::error::InquireResult;
use inquire::{Confirm, InquireError, Password, PasswordDisplayMode, Select, Text};
use secrecy::SecretString;

use super::interrupt;
use super::names::file_name;
use super::output::UsageError;
use crate::cli::drag::words as text;
use crate::road::report::FileReport;
use crate::store::Company;

/// The answer to the question whose file it is.
pub(super) struct CompanyAnswer {
    /// The company's slug.
    pub(super) slug: String,
    /// Whether the file's accounts are to be remembered for the company.
    pub(super) remember: bool,
}

/// What came of a question about a file's company.
pub(super) enum Reply {
    /// The company, and more.
    Company(CompanyAnswer),
    /// The user would rather leave this file.
    Leave,
    /// The user wants no further question.
    Stop,
}

/// Asks for the company of a file.
///
/// Whether to remember the answer is asked where that may be. Ctrl-C ends the questions alone: other
/// files are in by then, and their report is still to be shown.
pub(super) fn company(
    file: &FileReport,
    companies: &[Company],
    may_remember: bool,
) -> InquireResult<Reply> {
    match ask_for_company(file, companies, may_remember) {
        Ok(Some(answer)) => Ok(Reply::Company(answer)),
        Ok(None) | Err(InquireError::OperationCanceled) => Ok(Reply::Leave),
        Err(InquireError::OperationInterrupted) => Ok(Reply::Stop),
        Err(error) => Err(error),
    }
}

/// Asks for the company; `None` where there is none to choose.
fn ask_for_company(
    file: &FileReport,
    companies: &[Company],
    may_remember: bool,
) -> InquireResult<Option<CompanyAnswer>> {
    let active = companies.iter().filter(|company| company.is_active);
    let choices: Vec<String> = active.map(|it| format!("{} ({})", it.slug, it.name)).collect();
    if choices.is_empty() {
        return Ok(None);
    }
    let question = text::whose(&file_name(file), &file.accounts);
    let choice = Select::new(&question, choices).prompt()?;
    let slug = choice.split(' ').next().unwrap_or_default().to_owned();
    let remember = may_remember
        && !file.accounts.is_empty()
        && Confirm::new(&text::remember(&slug)).with_default(true).prompt()?;
    Ok(Some(CompanyAnswer { slug, remember }))
}

/// Returns whether somebody is there to answer.
pub(super) fn somebody_is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Makes sure that something is meant: `yes` says so, or an answer to the question does.
///
/// # Errors
///
/// Nobody is at the terminal, and `yes` is not set.
pub(super) fn is_meant(yes_given: bool, question: &str) -> anyhow::Result<bool> {
    match yes_given {
        true => Ok(true),
        false if somebody_is_there() => Ok(yes(question)?),
        false => {
            let reason = "nobody is here to confirm it: add --yes, or --dry-run to look only";
            Err(UsageError(reason.to_owned()).into())
        }
    }
}

/// Asks whether something is meant; no where the user would rather not say.
pub(super) fn yes(question: &str) -> InquireResult<bool> {
    Ok(answered(Confirm::new(question).with_default(false).prompt())?.unwrap_or(false))
}

/// Asks for a line of text; `None` where the user would rather not say.
pub(super) fn text(question: &str) -> InquireResult<Option<String>> {
    answered(Text::new(question).prompt())
}

/// Asks for a secret, which is not shown while it is typed; `None` where the user would rather not
/// say.
pub(super) fn secret(question: &str) -> InquireResult<Option<SecretString>> {
    let hidden = Password::new(question).with_display_mode(PasswordDisplayMode::Masked);
    Ok(answered(hidden.without_confirmation().prompt())?.map(SecretString::from))
}

/// Asks for a new password, twice; `None` where the user would rather not say.
pub(super) fn new_password(question: &str) -> InquireResult<Option<SecretString>> {
    let hidden = Password::new(question).with_display_mode(PasswordDisplayMode::Masked);
    let twice = hidden
        .with_custom_confirmation_message("Once more:")
        .with_custom_confirmation_error_message("the two differ");
    Ok(answered(twice.prompt())?.map(SecretString::from))
}

fn answered<T>(result: InquireResult<T>) -> InquireResult<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(InquireError::OperationCanceled) => Ok(None),
        // While the question is asked, it gets Ctrl-C, and not the listener for signals.
        Err(InquireError::OperationInterrupted) => interrupt::leave(interrupt::INTERRUPTED),
        Err(error) => Err(error),
    }
}
