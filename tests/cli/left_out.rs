//! Files that are not for vama: left out beside files that are, refused where they are alone or
//! named.

use std::fs;
use std::io::{Cursor, Write};

use serde_json::json;
use zip::write::SimpleFileOptions;

use crate::program::Books;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";
const RAR: &[u8] = b"Rar!\x1a\x07\x01\x00";

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Makes a folder with a statement, an invoice and an archive in it.
fn put_folder(books: &Books) {
    fs::create_dir_all(books.path().join("luna/facturi")).unwrap();
    books.write("luna/extras.sta", &books.month.files[0].bytes);
    books.write("luna/facturi/factura.pdf", PDF);
    books.write("luna/vechi.rar", RAR);
}

#[test]
fn beside_a_statement_in_a_folder_they_are_a_note() {
    let books = Books::new("left-out");
    put_folder(&books);
    for command in [&["check", "luna"][..], &["import", "luna"], &["batch", "luna"]] {
        books
            .run(command)
            .ends(0)
            .says("extras.sta: left out beside it: luna/facturi/factura.pdf (a PDF); if it is a")
            .says("luna/vechi.rar (a RAR archive); unpack it");
    }
    let told = books.run(&["batch", "--json", "luna"]).ends(0).json();
    assert_eq!(told["totals"]["files"], 1);
    assert_eq!(told["files"][0]["warnings"].as_array().unwrap().len(), 2, "{told}");
}

#[test]
fn named_or_alone_they_are_refused_with_what_helps() {
    let books = Books::empty("named");
    put_folder(&books);
    let told = books.run(&["check", "--json", "luna/extras.sta", "luna/vechi.rar"]).ends(4).json();
    assert_eq!(told["files"][0]["status"], "checked");
    let error = json!({
        "kind": "unknown_format",
        "message": "no known format matches: it looks like a RAR archive",
        "line": null,
        "advice": "unpack it, and import the files in it",
    });
    assert_eq!(told["files"][1]["error"], error);
    books.run(&["check", "luna/facturi"]).ends(4).says("it looks like a PDF").says("leave it out");
    books.write("luna/facturi/banca.csv", b"Data;Suma\n01.03.2026;1,00\n");
    let told = books.run(&["check", "luna"]).ends(4);
    told.says("banca.csv: no known format matches").says("left out beside it: ");
}

#[test]
fn a_month_packed_together_goes_in_with_the_zips_in_it() {
    let books = Books::new("packed");
    let of = |folder| books.month.files.iter().find(|file| file.folder == folder).unwrap();
    let (bank, netopia) = (of("bank"), of("netopia"));
    let inner = zip(&[("march.sta", &bank.bytes), ("factura.pdf", PDF)]);
    let month = zip(&[("bank.zip", &inner), (&netopia.name, &netopia.bytes)]);
    books.write("month.zip", &month);

    books.run(&["check", "month.zip"]).ends(0).says("month.zip › bank.zip › march.sta: left out");
    let told = books.run(&["import", "--json", "month.zip"]).ends(0).json();

    let files = told["files"].as_array().unwrap();
    assert_eq!(files.len(), 2, "{told}");
    assert_eq!(files[0]["member"], "bank.zip/march.sta");
    let batch = netopia.name.trim_end_matches(".zip");
    assert_eq!(files[1]["member"], format!("{}/{batch}", netopia.name));
    assert!(files.iter().all(|file| file["status"] == "imported"), "{told}");
    assert_eq!(books.rows()["netopia_batches"], 1);
}

#[test]
#[cfg(unix)]
fn a_watched_folder_takes_a_zip_with_them_and_puts_them_away_where_they_are_alone() {
    let books = Books::new("watched-out");
    fs::create_dir_all(books.path().join("inbox")).unwrap();
    let member = zip(&[("extras.sta", &books.month.files[0].bytes), ("factura.pdf", PDF)]);
    books.write("inbox/luna.zip", &member);
    books.write("inbox/vechi.rar", RAR);
    books.run(&["watch", "--once", "--settle", "0", "inbox"]).ends(4);
    let reason = fs::read_to_string(books.path().join("inbox/failed/vechi.rar.txt")).unwrap();
    assert!(reason.contains("it looks like a RAR archive"), "{reason}");
    assert!(reason.contains("unpack it, and import the files in it"), "{reason}");
    let month = chrono::Local::now().format("%Y-%m");
    assert!(books.path().join(format!("inbox/imported/{month}/luna.zip")).exists());
    assert!(!books.path().join("inbox/failed/luna.zip").exists());
}
