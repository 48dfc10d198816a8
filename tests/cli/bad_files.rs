//! Files that must not go in: of each is said what was found and what to do next.

use std::fs::{self, File};
use std::io::{Cursor, Write};

use serde_json::Value;
use zip::write::SimpleFileOptions;

use crate::program::{Books, run, vama};

/// Makes one file of each kind that must not go in; returns name, kind and a part of the message.
fn bad_files(books: &Books) -> Vec<(&'static str, &'static str, &'static str)> {
    let borderou = books.month.files.iter().find(|file| file.folder == "gls").unwrap();
    books.write("cut.xlsx", &borderou.bytes[..borderou.bytes.len() / 2]);
    books.write("bomb.zip", &bomb());
    books.write("invoice.sta", b"%PDF-1.7\n1 0 obj\n");
    books.write("empty.sta", b"");
    let sparse = File::create(books.path().join("sparse.sta")).unwrap();
    sparse.set_len(3 << 30).unwrap();
    books.write("unbalanced.sta", &unbalanced(books));
    vec![
        ("cut.xlsx", "archive", "cut short or damaged"),
        ("bomb.zip", "archive", "more than 200 times its packed size"),
        ("invoice.sta", "unknown_format", "it looks like a PDF"),
        ("empty.sta", "empty", "is empty"),
        ("sparse.sta", "too_large", "3.0 GiB, more than the 2.0 GiB"),
        ("unbalanced.sta", "unbalanced", "difference -0.01"),
        ("missing.sta", "io", "there is no such file"),
    ]
}

fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("bomb.sta", SimpleFileOptions::default()).unwrap();
    zip.write_all(&vec![0; 3 << 20]).unwrap();
    zip.finish().unwrap().into_inner()
}

/// Returns a statement of one day whose closing balance is a ban too small.
fn unbalanced(books: &Books) -> Vec<u8> {
    let statement = books.month.statement_of(0..1).unwrap();
    let text = String::from_utf8(statement.bytes).unwrap();
    let at = text.find(":62F:").unwrap();
    let end = at + text[at..].find("\r\n").unwrap();
    let (stated, day) = (books.month.balance_before(1), "C260302RON");
    let wrong = format!(":62F:{day}{:.2}", stated - rust_decimal::Decimal::new(1, 2));
    [&text[..at], &wrong.replace('.', ","), &text[end..]].concat().into_bytes()
}

fn assert_told(files: &Value, bad: &[(&str, &str, &str)]) {
    for (file, (name, kind, message)) in files.as_array().unwrap().iter().zip(bad) {
        let error = &file["error"];
        assert_eq!(file["file"], *name);
        assert_eq!(error["kind"], *kind, "{name}");
        assert!(error["message"].as_str().unwrap().contains(message), "{name}: {error}");
        assert!(!error["advice"].as_str().unwrap().is_empty(), "{name}");
        let status = if *kind == "io" { "failed" } else { "refused" };
        assert_eq!(file["status"], status, "{name}");
        assert_eq!(file["inserted"], 0);
    }
}

#[test]
fn check_tells_what_each_bad_file_is_and_what_to_do() {
    let books = Books::empty("bad");
    let bad = bad_files(&books);
    let names = bad.iter().map(|(name, ..)| *name);

    let arguments: Vec<&str> = ["check", "--json"].into_iter().chain(names.clone()).collect();
    let told = books.run(&arguments).ends(1).json();
    assert_eq!(told["files"].as_array().unwrap().len(), bad.len());
    assert_told(&told["files"], &bad);

    for (name, kind, message) in &bad {
        let exit = if *kind == "io" { 1 } else { 4 };
        books.run(&["check", name]).ends(exit).says(message).says("\n  next: ");
    }
    assert!(!books.path().join("db").exists(), "check uses no database");
}

#[test]
fn bad_files_write_nothing_and_keep_no_good_one_out() {
    let books = Books::new("bad-import");
    let bad = bad_files(&books);
    let names: Vec<&str> = bad.iter().map(|(name, ..)| *name).collect();

    let told = books.run(&[&["import", "--json"], names.as_slice()].concat()).ends(1).json();
    assert_told(&told["files"], &bad);
    books.assert_untouched();

    let good = books.put(&books.month.files[0]);
    let arguments = [&["import", "--json"], &names[..4], &[&good], &names[4..6]].concat();
    let told = books.run(&arguments).ends(4).json();
    assert_eq!(told["files"][4]["status"], "imported");
    assert_eq!(told["totals"]["refused"], 6);
    assert_eq!(told["totals"]["failed"], 0);
    assert_eq!(books.rows()["bank_transactions"], books.month.expected.bank_transactions);
}

#[test]
fn files_that_fail_for_one_reason_are_told_together() {
    let books = Books::empty("together");
    let told = books.run(&["check", "a.sta", "b.sta", "c.sta"]).ends(1);
    assert_eq!(told.stderr.matches("there is no such file").count(), 1, "{}", told.stderr);
    assert!(told.stderr.contains("a.sta, b.sta, c.sta: "), "{}", told.stderr);
}

#[test]
fn a_format_that_the_file_does_not_have_is_told() {
    let books = Books::empty("format");
    let statement = books.put(&books.month.files[0]);
    let borderou = books.month.files.iter().find(|file| file.folder == "gls").unwrap();
    let borderou = books.put(borderou);
    books.run(&["check", "--format", "gls", &statement]).ends(4).says("no workbook, expected one");
    books.run(&["check", "--format", "mt940", &borderou]).ends(4).says("expected :20:");
    books.run(&["check", "--format", "netopia", &statement]).ends(4).says("no header line");
    books.run(&["check", "--format", "mt940", &statement]).ends(0);
}

#[test]
#[cfg(unix)]
fn a_pipe_is_refused_without_waiting_for_it() {
    let books = Books::empty("fifo");
    let made = std::process::Command::new("mkfifo").arg(books.path().join("pipe")).status();
    assert!(made.unwrap().success());
    books.run(&["check", "pipe"]).ends(4).says("pipe: is a pipe, not a file");
    books.run(&["check", "/dev/null"]).ends(4).says("null: is a device, not a file");
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("locked.sta");
    fs::write(&path, ":20:X").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&path).is_ok() {
        // The superuser may read everything.
        return;
    }
    let told = run(vama(folder.path()).args(["check", "locked.sta"])).ends(1);
    told.says("locked.sta: cannot be read: permission denied")
        .says("next: give yourself the right");
}
