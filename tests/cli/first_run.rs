//! A database without a company: what is asked, and what is told where nobody can be asked.

use std::process::Command;

#[cfg(target_os = "linux")]
use crate::common::cif_of;
use crate::common::own::Own;
use crate::program::Books;
#[cfg(target_os = "linux")]
use crate::terminal::Terminal;
#[cfg(target_os = "linux")]
use crate::tools::tool;

/// Writes a borderou of the month; returns its name.
fn put_borderou(books: &Books) -> String {
    books.put(books.month.files.iter().find(|file| file.folder == "gls").unwrap())
}

#[test]
fn where_nobody_can_be_asked_the_command_line_that_makes_the_company_is_told_and_works() {
    let own = Own::new("unasked-first");
    let books = Books::alone(&own, "unasked-first");
    let shop = &books.month.shop;
    let files = [books.put(&books.month.files[0]), put_borderou(&books)];
    let told = books.run(&["import", &files[0], &files[1]]).ends(4).says("there are none yet");
    let advice = told.stderr.split_once("import again: `").unwrap().1.split_once('`').unwrap().0;
    assert!(advice.contains(&format!(" --name '{}' --slug ", shop.name)), "{advice}");
    let json = books.run(&["import", "--json", &files[1]]).ends(4).json();
    assert_eq!(json["files"][0]["error"]["kind"], "unknown_company");
    let json = json["files"][0]["error"]["advice"].as_str().unwrap().to_owned();
    assert!(json.contains(advice), "{json}");
    books.run(&["batch", &files[1]]).ends(4).says(advice);

    let program = assert_cmd::cargo::cargo_bin("vama");
    let program = format!("'{}' --database-url '{}' ", program.display(), books.url);
    let line = advice.replacen("vama ", &program, 1).replace("--cif CIF", "--cif 18547290");
    assert!(Command::new("sh").args(["-c", &line]).status().unwrap().success(), "{line}");
    books.run(&["import", &files[0], &files[1]]).ends(0);
}

#[test]
fn a_company_that_is_named_before_there_is_one_is_the_one_to_make() {
    let own = Own::new("named-first");
    let books = Books::alone(&own, "named-first");
    let file = books.put(&books.month.files[0]);
    for command in ["import", "batch"] {
        let told = books.run(&[command, "-c", "firma-noua", &file]).ends(4);
        let told = told.says("no company is called firma-noua; there are none yet");
        told.says("`vama company create --name NAME --slug firma-noua --cif CIF --account RO");
    }
}

#[test]
fn making_a_company_tells_off_a_terminal_what_is_missing() {
    let own = Own::new("missing-flags");
    let books = Books::alone(&own, "missing-flags");
    let told = books.run(&["company", "create", "--name", "Firma Nouă SRL"]).ends(2);
    told.says("`vama company create --name 'Firma Nouă SRL' --slug firma-noua --cif CIF`");
}

#[test]
fn tables_of_another_program_are_not_taken_for_a_database_without_a_company() {
    let own = Own::new("platform");
    let books = Books::alone(&own, "platform");
    books.sql("create table public.companies (id int); create table public.users (id int)");
    let file = books.put(&books.month.files[0]);
    let commands: [&[&str]; 5] =
        [&["import", &file], &["batch", &file], &["log"], &["company", "list"], &["held"]];
    for command in commands {
        let told = books.run(command).ends(6);
        told.says("public has tables of another program: companies, users").says("set schema");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_first_file_asks_for_its_company_and_goes_in() {
    if !tool("tmux") {
        return;
    }
    let own = Own::new("first");
    let books = Books::alone(&own, "first");
    let borderou = put_borderou(&books);
    let statement = books.put(&books.month.files[0]);
    let program = assert_cmd::cargo::cargo_bin("vama");
    let line =
        format!("'{}' -q --database-url '{}' {borderou} {statement}", program.display(), books.url);
    let terminal = Terminal::run(books.path(), &line, 80);
    terminal.until("There is no company yet.", 1);
    // The name is the client's of the borderou, and may be changed.
    terminal.until(&format!("Its name? {}", books.month.shop.name), 1);
    terminal.types(" X");
    terminal.keys("Enter");
    terminal.until("Its CIF?", 1);
    terminal.types("18547291");
    terminal.keys("Enter");
    terminal.until("expected the check digit 0", 1);
    terminal.keys("BSpace");
    terminal.types("0");
    terminal.keys("Enter");
    let slug = vama::inside::value::slug::slug_of(&format!("{} X", books.month.shop.name));
    terminal.until(&format!("on the command line? {slug}"), 1);
    terminal.types("2");
    terminal.keys("Enter");
    let screen = terminal.until("Make it?", 1);
    assert!(screen.contains(&books.month.shop.account_iban), "{screen}");
    terminal.keys("Enter");
    // The statement has the same account, so nothing is asked about it.
    assert_eq!(terminal.exit(), 0);
    let screen = terminal.screen();
    assert!(!screen.contains("Which company"), "{screen}");
    let log = books.run(&["log", "-c", &format!("{slug}2"), "--json"]).ends(0).json();
    assert_eq!(log["imports"].as_array().unwrap().len(), 2, "{log}");
}

#[cfg(target_os = "linux")]
#[test]
fn making_a_company_asks_for_what_is_not_told() {
    if !tool("tmux") {
        return;
    }
    let own = Own::new("asked-create");
    let books = Books::alone(&own, "asked-create");
    let program = assert_cmd::cargo::cargo_bin("vama");
    let cif = cif_of("firma-ceruta");
    let line = format!(
        "'{}' -q --database-url '{}' company create --cif {cif}",
        program.display(),
        books.url
    );
    let terminal = Terminal::run(books.path(), &line, 80);
    terminal.until("Its name?", 1);
    terminal.types("Firma Cerută SRL");
    terminal.keys("Enter");
    terminal.until("on the command line? firma-ceruta", 1);
    terminal.keys("Enter");
    assert_eq!(terminal.exit(), 0);
    let shown = books.run(&["company", "show", "firma-ceruta", "--json"]).ends(0).json();
    assert!(shown.to_string().contains(&cif), "{shown}");
}
