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

/// Makes the books of two companies without accounts, `firma-noua` of the month's shop and
/// `alta-firma`; the name of the first is written otherwise than in the files.
fn two_companies(own: &Own) -> Books {
    let books = Books::alone(own, "whose");
    let shop = books.month.shop.name.trim_end_matches(" SRL").to_lowercase();
    let name = format!("S.C. {shop} S.R.L.");
    let cif = cif_of("firma-noua");
    let words = ["company", "create", "--name", &name, "--slug", "firma-noua", "--cif", &cif];
    books.run(&words).ends(0);
    books.create("alta-firma", &[]).ends(0);
    books
}

/// Writes a borderou of the month, which names the shop as its client.
fn put_borderou(books: &Books) -> String {
    books.put(books.month.files.iter().find(|file| file.folder == "gls").unwrap())
}

/// A person's terminal, and the folder that it keeps.
struct Seat {
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
fn vama(books: &Books, words: &str) -> Seat {
    let folder = tempfile::tempdir().unwrap();
    let program = assert_cmd::cargo::cargo_bin("vama");
    let (at, program, url) = (books.path().display(), program.display(), &books.url);
    let line = format!("(cd '{at}' && '{program}' -q --database-url '{url}' {words})");
    Seat { terminal: Terminal::run(folder.path(), &line, 300), _folder: folder }
}

#[test]
fn a_file_of_another_client_than_the_company_is_refused_unless_the_user_insists() {
    let own = Own::new("client");
    let books = two_companies(&own);
    let borderou = put_borderou(&books);
    for command in ["import", "batch"] {
        let told = books.run(&[command, "-c", "alta-firma", &borderou]).ends(4);
        let told = told.says("the client that the file names is firma-noua, not alta-firma");
        told.says("name that company with -c").says("--company-anyway");
    }
    let json = books.run(&["--json", "-c", "alta-firma", &borderou]).ends(4).json();
    assert_eq!(json["files"][0]["error"]["kind"], "wrong_client", "{json}");
    books.run(&["--company-anyway", &borderou]).ends(2);
    books.run(&["-n", "-c", "alta-firma", "--company-anyway", &borderou]).ends(0);
    // Where the company has the account, that counts more than a name.
    let iban = &books.month.shop.account_iban;
    books.run(&["company", "account", "add", "alta-firma", iban]).ends(0);
    books.run(&["-c", "alta-firma", &borderou]).ends(0);
}

#[test]
fn a_folder_of_another_company_refuses_the_borderou_of_a_client_by_its_name() {
    let own = Own::new("client-folder");
    let books = two_companies(&own);
    let folder = books.path().join("inbox/alta-firma");
    fs::create_dir_all(&folder).unwrap();
    let borderou = books.month.files.iter().find(|file| file.folder == "gls").unwrap();
    fs::write(folder.join(&borderou.name), &borderou.bytes).unwrap();
    books.run(&["watch", "--once", "--settle", "0", "inbox"]).ends(4);
    let reason = folder.join("failed").join(format!("{}.txt", borderou.name));
    let reason = fs::read_to_string(reason).unwrap();
    assert!(reason.contains("the client that the file names is firma-noua"), "{reason}");
    assert!(reason.contains("move it into the folder of that company"), "{reason}");
}

#[test]
fn on_a_terminal_a_file_of_another_client_is_asked_about() {
    if !tool("tmux") {
        return;
    }
    let own = Own::new("client-asked");
    let books = two_companies(&own);
    let borderou = put_borderou(&books);
    for (answer, exit) in [("", 4), ("y", 0)] {
        let terminal = vama(&books, &format!("-c alta-firma {borderou}"));
        terminal.until("Import it into alta-firma all the same?", 1);
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
    let books = two_companies(&own);
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
    terminal.until("> firma-noua (", 1);
    terminal.keys("Up");
    terminal.until("> alta-firma (", 1);
    terminal.keys("Enter");
    terminal.until("Import it into alta-firma all the same?", 1);
    terminal.keys("Enter");
    assert_eq!(terminal.exit(), 4);
    let terminal = vama(&books, &borderou);
    terminal.until("> firma-noua (", 1);
    terminal.keys("Enter");
    terminal.until(&format!("Remember {} for firma-noua?", books.month.shop.account_iban), 1);
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
    let books = two_companies(&own);
    let iban = &books.month.shop.account_iban;
    books.run(&["company", "account", "add", "firma-noua", iban]).ends(0);
    fs::create_dir(books.path().join("martie")).unwrap();
    let stranger = Month::invent(seed(), 2026, 3).unwrap();
    books.write("martie/a.sta", &books.month.files[0].bytes);
    books.write("martie/b.sta", &stranger.files[0].bytes);
    let terminal = vama(&books, "martie");
    terminal.until("Which company is b.sta of?", 1);
    terminal.until("> firma-noua (", 1);
    terminal.keys("Enter");
    terminal.until(&format!("Remember {} for firma-noua?", stranger.shop.account_iban), 1);
    terminal.types("n");
    terminal.keys("Enter");
    assert_eq!(terminal.exit(), 0);
    // What was not to be remembered is not known the next time.
    books.run(&["martie/b.sta"]).ends(4);
}

#[test]
fn a_company_that_does_not_exist_is_told_before_anything_of_the_file() {
    let own = Own::new("misspelt-slug");
    let books = two_companies(&own);
    let iban = &books.month.shop.account_iban;
    books.run(&["company", "account", "add", "firma-noua", iban]).ends(0);
    let statement = books.put(&books.month.files[0]);
    for command in ["import", "batch"] {
        let told = books.run(&[command, "-c", "frima-noua", &statement]).ends(4);
        told.says("no company is called frima-noua; you may have meant firma-noua; there are ");
    }
}

#[test]
fn an_inactive_company_is_told_with_the_way_to_make_it_active() {
    let own = Own::new("inactive");
    let books = two_companies(&own);
    let iban = &books.month.shop.account_iban;
    books.run(&["company", "account", "add", "firma-noua", iban]).ends(0);
    let statement = books.put(&books.month.files[0]);
    books.sql("update public.companies set is_active = false where slug = 'firma-noua'");
    let commands: [&[&str]; 4] = [
        &["import", &statement],
        &["import", "-c", "firma-noua", &statement],
        &["log", "-c", "firma-noua"],
        &["sql", "-c", "firma-noua", "select 1"],
    ];
    for command in commands {
        let told = books.run(command).ends(4).says("the company firma-noua is inactive");
        told.says("set is_active = true where slug = 'firma-noua'");
    }
    books.run(&["import", "-c", "alta-firma", &statement]).ends(4).says("belongs to firma-noua");
}
