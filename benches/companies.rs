//! How long the commands take that touch every company, on a database of the bench's own with that
//! many companies; how large the database's catalog becomes, and what one connection needs that has
//! read the tables of all of them.
//!
//! `cargo bench --no-default-features --bench companies -- 1000` on the server that DATABASE_URL names,
//! without one on an embedded database (then with the default features). As part of
//! `cargo test --benches` it runs once with a few companies, so that it does not rot.

// Benches may fail as loudly as tests, and print what they found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
#![allow(clippy::indexing_slicing)]

// The tests use the rest of it.
#[allow(dead_code)]
#[path = "../tests/common/mod.rs"]
mod common;
#[allow(dead_code)]
#[path = "../tests/common/sample.rs"]
mod sample;
#[path = "../tests/common/statements.rs"]
mod statements;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::Instant;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use vama::inside::lab::shop::Shop;
use vama::inside::store::{self, Database, Migrations, NewCompany, SchemaState, Session};
use vama::inside::value::slug::schema_of;

use common::own::Own;
use common::{cif_of, seed, server, unique};
use statements::write_statements;

/// Companies of a bench that is measured.
const MEASURED: usize = 1000;

/// Companies of a bench that is only tried once.
const TRIED: usize = 3;

/// Entries of the statement that each company gets.
const ENTRIES: u64 = 20;

/// Prints a line for each command, as it ends.
struct Stopwatch {
    companies: usize,
    since: Instant,
}

impl Stopwatch {
    fn new(companies: usize) -> Self {
        println!("{:<42}{:>10}{:>14}", format!("{companies} companies"), "seconds", "ms a company");
        Self { companies, since: Instant::now() }
    }

    fn ended(&mut self, what: &str) {
        let seconds = self.since.elapsed().as_secs_f64();
        #[allow(clippy::cast_precision_loss)]
        let each = seconds * 1000.0 / self.companies as f64;
        println!("{what:<42}{seconds:>10.2}{each:>14.2}");
        self.since = Instant::now();
    }
}

fn new_company() -> NewCompany {
    let slug = unique("bench");
    let shop = Shop::invent(seed());
    NewCompany {
        name: format!("Firma {slug} SRL"),
        schema: schema_of(&slug).unwrap(),
        cif: cif_of(&slug),
        industry: None,
        accounts: vec![shop.account_iban],
        admin: None,
        slug,
    }
}

/// Migrates all companies, and asserts that each was changed, or none was.
async fn migrate(session: &mut Session, migrations: &Migrations, companies: usize, changed: bool) {
    let migrated = store::migrate_companies(session, migrations).await.unwrap();
    assert_eq!(migrated.len(), companies);
    for company in migrated {
        assert_eq!(company.result.unwrap(), changed, "{}", company.slug);
    }
}

async fn check(session: &mut Session, migrations: &Migrations, companies: usize) {
    let checked = store::check_companies(session, migrations).await.unwrap();
    assert_eq!(checked.len(), companies);
    for company in checked {
        assert_eq!(company.state, SchemaState::Current, "{}", company.slug);
    }
}

/// Imports all files of the folder, with the program itself.
fn import(own: &Own, folder: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vama"));
    command.args(["-q", "--database-url", own.url(), "import"]).arg(folder);
    assert!(command.stdout(Stdio::null()).status().unwrap().success());
}

/// Prints the size of the database's catalog, and the memory of a connection before and after it has
/// read every table of every company, which is what a pooler's connection does in the course of days.
async fn weigh(url: &str, new: &[NewCompany]) {
    const OWN: &str = "select sum(total_bytes)::bigint from pg_backend_memory_contexts";
    const CATALOG: &str = "select sum(pg_total_relation_size(oid))::bigint from pg_class \
        where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r'";
    const DATABASE: &str = "select pg_database_size(current_database())";
    const RELATIONS: &str = "select count(*) from pg_class";
    const TABLES: &str = "select 'select ' || string_agg(format('(select count(*) from %I.%I)', \
        nspname, relname), ' + ') || '::bigint' from pg_class \
        join pg_namespace n on n.oid = relnamespace where nspname = $1 and relkind = 'r'";

    let options = PgConnectOptions::from_str(url).unwrap();
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    for (what, statement) in [("catalog, MB", CATALOG), ("database, MB", DATABASE)] {
        let bytes: i64 = sqlx::query_scalar(statement).fetch_one(&mut connection).await.unwrap();
        println!("{what:<42}{:>10}", bytes / 1_000_000);
    }
    let relations: i64 = sqlx::query_scalar(RELATIONS).fetch_one(&mut connection).await.unwrap();
    println!("{:<42}{relations:>10}", "relations");
    let fresh: i64 = sqlx::query_scalar(OWN).fetch_one(&mut connection).await.unwrap();
    let mut reader = PgConnection::connect_with(&options).await.unwrap();
    for new in new {
        let statement = sqlx::query_scalar(TABLES).bind(&new.schema);
        let statement: String = statement.fetch_one(&mut connection).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut reader).await.unwrap();
    }
    let full: i64 = sqlx::query_scalar(OWN).fetch_one(&mut reader).await.unwrap();
    println!("{:<42}{:>10}", "a new connection, MB", fresh / 1_000_000);
    println!("{:<42}{:>10}", "one that has read every table, MB", full / 1_000_000);
    reader.close().await.unwrap();
    connection.close().await.unwrap();
}

async fn run(own: &Own, companies: usize) {
    let database = Database::choose(Some(own.url()), PathBuf::new).unwrap();
    let mut session = database.connect().await.unwrap();
    let built_in = Migrations::built_in();
    let one_more = sample::with_one_more().await;
    let new: Vec<_> = (0..companies).map(|_| new_company()).collect();
    let folder = tempfile::tempdir().unwrap();
    for (number, new) in new.iter().enumerate() {
        let (folder, iban) = (folder.path().join(number.to_string()), &new.accounts[0]);
        write_statements(&folder, iban, 1, ENTRIES);
    }

    let mut watch = Stopwatch::new(companies);
    for new in &new {
        store::create(&mut session, new).await.unwrap();
    }
    watch.ended("company create, one after the other");
    session.close().await;
    import(own, folder.path());
    watch.ended("import, a statement each");
    import(own, folder.path());
    watch.ended("the same again");
    if server().is_some() {
        weigh(own.url(), &new).await;
    }
    let mut session = database.connect().await.unwrap();
    watch.since = Instant::now();
    migrate(&mut session, built_in, companies, false).await;
    watch.ended("migrate, nothing to do");
    check(&mut session, built_in, companies).await;
    watch.ended("migrate --check");
    assert_eq!(store::overview(&mut session).await.unwrap().len(), companies);
    watch.ended("company list");
    migrate(&mut session, &one_more, companies, true).await;
    watch.ended("migrate, a table with a key and an index");
    migrate(&mut session, &one_more, companies, false).await;
    watch.ended("migrate, nothing to do again");
    for new in &new {
        (session, _) = store::remove(session, &new.slug, None).await.unwrap();
    }
    watch.ended("company drop, one after the other");
    session.close().await;
}

fn main() {
    let measured = env::args().any(|it| it == "--bench");
    let named = env::args().skip(1).find_map(|it| it.parse().ok());
    let companies = named.unwrap_or(if measured { MEASURED } else { TRIED });
    // The database is dropped together with this value, also where something fails on the way.
    let own = Own::new("bench");
    tokio::runtime::Runtime::new().unwrap().block_on(run(&own, companies));
}
