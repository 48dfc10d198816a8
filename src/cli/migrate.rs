use super::output::{say_failure, show_json, show_table};
use super::{Global, session};
use crate::report::{ExitStatus, Failure};
use crate::store;

/// Bring the registry and every company to the current migration
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    let mut session = session::open(global).await?;
    let registry = store::migrate_public(&mut session).await?;
    let companies = store::migrate_companies(&mut session).await?;
    session.close().await;
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
        lines.push((company.what, result.to_owned(), failure));
    }
    if arguments.json {
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
    for failure in lines.iter().filter_map(|(_, _, failure)| failure.as_ref()) {
        say_failure(None, failure);
    }
    let rows = lines.into_iter().map(|(what, result, _)| vec![what, result]).collect();
    show_table(&["what", "result"], &[], rows)?;
    Ok(exit)
}

fn word(changed: bool) -> &'static str {
    if changed { "migrated" } else { "already there" }
}
