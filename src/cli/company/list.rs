//! `vama company list`: all companies.

use serde::Serialize;

use crate::cli::output::{moment, show_json, size};
use crate::cli::table::{Column, show_table};
use crate::cli::unlisted::{Unlisted, Why};
use crate::cli::{Global, session};
use crate::road::report::ExitStatus;
use crate::store::{self, Company, Listed, Overview};

/// List the companies: how large each is, how current, and when something last came in
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    let mut session = session::open(global).await?;
    let companies = store::overview(&mut session).await?;
    session.close().await;
    let is_whole = companies.iter().all(Result::is_ok);
    let exit = if is_whole { ExitStatus::Done } else { ExitStatus::SomeFailed };
    if arguments.json {
        let companies = companies.iter().map(json).collect::<Result<Vec<_>, _>>()?;
        show_json(&serde_json::json!({ "schema": 1, "companies": companies }))?;
        return Ok(exit);
    }
    if companies.is_empty() {
        global.note("there are no companies yet; make one with `vama company create`");
    }
    let mut rows = Vec::new();
    for listed in companies {
        match listed {
            Ok(overview) => rows.push(line(overview)),
            Err((company, error)) => {
                Unlisted::new(company.slug.clone(), &error).say();
                rows.push(unknown_line(&company));
            }
        }
    }
    let columns = [
        Column::Name("slug"),
        Column::Word("CIF"),
        Column::Number("version"),
        Column::Number("tables"),
        Column::Number("rows"),
        Column::Number("size"),
        Column::Word("last import (UTC)"),
        Column::Name("name"),
    ];
    show_table(&columns, rows)?;
    Ok(exit)
}

/// A company that could not be looked at, as JSON: its `error` stands in place of its size.
#[derive(Serialize)]
struct WithoutSize<'c> {
    #[serde(flatten)]
    company: &'c Company,
    error: Why,
}

fn json(listed: &Listed) -> serde_json::Result<serde_json::Value> {
    match listed {
        Ok(overview) => serde_json::to_value(overview),
        Err((company, error)) => {
            let Unlisted { error, .. } = Unlisted::new(company.slug.clone(), error);
            serde_json::to_value(WithoutSize { company, error })
        }
    }
}

/// Returns the line of a company that could not be looked at.
fn unknown_line(company: &Company) -> Vec<String> {
    let unknown = std::iter::repeat_n("?".to_owned(), 5);
    let known = [company.slug.clone(), fiscal_code(company)].into_iter();
    known.chain(unknown).chain([name_of(company)]).collect()
}

fn line(it: Overview) -> Vec<String> {
    vec![
        it.company.slug.clone(),
        fiscal_code(&it.company),
        it.version.map_or_else(|| "–".to_owned(), |version| version.to_string()),
        it.tables.to_string(),
        it.rows.to_string(),
        size(it.bytes),
        moment(it.last_import),
        name_of(&it.company),
    ]
}

fn name_of(company: &Company) -> String {
    match company.is_active {
        true => company.name.clone(),
        false => format!("{} (inactive)", company.name),
    }
}

/// Returns the CIF as it is kept; a copy of a company has none.
pub(super) fn fiscal_code(company: &Company) -> String {
    company.cif.clone().unwrap_or_else(|| "–".to_owned())
}
