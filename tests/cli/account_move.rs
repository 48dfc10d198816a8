//! A wrong company set right: an account moved to another one, with the imports that came by it.

use std::fs;

use serde_json::Value;
use vama::inside::value::slug::schema_of;

use crate::common::unique;
use crate::program::Books;

/// Returns the rows of the tables, without the log's own.
fn rows(books: &Books, slug: &str) -> Value {
    let mut rows = books.run(&["company", "show", slug, "--json"]).ends(0).json()["rows"].clone();
    rows.as_object_mut().unwrap().remove("sync_logs");
    rows
}

/// Makes a second company, without accounts.
fn other(books: &Books) -> String {
    let other = unique("right");
    books.create(&other, &[]).ends(0);
    other
}

fn is_empty(rows: &Value) -> bool {
    rows.as_object().unwrap().values().all(|count| count == 0)
}

#[test]
fn an_account_is_moved_from_whichever_company_has_it() {
    let books = Books::new("move");
    let (right, iban) = (other(&books), &books.month.shop.account_iban);
    let order = ["company", "account", "move", iban, &right];
    books.run(&order).ends(2).says("--yes");
    let told = books.run(&[&order[..], &["-n"]].concat()).ends(0).stdout;
    assert!(told.contains(&format!("from {} to {right}", books.slug)), "{told}");
    assert!(told.contains("dry run"), "{told}");
    let moved = books.run(&[&order[..], &["--yes", "--json"]].concat()).ends(0).json();
    assert_eq!((&moved["from"][0], &moved["moved"]), (&books.slug.as_str().into(), &true.into()));
    let accounts =
        |slug: &str| books.run(&["company", "show", slug, "--json"]).ends(0).json().to_string();
    assert!(accounts(&right).contains(iban) && !accounts(&books.slug).contains(iban));

    let again = books.run(&[&order[..], &["--yes"]].concat()).ends(0).stdout;
    assert!(again.contains("has") && again.contains("nothing was changed"), "{again}");
    let nobodys = ["company", "account", "move", "gls:0", &right, "--yes"];
    books.run(&nobodys).ends(4).says("no company has the account gls:0").says("account add");
    books.run(&["company", "account", "move", iban, "nobody", "--yes"]).ends(4).says("nobody");
}

#[test]
fn imports_of_a_watched_folder_are_undone_and_imported_into_the_right_company() {
    let books = Books::new("move-watched");
    let (right, iban) = (other(&books), &books.month.shop.account_iban);
    let inbox = books.path().join("inbox");
    fs::create_dir_all(&inbox).unwrap();
    for day in 0..3 {
        let statement = books.month.statement_of(day..day + 1).unwrap();
        fs::write(inbox.join("extras.sta"), &statement.bytes).unwrap();
        books.run(&["watch", "inbox", "--once", "--settle", "0"]).ends(0);
    }
    let before = rows(&books, &books.slug);
    let order = ["company", "account", "move", iban, &right, "--with-imports"];

    let told = books.run(&[&order[..], &["-n"]].concat()).ends(0).stdout;
    assert!(told.contains("extras (2).sta") && told.contains("extras (3).sta"), "{told}");
    assert_eq!(rows(&books, &books.slug), before);

    let moved = books.run(&[&order[..], &["--yes"]].concat()).ends(0).stdout;
    let first = format!("{}#1 is {right}#1 now: ", books.slug);
    assert!(moved.contains(&first), "{moved}");
    assert!(is_empty(&rows(&books, &books.slug)));
    assert_eq!(rows(&books, &right), before);
    let log = books.run(&["log", "-c", &books.slug, "--json"]).ends(0).json();
    assert!(log["imports"].as_array().unwrap().iter().all(|it| it["status"] == "undone"), "{log}");
}

#[test]
fn where_a_file_is_not_found_nothing_is_done_until_it_is_named() {
    let books = Books::new("move-named");
    let (right, iban) = (other(&books), &books.month.shop.account_iban);
    let files = [books.month.statement_of(0..1).unwrap(), books.month.statement_of(1..2).unwrap()];
    fs::create_dir(books.path().join("martie")).unwrap();
    for (number, file) in files.iter().enumerate() {
        let path = books.write(&format!("martie/{number}.sta"), &file.bytes);
        books.run(&["import", &path]).ends(0);
    }
    let before = rows(&books, &books.slug);
    let order = ["company", "account", "move", iban, &right, "--with-imports", "--yes"];
    let missing = format!("{}#2: its file 1.sta is not found", books.slug);
    books.run(&order).ends(4).says(&missing);
    books.run(&[&order[..], &["martie/0.sta"]].concat()).ends(4).says(&missing);
    assert_eq!(
        (rows(&books, &books.slug), is_empty(&rows(&books, &right))),
        (before.clone(), true)
    );

    let moved = books.run(&[&order[..], &["martie", "--json"]].concat()).ends(0).json();
    let imports = moved["imports"].as_array().unwrap();
    assert_eq!(imports.len(), 2, "{moved}");
    assert_eq!(imports[1]["now"], format!("{right}#2"));
    assert_eq!(rows(&books, &right), before);
}

#[test]
fn where_the_right_company_does_not_take_a_file_the_way_back_is_told_and_works() {
    let books = Books::new("move-fails");
    let (right, iban) = (other(&books), &books.month.shop.account_iban);
    let file = books.put(&books.month.statement_of(0..1).unwrap());
    books.run(&["import", &file]).ends(0);
    let before = rows(&books, &books.slug);
    let schema = schema_of(&right).unwrap();
    books.sql(&format!("alter table {schema}.bank_transactions add constraint no check (false)"));

    let order = ["company", "account", "move", iban, &right, "--with-imports", "--yes", &file];
    let back = format!("vama company account move {iban} {} --yes", books.slug);
    let told = books.run(&order).ends(1).says("is undone, and its file is not in").says(&back);
    assert!(told.stderr.contains(&format!("vama import {file} -c {}", books.slug)));
    assert!(is_empty(&rows(&books, &books.slug)));

    books.run(&["company", "account", "move", iban, &books.slug, "--yes"]).ends(0);
    books.run(&["import", &file, "-c", &books.slug]).ends(0);
    assert_eq!(rows(&books, &books.slug), before);
}

#[test]
fn an_import_of_several_accounts_is_not_moved_with_one_of_them() {
    let books = Books::new("move-several");
    let (right, iban) = (other(&books), &books.month.shop.account_iban);
    let other_shop = Books::empty("second").month;
    let second = &other_shop.shop.account_iban;
    books.run(&["company", "account", "add", &books.slug, second]).ends(0);
    let both = [
        books.month.statement_of(0..1).unwrap().bytes,
        other_shop.statement_of(0..1).unwrap().bytes,
    ];
    let file = books.write("both.sta", &both.concat());
    books.run(&["import", &file]).ends(0);
    let order = ["company", "account", "move", iban, &right, "--with-imports", "--yes", &file];
    books.run(&order).ends(4).says("holds 2 accounts").says("vama undo");
    assert!(is_empty(&rows(&books, &right)));
}
