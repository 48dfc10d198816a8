//! The rules of the house that neither the compiler nor clippy keeps.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{fs, path::Path};

/// A folder, an ending of files in it, and a text that stands nowhere but in its place.
const PLACES: [(&str, &str, &str, &str); 8] = [
    ("src", "rs", "sqlx::", "src/store/"),
    ("src", "rs", "\"select ", "a .sql file"),
    ("src", "rs", "\"insert into ", "a .sql file"),
    // On a cluster a violated key comes as another code.
    ("src", "rs", "23505", "src/store/error/fault.rs"),
    // Behind a pooler the session is somebody else's; on a cluster a node may lack the table.
    ("src", "sql", "set session", "a setting that is local to the transaction"),
    ("src", "sql", "pg_advisory_lock(", "pg_advisory_xact_lock"),
    ("src", "sql", "create temp", "a table that every node has"),
    ("migrations", "sql", "create trigger", "plain tables: a COPY would run it for every row"),
];

/// Returns the files below a folder with that ending, each with its lines of code before its tests.
fn files(folder: &Path, ending: &str) -> Vec<(String, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for path in fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        if path.is_dir() {
            found.extend(files(Path::new(&name), ending));
        } else if name.ends_with(&format!(".{ending}"))
            && !["tests.rs", "testing.rs"].iter().any(|of_tests| name.ends_with(of_tests))
        {
            let text = fs::read_to_string(&path).unwrap().to_ascii_lowercase();
            let lines = text.split("#[cfg(test)]\nmod ").next().unwrap().lines();
            let code = lines.map(|line| line.split("//").next().unwrap());
            found.push((name, code.map(|line| line.split("--").next().unwrap().into()).collect()));
        }
    }
    found
}

#[test]
fn a_room_uses_only_those_above_it_in_lib_rs_and_its_files_have_400_lines_at_most() {
    let sources = files(Path::new("src"), "rs");
    let lib = &sources.iter().find(|(path, _)| path == "src/lib.rs").unwrap().1;
    let rooms = lib.iter().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "));
    let rooms: Vec<&str> = rooms.filter_map(|room| room.strip_suffix(';')).collect();
    for (path, code) in &sources {
        assert!(code.len() <= 400, "{path}: move an idea into a file of its own");
        let own = path.trim_start_matches("src/").split(['/', '.']).next().unwrap();
        for room in rooms.iter().skip_while(|room| **room != own).skip(1) {
            let uses = code.iter().any(|line| line.contains(&format!("crate::{room}::")));
            assert!(!uses, "{path}: {own} uses {room}, which stands below it in src/lib.rs");
        }
    }
}

#[test]
fn what_has_a_place_stands_nowhere_else() {
    for (folder, ending, text, place) in PLACES {
        for (path, code) in files(Path::new(folder), ending) {
            let found = code.iter().any(|line| line.contains(text)) && !path.starts_with(place);
            assert!(!found, "{path}: {text} belongs into {place}");
        }
    }
}

#[test]
fn each_statement_over_all_tables_that_imports_write_names_every_one() {
    let lists = ["touch_tables.sql", "imported_rows.sql", "earlier_imports.sql", "undo/rows.sql"];
    let sources = files(Path::new("src/store/sql"), "sql");
    for list in lists {
        let (_, code) = sources.iter().find(|(path, _)| path.ends_with(list)).unwrap();
        // Rows that are derived of others are of no import.
        let of_imports = list.starts_with("undo") || list.starts_with("earlier");
        for table in vama::Table::ALL.into_iter().filter(|it| !of_imports || !it.is_derived()) {
            let table = table.name();
            let named = code.iter().any(|line| line.contains(&format!("from {table} ")));
            assert!(named, "{list}: imports write {table} too");
        }
    }
}

#[test]
fn a_statement_that_changes_rows_holds_on_a_cluster() {
    for (path, code) in files(Path::new("src"), "sql") {
        if !code.iter().any(|line| line.trim_start().starts_with("update ")) {
            continue;
        }
        let code = code.join("\n");
        for text in ["to_char(", "clock_timestamp("] {
            assert!(!code.contains(text), "{path}: on a cluster an UPDATE cannot call {text}");
        }
        let counts = code.contains("returning") && code.contains("count(*)");
        let first = code.contains("as materialized (");
        assert!(!counts || first, "{path}: on a cluster a count sees what the UPDATE changed");
    }
}
