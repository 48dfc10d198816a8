//! `vama company activate` and `deactivate`: whether files may go into a company.

use crate::cli::output::{show, show_json};
use crate::cli::{Global, ask, session};
use crate::store::{self, Session, StoreError};

/// Let files into a company again
#[derive(Debug, clap::Args)]
pub(super) struct ActivateArguments {
    /// The company's slug
    slug: String,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

/// Let no file into a company any more
///
/// What is in stays, and the company keeps its accounts, users and credentials: its files go nowhere else
/// meanwhile. In a watched folder they wait. An import that is under way is waited for.
#[derive(Debug, clap::Args)]
pub(super) struct DeactivateArguments {
    /// The company's slug
    slug: String,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn activate(arguments: &ActivateArguments, global: &Global) -> anyhow::Result<()> {
    let ActivateArguments { slug, json } = arguments;
    let mut session = session::open(global).await?;
    let changed = store::set_active(&mut session, slug, true).await?;
    session.close().await;
    if *json {
        return show_outcome(slug, true, changed);
    }
    Ok(show(&match changed {
        true => format!("{slug} is active: files go in again"),
        false => format!("{slug} is active already; nothing was changed"),
    })?)
}

pub(super) async fn deactivate(
    arguments: &DeactivateArguments,
    global: &Global,
) -> anyhow::Result<()> {
    let DeactivateArguments { slug, yes, json } = arguments;
    let mut session = session::open(global).await?;
    let was_active = is_active(&mut session, slug).await?;
    let question = format!("Let no file into {slug} any more?");
    let is_meant = was_active && ask::is_meant_now(*yes, &question)?;
    let changed = is_meant && store::set_active(&mut session, slug, false).await?;
    session.close().await;
    if *json {
        return show_outcome(slug, was_active && !is_meant, changed);
    }
    Ok(show(&match (was_active, is_meant) {
        (true, true) => {
            format!("{slug} is inactive: no file goes in until `vama company activate {slug}`")
        }
        (true, false) => "nothing was changed".to_owned(),
        (false, _) => format!("{slug} is inactive already; nothing was changed"),
    })?)
}

fn show_outcome(slug: &str, is_active: bool, changed: bool) -> anyhow::Result<()> {
    show_json(&serde_json::json!({
        "schema": 1, "company": slug, "is_active": is_active, "changed": changed,
    }))
}

/// Says where a company that was changed is inactive, since no file goes in then.
pub(in crate::cli) async fn note(
    session: &mut Session,
    slug: &str,
    global: &Global,
) -> Result<(), StoreError> {
    if !is_active(session, slug).await? {
        global.note(&format!(
            "note: {slug} is inactive: no file goes in until `vama company activate {slug}`"
        ));
    }
    Ok(())
}

/// Returns whether files may go into the company.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`], or a database that fails.
async fn is_active(session: &mut Session, slug: &str) -> Result<bool, StoreError> {
    let companies = store::companies(session).await?;
    let company = companies.iter().find(|it| it.slug == slug);
    company.map(|it| it.is_active).ok_or_else(|| store::none_of(&companies, slug))
}
