//! Ctrl-C and SIGTERM in the middle of a file.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use vama::inside::lab::statement::{self, many};

use crate::program::Books;

/// Enough for several pieces of a COPY.
const ENTRIES: u64 = 20_000;

#[test]
fn an_import_that_is_interrupted_leaves_nothing_and_the_next_one_works() {
    let books = Books::new("interrupt");
    let mut bytes = Vec::new();
    let iban = &books.month.shop.account_iban;
    statement::write(iban, "RON", 0.into(), many(7, ENTRIES, 500), &mut bytes).unwrap();
    let long = books.write("long.txt", &bytes);

    for (signal, exit) in [("-TERM", 143), ("-INT", 130)] {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("vama"));
        command.current_dir(books.path()).args(["--database-url", &books.url, "-vv", &long]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut told = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        // Rows are on their way, and the transaction is open.
        let sending = told.by_ref().find(|line| line.contains("sending the rows: "));
        assert!(sending.is_some());
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        assert!(told.any(|line| line.starts_with("interrupted: ")));
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(exit));
        assert!(output.stdout.is_empty());
    }

    books.assert_untouched();
    let file = books.put(&books.month.files[0]);
    books.run(&["import", &file]).ends(0);
    assert_eq!(books.rows()["bank_transactions"], books.month.expected.bank_transactions);
}
