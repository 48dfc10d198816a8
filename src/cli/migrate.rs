use super::output::{say, show_json, show_table};
use super::{Global, session};
use crate::report::{ExitStatus, chain};
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
        let (result, error) = match &company.result {
            Ok(changed) => (word(*changed), None),
            Err(error) => {
                exit = ExitStatus::SomeFailed;
                ("failed", Some(chain(error)))
            }
        };
        lines.push((company.what, result.to_owned(), error));
    }
    if arguments.json {
        let schemas: Vec<_> = lines
            .iter()
            .map(|(what, result, error)| {
                serde_json::json!({ "what": what, "result": result, "error": error })
            })
            .collect();
        show_json(&serde_json::json!({ "schema": 1, "migrated": schemas }))?;
        return Ok(exit);
    }
    for (what, _, error) in lines.iter().filter(|(_, _, error)| error.is_some()) {
        say(&format!("error: {what}: {}", error.as_deref().unwrap_or_default()));
    }
    let rows = lines.into_iter().map(|(what, result, _)| vec![what, result]).collect();
    show_table(&["what", "result"], &[], rows)?;
    Ok(exit)
}

fn word(changed: bool) -> &'static str {
    if changed { "migrated" } else { "already there" }
}
