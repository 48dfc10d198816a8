//! The log by the command line: what is in, what is not, and what it came in.

use std::fs;

use crate::mails::put_mail;
use crate::program::Books;

#[test]
fn the_log_shows_a_refused_file_with_its_mark_and_reason_and_undo_says_that_nothing_went_in() {
    let books = Books::new("log-refused");
    let statement = books.month.statement_of(0..1).unwrap();
    let text = String::from_utf8(statement.bytes.clone()).unwrap();
    let wrong = books
        .write("wrong.sta", text.replacen(":62F:C260302RON", ":62F:C260302RON9", 1).as_bytes());
    books.run(&["import", "-n", &wrong]).ends(4);
    books.run(&["import", &wrong]).ends(4);
    books.run(&["import", &wrong]).ends(4);
    let right = books.put(&statement);
    books.run(&["import", &right]).ends(0);

    let log = books.run(&["log", "-c", &books.slug]).ends(0).stdout;
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 4, "{log}");
    let name = |number: u32| format!("{}#{number}", books.slug);
    assert!(lines[1].starts_with(&format!("✓  {}", name(2))), "{log}");
    assert!(lines[2].starts_with(&format!("✗  {}", name(1))), "{log}");
    assert!(lines[2].contains("refused") && lines[2].contains("wrong.sta"), "{log}");
    assert!(lines[3].starts_with("  line ") && lines[3].contains("closing balance"), "{log}");

    let one = books.run(&["log", &name(1)]).ends(0).stdout;
    assert!(one.starts_with(&format!("{}: mt940, refused\n", name(1))), "{one}");
    for told in ["  tried last: ", "records read, nothing of it went in\n", "  error: line "] {
        assert!(one.contains(told), "{told}: {one}");
    }
    let json = books.run(&["log", &name(1), "--json"]).ends(0).json();
    let import = &json["imports"][0];
    assert_eq!(
        (&import["status"], &import["details"]["error"]["exit"]),
        (&"failed".into(), &4.into())
    );
    assert!(import["error_message"].as_str().unwrap().contains("closing balance"));
    books.run(&["undo", &name(1), "--yes"]).ends(1).says("nothing of it went in");
}

#[test]
fn a_watched_folder_that_finds_the_same_failing_file_again_adds_no_row() {
    let books = Books::new("log-watched");
    let folder = books.path().join("inbox").join(&books.slug);
    fs::create_dir_all(&folder).unwrap();
    for _ in 0..2 {
        fs::write(folder.join("nou.sta"), "nu e extras").unwrap();
        books.run(&["watch", "inbox", "--once", "--settle", "0"]).ends(4);
    }
    let log = books.run(&["log", "-c", &books.slug, "--json"]).ends(0).json();
    let imports = log["imports"].as_array().unwrap();
    assert_eq!(imports.len(), 1, "{log}");
    assert_eq!((&imports[0]["sync_type"], &imports[0]["format"]), (&().into(), &"unknown".into()));
    assert_eq!(imports[0]["details"]["inbox"], folder.to_str().unwrap());
}

#[test]
fn an_import_that_came_in_a_mail_is_shown_with_the_mails_date_and_subject() {
    let books = Books::new("log-mail");
    let (borderou, batch) = put_mail(&books);
    books.run(&["import", "mails/raport.eml"]).ends(0);
    let one = |number: u32| books.run(&["log", &format!("{}#{number}", books.slug)]).ends(0).stdout;
    let (first, second) = (one(1), one(2));
    assert!(first.contains(&format!("  file: raport.eml › {borderou}\n")), "{first}");
    assert!(second.contains(&format!("  file: raport.eml › {batch}.zip/{batch}\n")), "{second}");
    for told in [first, second] {
        assert!(told.contains("  mail sent: 2026-03-0"), "{told}");
        assert!(told.contains("  mail subject: Raportul zilei\n"), "{told}");
    }
}
