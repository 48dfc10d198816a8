//! The users of the platform: made, listed, given another password, removed.

use serde_json::json;

use crate::common::own::Own;
use crate::common::unique;
use crate::program::{Books, Run, run, vama};
#[cfg(target_os = "linux")]
use crate::{terminal::Terminal, tools::tool};

/// Runs `vama user`, with this on stdin.
fn user(books: &Books, words: &[&str], stdin: &str) -> Run {
    let mut command = vama(books.path());
    command.args(["--database-url", &books.url, "user"]).args(words);
    run(command.write_stdin(stdin)).hides("sesame").hides("argon2")
}

#[test]
fn a_user_is_made_listed_and_removed_and_no_password_or_digest_is_shown() {
    let books = Books::new("users");
    let (slug, name) = (books.slug.as_str(), unique("Ana"));
    let add = ["add", &name, "-c", slug, "--name", "Ana Pop", "--password-stdin"];
    let made = user(&books, &[&add[..], &["--role", "viewer"]].concat(), "sesame sesame\n").ends(0);
    assert_eq!(made.stdout, format!("{name} may sign in for {slug}: viewer\n"));
    let lower = name.to_lowercase();
    let again = user(&books, &["add", &lower, "-c", slug, "--password-stdin"], "sesame sesame");
    again.ends(1).says(&format!("taken already: user {name} ({slug})"));

    let list = user(&books, &["list", "-c", slug], "").ends(0).stdout;
    let line: Vec<&str> = list.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!((line[0], line[1], line[2]), (name.as_str(), slug, "viewer"), "{list}");
    assert!(list.contains("Ana Pop"), "{list}");
    let users = user(&books, &["list", "-c", slug, "--json"], "").ends(0).json();
    assert_eq!(users["users"][0]["username"], name);
    assert_eq!(users["users"][0]["company"], slug);
    assert!(user(&books, &["list"], "").ends(0).stdout.contains(&name));

    let removed = user(&books, &["remove", &lower, "--json"], "").ends(0).json();
    assert_eq!((&removed["removed"], &removed["user"]["username"]), (&json!(true), &json!(name)));
    user(&books, &["remove", &name], "").ends(1).says("see `vama user list`");
    user(&books, &["list", "-c", slug], "").ends(0).says("there are no users yet");
}

#[test]
fn a_user_that_cannot_be_is_refused_before_anything_is_made() {
    let books = Books::new("no-user");
    let (slug, name) = (books.slug.as_str(), unique("dan"));
    let add = ["add", &name, "-c", slug];
    user(&books, &add, "").ends(2).says("pipe it in, with --password-stdin");
    let piped = [&add[..], &["--password-stdin"]].concat();
    user(&books, &piped, "1234567\n").ends(2).says("has 7 characters, expected at least 8");
    user(&books, &piped, &"x".repeat(5000)).ends(2).says("stdin has more than 4096 bytes");
    user(&books, &["add", "a b", "-c", slug, "--password-stdin"], "").ends(2).says("does not fit");
    let nowhere = ["add", &name, "-c", "nobody", "--password-stdin"];
    user(&books, &nowhere, "sesame sesame").ends(4).says("no company is called nobody");
    user(&books, &["list", "-c", "nobody"], "").ends(4);
    user(&books, &["list", "-c", slug], "").ends(0).says("there are no users yet");
}

#[test]
fn the_last_admin_of_a_company_is_removed_only_where_that_is_meant() {
    let books = Books::new("last-admin");
    let (slug, name) = (books.slug.as_str(), unique("ana"));
    let add = ["add", &name, "-c", slug, "--role", "admin", "--password-stdin"];
    user(&books, &add, "sesame sesame").ends(0);
    let told = user(&books, &["remove", &name], "").ends(2);
    told.says(&format!("warning: {name} is the last admin of {slug}")).says("add --yes");
    let other = ["remove", &name, "-c", "nobody"];
    user(&books, &other, "").ends(4).says("no company is called nobody");
    let removed = user(&books, &["remove", &name, "--yes"], "").ends(0).stdout;
    assert_eq!(removed, format!("removed the user {name}\n"));
}

#[test]
#[cfg(target_os = "linux")]
fn a_password_is_asked_for_twice_and_never_shown() {
    if !tool("tmux") {
        return;
    }
    let own = Own::new("asked-password");
    let books = Books::alone(&own, "asked-password");
    let slug = "firma-noua";
    books.create(slug, &[]).ends(0);
    user(&books, &["add", "ana", "-c", slug, "--password-stdin"], "first password").ends(0);
    let program = assert_cmd::cargo::cargo_bin("vama");
    let vama = format!("'{}' --database-url '{}'", program.display(), books.url);
    let terminal = Terminal::run(books.path(), &format!("{vama} user password ana"), 80);
    terminal.until("Password of ana:", 1);
    terminal.types("sesame sesame");
    terminal.keys("Enter");
    terminal.until("Once more:", 1);
    terminal.types("sesame sesam");
    terminal.keys("Enter");
    terminal.until("the two differ", 1);
    terminal.types("sesame sesame");
    terminal.keys("Enter");
    terminal.until("Once more:", 1);
    terminal.types("sesame sesame");
    terminal.keys("Enter");
    assert_eq!(terminal.exit(), 0, "{}", terminal.screen());
    let screen = terminal.screen();
    assert!(screen.contains("ana has another password now"), "{screen}");
    assert!(!screen.contains("sesam"), "{screen}");
}
