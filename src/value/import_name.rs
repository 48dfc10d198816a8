//! What an import is called: `firma-noua#31`.

use std::fmt;
use std::str::FromStr;

/// The name of an import: its number, and the company it went to where that is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportName {
    /// The company's slug.
    pub company: Option<String>,
    /// The number that the import has in that company.
    pub number: i64,
}

/// A text that names no import.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no import; expected firma-noua#31, firma-noua:31 or 31")]
pub struct NoImport(String);

impl ImportName {
    /// Makes the name of an import of the company.
    pub fn new(company: &str, number: i64) -> Self {
        Self { company: Some(company.to_owned()), number }
    }
}

impl FromStr for ImportName {
    type Err = NoImport;

    /// Reads `firma-noua#31`, `firma-noua:31` (in many shells a `#` begins a comment), `#31` or `31`.
    fn from_str(text: &str) -> Result<Self, NoImport> {
        let (company, number) = text.rsplit_once(['#', ':']).unwrap_or(("", text));
        let unnamed = || NoImport(text.to_owned());
        let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        let number = number.parse().ok().filter(|_| is_number).ok_or_else(unnamed)?;
        let company = (!company.is_empty()).then(|| company.to_owned());
        Ok(Self { company, number })
    }
}

impl fmt::Display for ImportName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.company.as_deref().unwrap_or_default())?;
        write!(f, "#{}", self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_is_named_with_or_without_its_company() {
        let named = |text: &str| text.parse::<ImportName>().map(|it| (it.company, it.number));
        let firma = Some("firma-noua".to_owned());
        assert_eq!(named("firma-noua#31"), Ok((firma.clone(), 31)));
        assert_eq!(named("firma-noua:31"), Ok((firma, 31)));
        assert_eq!(named("31"), Ok((None, 31)));
        assert_eq!(named("#31"), Ok((None, 31)));
        for none in
            ["", "#", "firma-noua", "firma-noua#", "firma#-3", "firma#+3", "99999999999999999999"]
        {
            assert!(named(none).is_err(), "{none}");
        }
        assert_eq!(ImportName::new("firma-noua", 31).to_string(), "firma-noua#31");
    }
}
