//! `vama held`: what was held back, and what becomes of it.

mod accept;
mod export;

use std::str::FromStr;

use clap::Subcommand;
use rust_decimal::Decimal;

use crate::cli::import_named::{self, company_with};
use crate::cli::output::{UsageError, local_moment, say, show, show_exactly, show_json};
use crate::cli::table::{Column, show_table};
use crate::cli::unlisted::look_at_each;
use crate::cli::{Global, session};
use crate::road::report::ExitStatus;
use crate::road::words::plain;
use crate::store::{self, HeldRecord, OpenRow, Session, StoredRow};
use crate::value::import_name::ImportName;

/// Show what was held back, and settle it
///
/// Without a command: the list.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    list: List,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List what nobody has settled yet, the oldest first
    List(List),
    /// Show one record as it stands in its file, and the row that it contradicts
    Show(Show),
    /// Write what could not be read as a file of its format, to be put right and imported
    Export(export::Arguments),
    /// Let a record in: a conflict as a row of its own, a corrected settlement instead of the stored one
    Accept(accept::Arguments),
    /// Close a record that is not to come in, and keep why
    Discard(Discard),
}

#[derive(Debug, clap::Args)]
struct List {
    /// Only this company
    #[arg(short, long, value_name = "SLUG")]
    company: Option<String>,

    /// How many records of a company to show
    #[arg(short = 'n', long, default_value_t = 100, value_name = "COUNT")]
    limit: u32,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Show {
    #[command(flatten)]
    named: Named,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Discard {
    #[command(flatten)]
    named: Named,

    /// Why it is not to come in; kept with the record
    #[arg(long, value_name = "TEXT")]
    why: String,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

/// One held record, as an argument.
#[derive(Debug, clap::Args)]
struct Named {
    /// The record: firma-noua#31/2 is the second that import firma-noua#31 held; 31/2 where only one
    /// company has that import
    #[arg(value_name = "RECORD")]
    record: HeldName,

    /// The company, where the import is named by its number alone
    #[arg(short, long, value_name = "SLUG")]
    company: Option<String>,
}

/// What people call a held record: `firma-noua#31/2`.
#[derive(Debug, Clone)]
struct HeldName {
    import: ImportName,
    place: i64,
}

impl FromStr for HeldName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unnamed = || format!("{text:?} names no record; expected firma-noua#31/2 or 31/2");
        let (import, place) = text.rsplit_once('/').ok_or_else(unnamed)?;
        let import = import.parse().map_err(|_| unnamed())?;
        let place = place.parse().ok().filter(|it| *it > 0).ok_or_else(unnamed)?;
        Ok(Self { import, place })
    }
}

pub(in crate::cli) async fn run(
    arguments: &Arguments,
    global: &Global,
) -> anyhow::Result<ExitStatus> {
    let mut session = session::open(global).await?;
    let exit = match &arguments.command {
        None => list(&mut session, &arguments.list).await,
        Some(Command::List(arguments)) => list(&mut session, arguments).await,
        Some(Command::Show(arguments)) => show_record(&mut session, arguments).await,
        Some(Command::Export(arguments)) => export::run(&mut session, arguments).await,
        Some(Command::Accept(arguments)) => accept::run(&mut session, arguments, global).await,
        Some(Command::Discard(arguments)) => discard(&mut session, arguments).await,
    };
    session.close().await;
    exit
}

/// Lists what is open; exit status 0 whether there is something or not, as any list.
async fn list(session: &mut Session, arguments: &List) -> anyhow::Result<ExitStatus> {
    let most = arguments.limit as usize;
    let rows = async |session: &mut Session, slug: &str| {
        store::open_rows(session, slug, arguments.limit.saturating_add(1)).await
    };
    let (found, left_out) = look_at_each(session, arguments.company.as_deref(), rows).await?;
    for (slug, _) in found.iter().filter(|(_, rows)| rows.len() > most) {
        say(&format!("{slug} has more than these; -n shows more"));
    }
    let of_company = |(slug, rows): (String, Vec<OpenRow>)| {
        rows.into_iter().take(most).map(move |row| (slug.clone(), row))
    };
    let open: Vec<(String, OpenRow)> = found.into_iter().flat_map(of_company).collect();
    let exit = if left_out.is_empty() { ExitStatus::Done } else { ExitStatus::SomeFailed };
    if arguments.json {
        let rows = open.iter().map(|(slug, row)| {
            serde_json::json!({ "record": name(slug, row), "company": slug, "held": row })
        });
        let rows: Vec<_> = rows.collect();
        show_json(&serde_json::json!({ "schema": 1, "held": rows, "left_out": left_out }))?;
        return Ok(exit);
    }
    if open.is_empty() && left_out.is_empty() {
        say("nothing is held");
        return Ok(exit);
    }
    let columns = [
        Column::Name("record"),
        Column::Word("since"),
        Column::Word("kind"),
        Column::Number("line"),
        Column::Name("file"),
        Column::Name("reason"),
    ];
    let rows = open.iter().map(|(slug, row)| {
        let line = row.source_line.map(|it| it.to_string()).unwrap_or_default();
        vec![
            name(slug, row),
            local_moment(row.since),
            row.kind.clone(),
            line,
            row.file.clone(),
            row.reason.clone(),
        ]
    });
    show_table(&columns, rows.collect())?;
    Ok(exit)
}

fn name(slug: &str, row: &OpenRow) -> String {
    format!("{}/{}", ImportName::new(slug, row.number), row.place)
}

/// Returns the company that has the record, and its import and place there.
async fn place_of(
    session: &mut Session,
    Named { record, company }: &Named,
) -> anyhow::Result<(String, (i64, i64))> {
    let named = import_named::Arguments { import: record.import.clone(), company: company.clone() };
    let slug = company_with(session, &named).await?;
    Ok((slug, (record.import.number, record.place)))
}

async fn show_record(session: &mut Session, arguments: &Show) -> anyhow::Result<ExitStatus> {
    let (slug, place) = place_of(session, &arguments.named).await?;
    let (record, stored) = store::held_record(session, &slug, place).await?;
    if arguments.json {
        show_json(&serde_json::json!({
            "schema": 1, "company": slug, "held": record, "stored": stored,
        }))?;
        return Ok(ExitStatus::Done);
    }
    tell(&slug, place.0, &record, stored.as_ref())?;
    Ok(ExitStatus::Done)
}

fn tell(
    slug: &str,
    number: i64,
    record: &HeldRecord,
    stored: Option<&StoredRow>,
) -> std::io::Result<()> {
    let line = record.source_line.map(|it| format!(", line {it}")).unwrap_or_default();
    let import = ImportName::new(slug, number);
    show(&format!("{}{line}, {import}, {}", record.file, local_moment(record.since)))?;
    show(&format!("{}: {}", record.kind, record.reason))?;
    if let Some(resolution) = &record.resolution {
        show(&format!("settled: {resolution}"))?;
    }
    show("here:")?;
    for line in record.raw.lines() {
        // A control character in it could rewrite the screen.
        show_exactly(&format!("  {}", plain(&line.replace('\t', " | "))))?;
    }
    let Some(stored) = stored else { return Ok(()) };
    let from = stored.import.map(|it| format!(" from {}", ImportName::new(slug, it)));
    let from = from.unwrap_or_default();
    for (column, there, here) in differences(stored, record) {
        show_exactly(&plain(&format!("{column}: {there} in the books{from}, {here} here")))?;
    }
    show(&format!("in the books{from}:"))?;
    let columns = stored.stored.as_object();
    for (column, value) in columns.into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        show_exactly(&format!("  {column}: {}", plain(&text_of(value))))?;
    }
    Ok(())
}

/// Columns that tell where a row came from, not what it says.
const OF_THE_FILE: [&str; 5] = ["source_line", "file_name", "statement_number", "id", "import_id"];

/// Returns the columns in which the stored row and the held one differ, with both values.
fn differences(stored: &StoredRow, record: &HeldRecord) -> Vec<(String, String, String)> {
    let (stored, kept) = (stored.stored.as_object(), record.kept.as_ref());
    let kept = kept.and_then(|it| it.as_object());
    let (Some(stored), Some(kept)) = (stored, kept) else { return Vec::new() };
    let differs = |(column, here): (&String, &serde_json::Value)| {
        let there = stored.get(column).filter(|it| !it.is_null() && !here.is_null())?;
        let (there, here) = (text_of(there), text_of(here));
        let differs = !OF_THE_FILE.contains(&column.as_str()) && !is_same(&there, &here);
        differs.then(|| (column.clone(), there, here))
    };
    kept.iter().filter_map(differs).collect()
}

/// Returns whether two texts are one value: amounts whatever their zeros, moments whatever stands
/// between day and time.
fn is_same(there: &str, here: &str) -> bool {
    match (there.parse::<Decimal>(), here.parse::<Decimal>()) {
        (Ok(there), Ok(here)) => there == here,
        _ => there.replacen('T', " ", 1) == here.replacen('T', " ", 1),
    }
}

fn text_of(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

async fn discard(session: &mut Session, arguments: &Discard) -> anyhow::Result<ExitStatus> {
    let why = arguments.why.trim();
    if why.is_empty() {
        return Err(UsageError("--why is empty: say why it is not to come in".to_owned()).into());
    }
    let (slug, place) = place_of(session, &arguments.named).await?;
    let changed = store::discard(session, &slug, place, why).await?;
    let name = format!("{}/{}", ImportName::new(&slug, place.0), place.1);
    if arguments.json {
        show_json(&serde_json::json!({ "schema": 1, "record": name, "changed": changed }))?;
        return Ok(ExitStatus::Done);
    }
    show(&match changed {
        true => format!("discarded {name}"),
        false => format!("{name} was settled before; nothing was changed"),
    })?;
    Ok(ExitStatus::Done)
}
