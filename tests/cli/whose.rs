//! Whose a file is: what of it may decide, and what a person is asked.

use std::fs;
use std::ops::Deref;

use tempfile::TempDir;
use vama::inside::lab::month::Month;

use crate::common::own::Own;
use crate::common::{cif_of, seed};
use crate::program::Books;
use crate::terminal::Terminal;
use crate::tools::tool;

/// Makes the books of two companies without accounts: `firma-…` has the name of the month's shop,
/// written otherwise than in the files; the other one is `alta-…`.
///
/// The slugs end as the test's own, since roles belong to the server, not to the database.
fn two_companies(own: &Own, end: &str) -> (Books, String, String) {
    let books = Books::alone(own, "whose");
    let (firma, alta) = (format!("firma-{end}"), format!("alta-{end}"));
    let shop = books.month.shop.name.trim_end_matches(" SRL").to_lowercase();
    let name = format!("S.C. {shop} S.R.L.");
    let words = ["company", "create", "--name", &name, "--slug", &firma, "--cif", &cif_of(&firma)];
    books.run(&words).ends(0);
    books.create(&alta, &[]).ends(0);
    (books, firma, alta)
}

/// Writes a borderou of the month, which names the shop as its client.
fn put_borderou(books: &Books) -> String {
    books.put(books.month.files.iter().find(|file| file.folder == "gls").unwrap())
}

/// A person's terminal, and the folder that it keeps.
pub struct Seat {
    terminal: Terminal,
    _folder: TempDir,
}

impl Deref for Seat {
    type Target = Terminal;

    fn deref(&self) -> &Terminal {
        &self.terminal
    }
}

/// Runs `vama` with more words in the folder of the books, where a person sits.
pub fn vama(books: &Books, words: &str) -> Seat {
    let folder = tempfile::tempdir().unwrap();
    let program = assert_cmd::cargo::cargo_bin("vama");
    let (at, program, url) = (books.path().display(), program.display(), &books.url);
    let line = format!("(cd '{at}' && '{program}' -q --database-url '{url}' {words})");
    Seat { terminal: Terminal::run(folder.path(), &line, 300), _folder: folder }
}

#[test]
fn a_file_of_another_client_than_the_company_is_refused_unless_the_user_insists() {
    let own = Own::new("client");
    let (books, firma, alta) = two_companies(&own, "client");
    let borderou = put_borderou(&books);
    for command in ["import", "batch"] {
        let told = books.run(&[command, "-c", &alta, &borderou]).ends(4);
        let told = told.says(&format!("the client that the file names is {firma}, not {alta}"));
        told.says("name that company with -c").says("--company-anyway");
    }
    let json = books.run(&["--json", "-c", &alta, &borderou]).ends(4).json();
    assert_eq!(json["files"][0]["error"]["kind"], "wrong_client", "{json}");
    books.run(&["--company-anyway", &borderou]).ends(2);
    books.run(&["-n", "-c", &alta, "--company-anyway", &borderou]).ends(0);
    // Where the company has the account, that counts more than a name.
    let iban = &books.month.shop.account_iban;
    books.run(&["company", "account", "add", &alta, iban]).ends(0);
    books.run(&["-c", &alta, &borderou]).ends(0);
}

#[test]
fn a_folder_of_another_company_refuses_the_borderou_of_a_client_by_its_name() {
    let own = Own::new("client-folder");
    let (books, firma, alta) = two_companies(&own, "client-folder");
    let folder = books.path().join("inbox").join(&alta);
    fs::create_dir_all(&folder).unwrap();
    let borderou = books.month.files.iter().find(|file| file.folder == "gls").unwrap();
    fs::write(folder.join(&borderou.name), &borderou.bytes).unwrap();
    books.run(&["watch", "--once", "--settle", "0", "inbox"]).ends(4);
    let reason = folder.join("failed").join(format!("{}.txt", borderou.name));
    let reason = fs::read_to_string(reason).unwrap();
    assert!(reason.contains(&format!("the client that the file names is {firma}")), "{reason}");
    assert!(reason.contains("move it into the folder of that company"), "{reason}");
}

#[test]
fn on_a_terminal_a_file_of_another_client_is_asked_about() {
    if !tool("tmux") {
        return;
    }
    let own = Own::new("client-asked");
    let (books, _, alta) = two_companies(&own, "client-asked");
    let borderou = put_borderou(&books);
    for (answer, exit) in [("", 4), ("y", 0)] {
        let terminal = vama(&books, &format!("-c {alta} {borderou}"));
        terminal.until(&format!("Import it into {alta} all the same?"), 1);
        terminal.types(answer);
        terminal.keys("Enter");
        assert_eq!(terminal.exit(), exit, "{}", terminal.screen());
    }
}

#[test]
fn a_company_is_chosen_beforehand_only_where_the_file_itself_names_it() {
    if !tool("tmux") {
        return;
    }
    let own = Own::new("beforehand");
    let (books, firma, alta) = two_companies(&own, "beforehand");
    let borderou = put_borderou(&books);
    let statement = books.put(&books.month.files[0]);
    // A statement names nobody: without a look at the choices it is left out.
    let terminal = vama(&books, &statement);
    let screen = terminal.until(&format!("Which company is {statement} of?"), 1);
    assert!(screen.contains("> leave it out"), "{screen}");
    terminal.keys("Enter");
    assert_eq!(terminal.exit(), 4);
    // A borderou names its client. Another answer is asked about.
    let terminal = vama(&books, &borderou);
    terminal.until(&format!("> {firma} ("), 1);
    terminal.keys("Up");
    terminal.until(&format!("> {alta} ("), 1);
    terminal.keys("Enter");
    terminal.until(&format!("Import it into {alta} all the same?"), 1);
    terminal.keys("Enter");
    assert_eq!(terminal.exit(), 4);
    let terminal = vama(&books, &borderou);
    terminal.until(&format!("> {firma} ("), 1);
    terminal.keys("Enter");
    terminal.until(&format!("Remember {} for {firma}?", books.month.shop.account_iban), 1);
    terminal.keys("Enter");
    assert_eq!(terminal.exit(), 0);
    books.run(&[&statement]).ends(0);
}

#[test]
fn the_other_files_of_a_folder_say_whose_a_file_is() {
    if !tool("tmux") {
        return;
    }
    let own = Own::new("folder");
    let (books, firma, _) = two_companies(&own, "folder");
    let iban = &books.month.shop.account_iban;
    books.run(&["company", "account", "add", &firma, iban]).ends(0);
    fs::create_dir(books.path().join("martie")).unwrap();
    let stranger = Month::invent(seed(), 2026, 3).unwrap();
    books.write("martie/a.sta", &books.month.files[0].bytes);
    books.write("martie/b.sta", &stranger.files[0].bytes);
    let terminal = vama(&books, "martie");
    terminal.until("Which company is b.sta of?", 1);
    terminal.until(&format!("> {firma} ("), 1);
    terminal.keys("Enter");
    terminal.until(&format!("Remember {} for {firma}?", stranger.shop.account_iban), 1);
    terminal.types("n");
    terminal.keys("Enter");
    assert_eq!(terminal.exit(), 0);
    // What was not to be remembered is not known the next time.
    books.run(&["martie/b.sta"]).ends(4);
}

#[test]
fn a_company_that_does_not_exist_is_told_before_anything_of_the_file() {
    let own = Own::new("misspelt-slug");
    let (books, firma, _) = two_companies(&own, "misspelt-slug");
    let iban = &books.month.shop.account_iban;
    books.run(&["company", "account", "add", &firma, iban]).ends(0);
    let statement = books.put(&books.month.files[0]);
    let misspelt = firma.replacen("firma", "frima", 1);
    for command in ["import", "batch"] {
        let told = books.run(&[command, "-c", &misspelt, &statement]).ends(4);
        told.says(&format!(
            "no company is called {misspelt}; you may have meant {firma}; there are "
        ));
    }
}

#[test]
fn an_inactive_company_is_told_with_the_way_to_make_it_active() {
    let own = Own::new("inactive");
    let (books, firma, alta) = two_companies(&own, "inactive");
    let iban = &books.month.shop.account_iban;
    books.run(&["company", "account", "add", &firma, iban]).ends(0);
    let statement = books.put(&books.month.files[0]);
    books.run(&["company", "deactivate", &firma, "--yes"]).ends(0);
    let (import, settlement) = (format!("{firma}#1"), "gls/2026-03-02");
    let commands: [&[&str]; 10] = [
        &["import", &statement],
        &["import", "-c", &firma, &statement],
        &["batch", "-c", &firma, &statement],
        &["log", "-c", &firma],
        &["held", "-c", &firma],
        &["month", "-c", &firma],
        &["undo", &import],
        &["untie", "-c", &firma, settlement],
        &["held", "export", "-c", &firma, "1"],
        &["sql", "-c", &firma, "select 1"],
    ];
    for command in commands {
        let told = books.run(command).ends(4).says(&format!("the company {firma} is inactive"));
        told.says(&format!("`vama company activate {firma}` makes it active again"));
    }
    books.run(&["import", "-c", &alta, &statement]).ends(4).says(&format!("belongs to {firma}"));
}
