//! A company that another session keeps locked: the files of other companies do not wait for it.

use std::fs;
use std::time::Duration;

use crate::common::own::Own;
use crate::common::server;
use crate::locked::Locked;
use crate::program::Books;
use crate::watching::{Watching, inbox};

/// How soon the files of another company are in at the latest.
const SOON: Duration = Duration::from_secs(5);

/// Two companies of one database; none where the suite runs without a server, since the embedded
/// engine has one connection.
fn two_companies(own: &Own) -> Option<(Books, Books)> {
    server()?;
    let (locked, other) = (Books::alone(own, "locked"), Books::alone(own, "other"));
    locked.create_with_its_accounts();
    other.create_with_its_accounts();
    Some((locked, other))
}

/// Locks the first company in some way, and asserts what a watcher does meanwhile and afterwards.
fn assert_only_its_own_files_wait(lock: impl Fn(&Books) -> Locked) {
    let own = Own::new("company-locked");
    let Some((locked, other)) = two_companies(&own) else { return };
    let folder = inbox(&locked);
    let mut watching = Watching::start(&locked, &folder, &["--settle", "0.1"]);
    watching.until("watching ");

    let lock_of_it = lock(&locked);
    for books in [&locked, &other] {
        let file = &books.month.files[0];
        fs::write(folder.join(format!("{} {}", books.slug, file.name)), &file.bytes).unwrap();
    }
    assert_eq!(watching.files_within(SOON), 1, "the other company's file is in");
    let told = format!("{} is locked by another session since ", locked.slug);
    assert_eq!(watching.heard(&told), 1);
    assert_eq!(watching.heard("; its 1 file waits"), 1);
    lock_of_it.release();
    assert_eq!(watching.files(1)[0]["company"], locked.slug);

    // While a company is locked the watcher can be asked to end.
    let lock_of_it = lock(&locked);
    fs::write(folder.join("second.sta"), &locked.month.files[1].bytes).unwrap();
    watching.until(&told);
    watching.end();
    assert!(folder.join("second.sta").exists());
    lock_of_it.release();
}

#[test]
fn while_another_import_goes_on_only_its_companys_files_wait() {
    assert_only_its_own_files_wait(Locked::import);
}

#[test]
fn while_a_table_is_altered_only_its_companys_files_wait() {
    assert_only_its_own_files_wait(|books| Locked::table(books, "bank_transactions"));
}

#[test]
fn an_import_says_whose_lock_on_a_table_it_waits_for() {
    let own = Own::new("table-locked");
    let Some((locked, _)) = two_companies(&own) else { return };
    let file = locked.put(&locked.month.files[0]);
    let lock = Locked::table(&locked, "held_rows");
    let mut importing =
        Watching::of(crate::watching::command(&locked).args(["import", "--json", &file]));
    importing
        .until(&format!("waits for another session, which has locked tables of {}", locked.slug));
    lock.release();
    assert_eq!(importing.ended().0, 0);
}

#[test]
fn lists_have_the_other_companies_where_one_is_locked() {
    let own = Own::new("list-locked");
    let Some((locked, other)) = two_companies(&own) else { return };
    for books in [&locked, &other] {
        let file = books.put(&books.month.files[0]);
        books.run(&["import", &file]).ends(0);
    }
    let lock = Locked::table(&locked, "sync_logs");

    let list = locked.run(&["company", "list", "--json"]).ends(7).json();
    for company in list["companies"].as_array().unwrap() {
        let is_locked = company["slug"] == *locked.slug;
        assert_eq!(company["rows"].is_number(), !is_locked, "{company}");
        assert_eq!(company["error"]["message"].is_string(), is_locked, "{company}");
    }
    let told = locked.run(&["company", "list"]).ends(7).says(&format!("left out: {}", locked.slug));
    assert!(told.stdout.contains(&other.slug));
    let log = locked.run(&["log", "--json"]).ends(7).json();
    assert_eq!(log["left_out"][0]["slug"], *locked.slug);
    assert_eq!(log["imports"].as_array().unwrap().len(), 1);
    assert_eq!(log["imports"][0]["company"], *other.slug);
    lock.release();
    locked.run(&["company", "list"]).ends(0);
    locked.run(&["log"]).ends(0);
}
