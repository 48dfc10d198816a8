//! `vama undo`: takes one import out again.

use super::output::{say, show, show_json};
use super::table::{Column, show_table};
use super::{Global, ask, import_named, session};
use crate::store::{self, Later, TieByHand, Undoing};
use crate::value::day;
use crate::value::import_name::ImportName;

/// Take one import out again: exactly what it put in
///
/// Says first what will go and what depends on it. All goes in one transaction, or nothing; the import
/// stays in the log as undone, and its file can be imported again.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    named: import_named::Arguments,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// Only say what would go
    #[arg(short = 'n', long, conflicts_with = "yes")]
    dry_run: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<()> {
    let mut session = session::open(global).await?;
    let slug = import_named::company_with(&mut session, &arguments.named).await?;
    let name = ImportName::new(&slug, arguments.named.import.number);
    let undoing = store::look_at_import(&mut session, &slug, name.number).await?;
    if !arguments.json {
        tell(&name, &undoing, global)?;
    }
    let undone = !arguments.dry_run && ask::is_meant(arguments.yes, &format!("Take {name} out?"))?;
    let undoing = match undone {
        true => store::undo(&mut session, &slug, name.number).await?,
        false => undoing,
    };
    session.close().await;
    if arguments.json {
        return show_json(&serde_json::json!({
            "schema": 1, "company": slug, "import": undoing, "undone": undone,
            "dry_run": arguments.dry_run,
        }));
    }
    let rows: u64 = undoing.rows.values().sum();
    let waiting = match undoing.ties_by_hand.len() {
        0 => String::new(),
        1 => "; 1 tie by hand waits for it".to_owned(),
        ties => format!("; {ties} ties by hand wait for it"),
    };
    show(&match (undone, arguments.dry_run) {
        (true, _) => {
            format!("undone: {name}, {rows} rows are out; its file can be imported again{waiting}")
        }
        (false, true) => format!("{name} would be undone (dry run: nothing was changed)"),
        (false, false) => "nothing was changed".to_owned(),
    })?;
    Ok(())
}

/// Says what will go, and what depends on it.
fn tell(name: &ImportName, undoing: &Undoing, global: &Global) -> std::io::Result<()> {
    let since = undoing.imported_at.map(|at| format!(", in since {}", day::local_day(at)));
    show(&format!("{name}: {}{}", undoing.file, since.unwrap_or_default()))?;
    let rows = undoing.rows.iter().map(|(table, rows)| vec![table.clone(), rows.to_string()]);
    show_table(&[Column::Name("table"), Column::Number("rows that go")], rows.collect())?;
    if undoing.matched > 0 {
        say(&format!(
            "warning: {} of its borderouri and batches are matched with the bank; that goes too",
            undoing.matched
        ));
    }
    tell_ties(undoing);
    for accepted in &undoing.replaced {
        say(&format!("warning: {accepted}, which does not come back: give its file again"));
    }
    if undoing.rows.keys().any(|table| matches!(table.as_str(), "orders" | "invoices")) {
        global
            .note("note: orders and invoices that another import tells of stay, as that one says");
    }
    tell_later(name.company.as_deref().unwrap_or_default(), undoing.later.iter(), global);
    Ok(())
}

/// Says which ties go with it, and what becomes of those by hand.
fn tell_ties(undoing: &Undoing) {
    let ties = |count: u64| if count == 1 { "1 tie".to_owned() } else { format!("{count} ties") };
    if undoing.ties_by_rule > 0 {
        say(&format!(
            "warning: {} of its credits or settlements, made by rules, will go; the rules decide again",
            ties(undoing.ties_by_rule)
        ));
    }
    if undoing.ties_by_hand.is_empty() {
        return;
    }
    say(&format!(
        "warning: {} made by hand will wait, and count again when its rows are back:",
        ties(undoing.ties_by_hand.len() as u64)
    ));
    for TieByHand { settlement, credit, amount, .. } in &undoing.ties_by_hand {
        say(&match amount.is_zero() {
            true => format!("  {credit} does not pay {settlement}"),
            false => format!("  {credit} pays {amount:.2} of {settlement}"),
        });
    }
}

/// Tells which later imports of the company may miss rows.
pub(super) fn tell_later<'l>(
    slug: &str,
    later: impl ExactSizeIterator<Item = &'l Later>,
    global: &Global,
) {
    if later.len() > 0 {
        global.note(
            "note: later imports found rows there, or held some, that may be for it; give their files again:",
        );
    }
    for later in later {
        let name = ImportName::new(slug, later.number);
        let Later { file, duplicates, held, .. } = later;
        global.note(&format!("  {name}: {file} ({duplicates} there, {held} held)"));
    }
}
