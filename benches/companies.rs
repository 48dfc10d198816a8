//! How long the commands take that touch every company, on a database of the bench's own with that
//! many companies.
//!
//! `cargo bench --no-default-features --bench companies -- 1000` on the server that DATABASE_URL names,
//! without one on an embedded database (then with the default features). As part of
//! `cargo test --benches` it runs once with a few companies, so that it does not rot.

// Benches may fail as loudly as tests, and print what they found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

// The tests use the rest of it.
#[allow(dead_code)]
#[path = "../tests/common/mod.rs"]
mod common;
#[allow(dead_code)]
#[path = "../tests/common/sample.rs"]
mod sample;

use std::env;
use std::path::PathBuf;
use std::time::Instant;

use vama::inside::store::{self, Database, Migrations, NewCompany, SchemaState, Session};
use vama::inside::value::slug::schema_of;

use common::own::Own;
use common::{cif_of, unique};

/// Companies of a bench that is measured.
const MEASURED: usize = 1000;

/// Companies of a bench that is only tried once.
const TRIED: usize = 3;

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
    NewCompany {
        name: format!("Firma {slug} SRL"),
        schema: schema_of(&slug).unwrap(),
        cif: cif_of(&slug),
        industry: None,
        accounts: vec![format!("gls:{slug}")],
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

async fn run(own: &Own, companies: usize) {
    let database = Database::choose(Some(own.url()), PathBuf::new).unwrap();
    let mut session = database.connect().await.unwrap();
    let built_in = Migrations::built_in();
    let one_more = sample::with_one_more().await;
    let new: Vec<_> = (0..companies).map(|_| new_company()).collect();

    let mut watch = Stopwatch::new(companies);
    for new in &new {
        store::create(&mut session, new).await.unwrap();
    }
    watch.ended("company create, one after the other");
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
