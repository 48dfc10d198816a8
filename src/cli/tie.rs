//! `vama tie` and `vama untie`: which credit pays which settlement, by hand.

use rust_decimal::Decimal;

use super::output::{UsageError, show, show_json};
use super::{Global, month, session};
use crate::road::report::SCHEMA;
use crate::store;
use crate::tie::{Books, CannotTie, Rule, Said, Tie, tie_by_hand, untie_by_hand};

/// Say by hand which credits pay a settlement, an invoice or an order
///
/// What is said by hand stays, whatever is imported later; `vama untie` takes it back. Of each credit the
/// part counts that nothing else has by hand, so one credit may pay several settlements, and several
/// credits one. Where there is one credit, either may be named first.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The settlement as `vama month` calls it: gls/2026-04-08, netopia/53001314; where several have
    /// that day, with the amount: gls/2026-04-08/770.10. Or an invoice by series and number: FNT24172;
    /// or an order by its number
    #[arg(value_name = "SETTLEMENT|BILL")]
    settlement: String,

    /// The credits as `vama month` calls them: the bank's reference, or 2026-04-14/777.00
    #[arg(value_name = "CREDIT", required = true)]
    credits: Vec<String>,

    #[command(flatten)]
    about: About,
}

/// Say that credits do not pay a settlement, an invoice or an order
///
/// What `vama tie` said is taken back, and the rules decide again. What a rule tied is kept apart by hand: no
/// rule ties these two again; `vama tie` does.
#[derive(Debug, clap::Args)]
pub(super) struct UntieArguments {
    /// The settlement as `vama month` calls it, an invoice by series and number, an order by its number
    #[arg(value_name = "SETTLEMENT|BILL")]
    settlement: String,

    /// The credits; without any: all that are tied to it now
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
    change(&arguments.about, global, names(&arguments.settlement, &arguments.credits), say).await
}

pub(super) async fn run_untie(arguments: &UntieArguments, global: &Global) -> anyhow::Result<()> {
    let say = |books: &Books| untie_by_hand(books, &arguments.settlement, &arguments.credits);
    change(&arguments.about, global, names(&arguments.settlement, &arguments.credits), say).await
}

/// Returns all names; which of them is an invoice's is seen when all are looked up.
fn names(settlement: &str, credits: &[String]) -> Vec<String> {
    [settlement.to_owned()].iter().chain(credits).cloned().collect()
}

/// Makes the ties that `say` makes, and says what has changed: other ties may have given way, or have
/// become possible.
async fn change(
    about: &About,
    global: &Global,
    names: Vec<String>,
    say: impl FnOnce(&Books) -> Result<Said, CannotTie>,
) -> anyhow::Result<()> {
    let mut session = session::open(global).await?;
    let slug = match &about.company {
        Some(slug) => slug.clone(),
        None => month::only_company(&mut session).await?.ok_or_else(|| {
            UsageError::with_advice("there are several companies, or none", "name one with -c SLUG")
        })?,
    };
    let mut named = Vec::new();
    let saying = |books: &Books| {
        let changes = books.changes(&say(books)?);
        // What is said of the same two anew speaks for itself.
        let is_said_anew = |tie: &&Tie| {
            changes.added.iter().any(|it| {
                it.rule == Rule::ByHand
                    && (&it.settlement, &it.credit) == (&tie.settlement, &tie.credit)
            })
        };
        let gone = changes.removed.iter().filter(|tie| !is_said_anew(tie));
        let gone = gone.map(|tie| Changed::of(books, tie, false));
        named.extend(gone.chain(changes.added.iter().map(|tie| Changed::of(books, tie, true))));
        Ok(changes)
    };
    let outcome = store::tie_as_said(&mut session, &slug, &names, saying).await?;
    session.close().await;
    if let Err(error) = outcome {
        let advice = "see `vama month`, which names settlements and credits";
        return Err(UsageError::with_advice(&error.to_string(), advice).into());
    }
    if about.json {
        return show_json(
            &serde_json::json!({ "schema": SCHEMA, "company": slug, "changes": named }),
        );
    }
    if named.is_empty() {
        show("it was so already; nothing was changed")?;
    }
    for changed in &named {
        show(&changed.told())?;
    }
    Ok(())
}

/// A tie that came or went, by the names of its settlement and its credit.
#[derive(serde::Serialize)]
struct Changed {
    settlement: String,
    credit: String,
    amount: Decimal,
    rule: Rule,
    is_new: bool,
}

impl Changed {
    fn of(books: &Books, tie: &Tie, is_new: bool) -> Self {
        let (settlement, credit) = books.names(tie);
        Self { settlement, credit, amount: tie.amount, rule: tie.rule, is_new }
    }

    fn told(&self) -> String {
        let Self { settlement, credit, amount, rule, is_new } = self;
        match (is_new, amount.is_zero()) {
            (true, true) => format!("{credit} does not pay {settlement}, by hand"),
            (true, false) => format!("{credit} pays {amount:.2} of {settlement} ({})", rule.word()),
            (false, true) => format!("{credit} may pay {settlement} again"),
            (false, false) if *rule == Rule::ByHand => {
                format!("{credit} pays {settlement} no more by hand; the rules decide again")
            }
            (false, false) => format!("{credit} pays {settlement} no more ({})", rule.word()),
        }
    }
}
