//! A month of a bookkeeper, from an empty folder on: what goes wrong is set right, and the books are as if
//! nothing had gone wrong.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use vama::inside::lab::month::GeneratedFile;
use vama::inside::value::slug::slug_of;

use crate::common::own::Own;
use crate::common::{cif_of, unique};
use crate::program::Books;
use crate::tools::tool;
use crate::whose::vama;

/// Columns that tell of the way a row came, not of what it says.
const WAY: &str = "{id,borderou_id,statement_id,import_id,source_line,file_name,synced_at,created_at,\
                   tied_at}";

/// Returns the rows of each table that imports fill, as texts in the same order each time. The log and
/// the held rows are left out, since they tell the way.
fn books_of(books: &Books) -> BTreeMap<String, Vec<String>> {
    let counts = books.rows();
    let filled = counts.as_object().unwrap().iter().filter(|(table, count)| {
        **count != 0 && !["sync_logs", "held_rows"].contains(&table.as_str())
    });
    let rows = |table: &str| {
        let select =
            format!("select (to_jsonb(t) - '{WAY}'::text[])::text from {table} t order by 1");
        let answer = books.run(&["sql", "-c", &books.slug, "--json", &select]).ends(0).json();
        let rows = answer["rows"].as_array().unwrap().iter();
        rows.map(|row| row[0].to_string()).collect()
    };
    filled.map(|(table, _)| (table.clone(), rows(table))).collect()
}

/// Returns the month as `vama month` shows it: days, settlements, credits.
fn month_of(books: &Books) -> Value {
    let told = books.run(&["month", "2026-03", "-c", &books.slug, "--json"]).ends(0).json();
    let mut month = told["months"][0].clone();
    month.as_object_mut().unwrap().remove("company");
    month
}

/// Writes a file of the month into a folder `martie`; returns its path there.
fn put(books: &Books, file: &GeneratedFile) -> String {
    fs::create_dir_all(books.path().join("martie")).unwrap();
    books.write(&format!("martie/{}", file.name), &file.bytes)
}

/// Drops a first file on the prompt, and makes its company by the answers; returns the company's slug.
fn make_the_company_of_a_first_file(books: &Books, file: &str) -> String {
    let terminal = vama(books, "");
    terminal.until("Drop files here, then Enter:", 1);
    terminal.paste(books.path().join(file).to_str().unwrap());
    terminal.keys("Enter");
    // The name is the client's of the borderou.
    terminal.until(&format!("Its name? {}", books.month.shop.name), 1);
    terminal.keys("Enter");
    terminal.until("Its CIF?", 1);
    terminal.types(&cif_of(&books.slug));
    terminal.keys("Enter");
    // Roles belong to the server, so the slug ends as no other test's does.
    let (proposed, end) = (slug_of(&books.month.shop.name), unique("2"));
    terminal.until(&format!("on the command line? {proposed}"), 1);
    terminal.types(&end);
    let slug = format!("{proposed}{end}");
    terminal.keys("Enter");
    terminal.until("Make it?", 1);
    terminal.keys("Enter");
    terminal.until(&format!(" · in as {slug}#1"), 1);
    terminal.until("Drop files here, then Enter:", 2);
    terminal.types("exit");
    terminal.keys("Enter");
    assert_eq!(terminal.exit(), 0, "{}", terminal.screen());
    slug
}

/// Imports the folder, and answers a wrong company where its card batches are asked about.
fn import_the_month_with_a_wrong_answer(books: &Books, wrong: &str) {
    let terminal = vama(books, "martie");
    terminal.until("Which company is ", 1);
    terminal.types(wrong);
    terminal.until(&format!("> {wrong} ("), 1);
    terminal.keys("Enter");
    terminal.until(&format!("Remember netopia:{} for {wrong}?", books.month.shop.terminal), 1);
    terminal.keys("Enter");
    // One record of the statement is held.
    assert_eq!(terminal.exit(), 3, "{}", terminal.screen());
}

/// Moves the account of the card batches from the wrong company to the right one.
fn set_the_wrong_company_right(books: &Books, wrong: &str) {
    let account = format!("netopia:{}", books.month.shop.terminal);
    let order = ["company", "account", "move", &account, &books.slug, "--with-imports", "martie"];
    let moved = books.run(&[&order[..], &["--yes", "--json"]].concat()).ends(0).json();
    assert_eq!(moved["imports"].as_array().unwrap().len(), books.month.batches.len(), "{moved}");
    let left = books.run(&["company", "show", wrong, "--json"]).ends(0).json()["rows"].clone();
    let left = left.as_object().unwrap().iter().find(|(it, n)| *it != "sync_logs" && **n != 0);
    assert_eq!(left, None);
}

/// Returns the statement with a letter in the amount of its second entry.
fn damaged(statement: &GeneratedFile) -> GeneratedFile {
    let mut text = String::from_utf8(statement.bytes.clone()).unwrap();
    let entry = text.match_indices("\n:61:").nth(1).unwrap().0;
    text.insert(entry + text[entry..].find(',').unwrap(), 'Q');
    GeneratedFile { bytes: text.into_bytes(), ..statement.clone() }
}

/// Writes the held record as a file, puts that right and imports it.
fn put_the_held_record_right(books: &Books) {
    let held = books.run(&["held", "-c", &books.slug, "--json"]).ends(0).json();
    let record = held["held"][0]["record"].as_str().unwrap();
    let import = record.split_once('/').unwrap().0;
    books.run(&["held", "export", import, "-o", "de corectat.sta"]).ends(0);
    let written = fs::read_to_string(books.path().join("de corectat.sta")).unwrap();
    let right = books.write("de corectat.sta", written.replace("Q,", ",").as_bytes());
    let told = books.run(&["import", "--json", &right]).ends(0).json();
    assert_eq!(told["files"][0]["inserted"], 1, "{told}");
    assert_eq!(books.run(&["held", "-c", &books.slug]).ends(0).stdout, "");
    let settled = books.run(&["held", "show", record, "--json"]).ends(0).json();
    assert_ne!(settled["held"]["resolved_at"], Value::Null, "{settled}");
}

/// Undoes the import of the first file, and gives the file once more.
fn undo_the_first_import_and_do_it_again(books: &Books, file: &str) {
    books.run(&["undo", &format!("{}#1", books.slug), "--yes"]).ends(0);
    let again = books.run(&["import", "--json", file]).ends(0).json();
    assert_eq!(again["files"][0]["status"], "imported", "{again}");
}

#[test]
fn a_month_in_which_all_goes_wrong_and_is_set_right_ends_with_the_books_of_a_clean_import() {
    if !tool("tmux") {
        return;
    }
    let (own, clean_own) = (Own::new("story"), Own::new("story-clean"));
    let mut books = Books::alone(&own, "story");
    let statement = damaged(&books.month.files[0]);
    let files: Vec<GeneratedFile> = books.month.files[1..].to_vec();
    for file in files.iter().chain([&statement]) {
        put(&books, file);
    }
    let borderou = put(&books, files.iter().find(|file| file.folder == "gls").unwrap());

    books.slug = make_the_company_of_a_first_file(&books, &borderou);
    let wrong = unique("gresita");
    books.create(&wrong, &[]).ends(0);
    import_the_month_with_a_wrong_answer(&books, &wrong);
    set_the_wrong_company_right(&books, &wrong);
    put_the_held_record_right(&books);
    undo_the_first_import_and_do_it_again(&books, &borderou);

    let mut clean = Books::alone(&clean_own, "story-clean");
    clean.month = books.month.clone();
    clean.create_with_its_accounts();
    let files = clean.put_month();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    clean.run(&[&["import"], &files[..]].concat()).ends(0);
    let (mut told, expected) = (books_of(&books), books_of(&clean));
    assert_eq!(told.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    // The record that was put right came in a statement of its own, which is kept beside the bank's.
    let kept = told.get_mut("bank_statements").unwrap();
    let further = kept.extract_if(.., |it| !expected["bank_statements"].contains(it)).count();
    assert_eq!(further, 1);
    for (table, rows) in &expected {
        assert_eq!(&told[table], rows, "{table}");
    }
    assert_eq!(month_of(&books), month_of(&clean));
}
