//! The first company: made by answers when the first file comes, or by a command line that is told.

use std::collections::BTreeSet;

use super::ask_company::{self, Reply};
use super::company::{self, Named};
use super::drag::words as text;
use super::output::say;
use super::{Global, ask};
use crate::road::report::{FileReport, Question};
use crate::store::Session;

/// Asks for the first company where the files have none to go into and a person is there, and makes it
/// with the accounts of a file; returns its slug, and whether it has any accounts. `slug` is what the
/// user has called it.
pub(super) async fn ask_for_it(
    session: &mut Session,
    reports: &mut [Vec<FileReport>],
    slug: Option<&str>,
    global: &Global,
) -> anyhow::Result<Option<(String, bool)>> {
    let waits = |it: &&mut FileReport| it.question() == Some(&Question::FirstCompany);
    let mut waiting: Vec<&mut FileReport> = reports.iter_mut().flatten().filter(waits).collect();
    // A file that names its client tells more of the company, one without account nothing.
    waiting.sort_by_key(|it| (it.accounts.is_empty(), it.client_names.is_empty()));
    let Some(file) = waiting.into_iter().next().filter(|_| ask::somebody_is_there()) else {
        return Ok(None);
    };
    let Reply::Answer(new) = ask_company::first(file, slug)? else { return Ok(None) };
    match company::make(session, &new, global).await {
        Ok(_) => {
            say(&text::made(&new.slug));
            Ok(Some((new.slug, !new.accounts.is_empty())))
        }
        Err(error) => {
            file.fail(&error);
            Ok(None)
        }
    }
}

/// Returns the command line that makes the company of files, as far as they tell.
pub(super) fn command_line(files: &[&FileReport]) -> String {
    let name = files.iter().flat_map(|file| &file.client_names).next().cloned();
    let slug = files.first().and_then(|file| file.company.clone());
    let accounts: BTreeSet<&String> = files.iter().flat_map(|file| &file.accounts).collect();
    let accounts: Vec<String> = accounts.into_iter().cloned().collect();
    Named { name, slug, cif: None }.command_line(&accounts)
}
