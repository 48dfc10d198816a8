//! Questions: asked only where a person sits at the terminal.

use std::io::{self, IsTerminal};

use inquire::error::InquireResult;
use inquire::{Confirm, InquireError, Password, PasswordDisplayMode, Select, Text};
use secrecy::SecretString;

use super::interrupt;
use super::remarks::file_name;
use crate::report::FileReport;
use crate::store::Company;
use crate::text::drag as text;

/// The answer to whose file it is.
pub(super) struct Answer {
    /// The company's slug.
    pub(super) slug: String,
    /// Whether the file's accounts are to be remembered for it.
    pub(super) remember: bool,
}

/// Asks for the company of a file; `None` where the user would rather leave it.
///
/// Whether to remember the answer is asked where that may be.
pub(super) fn company(
    file: &FileReport,
    companies: &[Company],
    may_remember: bool,
) -> InquireResult<Option<Answer>> {
    let active = companies.iter().filter(|company| company.is_active);
    let choices: Vec<String> = active.map(|it| format!("{} ({})", it.slug, it.name)).collect();
    if choices.is_empty() {
        return Ok(None);
    }
    let question = text::whose(&file_name(file), &file.accounts);
    let Some(choice) = answered(Select::new(&question, choices).prompt())? else {
        return Ok(None);
    };
    let slug = choice.split(' ').next().unwrap_or_default().to_owned();
    if file.accounts.is_empty() || !may_remember {
        return Ok(Some(Answer { slug, remember: false }));
    }
    let remember = answered(Confirm::new(&text::remember(&slug)).with_default(true).prompt())?;
    Ok(remember.map(|remember| Answer { slug, remember }))
}

/// Returns whether somebody is there to answer.
pub(super) fn somebody_is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a line of text; `None` where the user would rather not say.
pub(super) fn text(question: &str) -> InquireResult<Option<String>> {
    answered(Text::new(question).prompt())
}

/// Asks for what nobody may read over a shoulder; `None` where the user would rather not say.
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
        // The question takes Ctrl-C away from the signal's own listener.
        Err(InquireError::OperationInterrupted) => interrupt::leave(interrupt::INTERRUPTED),
        Err(error) => Err(error),
    }
}
