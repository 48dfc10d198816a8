//! `vama migrate`: brings the registry and the companies to the newest version, or checks them.

use super::output::{say_failure, show, show_json};
use super::table::{Column, show_table};
use crate::cli::{Global, session};
use crate::road::report::{ExitStatus, Failure};
use crate::store::{self, Checked, Migrations, SchemaState, Session};

/// Bring the registry and every company to the current migration
///
/// Each company is a transaction of its own: one that fails does not stop the others.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Change nothing: say which companies are behind, or differ from what the migrations make
    #[arg(long)]
    check: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    let mut session = session::open(global).await?;
    let exit = match arguments.check {
        true => check(&mut session, arguments.json).await,
        false => migrate(&mut session, arguments.json).await,
    };
    session.close().await;
    exit
}

async fn migrate(session: &mut Session, json: bool) -> anyhow::Result<ExitStatus> {
    let registry = store::migrate_public(session).await?;
    let companies = store::migrate_companies(session, Migrations::built_in()).await?;
    let mut exit = ExitStatus::Done;
    let mut lines = vec![("the registry".to_owned(), word(registry).to_owned(), None)];
    for company in companies {
        let (result, failure) = match &company.result {
            Ok(changed) => (word(*changed), None),
            Err(error) => {
                exit = ExitStatus::SomeFailed;
                ("failed", Some(Failure::from(error)))
            }
        };
        lines.push((company.slug, result.to_owned(), failure));
    }
    if json {
        let schemas: Vec<_> = lines
            .iter()
            .map(|(what, result, failure)| {
                let error = failure.as_ref().map(|it| &it.message);
                serde_json::json!({ "what": what, "result": result, "error": error })
            })
            .collect();
        show_json(&serde_json::json!({ "schema": 1, "migrated": schemas }))?;
        return Ok(exit);
    }
    for (what, _, failure) in &lines {
        if let Some(failure) = failure {
            say_failure(Some(what), failure);
        }
    }
    let rows = lines.into_iter().map(|(what, result, _)| vec![what, result]).collect();
    show_table(&[Column::Name("what"), Column::Word("result")], rows)?;
    Ok(exit)
}

fn word(changed: bool) -> &'static str {
    if changed { "migrated" } else { "already there" }
}

async fn check(session: &mut Session, json: bool) -> anyhow::Result<ExitStatus> {
    let mut checked = vec![store::check_public(session).await?];
    // As long as the registry is behind, the companies cannot be read from it.
    if checked.iter().all(|it| it.state != SchemaState::Behind) {
        checked.extend(store::check_companies(session, Migrations::built_in()).await?);
    }
    let all_current = checked.iter().all(|it| it.state == SchemaState::Current);
    let exit = if all_current { ExitStatus::Done } else { ExitStatus::Outdated };
    if json {
        show_json(&serde_json::json!({ "schema": 1, "checked": checked }))?;
        return Ok(exit);
    }
    for Checked { slug, differences, .. } in &checked {
        for difference in differences {
            show(&format!("{slug}: {difference}"))?;
        }
    }
    let rows = checked.into_iter().map(|it| {
        let state = match it.state {
            SchemaState::Current => "current",
            SchemaState::Behind => "behind: run `vama migrate`",
            SchemaState::Other => "had other migrations than this vama brings",
            SchemaState::Unreadable => "cannot be looked at: see above",
            SchemaState::Drifted => "drifted: see above",
        };
        vec![it.slug, it.version.to_string(), it.expected.to_string(), state.to_owned()]
    });
    let columns = [
        Column::Name("what"),
        Column::Number("version"),
        Column::Number("newest"),
        Column::Word("state"),
    ];
    show_table(&columns, rows.collect())?;
    Ok(exit)
}
