//! `vama credentials`: what opens the services of a company.

mod given;

use std::path::PathBuf;

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::value::RawValue;

use crate::cli::output::{UsageError, say, show, show_json};
use crate::cli::table::{Column, show_table};
use crate::cli::{Global, session};
use crate::road::report::ExitStatus;
use crate::store;
use crate::store::secrets::{KeySource, Service};

/// Keep the credentials of a company's services, sealed with your key
///
/// The key is 32 bytes in base64, as `head -c 32 /dev/urandom | base64` makes them, in VAMA_KEY or in
/// the file that VAMA_KEY_FILE names. Without it nobody can read what is stored, you neither.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Set(Set),
    List(List),
    Show(Show),
    Remove(Remove),
    Rotate(Rotate),
}

/// Store credentials, in the place of those that were there
///
/// They are a JSON object of texts, numbers and booleans. Without --file a person at the terminal is
/// asked field by field; else they come from stdin.
#[derive(Debug, clap::Args)]
struct Set {
    #[command(flatten)]
    place: CredentialsName,

    /// A file with the JSON; - is stdin
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

/// List which credentials there are, without a value
#[derive(Debug, clap::Args)]
struct List {
    /// Only this company
    #[arg(short, long, value_name = "SLUG")]
    company: Option<String>,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

/// Show the credentials of a service, secrets and all
#[derive(Debug, clap::Args)]
struct Show {
    #[command(flatten)]
    place: CredentialsName,

    /// Yes, write the secrets to stdout
    #[arg(long)]
    reveal: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

/// Remove the credentials of a service; needs no key
#[derive(Debug, clap::Args)]
struct Remove {
    #[command(flatten)]
    place: CredentialsName,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

/// Seal all credentials of all companies under a new key
///
/// The new key comes from VAMA_NEW_KEY or the file that VAMA_NEW_KEY_FILE names. All are sealed anew,
/// read back and opened before anything is committed, or none is.
#[derive(Debug, clap::Args)]
struct Rotate {
    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct CredentialsName {
    /// The service
    #[arg(value_name = "SERVICE", value_parser = service_names())]
    service: Service,

    /// The company
    #[arg(short, long, value_name = "SLUG")]
    company: String,
}

fn service_names() -> impl TypedValueParser<Value = Service> {
    let names = PossibleValuesParser::new(Service::ALL.map(Service::name));
    names.try_map(|name| Service::by_name(&name).ok_or("no such service"))
}

pub(super) async fn run(arguments: Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    match arguments.command {
        Command::Set(arguments) => set(&arguments, global).await?,
        Command::List(arguments) => list(&arguments, global).await?,
        Command::Show(arguments) => reveal(&arguments, global).await?,
        Command::Remove(arguments) => remove(&arguments, global).await?,
        Command::Rotate(arguments) => rotate(&arguments, global).await?,
    }
    Ok(ExitStatus::Done)
}

async fn set(arguments: &Set, global: &Global) -> anyhow::Result<()> {
    // The key comes first, so that nobody types secrets in vain.
    let key = given::key(KeySource::CURRENT)?;
    let CredentialsName { service, company } = &arguments.place;
    let credentials = given::credentials(*service, arguments.file.as_deref())?;
    let mut session = session::open(global).await?;
    let replaced =
        store::set_credentials(&mut session, company, *service, &credentials, &key).await?;
    session.close().await;
    let service = service.name();
    if arguments.json {
        let set = serde_json::json!({
            "company": company, "service": service, "replaced": replaced, "kid": key.kid(),
        });
        return show_json(&serde_json::json!({ "schema": 1, "set": set }));
    }
    let done = if replaced { "replaced" } else { "stored" };
    Ok(show(&format!("{done} the {service} credentials of {company}"))?)
}

async fn list(arguments: &List, global: &Global) -> anyhow::Result<()> {
    let mut session = session::open(global).await?;
    let notes = store::list_credentials(&mut session, arguments.company.as_deref()).await?;
    session.close().await;
    if arguments.json {
        return show_json(&serde_json::json!({ "schema": 1, "credentials": notes }));
    }
    if notes.is_empty() {
        say("there are no credentials yet; store some with `vama credentials set`");
    }
    let rows = notes.into_iter().map(|it| {
        let since = it.created_at.format("%Y-%m-%d %H:%M").to_string();
        let changed = it.updated_at.format("%Y-%m-%d %H:%M").to_string();
        vec![it.company, it.service, since, changed, it.kid.unwrap_or_else(|| "–".to_owned())]
    });
    let words = ["service", "since (UTC)", "changed (UTC)", "key"].map(Column::Word);
    let columns = [&[Column::Name("company")][..], &words].concat();
    Ok(show_table(&columns, rows.collect())?)
}

async fn reveal(arguments: &Show, global: &Global) -> anyhow::Result<()> {
    if !arguments.reveal {
        let message = "what would be shown are secrets: found no --reveal";
        let advice = "add --reveal where nobody looks on, or see `vama credentials list`";
        return Err(UsageError::with_advice(message, advice).into());
    }
    let key = given::key(KeySource::CURRENT)?;
    let CredentialsName { service, company } = &arguments.place;
    let mut session = session::open(global).await?;
    let credentials = store::show_credentials(&mut session, company, *service, &key).await?;
    session.close().await;
    if arguments.json {
        return show_json(&Revealed {
            schema: 1,
            company,
            service: service.name(),
            credentials: serde_json::from_str(credentials.expose())?,
        });
    }
    let fields = credentials.expose_fields().into_iter();
    let rows = fields.map(|(name, value)| vec![name, for_people(value)]);
    Ok(show_table(&["field", "value"].map(Column::Word), rows.collect())?)
}

/// What `show --json` writes: the values as they were given, digit for digit.
#[derive(serde::Serialize)]
struct Revealed<'a> {
    schema: u32,
    company: &'a str,
    service: &'a str,
    credentials: &'a RawValue,
}

/// Returns a text without its quotes, unless it would break the table or steer the terminal.
fn for_people(value: &RawValue) -> String {
    match serde_json::from_str::<String>(value.get()) {
        Ok(text) if !text.chars().any(char::is_control) => text,
        _ => value.get().to_owned(),
    }
}

async fn remove(arguments: &Remove, global: &Global) -> anyhow::Result<()> {
    let CredentialsName { service, company } = &arguments.place;
    let mut session = session::open(global).await?;
    store::remove_credentials(&mut session, company, *service).await?;
    session.close().await;
    let service = service.name();
    if arguments.json {
        let removed = serde_json::json!({ "company": company, "service": service });
        return show_json(&serde_json::json!({ "schema": 1, "removed": removed }));
    }
    Ok(show(&format!("removed the {service} credentials of {company}"))?)
}

async fn rotate(arguments: &Rotate, global: &Global) -> anyhow::Result<()> {
    let (old, new) = (given::key(KeySource::CURRENT)?, given::key(KeySource::NEW)?);
    old.refuse_same(&new).map_err(given::unusable)?;
    let mut session = session::open(global).await?;
    let count = store::rotate_credentials(&mut session, &old, &new).await?;
    session.close().await;
    if count > 0 && !global.quiet {
        say("note: from now on only the new key opens them: put it where VAMA_KEY or \
             VAMA_KEY_FILE has the old one");
    }
    if arguments.json {
        return show_json(&serde_json::json!({
            "schema": 1, "rotated": count, "kid": { "old": old.kid(), "new": new.kid() },
        }));
    }
    Ok(show(&format!("sealed {count} credentials anew: key {} → {}", old.kid(), new.kid()))?)
}
