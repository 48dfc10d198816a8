//! The launcher, as a desktop reads it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::program::{Books, run, vama};
use crate::terminal::Terminal;
use crate::tools::tool;

/// A user's folders, on a desktop for which nothing is set yet.
struct Desktop {
    folder: TempDir,
}

impl Desktop {
    fn new() -> Self {
        let desktop = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(desktop.system("applications")).unwrap();
        desktop
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("data").join(name)
    }

    /// Returns a path in the data folder of the whole system.
    fn system(&self, name: &str) -> PathBuf {
        self.folder.path().join("system").join(name)
    }

    fn launcher(&self) -> PathBuf {
        self.path("applications/vama.desktop")
    }

    fn types(&self) -> PathBuf {
        self.path("mime/packages/vama.xml")
    }

    fn command(&self) -> assert_cmd::Command {
        self.with(vama(self.folder.path()))
    }

    fn with(&self, mut command: assert_cmd::Command) -> assert_cmd::Command {
        for (variable, folder) in [
            ("XDG_DATA_HOME", "data"),
            ("XDG_DATA_DIRS", "system"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CONFIG_DIRS", "config"),
        ] {
            command.env(variable, self.folder.path().join(folder));
        }
        command.env_remove("XDG_CURRENT_DESKTOP");
        command
    }

    /// Returns the value of a key of the launcher.
    fn value(&self, key: &str) -> String {
        let text = fs::read_to_string(self.launcher()).unwrap();
        let value = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        value.unwrap_or_else(|| panic!("{key} is not in {text}")).to_owned()
    }
}

/// Asserts that the desktop's own check finds nothing to say about the launcher.
#[track_caller]
fn assert_valid(launcher: &Path) {
    if tool("desktop-file-validate") {
        let output = Command::new("desktop-file-validate").arg(launcher).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        assert_eq!(String::from_utf8_lossy(&said), "");
        assert!(output.status.success());
    }
}

#[test]
fn install_makes_a_launcher_that_desktops_accept() {
    let desktop = Desktop::new();
    let told = run(desktop.command().args(["desktop", "install"])).ends(0);
    assert!(told.stdout.contains(desktop.launcher().to_str().unwrap()), "{}", told.stdout);
    assert_eq!(told.stderr, "");
    assert_valid(&desktop.launcher());
    let program = assert_cmd::cargo::cargo_bin("vama");
    let exec = format!("\"{}\" desktop open %F", program.display());
    assert_eq!(desktop.value("Exec"), exec);
    assert_eq!(desktop.value("Terminal"), "true");
    let types = desktop.value("MimeType");
    let expected = [
        "application/x-mt940",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "text/csv",
        "application/zip",
        "message/rfc822",
        "text/plain",
    ];
    assert_eq!(types, expected.join(";") + ";");
    // What is started by a double click is for the user to choose.
    let config = desktop.folder.path().join("config");
    assert!(!config.exists() && !desktop.path("applications/mimeapps.list").exists());
}

#[test]
fn the_file_types_are_known_by_their_names_and_their_beginning() {
    let desktop = Desktop::new();
    run(desktop.command().args(["desktop", "install"])).ends(0);
    if !tool("update-mime-database") {
        return;
    }
    // Run once more by hand, since install does not show what the program says where it succeeds.
    let again = Command::new("update-mime-database").arg(desktop.path("mime")).output().unwrap();
    assert!(again.status.success());
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(!said.contains("vama.xml"), "{said}");
    let globs = fs::read_to_string(desktop.path("mime/globs2")).unwrap();
    for ending in ["sta", "mt940", "940", "mt942", "942"] {
        let glob = format!("50:application/x-mt940:*.{ending}");
        assert!(globs.lines().any(|line| line == glob), "{glob} is not in {globs}");
    }
    let magic = fs::read(desktop.path("mime/magic")).unwrap();
    for beginning in [":20:", "{1:F01"] {
        let found = magic.windows(beginning.len()).any(|it| it == beginning.as_bytes());
        assert!(found, "{beginning}");
    }
    let parents = fs::read_to_string(desktop.path("mime/subclasses")).unwrap();
    assert!(parents.contains("application/x-mt940 text/plain"), "{parents}");
}

#[test]
fn the_desktop_lists_vama_at_once() {
    let desktop = Desktop::new();
    if !tool("update-desktop-database") {
        return;
    }
    let cache = || fs::read_to_string(desktop.path("applications/mimeinfo.cache")).unwrap();
    run(desktop.command().args(["desktop", "install"])).ends(0);
    assert!(cache().contains("application/x-mt940=vama.desktop;"), "{}", cache());
    run(desktop.command().args(["desktop", "remove"])).ends(0);
    assert!(!cache().contains("vama"), "{}", cache());
}

#[test]
fn a_desktop_without_programs_to_refresh_it_gets_the_files_all_the_same() {
    let desktop = Desktop::new();
    let mut command = desktop.command();
    let told = run(command.env("PATH", "").args(["-v", "desktop", "install"])).ends(0);
    told.says("update-mime-database is not installed").says("update-desktop-database is not");
    assert!(desktop.launcher().exists() && desktop.types().exists());
}

#[test]
fn installing_twice_renews_and_remove_takes_both_files_away() {
    let desktop = Desktop::new();
    let vama = |words: &[&str]| run(desktop.command().args(words)).ends(0);
    vama(&["desktop", "install", "--database-url", "postgres://ana@db/books"]);
    vama(&["desktop", "install"]);
    assert!(!desktop.value("Exec").contains("postgres"));
    // Nothing half written is left beside them.
    let names = |folder: &str| -> Vec<String> {
        let entries = fs::read_dir(desktop.path(folder)).unwrap();
        let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name != "mimeinfo.cache").collect()
    };
    assert_eq!(names("applications"), ["vama.desktop"]);
    assert_eq!(names("mime/packages"), ["vama.xml"]);

    let told = vama(&["desktop", "remove"]);
    assert!(told.stdout.contains("vama.xml"), "{}", told.stdout);
    assert!(names("applications").is_empty() && names("mime/packages").is_empty());
    let told = vama(&["desktop", "remove"]);
    assert!(told.stdout.starts_with("nothing to remove"), "{}", told.stdout);
}

#[test]
fn what_vama_has_not_made_is_neither_replaced_nor_removed() {
    let desktop = Desktop::new();
    fs::create_dir_all(desktop.path("applications")).unwrap();
    fs::write(desktop.launcher(), "[Desktop Entry]\nName=mine\n").unwrap();
    let vama = |word: &str| run(desktop.command().args(["desktop", word]));
    vama("install").ends(2).says("not made by vama").says("move it away");
    assert!(!desktop.types().exists());
    vama("remove").ends(0).says("stays");
    assert_eq!(desktop.value("Name"), "mine");
}

#[test]
fn a_program_with_an_unusual_path_is_started_all_the_same() {
    let desktop = Desktop::new();
    // On the file system of the program, so that a hard link to the program is enough.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let folder = folder.path().join("Ana's \"best\" $HOME `id` 100% a\\b");
    fs::create_dir(&folder).unwrap();
    let program = folder.join("vama");
    fs::hard_link(assert_cmd::cargo::cargo_bin("vama"), &program).unwrap();

    let mut command = desktop.with(assert_cmd::Command::new(&program));
    let url = "postgres://ana%40firma@db/books?host=/a b";
    run(command.args(["desktop", "install", "--database-url", url])).ends(0);

    assert_valid(&desktop.launcher());
    let exec = desktop.value("Exec");
    assert!(exec.contains(r#"\\$HOME \\`id\\` 100%% a\\\\b/vama" --database"#), "{exec}");
    assert!(exec.contains(r#""postgres://ana%%40firma@db/books?host=/a b""#), "{exec}");

    // The values of keys have escapes of their own; the rest is what a shell does in quotes.
    let line = exec.replace("\\\\", "\\").replace("%%", "%");
    let line = line.split(" --database-url ").next().unwrap().to_owned() + " --version";
    let output = Command::new("sh").args(["-c", &line]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("vama "), "{output:?}");
}

#[test]
fn a_program_that_a_launcher_cannot_name_is_refused() {
    let desktop = Desktop::new();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let program = folder.path().join("vama=new");
    fs::hard_link(assert_cmd::cargo::cargo_bin("vama"), &program).unwrap();
    let mut command = desktop.with(assert_cmd::Command::new(&program));
    run(command.args(["desktop", "install"])).ends(2).says("vama=new").says("plainer name");
    assert!(!desktop.path("applications").exists());
}

#[test]
fn a_password_is_never_kept() {
    let desktop = Desktop::new();
    for url in ["postgres://ana:s3cret@db/books", "postgres://ana@db/books?password=s3cret"] {
        let told = run(desktop.command().args(["desktop", "install", "--database-url", url]));
        told.ends(2).says("password").says("~/.pgpass").hides("s3cret");
    }
    let told = run(desktop.command().args(["desktop", "install", "--database-url", "mysql://db"]));
    told.ends(2).says("postgres://");
    assert!(!desktop.path("applications").exists());
}

#[test]
fn the_database_of_a_shell_is_not_that_of_the_launcher_and_that_is_said() {
    let desktop = Desktop::new();
    let install = |variable: &str, value: &str, options: &[&str]| {
        let mut command = desktop.command();
        run(command.env(variable, value).args(["desktop", "install"]).args(options)).ends(0)
    };
    let told = install("DATABASE_URL", "postgres://ana:s3cret@db/books", &[]);
    told.says("does not see DATABASE_URL").says("--database-url URL").hides("s3cret");
    install("PGHOST", "db", &[]).says("does not see PGHOST");
    assert_eq!(install("PGHOST", "db", &["-q"]).stderr, "");

    let url = ["--database-url", "postgres://ana@db/books"];
    assert_eq!(install("DATABASE_URL", "postgres://elsewhere/x", &url).stderr, "");
    install("PGPASSWORD", "s3cret", &url).says("PGPASSWORD").says("~/.pgpass").hides("s3cret");
    assert!(desktop.value("Exec").contains(" --database-url \"postgres://ana@db/books\" desktop "));

    // A launcher starts in another folder than this one.
    install("PGHOST", "db", &["--database-url", "embedded:my books"]);
    let kept = fs::canonicalize(desktop.folder.path()).unwrap().join("my books");
    let expected = format!(" --database-url \"embedded:{}\" desktop ", kept.display());
    assert!(desktop.value("Exec").contains(&expected), "{}", desktop.value("Exec"));
}

#[test]
fn a_double_click_starts_what_it_started_before() {
    let desktop = Desktop::new();
    fs::write(desktop.system("applications/calc.desktop"), "").unwrap();
    let cache = "[MIME Cache]\ntext/csv=calc.desktop;\napplication/zip=calc.desktop;\n";
    fs::write(desktop.system("applications/mimeinfo.cache"), cache).unwrap();
    let defaults = "[Default Applications]\napplication/zip=calc.desktop\n";
    fs::write(desktop.system("applications/mimeapps.list"), defaults).unwrap();

    run(desktop.command().args(["desktop", "install"])).ends(0).says("note: for csv vama stands");

    let types = desktop.value("MimeType");
    assert!(!types.contains("text/csv"), "{types}");
    assert!(types.contains("application/zip;") && types.contains("text/plain;"), "{types}");
}

#[test]
fn open_is_an_import_that_off_a_terminal_waits_for_nobody() {
    let books = Books::new("open");
    let good = books.put(&books.month.files[0]);
    let blanks = books.write("with a blank.sta", &books.month.files[0].bytes);
    books.write("empty.sta", b"");
    books.run(&["desktop", "open", &good, &blanks]).ends(0).hides("Press Enter");
    books.run(&["desktop", "open", "empty.sta"]).ends(4).says("the file is empty");
    let nowhere = ["--database-url", "embedded:", "desktop", "open", &good];
    run(vama(books.path()).args(nowhere)).ends(2).says("error: ").hides("Press Enter");
}

#[test]
fn a_window_stays_until_enter_is_pressed() {
    if !tool("tmux") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let program = assert_cmd::cargo::cargo_bin("vama");
    // The database's URL is no URL: the shortest way to fail.
    let line = format!("'{}' --database-url x desktop open a.sta", program.display());
    let terminal = Terminal::run(folder.path(), &line, 100);
    let screen = terminal.until("Press Enter to close this window.", 1);
    assert!(screen.find("error: ").unwrap() < screen.find("Press Enter").unwrap(), "{screen}");
    assert!(!folder.path().join("exit").exists());
    terminal.keys("Enter");
    assert_eq!(terminal.exit(), 2);
}
