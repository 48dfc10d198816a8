//! `vama company create`: makes a company.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::account::checked_account;
use super::named::Named;
use crate::cli::output::{UsageError, show, show_json};
use crate::cli::{Global, ask, password, session};
use crate::store::user::{NewUser, checked_username};
use crate::store::{self, NewCompany, Session, StoreError};

/// Make a company: its row in the registry, its schema with all tables, its role, its first user
///
/// What is not told of its name, slug and CIF is asked for on a terminal.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    named: Named,

    /// What it does, in a word
    #[arg(long)]
    industry: Option<String>,

    /// What its files are known by: an IBAN, gls:<client number>, netopia:<terminal id> or
    /// emag:<seller id>
    ///
    /// Can be repeated.
    #[arg(long = "account", value_name = "ACCOUNT")]
    accounts: Vec<String>,

    /// The name with which its administrator signs in to the platform
    #[arg(long, value_name = "NAME")]
    admin_user: Option<String>,

    /// What the platform calls the administrator
    #[arg(long, value_name = "NAME", requires = "admin_user")]
    admin_name: Option<String>,

    /// A file with the administrator's password, - for stdin; else it is asked for
    #[arg(long, value_name = "FILE", requires = "admin_user")]
    admin_pass_file: Option<PathBuf>,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: Arguments, global: &Global) -> anyhow::Result<()> {
    let mut new = checked(&arguments)?;
    new.admin = administrator(&arguments)?;
    let mut session = session::open(global).await?;
    let has_role = make(&mut session, &new, global).await?;
    session.close().await;
    let admin = new.admin.map(|admin| admin.username);
    if admin.is_none() {
        global.note(
            "note: nobody can sign in to the platform for it yet: `vama user add` makes a user",
        );
    }
    if arguments.json {
        let created = serde_json::json!({
            "schema": 1, "created": new.slug, "company_schema": new.schema, "has_role": has_role,
            "admin_user": admin,
        });
        return show_json(&created);
    }
    Ok(show(&format!("created {} in schema {}", new.slug, new.schema))?)
}

/// Makes the company; returns whether it has a role of its own, and says so where it has none.
pub(in crate::cli) async fn make(
    session: &mut Session,
    new: &NewCompany,
    global: &Global,
) -> Result<bool, StoreError> {
    let has_role = store::create(session, new).await?;
    if !has_role {
        global.note(
            "note: this user may not create roles, so the company has none of its own: the search \
             path alone keeps imports inside its schema",
        );
    }
    Ok(has_role)
}

/// Checks every field before the database is asked; asks for what is missing, where somebody is there.
fn checked(arguments: &Arguments) -> anyhow::Result<NewCompany> {
    let mut named = arguments.named.clone();
    named.check()?;
    if let Some(name) = &arguments.admin_user {
        // Checked before a password is asked for.
        checked_username(name).map_err(|it| UsageError(it.to_string()))?;
    }
    let accounts = arguments.accounts.iter().map(|it| checked_account(it));
    // An account that is named twice counts once.
    let accounts = accounts.collect::<Result<BTreeSet<_>, _>>()?.into_iter().collect();
    if !named.is_complete() && ask::somebody_is_there() {
        let answers = ask::answered(named.ask(""))?;
        named = answers.ok_or_else(|| UsageError("no company was made".to_owned()))?;
    }
    let industry = arguments.industry.clone();
    Ok(NewCompany { industry, ..named.company(accounts)? })
}

/// Returns the administrator, with the password from the file or as it was typed.
fn administrator(arguments: &Arguments) -> anyhow::Result<Option<NewUser>> {
    let Some(username) = &arguments.admin_user else { return Ok(None) };
    let password = match &arguments.admin_pass_file {
        Some(path) => password::in_file(path)?,
        None => password::typed(
            username,
            "name a file that has it with --admin-pass-file FILE, or pipe it in with \
             --admin-pass-file -",
        )?,
    };
    let user = NewUser::new(username, arguments.admin_name.as_deref(), &password);
    Ok(Some(user.map_err(|error| UsageError(error.to_string()))?))
}
