//! An import as the user names it → the company that has it.

use super::output::UsageError;
use super::unlisted::active;
use crate::store::{self, Session, StoreError};
use crate::value::import_name::ImportName;

/// The name of an import, as an argument.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// The import: firma-noua#31, firma-noua:31, or 31 where only one company has that number
    #[arg(value_name = "IMPORT")]
    pub(super) import: ImportName,

    /// The company, where the import is named by its number alone
    #[arg(short, long, value_name = "SLUG")]
    pub(super) company: Option<String>,
}

/// Returns the company that a name and `--company` say, where they say one.
///
/// # Errors
///
/// A name and a `--company` that contradict each other.
pub(super) fn company_of(
    name: &ImportName,
    company: Option<&str>,
) -> Result<Option<String>, UsageError> {
    match (name.company.as_deref(), company) {
        (Some(named), Some(company)) if named != company => {
            Err(UsageError(format!("{name} is an import of {named}, not of {company}")))
        }
        (named, company) => Ok(named.or(company).map(str::to_owned)),
    }
}

/// Returns the company that has the import.
///
/// # Errors
///
/// No company, or several companies with an import of that number; a database that fails.
pub(super) async fn company_with(
    session: &mut Session,
    Arguments { import, company }: &Arguments,
) -> anyhow::Result<String> {
    if let Some(slug) = company_of(import, company.as_deref())? {
        return Ok(slug);
    }
    let mut having = Vec::new();
    for slug in active(session).await? {
        match store::imports(session, &slug, Some(import.number), 1).await {
            Ok(found) if found.is_empty() => {}
            Ok(_) => having.push(slug),
            // Dropped since the companies were listed.
            Err(StoreError::UnknownCompany { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    match having.as_slice() {
        [only] => Ok(only.clone()),
        [] => {
            let number = import.number;
            Err(UsageError(format!("no company has an import #{number}; see `vama log`")).into())
        }
        several => {
            let names = several.iter().map(|slug| ImportName::new(slug, import.number).to_string());
            let names = names.collect::<Vec<_>>().join(", ");
            Err(UsageError(format!("several companies have one; name it: {names}")).into())
        }
    }
}
