//! Folders in which there is no file: empty, or their disk is not mounted.

use std::fs;

use crate::program::Books;

#[test]
fn a_folder_without_files_is_told_and_refused_where_files_are_expected() {
    let books = Books::empty("no-files");
    fs::create_dir(books.path().join("extrase")).unwrap();
    for command in ["import", "batch", "check"] {
        let told = books.run(&[command, "extrase"]).ends(0);
        told.says("extrase: there is no file in it").says("is its disk or network share mounted?");
    }
    for command in ["import", "batch"] {
        let told = books.run(&[command, "--expect-files", "extrase"]).ends(4);
        told.says("error: extrase: there is no file in the folder").says("share is mounted");
        let json = books.run(&[command, "--expect-files", "--json", "extrase"]).ends(4).json();
        assert_eq!(json["files"][0]["file"], "extrase", "{json}");
        assert_eq!(json["files"][0]["error"]["kind"], "no_file", "{json}");
        assert_eq!(json["totals"]["refused"], 1, "{json}");
    }
}

#[test]
fn files_beside_an_empty_folder_go_in() {
    let books = Books::new("beside-empty");
    fs::create_dir(books.path().join("gls")).unwrap();
    let file = books.put(&books.month.files[0]);
    for command in ["import", "batch"] {
        let json = books.run(&[command, "--expect-files", "--json", &file, "gls"]).ends(4).json();
        assert!(json["files"][0]["error"].is_null(), "{json}");
        assert_eq!(json["files"][1]["error"]["kind"], "no_file", "{json}");
        books.run(&[command, "--expect-files", &file]).ends(0);
    }
}
