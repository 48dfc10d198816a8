//! Senders that stall: what they write late is read too.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use crate::program::Books;
use crate::watching::{Watching, inbox, names_in};

/// Two statements, and where the second one begins.
fn two_statements(books: &Books) -> (Vec<u8>, usize) {
    // The second has the entries of the whole month, the first those of a week.
    let [second, first, ..] = &books.month.files[..] else { panic!("a month has more files") };
    ([&*first.bytes, b"\n", &*second.bytes].concat(), first.bytes.len() + 1)
}

#[test]
fn a_file_that_a_sender_has_open_is_not_taken_however_long_it_stalls() {
    let books = Books::new("stalls");
    let folder = inbox(&books);
    let (bytes, middle) = two_statements(&books);
    let mut watching = Watching::start(&books, &folder, &["--settle", "0.1"]);
    watching.until("watching ");
    let mut sender = fs::File::create(folder.join("slow.sta")).unwrap();
    sender.write_all(&bytes[..middle]).unwrap();
    assert!(watching.is_silent_for(Duration::from_secs(2)));
    sender.write_all(&bytes[middle..]).unwrap();
    drop(sender);
    let file = watching.files(1).remove(0);
    assert_eq!(file["status"], "imported");
    watching.end();
    assert_eq!(books.rows()["bank_transactions"], file["inserted"]);
    // Nor is a file taken by a run that ends.
    let _sender = fs::File::create(folder.join("slow.sta")).unwrap();
    let once = ["watch", "--once", "--settle", "0.1", "inbox"];
    books.run(&once).ends(5).says("slow.sta: is still being written");
    let alone = Books::new("whole");
    alone.write("whole.sta", &bytes);
    let whole = alone.run(&["check", "whole.sta", "--json"]).ends(0).json();
    assert_eq!(file["read"], whole["files"][0]["read"]);
}

#[test]
fn what_a_sender_writes_into_a_file_that_was_moved_is_read_and_told() {
    let books = Books::new("late");
    let folder = inbox(&books);
    let (bytes, middle) = two_statements(&books);
    let mut watching = Watching::start(&books, &folder, &["--settle", "0.1"]);
    watching.until("watching ");
    fs::write(folder.join("late.sta"), &bytes[..middle]).unwrap();
    let first = watching.files(1).remove(0);
    assert_eq!(first["status"], "imported");

    // The rest comes late; something else that is dropped makes the watcher look.
    assert!(watching.is_silent_for(Duration::from_millis(1200)));
    let moved = first["moved_to"].as_str().unwrap();
    let mut sender = OpenOptions::new().append(true).open(Path::new(moved)).unwrap();
    sender.write_all(&bytes[middle..]).unwrap();
    drop(sender);
    fs::write(folder.join("other.sta"), &books.month.files[2].bytes).unwrap();
    let files = watching.files(2);
    assert_eq!(watching.heard("late.sta: was changed after it had been moved"), 1);
    let rest = files.iter().find(|file| file["file"].as_str().unwrap().ends_with("late.sta"));
    let rest = rest.unwrap_or_else(|| panic!("{files:?}"));
    assert_eq!(rest["status"], "imported");
    assert!(rest["inserted"].as_u64() > Some(0), "{rest}");
    watching.end();
    assert_eq!(books.rows()["bank_transactions"], books.month.expected.bank_transactions);
    assert!(names_in(&folder, "imported").contains(&"late.sta".to_owned()));
}
