//! Whichever way rows go in, fast or careful, alone or in a group, the table ends up the same.

use std::io::{Seek as _, Write as _};
use std::sync::Arc;

use vama::inside::lab::random::Random;
use vama::inside::lab::statement::{self, many};
use vama::inside::road::land::land;
use vama::inside::road::meter::Meter;
use vama::inside::road::prepare::prepare;
use vama::inside::road::report::{FileReport, Status};
use vama::inside::road::{Options, import_source};
use vama::inside::source::Source;

use crate::common::server;
use crate::world::{Company, database, only_source, told};

pub const IBAN: &str = "RO49AAAA1B31007593840000";

/// References of the bank, of the customer, none, and some that look like the twins of others.
const REFERENCES: [&str; 6] =
    ["NONREF", "NONREF//OP1", "NONREF//OP1#2", "CLIENT7", "CLIENT7#2", "NONREF//OP2"];

pub const TEXTS: [&str; 3] = ["Parcare Gara", "Parcare   Gara", "Taxa"];

/// Writes a few files of the same few days, so that twins and collisions are common.
fn files(seed: u64) -> Vec<String> {
    let mut random = Random::of(&[seed]);
    let mut number = 0;
    let mut statement = |random: &mut Random| {
        number += 1;
        let mut text = format!(":20:S{number}\n:25:{IBAN}\n:28C:{number}/1\n:60F:C260301RON0,00\n");
        let mut sum = 0;
        for _ in 0..random.below(30) {
            let (day, lei) = (1 + random.below(2), 1 + random.below(2));
            let reference = REFERENCES[random.below(6) as usize];
            let words = TEXTS[random.below(3) as usize];
            text.push_str(&format!(":61:26030{day}C{lei},00NTRF{reference}\n:86:{words}\n"));
            sum += lei;
        }
        format!("{text}:62F:C260331RON{sum},00\n")
    };
    (0..4).map(|_| statement(&mut random) + &statement(&mut random)).collect()
}

async fn one_by_one(company: &mut Company, files: &[String]) {
    for file in files {
        let report = company.import("a.sta", file.as_bytes()).await;
        adds_up(&report);
    }
}

pub fn adds_up(report: &FileReport) {
    let known = matches!(report.status, Status::Imported | Status::AlreadyImported);
    assert!(known, "{}", told(report));
    assert_eq!(report.read, report.inserted + report.duplicates + report.held, "{}", told(report));
}

/// Imports the files from the disk, where a large one is read window by window.
async fn from_disk(company: &mut Company, files: &[String]) {
    for file in files {
        let mut disk = tempfile::tempfile().unwrap();
        disk.write_all(file.as_bytes()).unwrap();
        disk.rewind().unwrap();
        let source = Source::of_large("a.sta", disk).unwrap();
        let (session, slug) = (&mut company.session, &company.slug);
        adds_up(&import_source(session, source, Some(slug), &Options::default()).await);
    }
}

/// Imports the files in one group, and returns what became of each.
pub async fn together(company: &mut Company, files: &[String]) -> Vec<FileReport> {
    let (meter, options) = (Meter::default(), Options::default());
    let ready = files.iter().map(|file| {
        let source = Arc::new(only_source("a.sta", file.as_bytes()));
        prepare(&source, &options, &meter).unwrap()
    });
    let slug = company.slug.clone();
    let reports = land(&mut company.session, &slug, ready.collect(), &options, &meter).await;
    assert_eq!(reports.len(), files.len());
    reports.iter().for_each(adds_up);
    reports
}

/// Fills the table with so many rows of another account that keys are looked up one by one.
pub async fn fill(company: &mut Company) {
    company
        .execute(
            "insert into bank_transactions (transaction_hash, transaction_date, amount, currency, \
             details) select md5(n::text), '2020-01-01', n, 'EUR', repeat('x', 100) \
             from generate_series(1, 3000) n",
        )
        .await;
}

/// Returns the rows that [`fill`] did not make, as texts that tell them apart.
pub async fn rows(company: &mut Company) -> Vec<String> {
    let rows = company.bank_rows().await;
    rows.into_iter().filter(|row| !row.contains("|EUR|")).collect()
}

#[tokio::test]
async fn every_path_makes_the_same_rows() {
    for seed in 0..3 {
        let files = files(seed);
        let mut company = Company::new("path-alone").await;
        one_by_one(&mut company, &files).await;
        let expected = rows(&mut company).await;
        assert!(!expected.is_empty());
        drop(company);

        let mut company = Company::new("path-full").await;
        fill(&mut company).await;
        one_by_one(&mut company, &files).await;
        assert_eq!(rows(&mut company).await, expected, "looked up one by one, seed {seed}");
        drop(company);

        let mut company = Company::new("path-disk").await;
        from_disk(&mut company, &files).await;
        assert_eq!(rows(&mut company).await, expected, "from the disk, seed {seed}");
        drop(company);

        let mut company = Company::new("path-group").await;
        together(&mut company, &files).await;
        // Where a twin and another row's reference make the same key, the other one may be the
        // first here.
        let keys = |rows: Vec<String>| -> Vec<String> {
            rows.iter().map(|row| row[..32].to_owned()).collect()
        };
        assert_eq!(keys(rows(&mut company).await), keys(expected), "in one group, seed {seed}");
    }
}

/// A statement of many buckets; ten times a reference makes the key of another's twin.
fn long(entries: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    statement::write(IBAN, "RON", 0.into(), many(5, entries, 1000), &mut bytes).unwrap();
    let mut text = format!(":20:T\r\n:25:{IBAN}\r\n:28C:1/1\r\n:60F:C260101RON0,00\r\n");
    for n in 0..10 {
        for reference in [format!("T{n}"), format!("T{n}"), format!("T{n}#2")] {
            text.push_str(&format!(":61:260101C1,00NTRFNONREF//{reference}\r\n:86:Plata\r\n"));
        }
    }
    bytes.extend_from_slice(format!("{text}:62F:C260101RON30,00\r\n").as_bytes());
    bytes
}

#[tokio::test]
async fn many_buckets_make_the_same_rows_into_an_empty_table_and_beside_others() {
    if server().is_none() {
        // More rows than the embedded database takes in good time.
        return;
    }
    let bytes = long(40_000);
    let mut company = Company::new("buckets").await;
    let first = company.import("a.sta", &bytes).await;
    adds_up(&first);
    assert_eq!((first.inserted, first.held), (40_020, 10), "{}", told(&first));
    let expected = rows(&mut company).await;
    let mut again = bytes.clone();
    again.extend_from_slice(b"\r\n");
    let second = company.import("b.sta", &again).await;
    assert_eq!((second.inserted, second.duplicates), (0, 40_020), "{}", told(&second));

    let mut company = Company::new("buckets-full").await;
    fill(&mut company).await;
    adds_up(&company.import("a.sta", &bytes).await);
    assert_eq!(rows(&mut company).await, expected);
}

#[tokio::test]
async fn a_writer_that_knows_no_lock_is_not_doubled_and_loses_nothing() {
    if server().is_none() {
        // The embedded database takes one connection at a time.
        return;
    }
    let bytes = long(5_000);
    let mut company = Company::new("model").await;
    company.import("a.sta", &bytes).await;
    let keys = "select transaction_hash from bank_transactions order by 1";
    let expected: Vec<(String,)> = company.rows(keys).await;
    let schema = company.slug.replace('-', "_");

    let mut company = Company::new("writers").await;
    let mine = company.slug.replace('-', "_");
    let copy = format!(
        "insert into {mine}.bank_transactions (transaction_hash, transaction_date, amount, \
         currency, account_iban, op_reference, booking_date, details) \
         select transaction_hash, transaction_date, amount, currency, account_iban, op_reference, \
         booking_date, details from {schema}.bank_transactions \
         where left(transaction_hash, 1) = '%' on conflict do nothing"
    );
    let writer = tokio::spawn(async move {
        let mut session = database().connect().await.unwrap();
        for digit in "0123456789abcdef".chars() {
            let mut tx = session.begin().await.unwrap();
            let statement = copy.replace('%', &digit.to_string());
            sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut *tx).await.unwrap();
            tx.commit().await.unwrap();
        }
    });
    let report = company.import("a.sta", &bytes).await;
    writer.await.unwrap();
    let found: Vec<(String,)> = company.rows(keys).await;
    assert_eq!(found, expected);
    // Three clashes in a row make the file fail, whole; then the next run brings it in.
    if report.status == Status::Failed {
        adds_up(&company.import("a.sta", &bytes).await);
    } else {
        adds_up(&report);
    }
}

#[tokio::test]
async fn a_ticket_in_two_files_of_a_group_is_one_row_behind_statements_without_entries() {
    let statement = |number: u32, entry: &str, closing: u32| {
        format!(
            ":20:S\n:25:{IBAN}\n:28C:{number}/1\n:60F:C260301RON0,00\n{entry}\
             :62F:C260331RON{closing},00\n"
        )
    };
    let ticket = ":61:260301C5,00NTRFNONREF\n:86:Parcare\n";
    let files = [statement(1, "", 0) + &statement(2, ticket, 5), statement(3, ticket, 5)];
    let mut company = Company::new("empty-heads").await;
    together(&mut company, &files).await;
    assert_eq!(company.count("bank_transactions").await, 1);
}
