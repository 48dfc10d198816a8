//! `vama company backup` and `restore`, as people and scripts meet them.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::common::{server, unique};
use crate::program::{Books, Run, run, vama};

/// Makes a company with a month of files in it.
fn shop(name: &str) -> Books {
    let books = Books::new(name);
    let mut command: Vec<String> = vec!["import".to_owned()];
    command.extend(books.put_month());
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    books.run(&command).ends(0);
    books
}

fn backup(books: &Books, file: &str) -> Run {
    books.run(&["company", "backup", &books.slug, file])
}

fn rows_of(books: &Books, slug: &str) -> Value {
    books.run(&["company", "show", slug, "--json"]).ends(0).json()["rows"].clone()
}

#[test]
fn a_copy_beside_its_original_has_its_rows_and_says_what_it_has_not() {
    let books = shop("copied");
    let copy = unique("copy");
    let told = backup(&books, "it.sql").ends(0).stdout;
    assert!(told.starts_with(&format!("backed up {} to it.sql: ", books.slug)), "{told}");
    let note = format!(
        "note: {copy} is a copy beside {}: it has no CIF, no accounts, no users and no credentials",
        books.slug
    );
    let restored = books.run(&["company", "restore", "it.sql", "--as", &copy]).ends(0).says(&note);
    assert!(restored.stdout.starts_with(&format!("restored {copy} in schema ")));
    assert_eq!(rows_of(&books, &copy), rows_of(&books, &books.slug));
    let shown = books.run(&["company", "show", &copy]).ends(0).stdout;
    assert!(shown.contains("\n  CIF: –\n"), "{shown}");
    let shown = books.run(&["company", "show", &copy, "--json"]).ends(0).json();
    assert_eq!(shown["company"]["cif"], Value::Null);
    books.run(&["company", "list"]).ends(0);
}

#[test]
fn a_backup_without_a_name_goes_into_the_data_folder_and_json_tells_where() {
    let books = shop("json");
    let made = books.run(&["company", "backup", &books.slug, "--json"]).ends(0).json();
    let made = &made["backup"];
    let file = Path::new(made["file"].as_str().unwrap());
    let folder = books.path().join("data");
    assert!(file.starts_with(&folder) && file.parent().unwrap().ends_with("backups"), "{file:?}");
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with(&format!("{}-2", books.slug)) && name.ends_with(".sql"), "{name}");
    assert_eq!(made["bytes"], fs::metadata(file).unwrap().len());
    assert!(made["tables"]["bank_transactions"].as_u64().unwrap() > 0);

    let copy = unique("copy");
    let file = file.to_str().unwrap();
    let restored = books.run(&["company", "restore", file, "--as", &copy, "--json"]).ends(0).json();
    assert_eq!(restored["restored"]["slug"], copy.as_str());
    assert_eq!(restored["restored"]["is_copy"], true);
    assert_eq!(restored["restored"]["tables"], made["tables"]);
    assert_eq!(restored["notes"].as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_backed_up_or_restored_ends_with_its_status_and_advice() {
    let books = shop("statuses");
    books.run(&["company", "backup", "nobody"]).ends(4).says("no company is called nobody");
    backup(&books, "it.sql").ends(0);
    let told = backup(&books, "it.sql").ends(1).says("it.sql is there already");
    told.says("next: name another file; a backup is never overwritten");
    let told = backup(&books, "there/is/none/it.sql").ends(1);
    told.says("cannot write there/is/none/it.sql: No such file or directory");

    let restore = |more: &[&str]| books.run(&[&["company", "restore"], more].concat());
    restore(&["it.sql"]).ends(1).says("taken already: slug").says("next: choose another");
    restore(&["it.sql", "--as", "Nope"]).ends(2).says("does not fit");
    restore(&["it.sql", "--as", "auth"]).ends(2).says("is reserved");
    restore(&["none.sql"]).ends(1).says("cannot read none.sql");
    let statement = books.put(&books.month.files[0]);
    restore(&[&statement]).ends(4).says("is not a backup that vama made").says("next: name a file");
    let text = fs::read(books.path().join("it.sql")).unwrap();
    books.write("cut.sql", &text[..text.len() / 2]);
    restore(&["cut.sql"]).ends(4).says("cut.sql is not whole").says("next: take another backup");
}

#[test]
fn words_of_sql_are_slugs_like_any_other() {
    if server().is_some() {
        // Another run may have companies of these slugs on the server.
        return;
    }
    let books = Books::empty("words");
    for (slug, copy) in [("select", "user"), ("table", "order-by")] {
        books.create(slug, &[]).ends(0);
        let file = format!("{slug}.sql");
        books.run(&["company", "backup", slug, &file]).ends(0);
        books.run(&["company", "restore", &file, "--as", copy]).ends(0);
        assert_eq!(rows_of(&books, copy), rows_of(&books, slug));
    }
}

/// An embedded database's backup goes into a server, and back.
#[test]
fn a_backup_moves_between_the_embedded_database_and_a_server() {
    if server().is_none() {
        return;
    }
    let books = shop("moves");
    backup(&books, "server.sql").ends(0);
    let rows = rows_of(&books, &books.slug);
    let embedded = |arguments: &[&str]| {
        let mut command = vama(books.path());
        run(command.args(["--database-url", "embedded:db"]).args(arguments)).ends(0)
    };
    embedded(&["company", "restore", "server.sql"]);
    let there = embedded(&["company", "show", &books.slug, "--json"]).json();
    assert_eq!(there["rows"], rows);
    embedded(&["company", "backup", &books.slug, "embedded.sql"]);
    let back = unique("back");
    books.run(&["company", "restore", "embedded.sql", "--as", &back]).ends(0);
    assert_eq!(rows_of(&books, &back), rows);
}

/// No pg_dump gets the password as an argument, where everybody could read it.
#[cfg(unix)]
#[test]
fn pg_dump_gets_the_password_in_its_environment_and_its_words_are_told() {
    use std::os::unix::fs::PermissionsExt;
    let Some(url) = server() else {
        return;
    };
    let books = Books::new("password");
    let version = "echo 'pg_dump (PostgreSQL) 99.1'";
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = --version ]; then {version}; exit; fi\n\
         echo \"$*\" > arguments; echo \"$PGPASSWORD\" > password\n\
         echo 'pg_dump: error: the disk of the server is full' >&2\nexit 1\n"
    );
    let program = books.path().join("pg_dump");
    // The script is taken for a pg_dump of the server's version, since it says that version.
    let asked = std::process::Command::new("pg_dump").arg("--version").output();
    let Ok(asked) = asked else { return };
    let asked = String::from_utf8(asked.stdout).unwrap();
    fs::write(&program, script.replace("pg_dump (PostgreSQL) 99.1", asked.trim())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", books.path().display(), std::env::var("PATH").unwrap());
    let mut command = vama(books.path());
    command.env("PATH", path).env("PGPASSWORD", "s%2F ecret'").args(["--database-url", &url]);
    let told = run(command.args(["company", "backup", &books.slug, "it.sql"])).ends(1);
    told.says("error: pg_dump failed: the disk of the server is full\n").hides("ecret");
    assert!(!books.path().join("it.sql").exists());
    let left = fs::read_dir(books.path()).unwrap().flatten();
    assert!(left.map(|it| it.file_name()).all(|it| !it.to_string_lossy().ends_with(".part")));
    assert_eq!(fs::read_to_string(books.path().join("password")).unwrap(), "s%2F ecret'\n");
    let arguments = fs::read_to_string(books.path().join("arguments")).unwrap();
    assert!(arguments.contains("--schema=\"password_") && !arguments.contains("ecret"));
}
