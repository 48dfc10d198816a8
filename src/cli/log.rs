//! `vama log`: the imports of a company, and what one of them held.

use chrono::DateTime;

use rust_decimal::Decimal;

use super::import_named::company_of;
use super::output::{UsageError, local_moment, say, show, show_json};
use super::table::{Column, show_table_with};
use super::unlisted::{Unlisted, look_at_each};
use crate::cli::{Global, session};
use crate::road::report::ExitStatus;
use crate::road::route::shortened;
use crate::road::words::{Mark, NOTHING};
use crate::store::{self, HeldNote, ImportNote, Session};
use crate::value::import_name::ImportName;

/// Show what was imported, when, with what result; with a number, one import
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// One import: firma-noua#31, firma-noua:31 or 31
    #[arg(value_name = "IMPORT")]
    import: Option<ImportName>,

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
    /// What people call it.
    name: String,
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
    if let (Some(import), true, ExitStatus::Done) = (&arguments.import, imports.is_empty(), exit) {
        return Err(UsageError(format!("there is no import {import}; see `vama log`")).into());
    }
    if arguments.json {
        show_json(&serde_json::json!({ "schema": 1, "imports": imports, "left_out": left_out }))?;
    } else if arguments.import.is_some() {
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
    let number = arguments.import.as_ref().map(|it| it.number);
    let named = match &arguments.import {
        Some(import) => company_of(import, arguments.company.as_deref())?,
        None => arguments.company.clone(),
    };
    let limit = i64::from(arguments.limit);
    let notes = async |session: &mut Session, slug: &str| {
        store::imports(session, slug, number, limit).await
    };
    let (found, left_out) = look_at_each(session, named.as_deref(), notes).await?;
    let mut all = Vec::new();
    for (slug, notes) in found {
        for note in notes {
            let held_rows = match number {
                Some(number) => Some(store::held_of_import(session, &slug, number).await?),
                None => None,
            };
            let name = ImportName::new(&slug, note.number).to_string();
            all.push(Logged { name, company: slug.clone(), note, held_rows });
        }
    }
    // Files that went in together began at the same moment: then their numbers tell.
    all.sort_by_key(|logged| std::cmp::Reverse((logged.note.started_at, logged.note.number)));
    all.truncate(arguments.limit as usize);
    Ok((all, left_out))
}

/// Shows a line for each import: whether it is in, as what, when, over which days, the sum, what became
/// of its records; below a file that is not in, why.
fn show_all(imports: &[Logged]) -> std::io::Result<()> {
    let columns = [
        Column::Word(""),
        Column::Name("import"),
        Column::Word("when"),
        Column::Word("days"),
        Column::Number("sum"),
        Column::Number("new"),
        Column::Number("there"),
        Column::Number("held"),
        Column::Name("file"),
    ];
    let rows = imports.iter().map(|Logged { name, note, .. }| {
        let details = Details(&note.details);
        let is_in = note.status == "completed";
        vec![
            mark(note).sign().to_owned(),
            name.clone(),
            local_moment(note.started_at),
            details.days(),
            if is_in { details.sums().join(" + ") } else { fate(note).to_owned() },
            note.inserted.to_string(),
            note.duplicates.to_string(),
            note.held.to_string(),
            [Some(came_in(note)), details.account()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", "),
        ]
    });
    let reasons: Vec<Option<String>> =
        imports.iter().map(|it| it.note.error_message.clone()).collect();
    show_table_with(&columns, rows.collect(), &reasons)
}

/// Returns the mark of an import, as the report of its run had it.
fn mark(note: &ImportNote) -> Mark {
    match note.status.as_str() {
        "failed" => Mark::Out,
        "undone" => Mark::Known,
        _ if note.held > 0 || Details(&note.details).was_accepted_unbalanced() => Mark::Held,
        _ => Mark::Good,
    }
}

/// Returns in a word what became of the import.
fn fate(note: &ImportNote) -> &str {
    match note.status.as_str() {
        "failed" if Details(&note.details).was_refused() => "refused",
        status => status,
    }
}

/// Returns the file's name, with the zip or mail that it came in before it.
fn came_in(note: &ImportNote) -> String {
    let details = Details(&note.details);
    let name = details.text("member").unwrap_or_else(|| note.file_names.join(", "));
    match details.text("container") {
        Some(container) => format!("{container} › {name}"),
        None => name,
    }
}

fn show_one(logged: &Logged) -> std::io::Result<()> {
    let Logged { name, note, .. } = logged;
    let details = Details(&note.details);
    show(&format!("{name}: {}, {}", note.format, fate(note)))?;
    let line = |what: &str, told: &str| show(&format!("  {what}: {told}"));
    line("file", &came_in(note))?;
    line("begun", &local_moment(note.started_at))?;
    let again = note.finished_at.filter(|at| note.status == "failed" && *at > note.started_at);
    for (what, told) in [
        ("tried last", again.map(local_moment)),
        ("mail sent", details.moment("email_date")),
        ("mail subject", details.text("email_subject")),
        ("account", details.account()),
        ("days", Some(details.days()).filter(|it| it != NOTHING)),
        ("opening balance", details.text("opening")),
        ("closing balance", details.text("closing")),
        ("sum", Some(details.sums().join(" + ")).filter(|it| !it.is_empty())),
        ("undone", details.moment("undone_at")),
    ] {
        if let Some(told) = told {
            line(what, &told)?;
        }
    }
    let ImportNote { read, inserted, duplicates, held, .. } = note;
    match &note.error_message {
        Some(error) => {
            show(&format!("  {read} records read, nothing of it went in"))?;
            line("error", error)?;
        }
        None => show(&format!(
            "  {read} records read = {inserted} new + {duplicates} there already + {held} held"
        ))?,
    }
    let warnings = note.details.get("warnings").and_then(|it| it.as_array());
    for warning in warnings.into_iter().flatten().filter_map(|it| it.as_str()) {
        line("warning", warning)?;
    }
    for held in logged.held_rows.iter().flatten() {
        let at = held.source_line.unwrap_or_default();
        let settled = held.resolution.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
        show(&format!("  held ({}): line {at}: {}{settled}", held.kind, held.reason))?;
    }
    Ok(())
}

/// What an import's log row tells of its file; an older vama told less.
struct Details<'n>(&'n serde_json::Value);

impl Details<'_> {
    fn text(&self, name: &str) -> Option<String> {
        self.0.get(name)?.as_str().map(str::to_owned)
    }

    /// Returns a moment, by the user's own clock.
    fn moment(&self, name: &str) -> Option<String> {
        let at = DateTime::parse_from_rfc3339(&self.text(name)?).ok()?;
        Some(local_moment(at.to_utc()))
    }

    /// Returns whether a file that is not in was refused; else it failed.
    fn was_refused(&self) -> bool {
        let exit = self.0.get("error").and_then(|it| it.get("exit")?.as_u64());
        exit == Some(ExitStatus::Refused.code().into())
    }

    fn was_accepted_unbalanced(&self) -> bool {
        let accepted = self.0.get("accepted_unbalanced").and_then(|it| it.as_array());
        accepted.is_some_and(|it| !it.is_empty())
    }

    /// Returns the first account, shortened, and how many more there are.
    fn account(&self) -> Option<String> {
        let accounts = self.0.get("accounts")?.as_array()?;
        let first = shortened(accounts.first()?.as_str()?);
        Some(match accounts.len() {
            1 => first,
            count => format!("{first} and {} more", count - 1),
        })
    }

    /// Returns the days from the first to the last record.
    fn days(&self) -> String {
        let day = |name: &str| self.0.get("period")?.get(name)?.as_str();
        match (day("from"), day("to")) {
            (Some(from), Some(to)) if from == to => from.to_owned(),
            (Some(from), Some(to)) if from.get(..4) == to.get(..4) => {
                format!("{from}…{}", to.get(5..).unwrap_or(to))
            }
            (Some(from), Some(to)) => format!("{from}…{to}"),
            _ => NOTHING.to_owned(),
        }
    }

    /// Returns what the file adds up to, by currency.
    fn sums(&self) -> Vec<String> {
        let sums = self.0.get("sum").and_then(|it| it.as_object());
        let told = |(currency, sum): (&String, &serde_json::Value)| {
            let sum: Decimal = sum.as_str()?.parse().ok()?;
            Some(format!("{sum:.2} {currency}"))
        };
        sums.into_iter().flatten().filter_map(told).collect()
    }
}
