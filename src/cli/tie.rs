//! `vama tie` and `vama untie`: which credit pays which settlement, by hand.

use super::output::{UsageError, show, show_json};
use super::{Global, month, session};
use crate::road::report::SCHEMA;
use crate::store;
use crate::tie::{Books, CannotTie, Changes, Tie, tie_by_hand, untie_by_hand};

/// Say by hand which credits pay a settlement
///
/// What is said by hand stays, whatever is imported later; `vama untie` takes it back. Of each credit the
/// part counts that no other settlement has by hand.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The settlement as `vama month` calls it: gls/2026-04-08, netopia/53001314; where several have
    /// that day, with the amount: gls/2026-04-08/770.10
    #[arg(value_name = "SETTLEMENT")]
    settlement: String,

    /// The credits as `vama month` calls them: the bank's reference, or 2026-04-14/777.00
    #[arg(value_name = "CREDIT", required = true)]
    credits: Vec<String>,

    #[command(flatten)]
    about: About,
}

/// Say by hand that credits do not pay a settlement
///
/// No rule ties these two again; `vama tie` does.
#[derive(Debug, clap::Args)]
pub(super) struct UntieArguments {
    /// The settlement as `vama month` calls it
    #[arg(value_name = "SETTLEMENT")]
    settlement: String,

    /// The credits; without any: all that are tied to the settlement now
    #[arg(value_name = "CREDIT")]
    credits: Vec<String>,

    #[command(flatten)]
    about: About,
}

#[derive(Debug, clap::Args)]
struct About {
    /// The company; may be left out where there is only one
    #[arg(short, long, value_name = "SLUG")]
    company: Option<String>,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<()> {
    let say = |books: &Books| tie_by_hand(books, &arguments.settlement, &arguments.credits);
    let changes = change(&arguments.about, global, say).await?;
    tell(&arguments.about, &changes, &format!("tied {} by hand", arguments.settlement))
}

pub(super) async fn run_untie(arguments: &UntieArguments, global: &Global) -> anyhow::Result<()> {
    let say = |books: &Books| untie_by_hand(books, &arguments.settlement, &arguments.credits);
    let changes = change(&arguments.about, global, say).await?;
    tell(&arguments.about, &changes, &format!("untied {} by hand", arguments.settlement))
}

async fn change(
    about: &About,
    global: &Global,
    say: impl FnOnce(&Books) -> Result<Vec<Tie>, CannotTie>,
) -> anyhow::Result<Changes> {
    let mut session = session::open(global).await?;
    let slug = match &about.company {
        Some(slug) => slug.clone(),
        None => month::only_company(&mut session).await?.ok_or_else(|| {
            UsageError::with_advice("there are several companies, or none", "name one with -c SLUG")
        })?,
    };
    let changes = store::tie_as_said(&mut session, &slug, say).await?;
    session.close().await;
    let refused = |error: CannotTie| {
        UsageError::with_advice(&error.to_string(), "see `vama month`, which names all of them")
    };
    Ok(changes.map_err(refused)?)
}

/// Says what has changed: other ties may have given way, or become possible.
fn tell(about: &About, changes: &Changes, done: &str) -> anyhow::Result<()> {
    if about.json {
        let Changes { removed, added } = changes;
        return show_json(&serde_json::json!({
            "schema": SCHEMA, "removed": removed, "added": added,
        }));
    }
    if changes.is_empty() {
        return Ok(show("it was so already; nothing was changed")?);
    }
    show(done)?;
    Ok(())
}
