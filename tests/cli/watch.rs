//! A watched folder: files go in, and move to where they belong.

use std::fs;

use serde_json::json;
use vama::inside::lab::month::Month;

use crate::common::{seed, unique};
use crate::mails::put_mail;
use crate::program::Books;
use crate::watching::{Watching, files_below, inbox, names_in};

const ONCE: [&str; 4] = ["--once", "--settle", "0", "--json"];

/// Runs `vama watch DIR --once`.
fn once(books: &Books, folder: &str) -> crate::program::Run {
    let arguments: Vec<&str> = ["watch", folder].into_iter().chain(ONCE).collect();
    books.run(&arguments)
}

#[test]
fn each_file_moves_to_where_it_belongs_with_its_reason_beside_it() {
    let books = Books::new("watched");
    let folder = inbox(&books);
    let slug = &books.slug;
    once(&books, "inbox").ends(0);
    assert!(folder.join(slug).is_dir());
    let statement = books.month.statement_of(0..3).unwrap();
    let text = String::from_utf8(statement.bytes.clone()).unwrap();
    let damaged = "\n:61:260302D12,5O,NMSCNONREF\n:86:Plata la POS\n:62F:";
    fs::write(folder.join("extras.sta"), &statement.bytes).unwrap();
    fs::write(folder.join("extras copie.sta"), &statement.bytes).unwrap();
    fs::write(folder.join("nota.txt"), "nu e extras").unwrap();
    fs::write(folder.join(slug).join("retiparit.sta"), text.replacen("\n:62F:", damaged, 1))
        .unwrap();
    fs::write(folder.join(".ascuns"), "x").unwrap();
    fs::write(folder.join("extras.sta.part"), "x").unwrap();

    let told = once(&books, "inbox").ends(4);

    let month = chrono::Local::now().format("%Y-%m");
    let expected = [
        ".ascuns".to_owned(),
        "duplicate/extras.sta".to_owned(),
        "extras.sta.part".to_owned(),
        "failed/nota.txt".to_owned(),
        "failed/nota.txt.txt".to_owned(),
        format!("imported/{month}/extras copie.sta"),
        format!("{slug}/imported/{month}/retiparit.sta"),
        format!("{slug}/imported/{month}/retiparit.sta.txt"),
    ];
    let found: Vec<String> =
        files_below(&folder).iter().map(|path| path.to_str().unwrap().to_owned()).collect();
    let mut expected = expected.to_vec();
    expected.sort();
    assert_eq!(found, expected, "{}", told.stderr);

    let reason = fs::read_to_string(folder.join("failed/nota.txt.txt")).unwrap();
    for part in
        ["file: nota.txt\n", "refused: no known format matches", "next: ", "move the file back"]
    {
        assert!(reason.contains(part), "{part:?} is not in {reason}");
    }
    let held = folder.join(format!("{slug}/imported/{month}/retiparit.sta.txt"));
    let held = fs::read_to_string(held).unwrap();
    assert!(held.contains("held: line "), "{held}");
    assert!(held.contains("amount \"12,5O\" is not an amount"), "{held}");
    let files: Vec<serde_json::Value> =
        told.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(files.len(), 4);
    let nota = files.iter().find(|file| file["file"] == "inbox/nota.txt").unwrap();
    assert_eq!(nota["moved_to"], "inbox/failed/nota.txt");
    assert_eq!(nota["error"]["kind"], "unknown_format");
}

#[test]
fn a_running_watcher_takes_what_is_dropped_and_ends_when_it_is_asked() {
    let books = Books::new("running");
    let folder = inbox(&books);
    let mut watching = Watching::start(&books, &folder, &["--settle", "0.2"]);
    watching.until("watching ");
    let own = folder.join(&books.slug);
    for file in &books.month.files {
        fs::write(own.join(&file.name), &file.bytes).unwrap();
    }
    let files = watching.files(books.month.files.len());
    assert!(files.iter().all(|file| file["status"] == "imported"), "{files:?}");
    assert!(files.iter().all(|file| file["company"] == books.slug.as_str()));
    // The same file again, into the folder of all companies.
    fs::write(folder.join("again.sta"), &books.month.files[0].bytes).unwrap();
    let again = watching.files(1).remove(0);
    assert_eq!(again["status"], "already_imported");
    assert!(again["moved_to"].as_str().unwrap().ends_with("inbox/duplicate/again.sta"));
    let heard = watching.end();
    assert!(heard.contains("ending after the files in hand"), "{heard}");
    assert_eq!(names_in(&own, "imported").len(), books.month.files.len());
    assert_eq!(books.rows()["bank_transactions"], books.month.expected.bank_transactions);
}

#[test]
fn what_is_moved_back_is_tried_again_and_its_reason_goes() {
    let books = Books::new("again");
    let folder = inbox(&books);
    let stranger = Month::invent(seed(), 2026, 3).unwrap();
    fs::write(folder.join("extras.sta"), &stranger.files[0].bytes).unwrap();
    once(&books, "inbox").ends(4);
    assert_eq!(names_in(&folder, "failed"), ["extras.sta", "extras.sta.txt"]);
    let reason = fs::read_to_string(folder.join("failed/extras.sta.txt")).unwrap();
    assert!(reason.contains("into the folder of its company"), "{reason}");

    let iban = &stranger.shop.account_iban;
    books.run(&["company", "account", "add", &books.slug, iban]).ends(0);
    for name in ["extras.sta", "extras.sta.txt"] {
        fs::rename(folder.join("failed").join(name), folder.join(name)).unwrap();
    }
    once(&books, "inbox").ends(0);
    assert_eq!(names_in(&folder, "failed"), [""; 0]);
    assert_eq!(names_in(&folder, "imported"), ["extras.sta"]);
    assert!(!folder.join("extras.sta.txt").exists());

    // A text of somebody's own that only looks like a reason is never taken away or written over.
    fs::write(folder.join("failed/nou.sta.txt"), "al meu").unwrap();
    fs::write(folder.join("nou.sta"), "nu e extras").unwrap();
    once(&books, "inbox").ends(4);
    assert_eq!(fs::read_to_string(folder.join("failed/nou.sta.txt")).unwrap(), "al meu");
    assert_eq!(names_in(&folder, "failed"), ["nou (2).sta", "nou (2).sta.txt", "nou.sta.txt"]);
}

#[test]
fn files_of_one_name_stand_beside_each_other() {
    let books = Books::new("names");
    let folder = inbox(&books);
    for day in 0..3 {
        let statement = books.month.statement_of(day..day + 1).unwrap();
        fs::write(folder.join("extras.sta"), &statement.bytes).unwrap();
        once(&books, "inbox").ends(0);
    }
    let expected = ["extras (2).sta", "extras (3).sta", "extras.sta"];
    assert_eq!(names_in(&folder, "imported"), expected);
}

#[test]
fn a_folder_of_another_company_refuses_the_file() {
    let books = Books::new("mine");
    let other = unique("other");
    books.create(&other, &[]).ends(0);
    let folder = inbox(&books);
    once(&books, "inbox").ends(0);
    let own = folder.join(&other);
    fs::write(own.join("extras.sta"), &books.month.files[0].bytes).unwrap();
    fs::create_dir(folder.join("nimeni")).unwrap();
    fs::write(folder.join("nimeni/extras.sta"), &books.month.files[0].bytes).unwrap();

    let told = once(&books, "inbox").ends(4).says("no active company is called so");

    assert_eq!(names_in(&own, "failed"), ["extras.sta", "extras.sta.txt"], "{}", told.stderr);
    let reason = fs::read_to_string(own.join("failed/extras.sta.txt")).unwrap();
    assert!(reason.contains(&format!("belongs to {}, not to {other}", books.slug)), "{reason}");
    assert!(folder.join("nimeni/extras.sta").exists());
    books.assert_untouched();
}

#[test]
fn by_looking_alone_it_takes_files_too() {
    let books = Books::new("polled");
    let folder = inbox(&books);
    let mut watching = Watching::start(&books, &folder, &["--settle", "0.1", "--poll", "0.1"]);
    watching.until("watching ");
    fs::write(folder.join("extras.sta"), &books.month.files[0].bytes).unwrap();
    assert_eq!(watching.files(1)[0]["status"], "imported");
    watching.end();
}

#[test]
fn a_folder_that_is_none_is_a_wrong_command_line() {
    let books = Books::empty("none");
    books
        .run(&["watch", "missing"])
        .ends(2)
        .says("missing is no folder")
        .says("next: make it first");
    books.run(&["watch", ".", "--settle", "-1"]).ends(2);
    books.run(&["watch", ".", "--poll", "abc"]).ends(2).says("expected a number of seconds");
}

#[test]
fn without_tables_or_database_files_stay_and_the_exit_status_says_so() {
    let books = Books::empty("nodb");
    let folder = inbox(&books);
    fs::write(folder.join("extras.sta"), &books.month.files[0].bytes).unwrap();
    let away = "postgres://nobody@localhost/x?host=/nonexistent";
    let arguments = ["--database-url", away, "watch", "inbox", "--once", "--settle", "0"];
    let told = crate::program::run(crate::program::vama(books.path()).args(arguments)).ends(5);
    told.says("files stay where they are");
    assert_eq!(json!(files_below(&folder).len()), 1);
}

#[test]
fn a_mail_that_a_rule_saves_into_the_folder_is_opened_and_moves_as_one() {
    let books = Books::new("mailed");
    let folder = inbox(&books);
    let (borderou, batch) = put_mail(&books);
    fs::rename(books.path().join("mails/raport.eml"), folder.join("raport.eml")).unwrap();

    let told = once(&books, "inbox").ends(0);

    let files: Vec<serde_json::Value> =
        told.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(files.len(), 2);
    assert_eq!(files[0]["member"], borderou.as_str());
    assert!(files[1]["member"].as_str().unwrap().starts_with(&batch));
    assert!(files.iter().all(|file| file["status"] == "imported"), "{files:?}");
    assert!(told.stderr.contains(&format!("raport.eml › {borderou}")), "{}", told.stderr);
    assert_eq!(names_in(&folder, "imported"), ["raport.eml"]);

    // The same mail, saved again by another rule, is known as a whole.
    let (_, _) = put_mail(&books);
    fs::rename(books.path().join("mails/raport.eml"), folder.join("din nou.eml")).unwrap();
    once(&books, "inbox").ends(0);
    assert_eq!(names_in(&folder, "duplicate"), ["din nou.eml"]);
}
