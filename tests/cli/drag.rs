//! Files that are dragged into a terminal: a person, tmux, and what the screen shows.

use std::fs;
use std::path::Path;

use vama::inside::lab::month::Month;

use crate::common::own::Own;
use crate::common::seed;
use crate::program::Books;
use crate::terminal::Terminal;
use crate::tools::tool;

/// Makes the books of a shop that is the same in every run, so that the screen is the same, too.
///
/// The slug is the test's own, since roles belong to the server, not to the database.
fn books(own: &Own, slug: &str) -> Books {
    let mut books = Books::alone(own, "drag");
    books.slug = slug.to_owned();
    books.month = Month::invent(12, 2026, 3).unwrap();
    books.create_with_its_accounts();
    books
}

/// Starts `vama` alone, or with more words.
fn vama(books: &Books, words: &str, columns: u32) -> Terminal {
    let program = assert_cmd::cargo::cargo_bin("vama");
    let line = format!("'{}' -q --database-url '{}' {words}", program.display(), books.url);
    Terminal::run(books.path(), &line, columns)
}

/// Puts a statement of one day under that name below the folder; returns its path.
fn put(books: &Books, day: usize, name: &str) -> String {
    let path = books.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, books.month.statement_of(day..day + 1).unwrap().bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

const PROMPT: &str = "Drop files here, then Enter:";

#[test]
fn paths_may_be_pasted_in_every_form_that_terminals_have() {
    if !tool("tmux") {
        return;
    }
    let own = Own::new("forms");
    let books = books(&own, "firma-forme");
    let name = |form: &str| format!("acte martie/{form}.sta");
    let path = |day, form: &str| put(&books, day, &name(form));
    let escaped = |path: &str| path.replace(' ', "\\ ");
    let address = |path: &str| format!("file://{}", path.replace(' ', "%20"));
    let windows = put(&books, 7, r"C:\Ana Pop\extras.sta");
    let windows = windows.rsplit('/').next().unwrap();
    let lines = [
        ("GNOME Terminal", format!("'{}'", path(0, "gnome"))),
        ("quoted", format!("\"{}\"", path(1, "quoted"))),
        ("macOS Terminal, iTerm2", escaped(&path(2, "mac"))),
        ("a file manager", address(&path(3, "manager"))),
        (
            "kitty, of two files",
            format!("{}\n{}", address(&path(4, "kitty")), address(&path(5, "și"))),
        ),
        ("a terminal that quotes nothing", path(6, "l'extras")),
        ("Windows Terminal", format!("\"{windows}\"")),
        ("KDE Konsole, of two", format!("'{}' '{}'", path(8, "kde"), path(9, "kde 2"))),
        ("of two files without quotes", format!("{}\n{}", path(12, "a"), path(13, "b"))),
    ];
    let terminal = vama(&books, "", 300);
    let mut files = 0;
    for (prompts, (form, line)) in (1..).zip(&lines) {
        terminal.until(PROMPT, prompts);
        terminal.paste(line);
        terminal.keys("Enter");
        files += if form.contains("two") { 2 } else { 1 };
        terminal.until(" · in as firma-forme#", files);
    }
    // A folder is walked, an address elsewhere is told, typing works, too.
    terminal.until(PROMPT, lines.len() + 1);
    fs::create_dir(books.path().join("dosar")).unwrap();
    for day in 10..12 {
        put(&books, day, &format!("dosar/{day}.sta"));
    }
    terminal.types("https://banca.example/extras.sta dosar");
    terminal.keys("Enter");
    terminal.until(" · in as firma-forme#", files + 2);
    terminal.until(PROMPT, lines.len() + 2);
    terminal.types("'neterminat");
    terminal.keys("Enter");
    terminal.until(PROMPT, lines.len() + 3);
    terminal.keys("C-d");
    assert_eq!(terminal.exit(), 0);
    let screen = terminal.screen();
    let folder = books.path().to_str().unwrap();
    insta::assert_snapshot!(screen.replace(folder, "…"));
    assert_eq!(
        books.run(&["log", "--json"]).ends(0).json()["imports"].as_array().unwrap().len(),
        14
    );
}

#[test]
fn help_and_commands_may_be_typed_where_files_are_dropped() {
    if !tool("tmux") {
        return;
    }
    let own = Own::new("typed");
    let books = books(&own, "firma-tastata");
    put(&books, 0, "a.sta");
    let terminal = vama(&books, "", 80);
    let mut prompts = 0;
    let mut type_line = |line: &str| {
        prompts += 1;
        terminal.until(PROMPT, prompts);
        terminal.types(line);
        terminal.keys("Enter");
    };
    for line in [
        "help",
        "credentials list",
        "vama migrate --check",
        "lgo",
        "vama compny list",
        "company lst",
        "watch .",
        "import -n",
        "vama a.sta",
        "?",
        "log -n nothing",
        "sql -c firma-tastata 'select count(*) from bank_transactions'",
        "exit",
    ] {
        type_line(line);
    }
    // What was typed wrong is no failure of the run: nothing was done for it.
    assert_eq!(terminal.exit(), 0);
    let screen = terminal.screen();
    for told in [
        "Commands work here as well, with or without `vama` before them: import, ",
        "there are no credentials yet",
        "firma-tastata",
        "there is no file and no command lgo\n  next: you may have meant `vama log`",
        "there is no file and no command compny\n  next: you may have meant `vama company`",
        "a similar subcommand exists: 'list'",
        "`vama watch` works until it is ended",
        "files are asked for here already",
        " ✓ a.sta    8 ",
        "\n1 file: 8 records read = 8 new + 0 there already + 0 held (company\n  firma-tastata)\n\n",
        "invalid value 'nothing'",
        "count\n    8\n",
    ] {
        assert!(screen.contains(told), "{told:?} is not on the screen:\n{screen}");
    }
    assert!(!screen.contains("in all"), "a total of all lines where there is one:\n{screen}");
}

#[test]
fn whose_a_file_is_is_asked_and_remembered() {
    if !tool("tmux") {
        return;
    }
    let own = Own::new("asked");
    let books = books(&own, "firma-veche");
    books.create("alta-firma", &[]).ends(0);
    let stranger = Month::invent(seed(), 2026, 3).unwrap();
    for day in 0..2 {
        let name = format!("strain {day}.sta");
        fs::write(books.path().join(name), &stranger.statement_of(day..day + 1).unwrap().bytes)
            .unwrap();
    }
    {
        // A dry run asks only what it needs to know.
        let rehearsed = vama(&books, "-n 'strain 0.sta'", 300);
        rehearsed.until("Which company is strain 0.sta of?", 1);
        rehearsed.keys("Down");
        rehearsed.keys("Enter");
        assert_eq!(rehearsed.exit(), 0);
        fs::remove_file(books.path().join("screen")).unwrap();
        fs::remove_file(books.path().join("exit")).unwrap();
    }
    let settings = books.run(&["company", "show", "alta-firma", "--json"]).ends(0).json();
    assert!(!settings.to_string().contains(&stranger.shop.account_iban), "{settings}");
    let terminal = vama(&books, "'strain 0.sta'", 300);
    terminal.until("Which company is strain 0.sta of?", 1);
    let screen = terminal.until("alta-firma (Firma alta-firma SRL)", 1);
    let iban = &stranger.shop.account_iban;
    assert!(screen.contains(&format!("strain 0.sta is of the account {iban}.")), "{screen}");
    terminal.keys("Down");
    terminal.keys("Enter");
    // The answer is shown once more before it is remembered.
    let screen = terminal.until(&format!("Remember {iban} for alta-firma?"), 1);
    let told = format!("From now on files of {iban} go to alta-firma.");
    assert!(screen.contains(&told), "{screen}");
    terminal.keys("Enter");
    assert_eq!(terminal.exit(), 0);

    // From now on such files find their company, also where nobody can be asked.
    let second = books.run(&["--json", "strain 1.sta"]).ends(0).json();
    assert_eq!(second["files"][0]["company"], "alta-firma");
    let settings = books.run(&["company", "show", "alta-firma", "--json"]).ends(0).json();
    assert!(settings.to_string().contains(&stranger.shop.account_iban), "{settings}");
}

#[test]
fn of_several_strange_files_the_first_is_asked_about_and_ctrl_c_ends_the_questions_alone() {
    if !tool("tmux") {
        return;
    }
    let own = Own::new("several");
    let books = books(&own, "firma-veche");
    books.create("alta-firma", &[]).ends(0);
    let (stranger, other) =
        (Month::invent(seed(), 2026, 3).unwrap(), Month::invent(seed(), 2026, 3).unwrap());
    let write = |name: &str, bytes: &[u8]| fs::write(books.path().join(name), bytes).unwrap();
    write("a.sta", &stranger.statement_of(0..1).unwrap().bytes);
    write("b.sta", &stranger.statement_of(1..2).unwrap().bytes);
    write("c.sta", &other.statement_of(0..1).unwrap().bytes);
    write("d.sta", &books.month.files[0].bytes);
    let terminal = vama(&books, "a.sta b.sta c.sta d.sta", 300);
    terminal.until("Which company is a.sta of?", 1);
    terminal.keys("Down");
    terminal.keys("Enter");
    terminal.until(&format!("Remember {} for alta-firma?", stranger.shop.account_iban), 1);
    terminal.keys("Enter");
    let screen = terminal.until("Which company is c.sta of?", 1);
    assert!(!screen.contains("Which company is b.sta of?"), "{screen}");
    terminal.keys("C-c");
    assert_eq!(terminal.exit(), 4);
    let screen = terminal.screen();
    for (name, mark) in [("a.sta", '✓'), ("b.sta", '✓'), ("c.sta", '✗'), ("d.sta", '✓')] {
        assert!(screen.contains(&format!("{mark} {name}")), "{screen}");
    }
}

#[test]
fn where_nobody_can_be_asked_the_command_line_that_would_do_it_is_told() {
    let books = Books::new("unasked");
    let stranger = Month::invent(seed(), 2026, 3).unwrap();
    let file = books.write("al cui.sta", &stranger.files[0].bytes);
    let told = books.run(&[&file]).ends(4);
    told.says("next: name the company: `vama import -c SLUG 'al cui.sta'`");
    let json = books.run(&["--json", &file]).ends(4).json();
    let advice = json["files"][0]["error"]["advice"].as_str().unwrap();
    assert!(advice.contains("`vama import -c SLUG 'al cui.sta'`"), "{advice}");
}

#[test]
fn the_readme_shows_what_a_terminal_of_80_columns_does() {
    if !tool("tmux") {
        return;
    }
    let own = Own::new("readme");
    let books = books(&own, "firma-noua");
    let month = &books.month;
    fs::create_dir(books.path().join("martie")).unwrap();
    let mut names = Vec::new();
    let mut keep = |name: String, bytes: &[u8]| {
        fs::write(books.path().join("martie").join(&name), bytes).unwrap();
        names.push(format!("martie/{name}"));
    };
    let of = |folder: &str| month.files.iter().find(|file| file.folder == folder).unwrap();
    keep("extras.sta".to_owned(), &month.files[0].bytes);
    let week = month.statement_of(5..8).unwrap();
    let text = String::from_utf8(week.bytes).unwrap();
    let damaged = "\n:61:260311D12,5O,NMSCNONREF\n:86:Plata la POS\n:62F:";
    keep("extras-a-doua-saptamana.sta".to_owned(), text.replacen("\n:62F:", damaged, 1).as_bytes());
    for folder in ["gls", "netopia"] {
        keep(of(folder).name.clone(), &of(folder).bytes);
    }
    keep("factura.pdf".to_owned(), b"%PDF-1.7\n");
    let terminal = vama(&books, &names.join(" "), 80);
    let screen = terminal.until("5 files: ", 1);
    let exit = terminal.exit();
    assert_eq!(exit, 4);
    assert!(screen.lines().all(|line| line.chars().count() <= 80), "{screen}");
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).unwrap();
    assert!(readme.contains(&screen), "README.md does not show this:\n{screen}");
}
