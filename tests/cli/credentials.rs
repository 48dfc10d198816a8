//! Credentials on the command line: what comes in, what goes out, and what never does.

use std::fs;

use crate::common::own::Own;
use crate::program::{Books, Run, run, vama};

/// 32 times the letter a, in base64.
const KEY: &str = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=";
/// 32 times the letter b.
const OTHER: &str = "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI=";

const IMAP: &str = "{\"host\": \"imap.example.ro\", \"port\": 993, \"password\": \"sesame\"}\n";

/// Runs `vama credentials` with these variables and this on stdin.
fn credentials(books: &Books, variables: &[(&str, &str)], words: &[&str], stdin: &str) -> Run {
    let mut command = vama(books.path());
    command.args(["--database-url", &books.url, "credentials"]).args(words);
    run(command.envs(variables.iter().copied()).write_stdin(stdin))
}

/// Runs it with the key in the environment.
fn with_key(books: &Books, words: &[&str], stdin: &str) -> Run {
    credentials(books, &[("VAMA_KEY", KEY)], words, stdin)
}

#[test]
fn credentials_go_in_by_stdin_or_file_and_come_out_when_they_are_revealed() {
    let books = Books::new("in-and-out");
    let slug = books.slug.as_str();
    let said = with_key(&books, &["set", "imap", "-c", slug], IMAP).ends(0).hides("sesame");
    assert_eq!(said.stdout, format!("stored the imap credentials of {slug}\n"));
    let said = with_key(&books, &["set", "imap", "-c", slug, "--file", "-", "--json"], IMAP);
    let set = &said.ends(0).hides("sesame").json()["set"];
    let expected = serde_json::json!({
        "company": slug, "service": "imap", "replaced": true, "kid": set["kid"],
    });
    assert_eq!(*set, expected);
    let file = books.write("gls.json", b"{\"username\": \"ana\", \"number\": 100200300.10}");
    let set = ["set", "gls", "-c", slug, "--file", &file];
    credentials(&books, &[("VAMA_KEY_FILE", "key")], &set, "").ends(2).says("cannot be read");
    books.write("key", format!("{KEY}\n").as_bytes());
    credentials(&books, &[("VAMA_KEY_FILE", "key")], &set, "").ends(0);

    let shown = with_key(&books, &["show", "imap", "-c", slug, "--reveal"], "").ends(0);
    let lines: Vec<&str> = shown.stdout.lines().map(str::trim_end).collect();
    let expected =
        ["field     value", "host      imap.example.ro", "port      993", "password  sesame"];
    assert_eq!(lines, expected);
    let shown = with_key(&books, &["show", "gls", "-c", slug, "--reveal", "--json"], "").ends(0);
    assert!(shown.stdout.contains("100200300.10"), "{}", shown.stdout);
    assert_eq!(shown.json()["credentials"]["username"], "ana");
}

#[test]
fn a_list_shows_which_there_are_and_no_value() {
    let books = Books::new("listed");
    let slug = books.slug.as_str();
    credentials(&books, &[], &["list", "-c", slug], "").ends(0).says("no credentials yet");
    with_key(&books, &["set", "imap", "-c", slug], IMAP).ends(0);
    for words in [&["list", "-c", slug][..], &["list"], &["list", "--json"]] {
        let list = credentials(&books, &[], words, "").ends(0).hides("sesame").hides("example.ro");
        assert!(list.stdout.contains(slug) && list.stdout.contains("imap"), "{}", list.stdout);
    }
    let list = credentials(&books, &[], &["list", "-c", slug, "--json"], "").ends(0).json();
    let note = &list["credentials"][0];
    assert_eq!((&note["company"], &note["service"]), (&slug.into(), &"imap".into()));
    assert_eq!(note["kid"].as_str().unwrap().len(), 8);
    assert_eq!(note.as_object().unwrap().len(), 5);
}

#[test]
fn secrets_are_shown_only_to_who_says_so() {
    let books = Books::new("reveal");
    let slug = books.slug.as_str();
    with_key(&books, &["set", "imap", "-c", slug], IMAP).ends(0);
    for words in [&["show", "imap", "-c", slug][..], &["show", "imap", "-c", slug, "--json"]] {
        with_key(&books, words, "").ends(2).says("--reveal").says("\n  next: ").hides("sesame");
    }
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let books = Books::new("control");
    let slug = books.slug.as_str();
    let json = "{\"password\": \"a\\u001b[2Jb\"}";
    with_key(&books, &["set", "smtp", "-c", slug], json).ends(0);
    let shown = with_key(&books, &["show", "smtp", "-c", slug, "--reveal"], "").ends(0);
    assert!(shown.stdout.contains("\"a\\u001b[2Jb\""), "{}", shown.stdout);
    assert!(!shown.stdout.contains('\u{1b}'));
}

#[test]
fn without_a_key_nothing_is_sealed_or_opened_and_the_next_step_is_told() {
    let books = Books::empty("no-key");
    let set = ["set", "imap", "-c", "firma"];
    for words in [&set[..], &["show", "imap", "-c", "firma", "--reveal"], &["rotate"]] {
        let told = credentials(&books, &[], words, IMAP).ends(2);
        let told = told.says("there is no key: found neither VAMA_KEY nor VAMA_KEY_FILE");
        told.says("next: make a key with `head -c 32 /dev/urandom | base64`").hides("sesame");
    }
    with_key(&books, &["rotate"], "").ends(2).says("found neither VAMA_NEW_KEY");
    let with = |variables: &[(&str, &str)]| {
        credentials(&books, variables, &set, IMAP).ends(2).says("\n  next: ").hides("sesame")
    };
    with(&[("VAMA_KEY", "")]).says("there is no key");
    with(&[("VAMA_KEY", KEY), ("VAMA_KEY_FILE", "key")]).says("found both").hides(KEY);
    with(&[("VAMA_KEY", "sesame!")]).says("found what is no base64");
    with(&[("VAMA_KEY", "c2VzYW1l")]).says("found 6 bytes, expected 32").hides("c2VzYW1l");
    // A key in the variable that names a file is not shown as if it were a path.
    with(&[("VAMA_KEY_FILE", KEY)]).says("VAMA_KEY_FILE names cannot be read: ").hides(KEY);
    let same = [("VAMA_KEY", KEY), ("VAMA_NEW_KEY", KEY)];
    credentials(&books, &same, &["rotate"], "")
        .ends(2)
        .says("the new key is the old one")
        .hides(KEY);
    assert!(!books.path().join("db").exists(), "no database was touched");
}

#[test]
fn what_are_no_credentials_is_told_with_its_place_and_not_repeated() {
    let books = Books::empty("no-json");
    let with = |json: &str, told: &str| {
        let said = with_key(&books, &["set", "imap", "-c", "firma"], json).ends(2);
        said.says(&format!("error: stdin: {told}")).says("\n  next: write {").hides("sesame");
    };
    with("", "found no object");
    with("\"sesame\"", "found no object");
    with("{}", "found an object without fields");
    with("{\"a\": 1,\n\"sesame\": [1]}", "line 2 column 11: found a list, expected a text");
    with("{\"a\": \"sesame\",}", "line 1 column 16: trailing comma");
    with(&"sesame".repeat(20_000), "found more than 65536 bytes");
    let file = books.write("imap.json", b"{\"a\": sesame}");
    let said = with_key(&books, &["set", "imap", "-c", "firma", "--file", &file], "").ends(2);
    said.says("error: imap.json: line 1 column 7: expected value").hides("sesame");
    let set = ["set", "imap", "-c", "firma", "--file", "none.json"];
    with_key(&books, &set, "").ends(2).says("none.json: cannot be read: ");
    let told = with_key(&books, &["set", "emag", "-c", "firma"], IMAP).ends(2);
    told.says("oblio, gls, sameday, netopia, imap, smtp, cloudinary, gomag");
    with_key(&books, &["set", "imap"], IMAP).ends(2).says("--company <SLUG>");
    assert!(!books.path().join("db").exists(), "no database was touched");
}

#[test]
fn an_unknown_company_is_refused_and_another_key_fails() {
    let books = Books::new("another-key");
    let slug = books.slug.as_str();
    with_key(&books, &["set", "imap", "-c", "no-such"], IMAP).ends(4).says("no-such");
    with_key(&books, &["show", "imap", "-c", "no-such", "--reveal"], "").ends(4);
    with_key(&books, &["list", "-c", "no-such"], "").ends(4);
    with_key(&books, &["remove", "imap", "-c", "no-such"], "").ends(4);
    let show = ["show", "imap", "-c", slug, "--reveal"];
    let none = format!("{slug} has no credentials for imap; there are none yet");
    with_key(&books, &show, "").ends(1).says(&none).says("next: store them");
    with_key(&books, &["set", "imap", "-c", slug], IMAP).ends(0);
    let told = credentials(&books, &[("VAMA_KEY", OTHER)], &show, "").ends(1).hides("sesame");
    let told = told.says(&format!("error: the imap credentials of {slug} do not open: they are "));
    told.says("sealed under another key: theirs is ").says("next: take the key").hides(OTHER);
}

#[test]
fn what_was_removed_is_gone() {
    let books = Books::new("gone");
    let slug = books.slug.as_str();
    with_key(&books, &["set", "imap", "-c", slug], IMAP).ends(0);
    let remove = ["remove", "imap", "-c", slug, "--json"];
    let removed = credentials(&books, &[], &remove, "").ends(0).json();
    assert_eq!(removed["removed"], serde_json::json!({ "company": slug, "service": "imap" }));
    credentials(&books, &[], &remove, "").ends(1).says("has no credentials for imap");
}

#[test]
fn all_are_sealed_anew_under_a_new_key_or_none_is() {
    let own = Own::new("rotate");
    let books = Books::alone(&own, "rotate");
    let slug = books.slug.as_str();
    books.create(slug, &[]).ends(0);
    let to_other = [("VAMA_KEY", KEY), ("VAMA_NEW_KEY_FILE", "new")];
    fs::write(books.path().join("new"), OTHER).unwrap();
    let nothing = credentials(&books, &to_other, &["rotate", "--json"], "").ends(0);
    assert_eq!(nothing.json()["rotated"], 0);
    assert!(!nothing.stderr.contains("from now on"), "{}", nothing.stderr);
    for service in ["imap", "smtp", "gls"] {
        with_key(&books, &["set", service, "-c", slug], IMAP).ends(0);
    }
    let show = ["show", "smtp", "-c", slug, "--reveal"];

    let wrong = [("VAMA_KEY", OTHER), ("VAMA_NEW_KEY", KEY)];
    let told = credentials(&books, &wrong, &["rotate"], "").ends(1).hides("sesame");
    told.says(&format!("the gls credentials of {slug} do not open")).hides(KEY).hides(OTHER);
    with_key(&books, &show, "").ends(0);

    let done = credentials(&books, &to_other, &["rotate", "--json"], "").ends(0);
    let done = done.says("from now on only the new key opens them").hides(OTHER).json();
    assert_eq!(done["rotated"], 3);
    let list = credentials(&books, &[], &["list", "--json"], "").ends(0).json();
    for note in list["credentials"].as_array().unwrap() {
        assert_eq!(note["kid"], done["kid"]["new"]);
    }
    with_key(&books, &show, "").ends(1);
    let shown = credentials(&books, &[("VAMA_KEY", OTHER)], &show, "").ends(0);
    assert!(shown.stdout.contains("sesame"), "{}", shown.stdout);
}

#[test]
fn credentials_are_not_sealed_under_a_second_key() {
    let own = Own::new("second-key");
    let books = Books::alone(&own, "second-key");
    let slug = books.slug.as_str();
    books.create(slug, &[]).ends(0);
    let set = |service: &str, key: &str| {
        let mut command = vama(books.path());
        command.env("VAMA_KEY", key).args(["--database-url", own.url(), "credentials", "set"]);
        command.args([service, "-c", slug]).write_stdin(r#"{"password":"sesame"}"#);
        run(&mut command).hides("sesame")
    };
    set("gls", KEY).ends(0);
    let told = set("imap", OTHER).ends(1).says("nothing was stored").says("credentials remove");
    told.hides(OTHER);
    // Where the only stored credentials are replaced, they may be sealed under a new key.
    set("gls", OTHER).ends(0);
    set("imap", OTHER).ends(0);
}
