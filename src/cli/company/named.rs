//! Name, slug and CIF of a new company: from flags, or asked for.

use inquire::error::InquireResult;

use crate::cli::ask::fitting;
use crate::cli::drag::words as text;
use crate::cli::output::{UsageError, quoted};
use crate::store::NewCompany;
use crate::value::slug::{schema_of, slug_of};
use crate::value::{fiscal, normalize};

/// What a new company is called, as far as it is known.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
pub(in crate::cli) struct Named {
    /// The company's name
    #[arg(long)]
    pub(in crate::cli) name: Option<String>,

    /// What it is called on the command line: 2 to 41 of a–z, 0–9 and -, first a letter
    #[arg(long)]
    pub(in crate::cli) slug: Option<String>,

    /// Its fiscal code, with or without RO
    #[arg(long)]
    pub(in crate::cli) cif: Option<String>,
}

impl Named {
    /// Returns whether nothing is left to be asked for.
    pub(super) fn is_complete(&self) -> bool {
        self.name.is_some() && self.slug.is_some() && self.cif.is_some()
    }

    /// Refuses what is known and does not fit.
    pub(super) fn check(&self) -> Result<(), UsageError> {
        let misfits = [
            self.slug.as_deref().and_then(misfit_of_slug),
            self.cif.as_deref().and_then(misfit_of_cif),
            self.name.as_deref().and_then(misfit_of_name),
        ];
        misfits.into_iter().flatten().next().map_or(Ok(()), |reason| Err(UsageError(reason)))
    }

    /// Asks for what is not known; the name that is `proposed` may be changed, as the slug that is
    /// made of the name.
    pub(in crate::cli) fn ask(self, proposed: &str) -> InquireResult<Self> {
        let name = match self.name {
            Some(name) => name,
            None => fitting(text::ITS_NAME, proposed, misfit_of_name)?,
        };
        let cif = match self.cif {
            Some(cif) => cif,
            None => fitting(text::ITS_CIF, "", misfit_of_cif)?,
        };
        let slug = match self.slug {
            Some(slug) => slug,
            None => fitting(text::ITS_SLUG, &slug_of(&name), misfit_of_slug)?,
        };
        Ok(Self { name: Some(name), slug: Some(slug), cif: Some(cif) })
    }

    /// Returns the company that is to be made.
    ///
    /// # Errors
    ///
    /// What is missing, with the command line that has it; what does not fit.
    pub(in crate::cli) fn company(self, accounts: Vec<String>) -> Result<NewCompany, UsageError> {
        let (Some(name), Some(slug), Some(cif)) = (&self.name, &self.slug, &self.cif) else {
            let advice = text::tell_all(&self.command_line(&accounts));
            return Err(UsageError::with_advice(text::NOT_ALL_IS_KNOWN, &advice));
        };
        self.check()?;
        Ok(NewCompany {
            slug: slug.clone(),
            name: normalize::text(name).into_owned(),
            schema: schema_of(slug).map_err(|it| UsageError(it.to_string()))?,
            cif: fiscal::cif(cif).map_err(|it| UsageError(it.to_string()))?,
            industry: None,
            accounts,
            admin: None,
        })
    }

    /// Returns the command line that makes the company; a word in capitals stands for what is not
    /// known.
    pub(in crate::cli) fn command_line(&self, accounts: &[String]) -> String {
        let slug = self.slug.clone().or_else(|| self.name.as_deref().map(slug_of));
        let known = [("name", &self.name), ("slug", &slug), ("cif", &self.cif)];
        let known = known.map(|(flag, value)| {
            let value = value.as_deref().map_or_else(|| flag.to_uppercase(), quoted);
            format!(" --{flag} {value}")
        });
        let accounts = accounts.iter().map(|account| format!(" --account {}", quoted(account)));
        format!("vama company create{}{}", known.concat(), accounts.collect::<String>())
    }
}

fn misfit_of_name(name: &str) -> Option<String> {
    normalize::text(name).is_empty().then(|| "the name is empty".to_owned())
}

fn misfit_of_slug(slug: &str) -> Option<String> {
    schema_of(slug).err().map(|error| error.to_string())
}

fn misfit_of_cif(cif: &str) -> Option<String> {
    fiscal::cif(cif).err().map(|error| error.to_string())
}
