//! `vama month --xlsx`: the workbook of a month, and what it never overwrites.

use std::fs;
use std::path::Path;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use serde_json::Value;
use vama::inside::value::slug::schema_of;

use crate::common::own::Own;
use crate::program::Books;

fn sheet(file: &Path, name: &str) -> Range<Data> {
    let mut workbook: Xlsx<_> = open_workbook(file).unwrap();
    workbook.worksheet_range(name).unwrap()
}

/// Returns the texts of a column, by its header, row by row.
fn column(sheet: &Range<Data>, header: &str) -> Vec<String> {
    let mut rows = sheet.rows();
    let at = rows.next().unwrap().iter().position(|cell| *cell == header).unwrap();
    rows.map(|row| row[at].to_string()).collect()
}

#[test]
fn the_workbook_of_a_month_has_its_settlements_and_entries() {
    let books = Books::new("workbook");
    let mut arguments = vec!["import".to_owned()];
    arguments.extend(books.put_month());
    books.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).ends(0);
    let schema = schema_of(&books.slug).unwrap();
    // What somebody else wrote: entries without account, sender and text; and an invoice that is paid.
    books.sql(&format!(
        "insert into {schema}.bank_transactions (transaction_hash, transaction_date, amount, \
         currency, source, details) values ('odd-1', '2026-03-05', -5, 'RON', null, '=1+1'), \
         ('odd-2', '2026-03-05', 7, 'eur', null, null), ('odd-3', '2026-03-06', 8, 'RON', 'Altul', \
         'factura FNT 7'); \
         insert into {schema}.invoices (oblio_id, series_name, invoice_number, total, currency) \
         values ('FNT 7', 'FNT', '7', 8, 'RON')"
    ));
    let run = |further: &[&str]| {
        let command = ["month", "-c", &books.slug, "--json", "--xlsx", "march.xlsx"];
        books.run(&[&command, further].concat())
    };
    let told = run(&[]).ends(0).says("wrote march.xlsx: March 2026").json();
    let file = books.path().join("march.xlsx");

    let settlements = told["months"][0]["settlements"].as_array().unwrap();
    let amounts = |of: &dyn Fn(&Value) -> bool| -> Vec<String> {
        let some = settlements.iter().filter(|it| of(it));
        let mut all: Vec<String> = some.map(|it| it["amount"].as_str().unwrap().into()).collect();
        all.sort();
        all
    };
    let shown = sheet(&file, "Deconturi");
    let states = column(&shown, "Stare");
    assert_eq!(states.iter().filter(|it| *it == "plătit").count(), settlements.len());
    let blocks = sheet(&file, "OP-uri");
    let labels = column(&blocks, "Număr factură");
    let sums = column(&blocks, "Sumă");
    let totals: Vec<&String> =
        labels.iter().zip(&sums).filter(|(label, _)| *label == "Total OP").map(|it| it.1).collect();
    // The month's settlements are paid by a credit each.
    assert_eq!(totals.len(), amounts(&|it| it["state"] == "paid").len());
    let total: f64 = totals.iter().map(|it| it.parse::<f64>().unwrap()).sum();
    let stated: f64 = amounts(&|_| true).iter().map(|it| it.parse::<f64>().unwrap()).sum();
    assert!((total - stated).abs() < 0.005, "{total} {stated}");

    let entries = sheet(&file, "Extras");
    let texts = column(&entries, "Explicații");
    assert!(texts.iter().any(|text| text == "=1+1"), "{texts:?}");
    let count = books.rows()["bank_transactions"].as_u64().unwrap();
    let days = column(&entries, "Data valutei").into_iter().filter(|day| !day.is_empty());
    assert_eq!(days.count() as u64, count);
    let direct = sheet(&file, "Încasări directe");
    assert_eq!(column(&direct, "Factură sau comandă")[0], "FNT7");

    let first = fs::read(&file).unwrap();
    run(&[]).ends(0);
    assert_eq!(fs::read(&file).unwrap(), first, "the same month makes the same bytes");
    books.run(&["month", "2025-01", "-c", &books.slug, "--xlsx", "march.xlsx"]).ends(0);
    assert_eq!(sheet(&file, "Extras").height(), 1, "a month without entries has the header alone");
    // Somebody's own work.
    fs::write(&file, "notes").unwrap();
    run(&[]).ends(2).says("march.xlsx").says("name another file");
    assert_eq!(fs::read(&file).unwrap(), b"notes");
    books.run(&["month", "-c", &books.slug, "--xlsx", "-"]).ends(2).says("april.xlsx");
}

#[test]
fn a_workbook_is_of_one_company_and_of_a_month_that_has_entries() {
    let own = Own::new("workbooks");
    let (books, other) = (Books::alone(&own, "workbook-a"), Books::alone(&own, "workbook-b"));
    books.create_with_its_accounts();
    let run = |further: &[&str]| books.run(&[&["month", "--xlsx", "books.xlsx"], further].concat());
    run(&[]).ends(2).says("no entry of a statement was imported yet");
    other.create_with_its_accounts();
    run(&[]).ends(2).says("-c SLUG");
    run(&["2026-03", "-c", &books.slug]).ends(0);
    assert!(books.path().join("books.xlsx").exists());
}
