//! How long imports take on a database that is far away, and how often they wait for it: the program
//! itself, through a proxy that delays what it forwards.
//!
//! `DATABASE_URL=… cargo bench --bench far -- 200`, with the number of companies. As part of `cargo test
//! --benches` it runs once with two companies, so that it does not rot. Without a server it does nothing:
//! the embedded engine is never far.

// Benches may fail as loudly as tests, and print what they found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(clippy::indexing_slicing)]

// The tests use the rest of it.
#[allow(dead_code)]
#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../tests/common/proxy.rs"]
mod proxy;
#[path = "../tests/common/statements.rs"]
mod statements;

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::{Duration, Instant};
use std::{env, fs};

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use vama::inside::lab::month::Month;
use vama::inside::store::{self, Database, NewCompany};
use vama::inside::value::slug::schema_of;

use common::own::Own;
use common::{cif_of, seed, server, unique};
use proxy::Proxy;
use statements::write_statements;

/// Milliseconds to the database and back.
const ROUND_TRIPS: [u64; 4] = [0, 5, 30, 100];

/// Companies whose files are dropped at once.
const MEASURED: usize = 200;

/// Companies of a bench that is only tried once.
const TRIED: usize = 2;

/// Statements of each company.
const STATEMENTS: u64 = 3;

/// Entries of each statement.
const ENTRIES: u64 = 20;

fn main() {
    if server().is_none() {
        println!("no DATABASE_URL: a far database is one that is reached over the network");
        return;
    }
    let measured = env::args().any(|it| it == "--bench");
    let named = env::args().skip(1).find_map(|it| it.parse().ok());
    let companies = named.unwrap_or(if measured { MEASURED } else { TRIED });
    let round_trips = if measured { &ROUND_TRIPS[..] } else { &ROUND_TRIPS[..2] };
    let own = Own::new("far");
    println!("{:<58}{:>8}{:>10}", "", "turns", "seconds");
    for milliseconds in round_trips {
        Far::new(&own, *milliseconds).measure(companies);
    }
}

/// A database at a distance, and a folder for the files that are imported into it.
struct Far<'o> {
    own: &'o Own,
    proxy: Proxy,
    milliseconds: u64,
    folder: tempfile::TempDir,
}

impl<'o> Far<'o> {
    fn new(own: &'o Own, milliseconds: u64) -> Self {
        let proxy = Proxy::far(own.url(), Duration::from_micros(milliseconds * 500));
        Self { own, proxy, milliseconds, folder: tempfile::tempdir().unwrap() }
    }

    fn measure(&self, companies: usize) {
        let month = self.company("month");
        for file in &month.files {
            fs::write(self.folder.path().join("month").join(&file.name), &file.bytes).unwrap();
        }
        let one = self.company("one");
        write_statements(&self.folder.path().join("one"), &one.shop.account_iban, 1, ENTRIES);
        for folder in ["four", "single"] {
            for _ in 0..companies {
                let shop = self.company(folder).shop;
                let files = self.folder.path().join(folder).join(&shop.account_iban);
                write_statements(&files, &shop.account_iban, STATEMENTS, ENTRIES);
            }
        }
        self.told("floor: connect, one transaction of one COPY", || {
            tokio::runtime::Runtime::new().unwrap().block_on(floor(self.proxy.url()));
        });
        let count = month.files.len();
        self.import("one small statement", &["one"]);
        self.import("the same again", &["one"]);
        self.import(&format!("a month of {count} files"), &["month"]);
        self.import("the same again", &["month"]);
        let files = format!("{companies} companies with {STATEMENTS} files each");
        self.import(&format!("{files}, one connection"), &["--connections", "1", "single"]);
        self.import(&format!("{files}, four"), &["--connections", "4", "four"]);
    }

    /// Makes a company with the accounts of an invented month, and a folder for its files.
    fn company(&self, folder: &str) -> Month {
        let month = Month::invent(seed(), 2026, 3).unwrap();
        let (shop, slug) = (&month.shop, unique("far"));
        let new = NewCompany {
            name: format!("Firma {slug} SRL"),
            schema: schema_of(&slug).unwrap(),
            cif: cif_of(&slug),
            industry: None,
            accounts: vec![
                shop.account_iban.clone(),
                format!("gls:{}", shop.gls_client),
                format!("netopia:{}", shop.terminal),
            ],
            admin: None,
            slug,
        };
        fs::create_dir_all(self.folder.path().join(folder)).unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let database = Database::choose(Some(self.own.url()), PathBuf::new).unwrap();
            let mut session = database.connect().await.unwrap();
            store::migrate_public(&mut session).await.unwrap();
            store::create(&mut session, &new).await.unwrap();
            session.close().await;
        });
        month
    }

    fn import(&self, what: &str, arguments: &[&str]) {
        self.told(what, || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_vama"));
            command.args(["-q", "--database-url", self.proxy.url(), "import"]).args(arguments);
            command.current_dir(self.folder.path()).stdout(Stdio::null());
            assert!(command.status().unwrap().success());
        });
    }

    fn told(&self, what: &str, work: impl FnOnce()) {
        let (turns, begun) = (self.proxy.turns(), Instant::now());
        work();
        let (turns, seconds) = (self.proxy.turns() - turns, begun.elapsed().as_secs_f64());
        println!("{:<58}{turns:>8}{seconds:>10.2}", format!("{} ms: {what}", self.milliseconds));
    }
}

/// Does the least that an import can do.
async fn floor(url: &str) {
    let options = PgConnectOptions::from_str(url).unwrap();
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    let begin = "begin; create temporary table rows (line text) on commit drop";
    sqlx::raw_sql(begin).execute(&mut connection).await.unwrap();
    let mut copy = connection.copy_in_raw("copy rows from stdin").await.unwrap();
    copy.send("a row\n".repeat(20).as_bytes()).await.unwrap();
    copy.finish().await.unwrap();
    sqlx::raw_sql("commit").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
