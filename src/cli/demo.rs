//! `vama demo`: an invented month in a database of its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;

use super::files::{show_report, show_totals};
use super::output::{UsageError, say, show};
use super::progress::Bar;
use crate::cli::{Global, month, session};
use crate::lab::month::Month;
use crate::road::report::{ExitStatus, RunReport};
use crate::road::words::Work;
use crate::road::{Options, import_paths};
use crate::store::{self, Database, NewCompany, Session};
use crate::value::slug::schema_of;

/// Show what vama does: a company, a month of files and a database of its own, to look at
///
/// Everything is invented, and stays in a folder of the demo's own, which each demo makes anew.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

/// The seed that the shop is invented from: the same one in each demo.
const SEED: u64 = 20_260_301;

/// The month that is invented.
const YEAR_AND_MONTH: (i32, u32) = (2026, 3);

/// The shop's company.
const SLUG: &str = "magazin-demo";

pub(super) async fn run(_: &Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    let begun = Instant::now();
    if global.database_url.is_some() {
        return Err(UsageError(
            "the demo has a database of its own; leave --database-url out".to_owned(),
        )
        .into());
    }
    let folder = session::data_folder("demo");
    let url = format!("embedded:{}", folder.join("postgres").display());
    let database = Database::choose(Some(&url), || folder.clone())?;
    // Checked before the folder is removed, since another vama may be using the database in it.
    database.refuse_busy()?;
    let month = Month::invent(SEED, YEAR_AND_MONTH.0, YEAR_AND_MONTH.1)?;
    let files = write_files(&month, &folder)
        .with_context(|| format!("cannot write the demo's files in {}", folder.display()))?;
    let mut session = database.connect().await?;
    create_company(&mut session, &month).await?;
    let (retold, all) = files.split_last().context("the month has no files")?;
    let demo = Demo { session: &mut session, global };
    let outcome = demo.walk(all, retold).await;
    session.close().await;
    outcome?;
    show(&format!(
        "Done in {:.1} s. The files: {}\nTo look further:\n  \
         export DATABASE_URL='{url}'\n  \
         vama month\n  \
         vama log\n  \
         vama log {}\n  \
         vama company show {SLUG}",
        begun.elapsed().as_secs_f64(),
        folder.join("files").display(),
        // The last import is the one with held rows.
        all.len() + 1,
    ))?;
    Ok(ExitStatus::Done)
}

struct Demo<'a> {
    session: &'a mut Session,
    global: &'a Global,
}

impl Demo<'_> {
    /// Imports the month, imports it again, and then a statement that states some of it otherwise,
    /// of which rows are held.
    async fn walk(mut self, all: &[PathBuf], retold: &PathBuf) -> anyhow::Result<()> {
        show("1. A month of files goes in: statements that overlap, borderouri, card batches.\n")?;
        show_report(&self.import(all).await?, Work::Import, self.global)?;
        show("\n2. The same files again: nothing is added.\n")?;
        show_totals(&self.import(all).await?, Work::Import)?;
        show(
            "\n3. A statement that somebody typed over: what contradicts the books or cannot be \
             read is held, with the reason.\n",
        )?;
        let retold = self.import(std::slice::from_ref(retold)).await?;
        show_report(&retold, Work::Import, self.global)?;
        show("\n4. The month: did the money come, and what for?\n")?;
        month::show_month(self.session, SLUG, self.global).await?;
        Ok(show("")?)
    }

    async fn import(&mut self, paths: &[PathBuf]) -> anyhow::Result<RunReport> {
        let bar = Bar::of_few(self.global);
        let options = Options { progress: bar.clone(), ..Options::default() };
        let report = import_paths(self.session, paths, None, &options).await;
        bar.finish();
        Ok(report?.run)
    }
}

async fn create_company(session: &mut Session, month: &Month) -> anyhow::Result<()> {
    let shop = &month.shop;
    let new = NewCompany {
        slug: SLUG.to_owned(),
        name: shop.name.clone(),
        schema: schema_of(SLUG)?,
        cif: shop.cif.clone(),
        industry: Some("retail".to_owned()),
        accounts: vec![
            shop.account_iban.clone(),
            format!("gls:{}", shop.gls_client),
            format!("netopia:{}", shop.terminal),
        ],
        admin: None,
    };
    store::create(session, &new).await?;
    say(&format!("made the company {} ({SLUG})", shop.name));
    Ok(())
}

/// Writes the month's files, and last the statement in which somebody has changed the text.
fn write_files(month: &Month, folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut paths = Vec::new();
    for file in &month.files {
        let path = folder.join("files").join(file.folder).join(&file.name);
        write(&path, &file.bytes)?;
        paths.push(path);
    }
    let path = folder.join("files").join("bank").join("typed_over.txt");
    write(&path, &typed_over(month)?)?;
    paths.push(path);
    Ok(paths)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, bytes)
}

/// Returns one day's statement in which an entry without reference has another text, and another
/// entry cannot be read.
fn typed_over(month: &Month) -> io::Result<Vec<u8>> {
    let unreferenced = |index: usize| {
        let day = month.days.get(index)?;
        day.movements.iter().position(|it| it.bank_reference.is_empty())
    };
    let found = (0..month.days.len()).find_map(|day| Some((day, unreferenced(day)?)));
    let (day, at) = found.unwrap_or_default();
    let mut edited = month.clone();
    let movement = edited.days.get_mut(day).and_then(|it| it.movements.get_mut(at));
    if let Some(movement) = movement {
        movement.text = format!("{} (corectat)", movement.text);
    }
    let statement = edited.statement_of(day..day + 1)?;
    let text = String::from_utf8_lossy(&statement.bytes).into_owned();
    let damaged = "\n:61:260302D12,5O,NMSCNONREF\n:86:Plata la POS\n:62F:";
    Ok(text.replacen("\n:62F:", damaged, 1).into_bytes())
}
