//! `vama user`: who may sign in to the platform for a company.

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use secrecy::SecretString;

use super::output::{UsageError, show, show_json};
use super::table::{Column, show_table};
use super::{Global, ask, company, password, session};
use crate::road::words::{NOTHING, plain};
use crate::store::user::{NewUser, Role, UserError, checked_username, password_hash};
use crate::store::{self, UserNote, UserRemoval};

/// What to do where a password cannot be asked for.
const PIPE_IT: &str = "pipe it in, with --password-stdin";

/// Look after the users of the platform: who may sign in, for which company
///
/// vama itself asks for no user: it works with whoever may use the database.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    List(List),
    Password(Password),
    Remove(Remove),
}

/// Make a user of a company
///
/// A name belongs to one user, in whatever case, whatever the company. The password is asked for twice;
/// only its digest (argon2id) is kept.
#[derive(Debug, clap::Args)]
struct Add {
    /// The name to sign in with
    username: String,

    /// The company
    #[arg(short, long, value_name = "SLUG")]
    company: String,

    /// What they may do on the platform
    #[arg(long, value_parser = role_names(), default_value = Role::User.name())]
    role: Role,

    /// What the platform calls them
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// Read the password from stdin instead of asking for it
    #[arg(long)]
    password_stdin: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

/// List the users, of a company or all
#[derive(Debug, clap::Args)]
struct List {
    /// Only this company
    #[arg(short, long, value_name = "SLUG")]
    company: Option<String>,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

/// Give a user another password
#[derive(Debug, clap::Args)]
struct Password {
    #[command(flatten)]
    who: Who,

    /// Read the password from stdin instead of asking for it
    #[arg(long)]
    password_stdin: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

/// Remove a user; asks first where it is the last admin of a company
#[derive(Debug, clap::Args)]
struct Remove {
    #[command(flatten)]
    who: Who,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Who {
    /// The name to sign in with
    username: String,

    /// The company of which the user must be one
    #[arg(short, long, value_name = "SLUG")]
    company: Option<String>,
}

fn role_names() -> impl TypedValueParser<Value = Role> {
    let names = PossibleValuesParser::new(Role::ALL.map(Role::name));
    names.try_map(|name| Role::by_name(&name).ok_or("no such role"))
}

pub(super) async fn run(arguments: Arguments, global: &Global) -> anyhow::Result<()> {
    match arguments.command {
        Command::Add(arguments) => add(&arguments, global).await,
        Command::List(arguments) => list(&arguments, global).await,
        Command::Password(arguments) => set_password(&arguments, global).await,
        Command::Remove(arguments) => remove(&arguments, global).await,
    }
}

async fn add(arguments: &Add, global: &Global) -> anyhow::Result<()> {
    let Add { username, company, role, name, password_stdin, json } = arguments;
    // Checked before a password is asked for.
    checked_username(username).map_err(usage)?;
    let password = new_password(username, *password_stdin)?;
    let new = NewUser::new(username, name.as_deref(), &password).map_err(usage)?;
    let mut session = session::open(global).await?;
    store::add_user(&mut session, company, &new, *role).await?;
    company::note_inactive(&mut session, company, global).await?;
    session.close().await;
    if *json {
        return show_json(&serde_json::json!({ "schema": 1, "added": {
            "username": new.username, "company": company, "role": role.name(),
            "display_name": new.display_name,
        }}));
    }
    Ok(show(&format!("{} may sign in for {company}: {}", new.username, role.name()))?)
}

async fn list(arguments: &List, global: &Global) -> anyhow::Result<()> {
    let mut session = session::open(global).await?;
    let users = store::list_users(&mut session, arguments.company.as_deref()).await?;
    session.close().await;
    if arguments.json {
        return show_json(&serde_json::json!({ "schema": 1, "users": users }));
    }
    if users.is_empty() {
        global.note("there are no users yet; make one with `vama user add`");
    }
    let rows = users.into_iter().map(|UserNote { company, user }| {
        let name = user.display_name.unwrap_or_else(|| NOTHING.to_owned());
        let inactive = if user.is_active { "" } else { " (inactive)" };
        let since = user.created_at.format("%Y-%m-%d %H:%M").to_string();
        let company = company.unwrap_or_else(|| NOTHING.to_owned());
        vec![format!("{}{inactive}", user.username), company, user.role, since, name]
    });
    let columns = [
        Column::Name("user"),
        Column::Name("company"),
        Column::Word("role"),
        Column::Word("since (UTC)"),
        Column::Name("name"),
    ];
    Ok(show_table(&columns, rows.collect())?)
}

async fn set_password(arguments: &Password, global: &Global) -> anyhow::Result<()> {
    let Password { who: Who { username, company }, password_stdin, json } = arguments;
    let password = new_password(username, *password_stdin)?;
    let digest = password_hash(&password).map_err(usage)?;
    let mut session = session::open(global).await?;
    let note = store::set_password(&mut session, username, company.as_deref(), &digest).await?;
    session.close().await;
    if !note.user.is_active {
        global.note(&format!("note: {} is inactive on the platform", plain(&note.user.username)));
    }
    if *json {
        return show_json(&serde_json::json!({ "schema": 1, "password_set": note }));
    }
    Ok(show(&format!("{} has another password now", plain(&note.user.username)))?)
}

async fn remove(arguments: &Remove, global: &Global) -> anyhow::Result<()> {
    let Remove { who: Who { username, company }, yes, json } = arguments;
    let company = company.as_deref();
    let mut session = session::open(global).await?;
    let mut removal = store::remove_user(&mut session, username, company, *yes).await?;
    if let UserRemoval::LastAdmin(note) = &removal {
        let (name, of) = (plain(&note.user.username), note.company.as_deref().unwrap_or(NOTHING));
        global.note(&format!("warning: {name} is the last admin of {of}"));
        if ask::is_meant_now(false, &format!("Remove {name}?"))? {
            removal = store::remove_user(&mut session, username, company, true).await?;
        }
    }
    session.close().await;
    let (note, removed) = match removal {
        UserRemoval::Removed(note) => (note, true),
        UserRemoval::LastAdmin(note) => (note, false),
    };
    if *json {
        return show_json(&serde_json::json!({
            "schema": 1, "user": note, "removed": removed,
        }));
    }
    Ok(show(&match removed {
        true => format!("removed the user {}", plain(&note.user.username)),
        false => "nothing was changed".to_owned(),
    })?)
}

fn new_password(username: &str, from_stdin: bool) -> anyhow::Result<SecretString> {
    if from_stdin { password::in_stdin() } else { password::typed(username, PIPE_IT) }
}

fn usage(error: UserError) -> UsageError {
    UsageError(error.to_string())
}
