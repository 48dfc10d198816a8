//! `vama company list`: all companies.

use crate::cli::output::{moment, show_json, show_table, size};
use crate::cli::{Global, session};
use crate::store::{self, Company, Overview};

/// List the companies: how large each is, how current, and when something last came in
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<()> {
    let mut session = session::open(global).await?;
    let companies = store::overview(&mut session).await?;
    session.close().await;
    if arguments.json {
        return show_json(&serde_json::json!({ "schema": 1, "companies": companies }));
    }
    if companies.is_empty() {
        global.note("there are no companies yet; make one with `vama company create`");
    }
    let head = ["slug", "name", "CIF", "version", "tables", "rows", "size", "last import (UTC)"];
    let rows = companies.into_iter().map(line).collect();
    Ok(show_table(&head, &[3, 4, 5, 6], rows)?)
}

fn line(it: Overview) -> Vec<String> {
    let cif = fiscal_code(&it.company);
    let name = match it.company.is_active {
        true => it.company.name,
        false => format!("{} (inactive)", it.company.name),
    };
    vec![
        it.company.slug,
        name,
        cif,
        it.version.map_or_else(|| "–".to_owned(), |version| version.to_string()),
        it.tables.to_string(),
        it.rows.to_string(),
        size(it.bytes),
        moment(it.last_import),
    ]
}

/// Returns the CIF as people write it; a copy of a company has none.
pub(super) fn fiscal_code(company: &Company) -> String {
    company.cif.as_ref().map_or_else(|| "–".to_owned(), |cif| format!("RO{cif}"))
}
