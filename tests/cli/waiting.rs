//! What a command says while it waits for somebody else.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::common::own::Own;
use crate::common::server;
use crate::locked::Locked;
use crate::program::Books;
use crate::watching::command;

/// Runs a command until it says what it waits for, lets it go on, and returns its exit status.
#[track_caller]
fn waits_for(books: &Books, arguments: &[&str], locked: Locked, expected: &str) -> i32 {
    let mut child = command(books)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let mut heard = Vec::new();
    let told =
        said.by_ref().inspect(|line| heard.push(line.clone())).any(|it| it.contains(expected));
    locked.release();
    let rest: Vec<String> = said.collect();
    assert!(told, "{expected:?} is not in {heard:#?}");
    assert!(!rest.iter().any(|line| line.contains("waits for")), "it is said once: {rest:#?}");
    child.wait().unwrap().code().unwrap_or(-1)
}

#[test]
fn a_command_that_waits_says_what_for() {
    if server().is_none() {
        // The embedded engine has one connection.
        return;
    }
    let own = Own::new("waits");
    let books = Books::alone(&own, "waits");
    books.create_with_its_accounts();
    let slug = &books.slug;
    let file = books.put(&books.month.files[0]);
    let import = format!("waits for another import into {slug}");
    let registry = "waits for another change of the registry";
    assert_eq!(waits_for(&books, &["import", &file], Locked::import(&books), &import), 0);
    assert_eq!(waits_for(&books, &["batch", &file], Locked::import(&books), &import), 0);
    let add = ["company", "account", "add", slug, "gls:waits"];
    assert_eq!(waits_for(&books, &add, Locked::registry(&books), registry), 0);
    // Nothing comes in behind the answer that the company is inactive.
    let stop = ["company", "deactivate", slug, "--yes"];
    assert_eq!(waits_for(&books, &stop, Locked::import(&books), &import), 0);
    let drop = ["company", "drop", slug, "--no-backup", "--confirm", slug];
    assert_eq!(waits_for(&books, &drop, Locked::import(&books), &import), 0);
    assert_eq!(waits_for(&books, &["migrate"], Locked::registry(&books), registry), 0);
}
