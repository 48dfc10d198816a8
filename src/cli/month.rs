//! `vama month`: did the money come, and what for?

mod lines;
mod page;
mod rows;
mod xlsx;

use std::path::PathBuf;
use std::time::Duration;

use super::output::{UsageError, say, show_exactly, show_json};
use super::unlisted::{active, look_at_each};
use super::{Global, session};
use crate::month::{Facts, Month, MonthOfYear};
use crate::road::report::{ExitStatus, SCHEMA};
use crate::store::{self, Session, StoreError};

/// Show whether a month is closed: every credit explained, every settlement paid, no day missing
///
/// A settlement is what a courier, a card processor or a marketplace says it pays: a borderou, a batch, a
/// payout. Without a company: all companies, a line each, unless there is only one.
#[derive(Debug, clap::Args)]
#[command(after_help = JSON)]
pub(super) struct Arguments {
    /// The month, as 2026-04; without one: the last month that has entries, or settlements
    #[arg(value_name = "MONTH")]
    month: Option<MonthOfYear>,

    /// Only this company
    #[arg(short, long, value_name = "SLUG")]
    company: Option<String>,

    /// Write one JSON document to stdout
    #[arg(long, conflicts_with = "csv")]
    json: bool,

    /// Write CSV to stdout, with a header: a row for each settlement, each credit that is not tied, each
    /// payout that lacks documents, each piece of a statement that is missing, and each line and invoice
    /// that is told
    #[arg(long)]
    csv: bool,

    /// Also write the month of one company as a workbook, in Romanian: OP-uri, Deconturi, Lipsuri,
    /// Încasări directe, Neexplicate, Extras
    ///
    /// One that vama wrote before is replaced, unless somebody has saved it since.
    #[arg(long, value_name = "FILE")]
    xlsx: Option<PathBuf>,
}

const JSON: &str = "\
JSON: {\"schema\":1,\"months\":[{\"company\",\"month\",\"is_closed\",\"accounts\",\"senders\",\
\"settlements\",\"missing\",\"payouts\",\"customers_paid\",\"customers\",\"unexplained\",\"lines\",\
\"lines_without_invoice\",\"lines_that_differ\",\"invoices_not_paid\",\"invoices_paid_twice\",\
\"cancelled_invoices_paid\",\"storno_pairs\",\"held\",\"waiting\"},…],\"left_out\"}: amounts are texts \
with all their digits.";

/// How long another session that keeps a company locked is waited for, before its ties are shown as
/// they are.
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// A company and its month.
#[derive(serde::Serialize)]
struct OfCompany {
    company: String,
    #[serde(flatten)]
    month: Month,
}

pub(super) async fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    arguments.xlsx.as_deref().map(xlsx::refuse_name).transpose()?;
    let mut session = session::open(global).await?;
    let named = match &arguments.company {
        Some(slug) => Some(slug.clone()),
        None => only_company(&mut session).await?,
    };
    let month = arguments.month;
    let look =
        async |session: &mut Session, slug: &str| month_of(session, slug, month, global).await;
    if let (Some(_), None) = (&arguments.xlsx, &named) {
        let problem = "a workbook is of one company, expected -c SLUG";
        return Err(UsageError::with_advice(problem, "vama company list shows all").into());
    }
    let (found, left_out) = look_at_each(&mut session, named.as_deref(), look).await?;
    if let Some(file) = &arguments.xlsx {
        xlsx::write(&mut session, file, found.first(), global).await?;
    }
    session.close().await;
    let months = found
        .into_iter()
        .filter_map(|(company, found)| Some(OfCompany { company, month: found?.0 }));
    let months: Vec<OfCompany> = months.collect();
    if arguments.json {
        show_json(
            &serde_json::json!({ "schema": SCHEMA, "months": months, "left_out": left_out }),
        )?;
    } else if arguments.csv {
        show_exactly(rows::csv(&months)?.trim_end_matches('\n'))?;
    } else if let (Some(_), [only]) = (&named, months.as_slice()) {
        page::show_page(&only.company, &only.month)?;
    } else if months.is_empty() {
        say("nothing was imported yet");
    } else {
        page::show_companies(&months)?;
    }
    Ok(if left_out.is_empty() { ExitStatus::Done } else { ExitStatus::SomeFailed })
}

/// Returns the slug of the active company where there is only one.
pub(super) async fn only_company(session: &mut Session) -> Result<Option<String>, StoreError> {
    let mut slugs = active(session).await?;
    Ok(slugs.pop().filter(|_| slugs.is_empty()))
}

/// Returns the company's month and what it was made of, once its ties are in step with what is stored. Where they cannot be
/// brought in step now, they are shown as they are.
async fn month_of(
    session: &mut Session,
    slug: &str,
    month: Option<MonthOfYear>,
    global: &Global,
) -> Result<Option<(Month, Facts)>, StoreError> {
    let tied = store::tie(session, slug, LOCK_WAIT).await;
    let Some(facts) = store::month_facts(session, slug, month).await? else { return Ok(None) };
    if let Err(error) = tied {
        let why = error.with_cause();
        global.note(&format!("note: the ties of {slug} are shown as they were: {why}"));
    }
    let statements = store::kept_statements(session, slug).await?;
    Ok(Some((Month::of(facts.clone(), &statements), facts)))
}

/// Shows the page of a company's month, as the demo does.
pub(super) async fn show_month(
    session: &mut Session,
    slug: &str,
    global: &Global,
) -> anyhow::Result<()> {
    if let Some((month, _)) = month_of(session, slug, None, global).await? {
        page::show_page(slug, &month)?;
    }
    Ok(())
}
