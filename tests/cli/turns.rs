//! How often the program waits for a server, which counts where the server is far away: from its
//! start to its end, sign-in and goodbye included.

use std::fs;

use crate::common::server;
use crate::program::Books;
use crate::proxy::Proxy;
use crate::statements::write_statements;

/// A company on the server, reached through a proxy; none where the suite runs without a server.
fn far_away(name: &str) -> Option<(Books, Proxy)> {
    let proxy = Proxy::new(&server()?);
    let mut books = Books::new(name);
    books.url = proxy.url().to_owned();
    Some((books, proxy))
}

/// Runs the program, and asserts how often it waits at most.
#[track_caller]
fn waits(books: &Books, proxy: &Proxy, arguments: &[&str], most: usize) {
    let before = proxy.turns();
    books.run(arguments).ends(0);
    let turns = proxy.turns() - before;
    assert!(turns <= most, "{turns} turns");
}

#[test]
fn one_small_file_of_any_kind_takes_few_turns() {
    let Some((books, proxy)) = far_away("turns-one") else { return };
    let month = books.put_month();
    let mut kinds: Vec<&String> = month.iter().collect();
    kinds.sort_by_key(|name| name.rsplit_once('.').map(|(_, kind)| kind));
    kinds.dedup_by_key(|name| name.rsplit_once('.').map(|(_, kind)| kind));
    assert!(kinds.len() >= 3, "{kinds:?}");
    for name in kinds {
        waits(&books, &proxy, &["import", name], 25);
    }
}

#[test]
fn a_month_takes_hardly_more_turns_than_one_file() {
    let Some((books, proxy)) = far_away("turns-month") else { return };
    let month = books.put_month();
    let all: Vec<&str> = ["import"].into_iter().chain(month.iter().map(String::as_str)).collect();
    waits(&books, &proxy, &all, 60);
    waits(&books, &proxy, &all, 30);
}

#[test]
fn a_watched_folder_with_256_files_takes_few_turns() {
    let Some((books, proxy)) = far_away("turns-watch") else { return };
    let folder = books.path().join("inbox");
    write_statements(&folder, &books.month.shop.account_iban, 256, 5);
    let arguments = ["watch", "--once", "--settle", "0", "inbox"];
    waits(&books, &proxy, &arguments, 40);
    let left = fs::read_dir(&folder).unwrap().filter(|it| it.as_ref().unwrap().path().is_file());
    assert_eq!(left.count(), 0);
}
