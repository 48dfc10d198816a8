//! stdout is the result and nothing else; stderr is talk.

use std::process::Stdio;

use crate::program::{Books, run, vama};

/// Asserts that a stream holds nothing that only a terminal understands.
fn assert_plain(stream: &str) {
    assert!(!stream.contains(['\u{1b}', '\r']), "{stream:?}");
}

#[test]
fn stdout_is_the_table_and_stderr_the_talk() {
    let books = Books::empty("streams");
    let good = books.put(&books.month.files[0]);
    books.write("empty.sta", b"");

    let told = books.run(&["check", &good, "empty.sta"]).ends(4);

    let mut lines = told.stdout.lines();
    let head: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(head, ["file", "records", "held", "sum"]);
    assert!(lines.next().unwrap().starts_with(" ✓ MT940_"), "{}", told.stdout);
    let what = lines.next().unwrap();
    assert!(what.starts_with("   statement, Banca Transilvania RO"), "{what}");
    assert!(what.ends_with(", 2–31 March 2026 · adds up"), "{what}");
    assert!(lines.next().unwrap().starts_with(" ✗ empty.sta "), "{}", told.stdout);
    assert_eq!(lines.next(), Some("   the file is empty"));
    assert!(lines.next().unwrap().starts_with("2 files: "), "{}", told.stdout);
    assert_eq!(lines.next(), None);
    assert_eq!(
        told.stderr,
        "error: empty.sta: the file is empty\n  next: download or save the file again\n"
    );
    assert_plain(&told.stdout);
}

#[test]
fn with_json_stdout_is_one_document_and_stderr_is_silent() {
    let books = Books::empty("json");
    let good = books.put(&books.month.files[0]);
    books.write("empty.sta", b"");
    let told = books.run(&["check", "--json", &good, "empty.sta", "missing.sta"]).ends(1);
    assert_eq!(told.json()["totals"]["files"], 3);
    assert_eq!(told.stderr, "");
}

#[test]
fn quiet_leaves_out_talk_and_verbose_tells_every_stage_but_the_result_stays() {
    let books = Books::empty("quiet");
    // Two statements with a day between them that nobody stated.
    let (first, third) =
        (books.month.statement_of(0..1).unwrap(), books.month.statement_of(2..3).unwrap());
    let both = [first.bytes, third.bytes].concat();
    let file = books.write("gap.txt", &both);

    let told = books.run(&["check", &file]).ends(0).says("warning: gap.txt: ");
    let quiet = books.run(&["-q", "check", &file]).ends(0);
    let verbose = books.run(&["-v", "check", &file]).ends(0).says("gap.txt: reading");

    assert_eq!(quiet.stderr, "");
    assert_eq!(quiet.stdout, told.stdout);
    assert_eq!(verbose.stdout, told.stdout);
    for stream in [&told.stderr, &verbose.stderr] {
        assert_plain(stream);
    }
}

#[test]
fn a_file_name_cannot_rewrite_the_screen() {
    let books = Books::empty("names");
    let told = books.run(&["check", "a\u{1b}[2J\nb.sta"]).ends(1);
    assert_plain(&told.stdout);
    assert_plain(&told.stderr);
    assert_eq!(told.stdout.lines().count(), 4, "{}", told.stdout);
}

#[test]
fn a_reader_who_goes_away_is_no_failure() {
    let books = Books::empty("pipe");
    let files = books.put_month();
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("vama"));
    command.current_dir(books.path()).args(["check", "--json"]).args(files);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_a_failure() {
    let books = Books::empty("full");
    let file = books.put(&books.month.files[0]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("vama"));
    let status =
        command.current_dir(books.path()).args(["check", &file]).stdout(full).stderr(Stdio::null());
    assert_eq!(status.status().unwrap().code(), Some(1));
}

#[test]
fn colour_is_never_asked_of_what_is_no_terminal() {
    let books = Books::empty("colour");
    for no_color in [None, Some("1")] {
        let mut command = vama(books.path());
        if let Some(value) = no_color {
            command.env("NO_COLOR", value);
        }
        let told = run(command.args(["-vv", "check", "missing.sta"])).ends(1);
        assert_plain(&told.stderr);
    }
}
