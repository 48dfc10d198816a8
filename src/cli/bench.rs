use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;
use uuid::Uuid;

use super::batch::{cores, measure_floor, show_measures};
use super::output::{say, show, show_json, show_table};
use super::progress::Bar;
use super::{Global, session};
use crate::batch::{BatchReport, Orders, bring_in};
use crate::generate::random::Random;
use crate::generate::shop::{self, Shop};
use crate::generate::{bulk, statement};
use crate::report::{ExitStatus, SCHEMA};
use crate::slug::schema_of;
use crate::store::{self, Guest, NewCompany, Session};

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

/// Entries that a statement has a day.
const ENTRIES_A_DAY: u64 = 1000;

/// What was measured, and of which files.
#[derive(Debug, Serialize)]
struct Measured {
    schema: u32,
    rows: u64,
    seed: u64,
    lines: Vec<Line>,
    batch: BatchReport,
}

/// One comparison.
#[derive(Debug, Serialize)]
struct Line {
    what: String,
    rows: u64,
    seconds: f64,
    rows_per_second: f64,
    floor_seconds: f64,
    ratio: f64,
}

impl Line {
    fn of(what: &str, report: &BatchReport, floor_seconds: f64) -> Self {
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
    let head = ["what", "records", "time", "rows/s", "plain COPY", "times as long"];
    show_table(&head, &[1, 2, 3, 4, 5], lines.collect())?;
    Ok(ExitStatus::Done)
}

struct Bench<'a> {
    session: &'a mut Session,
    files: &'a Files,
    arguments: &'a Arguments,
    global: &'a Global,
}

impl Bench<'_> {
    /// Measures in a company of its own, and takes that away however it went.
    async fn run(&mut self) -> anyhow::Result<Measured> {
        let guest = self.invite().await?;
        let measured = self.compare(guest.slug()).await;
        self.see_off(guest, measured).await
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
        let empty = self.invite().await?;
        let fresh = self.bring_and_floor(empty.slug()).await;
        let (fresh, fresh_floor) = self.see_off(empty, fresh).await?;
        let all_floor = all.floor.map(|floor| floor.seconds).unwrap_or_default();
        let lines = vec![
            Line::of("all files, all new", &all, all_floor),
            Line::of("the same entries in another file", &again, floor.as_secs_f64()),
            Line::of("new entries into the filled table", &few, few_floor.as_secs_f64()),
            Line::of("the same into an empty table", &fresh, fresh_floor.as_secs_f64()),
        ];
        let Arguments { rows, seed, .. } = *self.arguments;
        Ok(Measured { schema: SCHEMA, rows, seed, lines, batch: all })
    }

    /// Brings in the few new entries.
    async fn bring_and_floor(&mut self, slug: &str) -> anyhow::Result<(BatchReport, Duration)> {
        let report = self.bring(slug, &self.files.few()).await?;
        let numbers = report.imports().remove(slug).unwrap_or_default();
        let (_, floor) = store::floor(self.session, slug, &numbers).await?;
        Ok((report, floor))
    }

    async fn bring(&mut self, slug: &str, path: &Path) -> anyhow::Result<BatchReport> {
        let bar = Bar::of_many(self.global, self.arguments.json);
        let orders = Orders {
            paths: &[path.to_owned()],
            company: Some(slug),
            accept_unbalanced: false,
            jobs: cores(),
        };
        let report = bring_in(self.session, orders, &bar).await;
        bar.finish();
        let report = report?;
        let error = report.run.files.iter().find_map(|file| file.error.as_ref());
        match error {
            Some(error) => anyhow::bail!("a file of the bench did not go in: {}", error.message),
            None => Ok(report),
        }
    }

    async fn invite(&mut self) -> anyhow::Result<Guest> {
        let token = Uuid::now_v7();
        let number = token.as_u64_pair().1;
        let slug = format!("bench-{:08x}", number & 0xffff_ffff);
        let new = NewCompany {
            // One that no other company has: by it the right one is taken away.
            name: format!("Bench {token}"),
            schema: schema_of(&slug)?,
            cif: shop::cif(&mut Random::of(&[number])),
            industry: None,
            accounts: Vec::new(),
            admin: None,
            slug,
        };
        if !self.global.quiet {
            say(&format!("measuring in the company {}, which is taken away at the end", new.slug));
        }
        Ok(Guest::invite(self.session, new).await?)
    }

    /// Takes the company away; what went wrong before that is what counts.
    async fn see_off<T>(&mut self, guest: Guest, outcome: anyhow::Result<T>) -> anyhow::Result<T> {
        let left = format!("the company {} is left behind", guest.slug());
        let gone = guest.leave(self.session).await;
        let outcome = outcome?;
        gone.context(left)?;
        Ok(outcome)
    }
}

/// The bench's files, in a folder that vanishes with them.
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
        // Other bytes, or it would be known as the same file.
        write_statement(&shop, days(), b"\r\n", &files.again())?;
        // A day behind the last one.
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
