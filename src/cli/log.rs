//! `vama log`: the imports of a company, and what one of them held.

use super::output::{UsageError, say, show, show_json};
use super::table::{Column, show_table};
use super::unlisted::Unlisted;
use crate::cli::{Global, session};
use crate::road::report::ExitStatus;
use crate::store::{self, HeldNote, ImportNote, Session, StoreError};

/// Show what was imported, when, with what result; with a number, one import
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The number of one import
    #[arg(value_name = "IMPORT")]
    number: Option<i64>,

    /// Only this company
    #[arg(short, long, value_name = "SLUG")]
    company: Option<String>,

    /// How many imports to show, newest first
    #[arg(short = 'n', long, default_value_t = 30, value_name = "COUNT")]
    limit: u32,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct Logged {
    company: String,
    #[serde(flatten)]
    note: ImportNote,
    #[serde(skip_serializing_if = "Option::is_none")]
    held_rows: Option<Vec<HeldNote>>,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    let mut session = session::open(global).await?;
    let (imports, left_out) = collect(&mut session, arguments).await?;
    session.close().await;
    let exit = if left_out.is_empty() { ExitStatus::Done } else { ExitStatus::SomeFailed };
    if let (Some(number), true, ExitStatus::Done) = (arguments.number, imports.is_empty(), exit) {
        return Err(UsageError(format!("there is no import #{number}; see `vama log`")).into());
    }
    if arguments.json {
        show_json(&serde_json::json!({ "schema": 1, "imports": imports, "left_out": left_out }))?;
    } else if arguments.number.is_some() {
        for logged in &imports {
            show_one(logged)?;
        }
    } else {
        if imports.is_empty() && exit == ExitStatus::Done {
            say("nothing was imported yet");
        }
        show_all(&imports)?;
    }
    Ok(exit)
}

/// Returns the imports, and the companies that could not be looked at.
async fn collect(
    session: &mut Session,
    arguments: &Arguments,
) -> anyhow::Result<(Vec<Logged>, Vec<Unlisted>)> {
    let slugs = match &arguments.company {
        Some(slug) => vec![slug.clone()],
        None => {
            let companies = store::companies(session).await?;
            companies.into_iter().filter(|it| it.is_active).map(|it| it.slug).collect()
        }
    };
    let (mut all, mut left_out) = (Vec::new(), Vec::new());
    for slug in slugs {
        let limit = i64::from(arguments.limit);
        let notes = match store::imports(session, &slug, arguments.number, limit).await {
            // A company that was dropped since the companies were listed has nothing to show.
            Err(StoreError::UnknownCompany { .. }) if arguments.company.is_none() => continue,
            // One company that is behind, locked or damaged must not hide the others.
            Err(error) if arguments.company.is_none() && !error.is_away() => {
                left_out.push(Unlisted::new(slug, &error));
                continue;
            }
            notes => notes?,
        };
        for note in notes {
            let held_rows = match arguments.number {
                Some(number) => Some(store::held_of_import(session, &slug, number).await?),
                None => None,
            };
            all.push(Logged { company: slug.clone(), note, held_rows });
        }
    }
    all.sort_by_key(|logged| std::cmp::Reverse(logged.note.started_at));
    all.truncate(arguments.limit as usize);
    left_out.iter().for_each(Unlisted::say);
    Ok((all, left_out))
}

fn show_all(imports: &[Logged]) -> std::io::Result<()> {
    let columns = [
        Column::Number("#"),
        Column::Name("company"),
        Column::Word("when (UTC)"),
        Column::Word("what"),
        Column::Number("records"),
        Column::Number("new"),
        Column::Number("there"),
        Column::Number("held"),
        Column::Word("status"),
        Column::Name("file"),
    ];
    let rows = imports
        .iter()
        .map(|Logged { company, note, .. }| {
            vec![
                note.number.to_string(),
                company.clone(),
                note.started_at.format("%Y-%m-%d %H:%M").to_string(),
                note.format.clone(),
                note.read.to_string(),
                note.inserted.to_string(),
                note.duplicates.to_string(),
                note.held.to_string(),
                note.status.clone(),
                note.file_names.join(", "),
            ]
        })
        .collect();
    show_table(&columns, rows)
}

fn show_one(logged: &Logged) -> std::io::Result<()> {
    let note = &logged.note;
    show(&format!(
        "import #{} into {}: {}, {}\n  file: {}\n  begun: {} UTC\n  {} records read = {} new + {} \
         there already + {} held",
        note.number,
        logged.company,
        note.format,
        note.status,
        note.file_names.join(", "),
        note.started_at.format("%Y-%m-%d %H:%M:%S"),
        note.read,
        note.inserted,
        note.duplicates,
        note.held
    ))?;
    if let Some(error) = &note.error_message {
        show(&format!("  error: {error}"))?;
    }
    let warnings = note.details.get("warnings").and_then(|it| it.as_array());
    for warning in warnings.into_iter().flatten().filter_map(|it| it.as_str()) {
        show(&format!("  warning: {warning}"))?;
    }
    for held in logged.held_rows.iter().flatten() {
        let line = held.source_line.unwrap_or_default();
        show(&format!("  held ({}): line {line}: {}", held.kind, held.reason))?;
    }
    Ok(())
}
