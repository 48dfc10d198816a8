//! Command lines whose first word is a misspelt command, or a file that is not there: neither opens
//! a database, or makes one.

use crate::program::{Books, run, vama};

/// Runs the program where no database is named; afterwards none was made.
#[track_caller]
fn without_database(books: &Books, words: &[&str]) -> crate::program::Run {
    let run = run(vama(books.path()).args(words));
    assert!(!books.path().join("data").exists(), "{words:?} made a database");
    run
}

#[test]
fn a_misspelt_command_is_usage_and_the_command_it_may_have_meant_is_told() {
    let books = Books::empty("misspelt");
    let march = books.put(&books.month.files[0]);
    for (words, meant) in [
        (&["compny", "list"][..], "`vama company`"),
        (&["compny", "create", "--name", "X"], "`vama company`"),
        (&["logg"], "`vama log`"),
        (&["chek", &march], "`vama check`"),
        (&["-q", "-c", "firma", "imprt", &march], "`vama import`"),
        (&["list"], "`vama company list` or `vama user list` or `vama credentials list`"),
    ] {
        let told = without_database(&books, words).ends(2);
        assert_eq!(told.stdout, "");
        told.says("error: there is no file and no command ")
            .says("\n  next: you may have meant ")
            .says(meant);
    }
    without_database(&books, &["company", "lst"]).ends(2).says("'list'");
    books.run(&["compny", "list"]).ends(2);
}

#[test]
fn a_program_is_told_of_a_misspelt_command_in_a_document() {
    let books = Books::empty("misspelt-json");
    for words in [&["--json", "compny", "list"], &["compny", "list", "--json"]] {
        let told = without_database(&books, words).ends(2);
        assert_eq!(told.stderr, "");
        let error = &told.json()["error"];
        assert_eq!(error["kind"], "usage");
        assert_eq!(error["message"], "there is no file and no command compny");
        assert!(error["advice"].as_str().unwrap().contains("`vama company`"), "{error}");
    }
}

#[test]
fn a_file_that_is_called_nearly_like_a_command_is_a_file() {
    let books = Books::new("nearly");
    books.write("chek", &books.month.files[0].bytes);
    let imported = books.run(&["--json", "chek"]).ends(0).json();
    assert_eq!(imported["files"][0]["status"], "imported");
    // A folder is a path, too.
    std::fs::create_dir(books.path().join("logs")).unwrap();
    books.run(&["logs"]).ends(0).says("there is no file in it");
}

#[test]
fn paths_that_do_not_exist_are_told_without_a_database() {
    let books = Books::empty("missing");
    let missing = "there is no such file";
    for words in [&["martie"][..], &["march.sta", "b.sta"], &["./logg"], &["import", "logg"]] {
        without_database(&books, words).ends(1).says(missing);
    }
    without_database(&books, &["batch", "martie"]).ends(1).says(missing);
    let document = without_database(&books, &["--json", "martie"]).ends(1).json();
    assert_eq!(document["files"][0]["error"]["kind"], "io");
    let document = without_database(&books, &["batch", "--json", "martie"]).ends(1).json();
    assert_eq!(document["totals"]["failed"], 1);
    std::fs::create_dir(books.path().join("gol")).unwrap();
    without_database(&books, &["gol"]).ends(0).says("there is no file in it");
}
