//! `vama held accept`: lets a held record in.

use super::{Named, place_of};
use crate::cli::output::{say, show, show_json};
use crate::cli::table::{Column, show_table};
use crate::cli::{Global, ask};
use crate::road::report::ExitStatus;
use crate::store::{self, Accepted, Session};
use crate::value::import_name::ImportName;

/// Let a held record in
///
/// A bank entry or a card operation comes in as a row of its own, as the next twin of the one that has
/// its key. A borderou or batch that came again with other lines takes the place of the stored one;
/// each of its held lines stands for the whole. An order or invoice takes the place of all that imports said
/// of it before. The rows belong to the import that held the record, so
/// `vama undo` of that one takes them out.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    named: Named,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// Only say what would come in and go out
    #[arg(short = 'n', long, conflicts_with = "yes")]
    dry_run: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(
    session: &mut Session,
    arguments: &Arguments,
    global: &Global,
) -> anyhow::Result<ExitStatus> {
    let (slug, place) = place_of(session, &arguments.named).await?;
    let name = format!("{}/{}", ImportName::new(&slug, place.0), place.1);
    let look = store::look_at_held(session, &slug, place).await?;
    if !arguments.json && !look.was_settled {
        tell(&slug, &look, global)?;
    }
    let meant = !look.was_settled
        && !arguments.dry_run
        && ask::is_meant(arguments.yes, &format!("Let {name} in?"))?;
    let accepted = if meant { store::accept(session, &slug, place).await? } else { look };
    let changed = meant && !accepted.was_settled;
    if arguments.json {
        show_json(&serde_json::json!({
            "schema": 1, "company": slug, "record": name, "accepted": accepted, "changed": changed,
            "dry_run": arguments.dry_run,
        }))?;
        return Ok(ExitStatus::Done);
    }
    show(&match (changed, accepted.was_settled) {
        (true, _) if accepted.rows.len() > 1 => {
            format!("accepted {name}, with all of its settlement")
        }
        (true, _) => format!("accepted {name}"),
        (false, true) => format!("{name} was settled before; nothing was changed"),
        (false, false) => "nothing was changed".to_owned(),
    })?;
    Ok(ExitStatus::Done)
}

/// Says what comes in, and whose rows go out for it.
fn tell(slug: &str, accepted: &Accepted, global: &Global) -> std::io::Result<()> {
    let rows = accepted.rows.iter();
    let rows = rows.map(|(table, rows)| vec![table.name().to_owned(), rows.to_string()]);
    show_table(&[Column::Name("table"), Column::Number("rows that come in")], rows.collect())?;
    for number in &accepted.replaced {
        say(&format!("the stored one, from {}, goes out", ImportName::new(slug, *number)));
    }
    match accepted.going {
        0 => global.note("no stored row goes out for it"),
        going if accepted.replaced.is_empty() => {
            say(&format!("{going} stored goes out, which no import of vama brought"));
        }
        _ => {}
    }
    Ok(())
}
