//! `vama bench`: how fast this machine loads invented files, beside a plain COPY.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;
use uuid::Uuid;

use super::batch::{measure_floor, show_measures};
use super::output::{say, show, show_json};
use super::progress::Bar;
use super::table::{Column, show_table};
use crate::cli::{Global, session};
use crate::lab::party;
use crate::lab::random::Random;
use crate::lab::shop::Shop;
use crate::lab::{bulk, statement};
use crate::road::measure::MeasuredRun;
use crate::road::report::{ExitStatus, SCHEMA};
use crate::road::{Options, import_paths};
use crate::store::{self, NewCompany, Session, TemporaryCompany};
use crate::value::slug::schema_of;

/// Measure vama here: invented files go into a company of their own, which is then taken away
///
/// The time of a plain COPY of the same rows is what everything is compared with. Where the bench is
/// interrupted, its company stays.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Entries of the statement; parcels and card payments are a hundredth of that each
    #[arg(long, value_name = "N", default_value_t = 1_000_000,
          value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    rows: u64,

    /// What the files are invented from
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// Write one JSON document to stdout
    #[arg(long)]
    json: bool,
}

/// Entries of each day of a statement.
const ENTRIES_A_DAY: u64 = 1000;

/// What was measured, and of which files.
#[derive(Debug, Serialize)]
struct Measured {
    schema: u32,
    rows: u64,
    seed: u64,
    lines: Vec<BenchLine>,
    batch: MeasuredRun,
}

/// One comparison.
#[derive(Debug, Serialize)]
struct BenchLine {
    what: String,
    rows: u64,
    seconds: f64,
    rows_per_second: f64,
    floor_seconds: f64,
    ratio: f64,
}

impl BenchLine {
    fn of(what: &str, report: &MeasuredRun, floor_seconds: f64) -> Self {
        let (rows, seconds) = (report.run.totals.read, report.seconds());
        Self {
            what: what.to_owned(),
            rows,
            seconds,
            rows_per_second: (rows as f64 / seconds.max(0.001)).round(),
            floor_seconds,
            ratio: (seconds / floor_seconds.max(0.000_001) * 100.0).round() / 100.0,
        }
    }
}

pub(super) async fn run(arguments: Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    let mut session = session::open(global).await?;
    let files = Files::write(arguments.rows, arguments.seed)
        .context("cannot write the files in the temporary folder")?;
    let mut bench = Bench { session: &mut session, files: &files, arguments: &arguments, global };
    let measured = bench.run().await;
    session.close().await;
    let measured = measured?;
    if arguments.json {
        show_json(&measured)?;
        return Ok(ExitStatus::Done);
    }
    show_measures(&measured.batch)?;
    show("")?;
    let lines = measured.lines.into_iter().map(|line| {
        vec![
            line.what,
            line.rows.to_string(),
            format!("{:.3} s", line.seconds),
            format!("{:.0}", line.rows_per_second),
            format!("{:.3} s", line.floor_seconds),
            format!("{:.2}", line.ratio),
        ]
    });
    let numbers = ["records", "time", "rows/s", "COPY", "ratio"].map(Column::Number);
    let columns = [&[Column::Name("what")][..], &numbers].concat();
    show_table(&columns, lines.collect())?;
    Ok(ExitStatus::Done)
}

struct Bench<'a> {
    session: &'a mut Session,
    files: &'a Files,
    arguments: &'a Arguments,
    global: &'a Global,
}

impl Bench<'_> {
    /// Measures in a company of its own, and removes the company whether measuring worked or not.
    async fn run(&mut self) -> anyhow::Result<Measured> {
        let company = self.make_company().await?;
        let measured = self.compare(company.slug()).await;
        self.remove(company, measured).await
    }

    async fn compare(&mut self, slug: &str) -> anyhow::Result<Measured> {
        let files = self.files;
        let mut all = self.bring(slug, &files.all()).await?;
        measure_floor(self.session, &mut all).await?;
        let statement = all.run.files.iter().find(|file| file.format == Some("mt940"));
        let statement: Vec<i64> = statement.and_then(|file| file.import).into_iter().collect();
        let (_, floor) = store::floor(self.session, slug, &statement).await?;
        let again = self.bring(slug, &files.again()).await?;
        let (few, few_floor) = self.bring_and_floor(slug).await?;
        let empty = self.make_company().await?;
        let fresh = self.bring_and_floor(empty.slug()).await;
        let (fresh, fresh_floor) = self.remove(empty, fresh).await?;
        let all_floor = all.floor.map(|floor| floor.seconds).unwrap_or_default();
        let lines = vec![
            BenchLine::of("all files, all new", &all, all_floor),
            BenchLine::of("the same entries in another file", &again, floor.as_secs_f64()),
            BenchLine::of("new entries into the filled table", &few, few_floor.as_secs_f64()),
            BenchLine::of("the same into an empty table", &fresh, fresh_floor.as_secs_f64()),
        ];
        let Arguments { rows, seed, .. } = *self.arguments;
        Ok(Measured { schema: SCHEMA, rows, seed, lines, batch: all })
    }

    /// Brings in the few new entries.
    async fn bring_and_floor(&mut self, slug: &str) -> anyhow::Result<(MeasuredRun, Duration)> {
        let report = self.bring(slug, &self.files.few()).await?;
        let numbers = report.imports().remove(slug).unwrap_or_default();
        let (_, floor) = store::floor(self.session, slug, &numbers).await?;
        Ok((report, floor))
    }

    async fn bring(&mut self, slug: &str, path: &Path) -> anyhow::Result<MeasuredRun> {
        let bar = Bar::of_many(self.global, self.arguments.json);
        let options = Options { progress: bar.clone(), ..Options::default() };
        let report = import_paths(self.session, &[path.to_owned()], Some(slug), &options).await;
        bar.finish();
        let report = report?;
        let error = report.run.files.iter().find_map(|file| file.error.as_ref());
        match error {
            Some(error) => anyhow::bail!("a file of the bench did not go in: {}", error.message),
            None => Ok(report),
        }
    }

    async fn make_company(&mut self) -> anyhow::Result<TemporaryCompany> {
        let token = Uuid::now_v7();
        let number = token.as_u64_pair().1;
        let slug = format!("bench-{:08x}", number & 0xffff_ffff);
        let new = NewCompany {
            // A name that no other company has: by this name the right company is removed.
            name: format!("Bench {token}"),
            schema: schema_of(&slug)?,
            cif: party::cif(&mut Random::of(&[number])),
            industry: None,
            accounts: Vec::new(),
            admin: None,
            slug,
        };
        if !self.global.quiet {
            say(&format!("measuring in the company {}, which is taken away at the end", new.slug));
        }
        Ok(TemporaryCompany::create(self.session, new).await?)
    }

    /// Removes the company. Where measuring has failed, that error is returned, not one of the
    /// removal.
    async fn remove<T>(
        &mut self,
        company: TemporaryCompany,
        outcome: anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let left = format!("the company {} is left behind", company.slug());
        let gone = company.remove(self.session).await;
        let outcome = outcome?;
        gone.context(left)?;
        Ok(outcome)
    }
}

/// The bench's files, in a folder that is removed with this value.
struct Files(tempfile::TempDir);

impl Files {
    fn write(rows: u64, seed: u64) -> io::Result<Self> {
        let files = Self(tempfile::tempdir()?);
        let shop = Shop::invent(seed);
        for folder in [files.all(), files.all().join("gls"), files.all().join("netopia")] {
            fs::create_dir_all(folder)?;
        }
        let days = || statement::many(seed, rows, ENTRIES_A_DAY);
        write_statement(&shop, days(), &[], &files.all().join("statement.sta"))?;
        // Other bytes than before; otherwise it would be known as the same file.
        write_statement(&shop, days(), b"\r\n", &files.again())?;
        // The day after the last one.
        let behind = (rows.div_ceil(ENTRIES_A_DAY) + 1) * ENTRIES_A_DAY;
        let few = statement::many(seed, behind, ENTRIES_A_DAY).last();
        write_statement(&shop, few, &[], &files.few())?;
        for borderou in bulk::borderouri(&shop, rows.div_ceil(100)) {
            let (name, bytes) = borderou?;
            fs::write(files.all().join("gls").join(name), bytes)?;
        }
        for (name, bytes) in bulk::batches(&shop, rows.div_ceil(100)) {
            fs::write(files.all().join("netopia").join(name), bytes)?;
        }
        Ok(files)
    }

    fn all(&self) -> PathBuf {
        self.0.path().join("all")
    }

    fn again(&self) -> PathBuf {
        self.0.path().join("again.sta")
    }

    fn few(&self) -> PathBuf {
        self.0.path().join("few.sta")
    }
}

fn write_statement(
    shop: &Shop,
    days: impl IntoIterator<Item = statement::Day>,
    end: &[u8],
    path: &Path,
) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    statement::write(&shop.account_iban, "RON", 250_000.into(), days, &mut out)?;
    out.write_all(end)?;
    out.flush()
}
