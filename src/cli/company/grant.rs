//! `vama company grant` and `revoke`: which role of the database may use a company.

use crate::cli::output::{show, show_json};
use crate::cli::{Global, session};
use crate::store;

/// Give a company to a role: its schema, its tables, and those of future migrations
#[derive(Debug, clap::Args)]
pub(super) struct GrantArguments {
    /// The company's slug
    slug: String,

    /// The role, which the server must have
    #[arg(long, value_name = "ROLE")]
    to: String,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

/// Take a company from a role again
#[derive(Debug, clap::Args)]
pub(super) struct RevokeArguments {
    /// The company's slug
    slug: String,

    /// The role that has it
    #[arg(long, value_name = "ROLE")]
    from: String,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn grant(arguments: &GrantArguments, global: &Global) -> anyhow::Result<()> {
    let GrantArguments { slug, to, json } = arguments;
    let mut session = session::open(global).await?;
    let others = store::grant(&mut session, slug, to).await?;
    session.close().await;
    if !others.is_empty() {
        global.note(&format!(
            "warning: {to} can use {} too: whoever works under it sees all of them",
            others.join(", ")
        ));
    }
    if *json {
        return show_json(&serde_json::json!({
            "schema": 1, "company": slug, "granted_to": to, "also_sees": others,
        }));
    }
    Ok(show(&format!("{to} may use {slug}"))?)
}

pub(super) async fn revoke(arguments: &RevokeArguments, global: &Global) -> anyhow::Result<()> {
    let RevokeArguments { slug, from, json } = arguments;
    let mut session = session::open(global).await?;
    let had = store::revoke(&mut session, slug, from).await?;
    session.close().await;
    if *json {
        return show_json(&serde_json::json!({
            "schema": 1, "company": slug, "revoked_from": from, "changed": had,
        }));
    }
    let told = match had {
        true => format!("{from} may no longer use {slug}"),
        false => format!("{from} had no right to use {slug}"),
    };
    Ok(show(&told)?)
}
