//! `vama company show`: one company, and who may use it.

use super::list::fiscal_code;
use crate::check::coverage::{AccountCoverage, coverage};
use crate::cli::output::{moment, show, show_json, size};
use crate::cli::table::{Column, show_table};
use crate::cli::{Global, session};
use crate::road::route::shortened;
use crate::road::words::plain;
use crate::store::{self, CompanyDetails, newest_company};
use crate::value::day::days;
use crate::value::normalize::amount_text;

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
    // A company that is inactive or behind keeps its statements to itself.
    let overview = &details.overview;
    let may_look = overview.company.is_active && overview.version == Some(newest_company());
    let statements = match may_look {
        true => store::kept_statements(&mut session, &arguments.slug).await?,
        false => Vec::new(),
    };
    session.close().await;
    let covered = coverage(&statements);
    if arguments.json {
        let tables: serde_json::Map<_, _> =
            details.counts.iter().map(|(table, rows)| (table.clone(), (*rows).into())).collect();
        return show_json(&serde_json::json!({
            "schema": 1, "company": details, "rows": tables, "statements": covered,
        }));
    }
    show(&facts(&details, &covered))?;
    let rows = details.counts.into_iter();
    let rows = rows.map(|(table, rows)| vec![table, rows.to_string()]).collect();
    Ok(show_table(&[Column::Word("table"), Column::Number("rows")], rows)?)
}

fn facts(details: &CompanyDetails, covered: &[AccountCoverage]) -> String {
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
    lines.extend(details.logo_url.iter().map(|logo| format!("logo: {logo}")));
    lines.extend(details.settings.iter().map(|(key, value)| format!("setting {key}: {value}")));
    lines.extend(company.accounts.iter().map(|account| format!("account: {account}")));
    lines.extend(covered.iter().flat_map(statements));
    lines.extend(details.grants.iter().map(|role| format!("granted to: {role}")));
    lines.extend(details.users.iter().map(|user| {
        let name = user.display_name.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
        let inactive = if user.is_active { "" } else { ", inactive" };
        format!("user: {}{name}, {}{inactive}", user.username, user.role)
    }));
    // Others write into the registry too.
    lines.iter().map(|line| plain(line)).collect::<Vec<_>>().join("\n  ")
}

/// Returns the days that an account's statements cover, and what is missing in between.
fn statements(covered: &AccountCoverage) -> Vec<String> {
    let AccountCoverage { account, currency, spans, gaps } = covered;
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return Vec::new() };
    let (days, closing) = (days(first.from, last.to), amount_text(last.closing));
    let told = format!("statements of {}: {days}, {closing} {currency}", shortened(account));
    [told].into_iter().chain(gaps.iter().map(|gap| format!("  {gap}"))).collect()
}
