//! Questions: asked only where a person sits at the terminal.

use std::io::{self, IsTerminal};

use inquire::error::InquireResult;
use inquire::validator::Validation;
use inquire::{Confirm, InquireError, Password, PasswordDisplayMode, Text};
use secrecy::SecretString;

use super::interrupt;
use super::output::UsageError;

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
    confirmed(yes_given, question, "add --yes, or --dry-run to look only")
}

/// Makes sure that something is meant as [`is_meant`] does, where the command has no `--dry-run`.
pub(super) fn is_meant_now(yes_given: bool, question: &str) -> anyhow::Result<bool> {
    confirmed(yes_given, question, "add --yes")
}

fn confirmed(yes_given: bool, question: &str, advice: &str) -> anyhow::Result<bool> {
    match yes_given {
        true => Ok(true),
        false if somebody_is_there() => Ok(yes(question)?),
        false => Err(UsageError(format!("nobody is here to confirm it: {advice}")).into()),
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

/// Asks for a line of text until it is one that fits; `proposed` stands there already, to be changed.
pub(super) fn fitting(
    question: &str,
    proposed: &str,
    misfit: impl Fn(&str) -> Option<String> + Clone + 'static,
) -> InquireResult<String> {
    let validator = move |text: &str| {
        Ok(misfit(text).map_or(Validation::Valid, |reason| Validation::Invalid(reason.into())))
    };
    Text::new(question).with_initial_value(proposed).with_validator(validator).prompt()
}

/// Returns the answer; `None` where the user would rather not say.
pub(super) fn answered<T>(result: InquireResult<T>) -> InquireResult<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(InquireError::OperationCanceled) => Ok(None),
        // While the question is asked, it gets Ctrl-C, and not the listener for signals.
        Err(InquireError::OperationInterrupted) => interrupt::leave(interrupt::INTERRUPTED),
        Err(error) => Err(error),
    }
}
