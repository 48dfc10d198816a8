//! Lists on a terminal: they fit its width, and cut no word and no number.

use std::collections::HashSet;
use std::fs;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::common::own::Own;
use crate::program::{Books, run, vama};
use crate::terminal::Terminal;
use crate::tools::tool;

/// 32 times the letter a, in base64.
const KEY: &str = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=";

/// A file that no format knows.
const STRANGE: &[u8] = b"nu e un extras";

/// The commands that list something.
const LISTS: [&str; 5] = [
    "log",
    "company list",
    "credentials list",
    "migrate --check",
    "sql -c firma-lunga 'select * from bank_transactions order by id limit 3'",
];

/// Runs command lines of vama on a terminal of so many columns, and returns what stands there.
fn screen(books: &Books, lines: &[&str], columns: u32) -> String {
    let program = assert_cmd::cargo::cargo_bin("vama");
    let vama = format!("'{}' -q --database-url '{}'", program.display(), books.url);
    let lines: Vec<String> = lines.iter().map(|line| format!("{vama} {line}")).collect();
    // Each terminal has a folder of its own, since an earlier one may not be gone yet.
    let folder = tempfile::tempdir().unwrap();
    let terminal = Terminal::run(folder.path(), &lines.join("; "), columns);
    terminal.exit();
    terminal.screen()
}

/// Makes a company with a long name, a month of files and some credentials.
fn books(own: &Own) -> Books {
    let mut books = Books::alone(own, "screen");
    books.slug = "firma-lunga".to_owned();
    books.create_with_its_accounts();
    let slug = "o-firma-cu-un-nume-nespus-de-lung";
    books.create(slug, &[]).ends(0);
    books.put_month();
    books.run(&["."]).ends(0);
    let mut set = vama(books.path());
    set.args(["--database-url", &books.url, "credentials", "set", "imap", "-c", slug]);
    let imap = "{\"host\": \"imap.example.ro\", \"port\": 993, \"password\": \"sesame\"}\n";
    run(set.env("VAMA_KEY", KEY).write_stdin(imap)).ends(0);
    books
}

#[test]
fn lists_fit_a_terminal_of_80_columns_and_break_no_word() {
    if !tool("tmux") {
        return;
    }
    let own = Own::new("screen");
    let books = books(&own);
    let mut whole = String::new();
    for list in LISTS {
        let words = list.split_once(" '").map_or(list, |(words, _)| words).split(' ');
        let statement =
            list.split_once(" '").map(|(_, statement)| statement.trim_end_matches('\''));
        let words: Vec<&str> = words.chain(statement).collect();
        whole.push_str(&books.run(&words).ends(0).stdout);
    }
    let words: HashSet<&str> = whole.split_whitespace().collect();
    for columns in [80, 120] {
        let screen = screen(&books, &LISTS, columns);
        for line in screen.lines() {
            // The screen has lines that the terminal had to break as one.
            assert!(line.chars().count() <= columns as usize, "{columns}: {line}\n{screen}");
            for word in line.split_whitespace().filter(|word| !word.contains('…')) {
                assert!(words.contains(word), "{columns}: {word:?} is a piece\n{screen}");
            }
        }
        let widest = screen.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest > columns as usize - 30, "{columns}: only {widest} are used\n{screen}");
    }
}

#[test]
fn a_zip_is_named_once_and_each_file_that_is_not_in_has_its_reason_below_it() {
    if !tool("tmux") {
        return;
    }
    let books = Books::empty("zipped");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let statement = &books.month.files[0];
    for (name, bytes) in [(statement.name.as_str(), &statement.bytes[..]), ("f.sta", STRANGE)] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    fs::create_dir(books.path().join("martie")).unwrap();
    books.write("martie/acte.zip", &zip.finish().unwrap().into_inner());
    for number in 1..=7 {
        books.write(&format!("martie/{number}.sta"), STRANGE);
    }
    let check = format!("check '{}'", books.path().join("martie").display());
    let narrow = screen(&books, &[&check], 80);
    let lines: Vec<&str> = narrow.lines().collect();
    let at = lines.iter().position(|line| *line == "   acte.zip").unwrap();
    assert!(lines[at + 1].starts_with(" ✓   MT940_"), "{narrow}");
    assert!(lines[at + 1].contains('…'), "{narrow}");
    assert!(lines[at + 2].starts_with("     statement, "), "{narrow}");
    assert!(lines[at + 3].starts_with(" ✗   f.sta "), "{narrow}");
    for (index, _) in lines.iter().enumerate().filter(|(_, line)| line.starts_with(" ✗ ")) {
        assert!(lines[index + 1].trim_start().starts_with("no known format"), "{narrow}");
    }
    let error = "error: 1.sta, 2.sta, 3.sta, 4.sta, 5.sta and 3 further: no known format";
    assert!(narrow.contains(error), "{narrow}");
    assert_eq!(narrow.matches("acte.zip").count(), 1, "{narrow}");

    let wide = screen(&books, &[&check], 120);
    assert!(wide.contains(&format!(" ✓   {} ", statement.name)), "{wide}");
}

#[test]
fn off_a_terminal_a_row_is_a_line_and_nothing_is_cut() {
    let books = Books::new("piped");
    let statement = &books.month.files[0];
    let file = books.put(statement);
    let report = books.run(&["import", &file]).ends(0).stdout;
    assert!(report.contains(&format!(" ✓ {} ", statement.name)), "{report}");
    let log = books.run(&["log", "-c", &books.slug]).ends(0).stdout;
    assert_eq!(log.lines().count(), 2, "{log}");
    assert!(log.contains(&format!("  {}, ", statement.name)), "{log}");
}
