//! `vama held export`: what an import holds, as a file to be put right.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::cli::import_named::{self, company_with};
use crate::cli::output::{UsageError, show, show_json};
use crate::format::by_name;
use crate::road::report::ExitStatus;
use crate::store::{self, Holding, Session};
use crate::value::import_name::ImportName;

/// Write what of an import could not be read as a file of its format, to be put right and imported
///
/// Each record has its reason beside it. Of a statement the file has the held entries, between the
/// balance where the stored ones end and its closing balance; of a borderou or batch it has all lines.
/// The held records are closed when the file comes in whole.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    named: import_named::Arguments,

    /// The file to write; without it, one beside the name of the imported file, in this folder
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(
    session: &mut Session,
    arguments: &Arguments,
) -> anyhow::Result<ExitStatus> {
    let slug = company_with(session, &arguments.named).await?;
    let name = ImportName::new(&slug, arguments.named.import.number);
    let Holding { format, file, import } = store::held_import(session, &slug, name.number).await?;
    let records = import.held.len();
    if records == 0 {
        let what = format!(
            "{name} holds nothing that could not be read; what contradicts the books is accepted or \
             discarded: see `vama held`"
        );
        return Err(UsageError(what).into());
    }
    let written = by_name(&format).and_then(|format| format.export_held(&import));
    let (ending, bytes) = written.ok_or_else(|| {
        let what = "put the file itself right, and import it again";
        UsageError(format!("no {format} file can be written of what {name} holds: {what}"))
    })?;
    let path = arguments.output.clone().unwrap_or_else(|| beside(&file, ending));
    let open = || -> std::io::Result<()> {
        use std::io::Write as _;
        // A file that is there may be the user's own work.
        std::fs::File::create_new(&path)?.write_all(&bytes)
    };
    open().with_context(|| format!("{} cannot be written", path.display()))?;
    let shown = path.display().to_string();
    if arguments.json {
        show_json(&serde_json::json!({
            "schema": 1, "company": slug, "import": name.number, "file": shown, "records": records,
        }))?;
        return Ok(ExitStatus::Done);
    }
    let what = if records == 1 { "record" } else { "records" };
    show(&format!("wrote {shown}: {records} held {what}; put it right, then import it"))?;
    Ok(ExitStatus::Done)
}

/// Returns the name of the file for what was held of another: `march-held.sta` of `march.txt`.
fn beside(file: &str, ending: &str) -> PathBuf {
    let name = std::path::Path::new(file).file_stem().and_then(|it| it.to_str());
    PathBuf::from(format!("{}-held.{ending}", name.unwrap_or("vama")))
}
