//! `vama company edit`: changes what the registry says of a company.

use std::collections::BTreeMap;

use super::inactive;
use super::named::{kept_cif, misfit_of_name};
use crate::cli::output::{UsageError, show, show_json};
use crate::cli::{Global, session};
use crate::road::words::{NOTHING, plain};
use crate::store::{self, Change, Edit, OWN_SETTINGS};
use crate::value::normalize;

/// Characters of the address of a logo, at most.
const LOGO_CHARS_MAX: usize = 2000;

/// Change what the registry says of a company: its name, CIF, industry, logo, settings
///
/// Only what is given changes; each change is shown with what stood there. Its slug and its schema stay.
/// Accounts are changed by `company account`, users by `user`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The company's slug
    slug: String,

    /// Its name
    #[arg(long)]
    name: Option<String>,

    /// Its fiscal code; RO before it says that it pays VAT, and is kept
    #[arg(long)]
    cif: Option<String>,

    /// Take the tax number of another country: 2 to 20 letters and digits, without a check digit
    #[arg(long, requires = "cif")]
    cif_unchecked: bool,

    /// What it does, in a word; '' takes it away
    #[arg(long)]
    industry: Option<String>,

    /// The address of its logo; '' takes it away
    #[arg(long, value_name = "URL")]
    logo: Option<String>,

    /// A setting of the platform's, its value as JSON; KEY= takes it away
    ///
    /// Can be repeated.
    #[arg(long = "setting", value_name = "KEY=JSON")]
    settings: Vec<String>,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<()> {
    let edit = checked(arguments).map_err(UsageError)?;
    let slug = &arguments.slug;
    let mut session = session::open(global).await?;
    let changes = store::edit(&mut session, slug, &edit).await?;
    inactive::note(&mut session, slug, global).await?;
    session.close().await;
    if arguments.json {
        return show_json(&serde_json::json!({ "schema": 1, "company": slug, "changes": changes }));
    }
    if changes.is_empty() {
        return Ok(show(&format!("{slug} has all of that already; nothing was changed"))?);
    }
    for Change { what, from, to } in &changes {
        let [from, to] = [from, to].map(|value| plain(value.as_deref().unwrap_or(NOTHING)));
        show(&format!("{what}: {from} → {to}"))?;
    }
    Ok(())
}

/// Returns what is to change, each value as the registry keeps it; else what does not fit.
fn checked(arguments: &Arguments) -> Result<Edit, String> {
    let Arguments { name, cif, cif_unchecked, industry, logo, settings, .. } = arguments;
    if [name, cif, industry, logo].iter().all(|it| it.is_none()) && settings.is_empty() {
        let flags = "--name, --cif, --industry, --logo or --setting";
        return Err(format!("nothing is given that would change: expected {flags}"));
    }
    if let Some(misfit) = name.as_deref().and_then(misfit_of_name) {
        return Err(misfit);
    }
    let clean = |text: &String| normalize::text(text).into_owned();
    Ok(Edit {
        name: name.as_ref().map(clean),
        cif: cif.as_deref().map(|cif| kept_cif(cif, *cif_unchecked)).transpose()?,
        industry: industry.as_ref().map(clean),
        logo: logo.as_deref().map(checked_logo).transpose()?,
        settings: checked_settings(settings)?,
    })
}

/// Returns the address, which a browser can open; an empty one as it is.
fn checked_logo(raw: &str) -> Result<String, String> {
    let logo = raw.trim();
    let rest = logo.strip_prefix("https://").or_else(|| logo.strip_prefix("http://"));
    let is_address = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && logo.chars().count() <= LOGO_CHARS_MAX
        && !logo.contains(|c: char| c.is_whitespace() || c.is_control());
    match logo.is_empty() || is_address {
        true => Ok(logo.to_owned()),
        false => Err(format!("logo {raw:?} is not an address, expected https://…")),
    }
}

/// Returns the settings by their keys, an empty value where one is to be taken away.
fn checked_settings(given: &[String]) -> Result<BTreeMap<String, String>, String> {
    let mut settings = BTreeMap::new();
    for pair in given {
        let (key, value) = pair
            .split_once('=')
            .ok_or_else(|| format!("setting {pair:?} has no value, expected KEY=JSON, or KEY="))?;
        if key.is_empty() || key.chars().any(char::is_control) {
            return Err(format!("setting {pair:?} has no key, expected KEY=JSON"));
        }
        if OWN_SETTINGS.contains(&key) {
            return Err(match key {
                "accounts" => "accounts are changed by `vama company account add|remove|move`",
                _ => "the tables that were adopted are noted by vama itself, and not edited",
            }
            .to_owned());
        }
        let value = value.trim();
        if let Some(misfit) = misfit_of_json(value).filter(|_| !value.is_empty()) {
            return Err(format!(
                "setting {key}: {value:?} is not JSON ({misfit}); a text stands in quotes: \
                 '{key}=\"text\"'"
            ));
        }
        if settings.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(format!("setting {key} is given twice"));
        }
    }
    Ok(settings)
}

/// Returns why PostgreSQL does not take the text as JSON.
fn misfit_of_json(text: &str) -> Option<String> {
    match serde_json::from_str(text) {
        Ok(value) => has_zero(&value).then(|| "a zero character cannot be stored".to_owned()),
        Err(error) => Some(error.to_string()),
    }
}

/// Returns whether a text of the JSON has the character zero, which PostgreSQL cannot store.
fn has_zero(value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(has_zero),
        Value::Object(fields) => {
            fields.iter().any(|(key, value)| key.contains('\0') || has_zero(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pair: &str) -> String {
        checked_settings(&[pair.to_owned()]).unwrap_err()
    }

    #[test]
    fn a_setting_is_a_key_and_json_or_nothing() {
        let given = ["theme=\"dark\"", "days= [1, 2]", "old=", "a=b=c"].map(str::to_owned);
        assert!(checked_settings(&given).unwrap_err().contains("setting a: \"b=c\" is not JSON"));
        let settings = checked_settings(&given[..3]).unwrap();
        let expected = [("days", "[1, 2]"), ("old", ""), ("theme", "\"dark\"")];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(settings, expected.into());
    }

    #[test]
    fn a_setting_that_cannot_be_stored_or_is_vamas_own_is_told() {
        assert!(told("theme").contains("expected KEY=JSON"));
        assert!(told("=1").contains("has no key"));
        assert!(told("theme=dark").contains("a text stands in quotes: 'theme=\"text\"'"));
        assert!(told("accounts=[]").contains("`vama company account"));
        assert!(told("adopted=").contains("noted by vama itself"));
        for zero in [r#"a="\u0000""#, r#"a=[{"b\u0000": 1}]"#] {
            assert!(told(zero).contains("a zero character"), "{zero}");
        }
        for odd in [r#"a="\ud800""#, "a=1e999", "a=NaN", "a=1 2"] {
            assert!(told(odd).contains("is not JSON"), "{odd}");
        }
        let twice = ["a=1", "a=2"].map(str::to_owned);
        assert_eq!(checked_settings(&twice).unwrap_err(), "setting a is given twice");
    }

    #[test]
    fn a_logo_is_an_address_that_a_browser_opens() {
        for logo in ["", " https://firma.ro/logo.svg ", "http://firma.ro/a%20b.png"] {
            assert_eq!(checked_logo(logo).as_deref(), Ok(logo.trim()));
        }
        let long = format!("https://firma.ro/{}", "a".repeat(2000));
        for logo in ["logo.svg", "https://", "https:///a", "ftp://a", "https://a b", &long] {
            assert!(checked_logo(logo).unwrap_err().contains("is not an address"), "{logo}");
        }
    }
}
