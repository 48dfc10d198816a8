//! `vama batch`: many files in one run, measured.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Instant;

use super::connections::Connections;
use super::expected_files::ExpectedFiles;
use super::files;
use super::import::none_tried;
use super::intake::none_there;
use super::output::{say, show, show_json};
use super::progress::Bar;
use super::table::{Column, show_table};
use super::which_company::WhichCompany;
use crate::cli::{Global, session, whose};
use crate::road::measure::MeasuredRun;
use crate::road::report::{ExitStatus, RunReport};
use crate::road::words::Work;
use crate::road::{Options, import_found};
use crate::source::find;
use crate::store::{self, Session, StoreError};

/// Import many files in one run, measured: folders with all that is below them
///
/// Files are read on several threads while the database loads others, and go in together where they
/// are of one company. One that is not let in keeps no other out.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folders and files; hidden files and links in a folder are left out
    #[arg(required = true, value_name = "DIR")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    which: WhichCompany,

    /// Files that are read at once [default: as many as there are cores]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    #[command(flatten)]
    expected: ExpectedFiles,

    #[command(flatten)]
    connections: Connections,

    /// Afterwards, time a plain COPY of the same rows, to compare with
    #[arg(long)]
    floor: bool,

    /// Let in files that do not add up, and log that
    #[arg(long)]
    accept_unbalanced: bool,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    let begun = Instant::now();
    let found = find(&arguments.paths);
    let missing = arguments.expected.missing(&arguments.paths, &found);
    let without_database = if found.is_empty() { Some(missing.clone()) } else { None };
    if let Some(reports) = without_database.or_else(|| none_there(&arguments.paths)) {
        let report = RunReport::of(reports, begun.elapsed());
        match arguments.json {
            true => files::show_document(&report)?,
            false => files::show_exceptions(&report, Work::Import, global)?,
        }
        return Ok(report.exit());
    }
    let mut session = match session::open(global).await {
        Err(error) if arguments.json => return none_tried(&arguments.paths, &error, begun),
        opened => opened?,
    };
    let bar = Bar::of_many(global, arguments.json);
    let mut options = Options {
        accept_unbalanced: arguments.accept_unbalanced,
        company_anyway: arguments.which.company_anyway,
        connections: arguments.connections.most(),
        progress: bar.clone(),
        ..Options::default()
    };
    options.jobs = arguments.jobs.map_or(options.jobs, NonZeroUsize::get);
    let company = arguments.which.company.as_deref();
    let report = import_found(&mut session, found, begun, company, &options).await;
    bar.finish();
    let mut report = report?;
    let mut reports = std::mem::take(&mut report.run.files);
    whose::advise(&mut reports, company);
    reports.extend(missing);
    report.run = RunReport::of(reports, begun.elapsed());
    if arguments.floor
        && let Err(error) = measure_floor(&mut session, &mut report).await
    {
        say(&format!("warning: {}", error.with_cause()));
    }
    session.close().await;
    if arguments.json {
        show_json(&report)?;
    } else {
        files::show_exceptions(&report.run, Work::Import, global)?;
        show_measures(&report)?;
    }
    Ok(report.run.exit())
}

/// Compares the run with a plain COPY of the rows that it brought in.
pub(super) async fn measure_floor(
    session: &mut Session,
    report: &mut MeasuredRun,
) -> Result<(), StoreError> {
    let imports = report.imports();
    let (mut rows, mut time) = Default::default();
    for (slug, numbers) in imports {
        let floor = store::floor(session, slug, &numbers).await?;
        (rows, time) = (rows + floor.0, time + floor.1);
    }
    // Where nothing was new there is nothing to compare with.
    if rows > 0 {
        report.compare(rows, time);
    }
    Ok(())
}

/// Writes what each stage took as a table to stdout.
pub(super) fn show_measures(report: &MeasuredRun) -> anyhow::Result<()> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (stage, measure) in &report.stages {
        // A stage that took less than a millisecond has no rate worth showing.
        let rate = |text: String| if measure.wall_ms < 1.0 { "–".to_owned() } else { text };
        rows.push(vec![
            stage.name().to_owned(),
            format!("{:.3} s", measure.wall_ms / 1000.0),
            format!("{:.3} s", measure.busy_ms / 1000.0),
            rate(format!("{:.0}", measure.rows_per_second)),
            rate(format!("{:.1}", measure.mb_per_second)),
            format!("{:.1} %", measure.share * 100.0),
        ]);
    }
    show("")?;
    let numbers = ["wall", "busy", "rows/s", "MB/s", "share of busy"].map(Column::Number);
    let columns = [&[Column::Word("stage")][..], &numbers].concat();
    show_table(&columns, rows)?;
    let mut text = format!(
        "{:.2} s in all, {:.0} files/s, {:.0} rows/s",
        report.seconds(),
        report.files_per_second,
        report.run.totals.read as f64 / report.seconds().max(0.001)
    );
    if let Some(bytes) = report.peak_memory_bytes {
        text.push_str(&format!(", at most {:.0} MiB of memory", bytes as f64 / 1048576.0));
    }
    show(&text)?;
    if let Some(floor) = report.floor {
        show(&format!(
            "a plain COPY of the same {} rows: {:.2} s; loading took {:.2} times as long, the run \
             {:.2} times",
            floor.rows, floor.seconds, floor.load_ratio, floor.run_ratio
        ))?;
    }
    Ok(())
}
