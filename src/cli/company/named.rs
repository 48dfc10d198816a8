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

    /// Its fiscal code; RO before it says that it pays VAT, and is kept
    #[arg(long)]
    pub(in crate::cli) cif: Option<String>,

    /// Take the tax number of another country: 2 to 20 letters and digits, without a check digit
    #[arg(long, requires = "cif")]
    pub(in crate::cli) cif_unchecked: bool,
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
            self.cif.as_deref().and_then(|it| kept_cif(it, self.cif_unchecked).err()),
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
            None => fitting(text::ITS_CIF, "", |it| kept_cif(it, false).err())?,
        };
        let slug = match self.slug {
            Some(slug) => slug,
            None => fitting(text::ITS_SLUG, &slug_of(&name), misfit_of_slug)?,
        };
        Ok(Self { name: Some(name), slug: Some(slug), cif: Some(cif), ..self })
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
            cif: kept_cif(cif, self.cif_unchecked).map_err(UsageError)?,
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
        let unchecked = if self.cif_unchecked { " --cif-unchecked" } else { "" };
        let accounts = accounts.iter().map(|account| format!(" --account {}", quoted(account)));
        format!("vama company create{}{unchecked}{}", known.concat(), accounts.collect::<String>())
    }
}

pub(super) fn misfit_of_name(name: &str) -> Option<String> {
    normalize::text(name).is_empty().then(|| "the name is empty".to_owned())
}

fn misfit_of_slug(slug: &str) -> Option<String> {
    schema_of(slug).err().map(|error| error.to_string())
}

/// Returns the tax number as the registry keeps it; else what is wrong with it, and what to do.
pub(super) fn kept_cif(raw: &str, unchecked: bool) -> Result<String, String> {
    match unchecked {
        true => fiscal::unchecked_tax_number(raw).map_err(|error| error.to_string()),
        false => fiscal::kept_cif(raw).map_err(|error| {
            format!("{error}; a tax number of another country goes in with --cif-unchecked")
        }),
    }
}
