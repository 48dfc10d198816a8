//! Whose file is it? Asked only where a person sits at the terminal.

use inquire::error::InquireResult;
use inquire::{Confirm, InquireError, Select};

use super::interrupt;
use crate::report::FileReport;
use crate::store::Company;

/// The answer to whose file it is.
pub(super) struct Answer {
    /// The company's slug.
    pub(super) slug: String,
    /// Whether the file's accounts are to be remembered for it.
    pub(super) remember: bool,
}

/// Asks for the company of a file; `None` where the user would rather leave it.
pub(super) fn company(file: &FileReport, companies: &[Company]) -> InquireResult<Option<Answer>> {
    let active = companies.iter().filter(|company| company.is_active);
    let choices: Vec<String> = active.map(|it| format!("{} ({})", it.slug, it.name)).collect();
    if choices.is_empty() {
        return Ok(None);
    }
    let accounts = file.accounts.join(", ");
    let question = format!("Which company is {} of? Its account: {accounts}", file.file);
    let Some(choice) = answered(Select::new(&question, choices).prompt())? else {
        return Ok(None);
    };
    let slug = choice.split(' ').next().unwrap_or_default().to_owned();
    if file.accounts.is_empty() {
        return Ok(Some(Answer { slug, remember: false }));
    }
    let question = format!("Remember this account for {slug}?");
    let remember = answered(Confirm::new(&question).with_default(true).prompt())?;
    Ok(remember.map(|remember| Answer { slug, remember }))
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
