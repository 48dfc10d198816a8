mod backup;
mod restore;

use clap::Subcommand;

use crate::cli::output::{UsageError, say, show, show_json, show_table};
use crate::cli::{Global, session};
use crate::fiscal;
use crate::report::ExitStatus;
use crate::slug::schema_of;
use crate::store::{self, Company, NewCompany};

/// Make companies and look at them
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(Create),
    List(List),
    Show(Show),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
}

/// Make a company: its row in the registry, its schema with all tables, its role
#[derive(Debug, clap::Args)]
struct Create {
    /// The company's name
    #[arg(long)]
    name: String,

    /// What it is called on the command line: 2 to 41 of a–z, 0–9 and -, first a letter
    #[arg(long)]
    slug: String,

    /// Its fiscal code, with or without RO
    #[arg(long)]
    cif: String,

    /// What it does, in a word
    #[arg(long)]
    industry: Option<String>,

    /// What its files are known by: an IBAN, gls:<client number> or netopia:<terminal id>
    ///
    /// Can be repeated.
    #[arg(long = "account", value_name = "ACCOUNT")]
    accounts: Vec<String>,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

/// List the companies
#[derive(Debug, clap::Args)]
struct List {
    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

/// Show one company: its accounts and how many rows it has
#[derive(Debug, clap::Args)]
struct Show {
    /// The company's slug
    slug: String,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    match arguments.command {
        Command::Create(arguments) => create(arguments, global).await?,
        Command::List(arguments) => list(&arguments, global).await?,
        Command::Show(arguments) => show_one(&arguments, global).await?,
        Command::Backup(arguments) => backup::run(arguments, global).await?,
        Command::Restore(arguments) => restore::run(arguments, global).await?,
    }
    Ok(ExitStatus::Done)
}

async fn create(arguments: Create, global: &Global) -> anyhow::Result<()> {
    let new = checked(&arguments)?;
    let mut session = session::open(global).await?;
    let has_role = store::create(&mut session, &new).await?;
    session.close().await;
    if !has_role {
        say("note: this user may not create roles; the company has none of its own");
    }
    if arguments.json {
        let created = serde_json::json!({
            "schema": 1, "created": new.slug, "company_schema": new.schema, "has_role": has_role,
        });
        return show_json(&created);
    }
    Ok(show(&format!("created {} in schema {}", new.slug, new.schema))?)
}

/// Checks every field before the database is asked.
fn checked(arguments: &Create) -> Result<NewCompany, UsageError> {
    let usage = |reason: String| UsageError(reason);
    let schema = schema_of(&arguments.slug).map_err(|it| usage(it.to_string()))?;
    let cif = fiscal::cif(&arguments.cif).map_err(|it| usage(it.to_string()))?;
    let name = crate::normalize::text(&arguments.name).into_owned();
    if name.is_empty() {
        return Err(usage("the name is empty".to_owned()));
    }
    let accounts = arguments.accounts.iter().map(|it| account(it)).collect::<Result<_, _>>()?;
    Ok(NewCompany {
        slug: arguments.slug.clone(),
        name,
        schema,
        cif,
        industry: arguments.industry.clone(),
        accounts,
    })
}

/// Returns the account as files are looked up by it.
fn account(raw: &str) -> Result<String, UsageError> {
    let raw = raw.trim();
    let known = ["gls:", "netopia:"];
    if known.iter().any(|kind| raw.strip_prefix(kind).is_some_and(|rest| !rest.is_empty())) {
        return Ok(raw.to_owned());
    }
    fiscal::iban(raw).ok_or_else(|| {
        UsageError(format!(
            "account {raw:?} is not an IBAN with right check digits, nor gls:<client number>, nor \
             netopia:<terminal id>"
        ))
    })
}

async fn list(arguments: &List, global: &Global) -> anyhow::Result<()> {
    let mut session = session::open(global).await?;
    let companies = store::companies(&mut session).await?;
    session.close().await;
    if arguments.json {
        return show_json(&serde_json::json!({ "schema": 1, "companies": companies }));
    }
    if companies.is_empty() {
        say("there are no companies yet; make one with `vama company create`");
    }
    let rows = companies.into_iter().map(|it| {
        let active = if it.is_active { "yes" } else { "no" };
        let cif = fiscal_code(&it);
        vec![it.slug, it.name, cif, active.to_owned(), it.accounts.join(", ")]
    });
    Ok(show_table(&["slug", "name", "CIF", "active", "accounts"], &[], rows.collect())?)
}

async fn show_one(arguments: &Show, global: &Global) -> anyhow::Result<()> {
    let mut session = session::open(global).await?;
    let counts = store::table_counts(&mut session, &arguments.slug).await?;
    let companies = store::companies(&mut session).await?;
    session.close().await;
    let Some(company) = companies.into_iter().find(|it| it.slug == arguments.slug) else {
        return Err(UsageError(format!("no company is called {}", arguments.slug)).into());
    };
    if arguments.json {
        let tables: serde_json::Map<_, _> =
            counts.into_iter().map(|(table, rows)| (table, rows.into())).collect();
        return show_json(&serde_json::json!({ "schema": 1, "company": company, "rows": tables }));
    }
    show(&facts(&company))?;
    let rows = counts.into_iter().map(|(table, rows)| vec![table, rows.to_string()]).collect();
    Ok(show_table(&["table", "rows"], &[1], rows)?)
}

fn fiscal_code(company: &Company) -> String {
    company.cif.as_ref().map_or_else(|| "–".to_owned(), |cif| format!("RO{cif}"))
}

fn facts(company: &Company) -> String {
    let mut text = format!(
        "{} ({})\n  CIF: {}\n  schema: {}\n  industry: {}\n  since: {}",
        company.name,
        company.slug,
        fiscal_code(company),
        company.schema,
        company.industry.as_deref().unwrap_or("–"),
        company.created_at.format("%Y-%m-%d"),
    );
    for account in &company.accounts {
        text.push_str(&format!("\n  account: {account}"));
    }
    text
}
