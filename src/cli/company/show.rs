//! `vama company show`: one company, and who may use it.

use super::list::fiscal_code;
use crate::cli::output::{moment, show, show_json, size};
use crate::cli::table::{Column, show_table};
use crate::cli::{Global, session};
use crate::store::{self, CompanyDetails};

/// Show one company: its accounts, who may use it, and how many rows each table has
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The company's slug
    slug: String,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<()> {
    let mut session = session::open(global).await?;
    let details = store::details(&mut session, &arguments.slug).await?;
    session.close().await;
    if arguments.json {
        let tables: serde_json::Map<_, _> =
            details.counts.iter().map(|(table, rows)| (table.clone(), (*rows).into())).collect();
        return show_json(&serde_json::json!({
            "schema": 1, "company": details, "rows": tables,
        }));
    }
    show(&facts(&details))?;
    let rows = details.counts.into_iter();
    let rows = rows.map(|(table, rows)| vec![table, rows.to_string()]).collect();
    Ok(show_table(&[Column::Word("table"), Column::Number("rows")], rows)?)
}

fn facts(details: &CompanyDetails) -> String {
    let overview = &details.overview;
    let company = &overview.company;
    let mut lines = vec![
        format!("{} ({})", company.name, company.slug),
        format!("CIF: {}", fiscal_code(company)),
        format!("schema: {}", company.schema),
        format!("industry: {}", company.industry.as_deref().unwrap_or("–")),
        format!("since: {}", company.created_at.format("%Y-%m-%d")),
        format!("active: {}", if company.is_active { "yes" } else { "no" }),
        format!("version: {}", overview.version.unwrap_or_default()),
        format!("size: {}", size(overview.bytes)),
        format!("last import (UTC): {}", moment(overview.last_import)),
    ];
    lines.extend(company.accounts.iter().map(|account| format!("account: {account}")));
    lines.extend(details.grants.iter().map(|role| format!("granted to: {role}")));
    lines.extend(details.users.iter().map(|user| {
        let name = user.display_name.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
        let inactive = if user.is_active { "" } else { ", inactive" };
        format!("user: {}{name}, {}{inactive}", user.username, user.role)
    }));
    lines.join("\n  ")
}
