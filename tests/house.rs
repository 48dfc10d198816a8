//! The rules of the house that a machine can check.
//!
//! A rule that is broken is told with file and line, and with what to do.

// Tests may fail loudly.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a file without its tests: what one can still read in one sitting.
const LINES_MAX: usize = 400;

/// Crates that few rooms know, and those rooms.
const ROOMS: [(&str, &[&str]); 25] = [
    ("anyhow", &["src/cli/"]),
    ("argon2", &["src/user.rs"]),
    ("calamine", &["src/format/"]),
    ("cap_fs_ext", &["src/watch/folder.rs"]),
    ("cap_std", &["src/watch/"]),
    ("chacha20poly1305", &["src/credentials/"]),
    ("clap", &["src/cli/"]),
    ("comfy_table", &["src/cli/output.rs"]),
    ("csv", &["src/format/", "src/cli/sql.rs"]),
    ("directories", &["src/cli/"]),
    ("encoding_rs", &["src/normalize.rs"]),
    ("indicatif", &["src/cli/progress.rs"]),
    ("inquire", &["src/cli/ask.rs"]),
    ("mailparse", &["src/source/letter.rs"]),
    ("md5", &["src/identity.rs"]),
    ("notify", &["src/watch/events.rs"]),
    ("pglite_oxide", &["src/store/"]),
    ("rustix", &["src/watch/rename.rs"]),
    ("rustyline", &["src/cli/drag/editor.rs"]),
    ("sd_notify", &["src/cli/watch/service.rs"]),
    ("sha2", &["src/credentials/", "src/source/", "src/user.rs"]),
    ("sqlx", &["src/store/"]),
    ("textwrap", &["src/cli/output.rs"]),
    ("tracing_subscriber", &["src/cli/"]),
    ("unicode_normalization", &["src/normalize.rs"]),
];

/// A source file, test code and comments blanked, its lines kept.
struct Code {
    /// From the root of the package, with slashes.
    path: String,
    lines: Vec<String>,
    /// How many of its lines are no tests.
    count: usize,
    /// The modules that it declares for tests alone.
    test_modules: Vec<String>,
}

impl Code {
    fn of(path: String, text: &str) -> Self {
        let mut code = Self { path, lines: Vec::new(), count: 0, test_modules: Vec::new() };
        let mut skipping = Skipping::Nothing;
        for line in text.lines() {
            code.count += usize::from(skipping == Skipping::Nothing);
            let comment = line.trim_start().starts_with("//");
            let kept = match skipping {
                Skipping::Nothing if line.starts_with("#[cfg(test)]") => {
                    skipping = Skipping::NextItem;
                    ""
                }
                Skipping::Nothing if comment => "",
                Skipping::Nothing => line,
                Skipping::NextItem if line.starts_with("#[") => "",
                Skipping::NextItem => {
                    skipping = match line.ends_with(';') {
                        true => Skipping::Nothing,
                        false => Skipping::Block,
                    };
                    if let Some((_, name)) = line.trim_end_matches(';').split_once("mod ") {
                        code.test_modules.push(name.to_owned());
                    }
                    ""
                }
                Skipping::Block => {
                    if line == "}" {
                        skipping = Skipping::Nothing;
                    }
                    ""
                }
            };
            code.lines.push(kept.to_owned());
        }
        code
    }

    /// Its module, as its names under `crate::`.
    fn module(&self) -> Vec<&str> {
        let path = self.path.strip_prefix("src/").unwrap();
        let path = path.strip_suffix(".rs").unwrap();
        path.strip_suffix("/mod").unwrap_or(path).split('/').filter(|it| *it != "lib").collect()
    }

    fn numbered(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.lines.iter().map(String::as_str))
    }

    /// The paths inside the crate that it names, from the crate's root, each with its line.
    fn paths(&self) -> Vec<(usize, Vec<String>)> {
        let mut paths = Vec::new();
        for (number, line) in self.numbered() {
            for start in ["crate::", "super::"] {
                for (at, _) in line.match_indices(start) {
                    let before = line[..at].chars().next_back();
                    if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                        continue;
                    }
                    // The names of braces may stand in the lines below.
                    let rest = [&line[at..], &self.lines[number..].concat()].concat();
                    paths.extend(self.resolved(&rest).into_iter().map(|path| (number, path)));
                }
            }
        }
        paths
    }

    fn resolved(&self, text: &str) -> Vec<Vec<String>> {
        let mut module = self.module();
        let mut rest = text;
        if let Some(behind) = rest.strip_prefix("crate::") {
            module.clear();
            rest = behind;
        }
        while let Some(behind) = rest.strip_prefix("super::") {
            module.pop();
            rest = behind;
        }
        let mut path: Vec<String> = module.into_iter().map(str::to_owned).collect();
        loop {
            let name: String =
                rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            rest = &rest[name.len()..];
            if !name.is_empty() {
                path.push(name);
            }
            match rest.strip_prefix("::") {
                Some(behind) => rest = behind,
                None => break,
            }
        }
        let Some(inner) = rest.strip_prefix('{') else {
            return vec![path];
        };
        let names = first_names(inner).into_iter();
        names.map(|name| [path.clone(), vec![name]].concat()).collect()
    }
}

#[derive(PartialEq)]
enum Skipping {
    Nothing,
    NextItem,
    Block,
}

/// The first name of each path in braces, up to the closing one.
fn first_names(text: &str) -> Vec<String> {
    let (mut names, mut name, mut depth) = (Vec::new(), String::new(), 1);
    for c in text.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match c {
            ',' | '}' if depth <= 1 => names.push(std::mem::take(&mut name)),
            _ if depth == 1 => name.push(c),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    let first = |name: &String| name.split("::").next().unwrap().trim().to_owned();
    names.iter().map(first).filter(|name| !name.is_empty() && name != "self").collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Every file below, from the root of the package, in order.
fn files_below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let of_git = name == ".git" || name == "target";
            if path.is_dir() && !of_git {
                folders.push(path);
            } else if path.is_file() && !of_git {
                let path = path.strip_prefix(root()).unwrap();
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// Every source file that is not for tests alone.
fn sources() -> Vec<Code> {
    let rust = files_below("src").into_iter().filter(|path| path.ends_with(".rs"));
    let all: Vec<Code> = rust.map(|path| Code::of(path.clone(), &read(&path))).collect();
    let for_tests: HashSet<String> = all
        .iter()
        .flat_map(|code| {
            let module = code.module().join("/");
            code.test_modules.iter().map(move |name| format!("src/{module}/{name}.rs"))
        })
        .collect();
    all.into_iter().filter(|code| !for_tests.contains(&code.path)).collect()
}

/// The files of that ending below a folder, each with its text.
fn texts_below(folder: &str, ending: &str) -> Vec<(String, String)> {
    let paths = files_below(folder).into_iter().filter(|path| path.ends_with(ending));
    paths.map(|path| (path.clone(), read(&path))).collect()
}

/// Fails with what is wrong, one a line, and what to do.
fn hold(rule: &str, advice: &str, broken: Vec<String>) {
    assert!(broken.is_empty(), "{rule}:\n  {}\n{advice}", broken.join("\n  "));
}

/// Lines of code in which `finds` finds something, told as `file:line: what`.
fn lines_with(finds: impl Fn(&Code, &str) -> Option<String>) -> Vec<String> {
    let mut broken = Vec::new();
    for code in sources() {
        for (number, line) in code.numbered() {
            if let Some(what) = finds(&code, line) {
                broken.push(format!("{}:{number}: {what}", code.path));
            }
        }
    }
    broken
}

/// Whether the text has the word, not as a part of another.
fn has_word(text: &str, word: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(inner) && !after.is_some_and(inner)
    })
}

#[test]
fn files_are_short() {
    let mut broken = Vec::new();
    for Code { path, count, .. } in sources().iter().filter(|code| code.count > LINES_MAX) {
        broken.push(format!("{path}:{LINES_MAX}: {count} lines without tests"));
    }
    let rule = format!("a file has at most {LINES_MAX} lines without its tests");
    hold(&rule, "move an idea of its own into a file of its own", broken);
}

#[test]
fn data_moves_one_way() {
    let modules: Vec<String> = read("src/lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect();
    assert!(modules.len() > 10, "src/lib.rs lists its modules as `pub mod name;`");
    let place = |name: &str| modules.iter().position(|module| module == name);
    let mut broken = Vec::new();
    for code in sources() {
        let Some(own) = code.module().first().and_then(|name| place(name)) else {
            continue;
        };
        for (line, path) in code.paths() {
            let Some(used) = path.first().and_then(|name| place(name)) else {
                continue;
            };
            if used > own {
                let (own, used) = (&modules[own], &modules[used]);
                broken.push(format!("{}:{line}: {own} uses {used}", code.path));
            }
        }
    }
    hold(
        "a module uses only those that src/lib.rs lists above it",
        "move what is shared up, or hand it over as an argument",
        broken,
    );
}

#[test]
fn a_crate_is_known_in_one_room() {
    let broken = lines_with(|code, line| {
        let stranger = |(name, rooms): &&(&str, &[&str])| {
            let inner = |c: char| c.is_alphanumeric() || c == '_';
            let used = line
                .match_indices(&format!("{name}::"))
                .any(|(at, _)| !line[..at].ends_with(inner))
                || (has_word(line, name) && line.contains(&format!("use {name};")));
            used && !rooms.iter().any(|room| code.path.starts_with(room))
        };
        let (name, rooms) = ROOMS.iter().find(stranger)?;
        Some(format!("{name} is known in {} alone", rooms.join(", ")))
    });
    let pairs = || ROOMS.iter().flat_map(|(name, rooms)| rooms.iter().map(move |it| (name, it)));
    let unused = pairs().filter(|(name, room)| {
        let inside = |code: &Code| code.path.starts_with(*room);
        !sources().iter().any(|code| {
            inside(code) && code.lines.iter().any(|line| line.contains(&format!("{name}::")))
        })
    });
    let unused = unused.map(|(name, room)| format!("{room}: {name} is not used there"));
    hold(
        "each outside crate has its room",
        "call the room instead; where a crate moves, change ROOMS in tests/house.rs",
        broken.into_iter().chain(unused).collect(),
    );
}

#[test]
fn nothing_prints_but_the_output_of_the_commands() {
    let broken = lines_with(|_, line| {
        let printing = ["print", "println", "eprint", "eprintln", "dbg"];
        let printing = printing
            .iter()
            .find(|name| has_word(line, name) && line.contains(&format!("{name}!")))?;
        Some(format!("{printing}!"))
    });
    hold("no macro prints", "write through cli/output.rs, or log with tracing", broken);
}

/// Rooms that put together what people read, and write no sentence of their own.
const WITHOUT_SENTENCES: [&str; 5] =
    ["src/cli/drag/", "src/cli/files.rs", "src/cli/remarks.rs", "src/cli/watch/", "src/watch/"];

#[test]
fn what_people_read_of_files_stands_in_one_place() {
    let broken = lines_with(|code, line| {
        let room = WITHOUT_SENTENCES.iter().any(|room| code.path.starts_with(room));
        // What is logged for who looks for a fault, and what the command line's help says, is no part
        // of it.
        if !room || line.contains("tracing::debug!") || line.contains("#[arg") {
            return None;
        }
        let texts = line.split('"').skip(1).step_by(2);
        let words = |text: &&str| {
            let word = |it: &str| it.len() > 1 && it.bytes().all(|b| b.is_ascii_lowercase());
            text.split_whitespace().filter(|it| word(it)).count() > 2
        };
        texts.filter(words).map(str::to_owned).next()
    });
    hold("a sentence for people stands in src/text", "move it there and call it", broken);
}

#[test]
fn nothing_is_left_to_do() {
    let mut broken = lines_with(|_, line| {
        let found = ["todo!", "unimplemented!"].into_iter().find(|what| line.contains(what))?;
        Some(found.to_owned())
    });
    for (path, text) in texts_below("src", "") {
        for (number, line) in (1..).zip(text.lines()) {
            let Some((_, comment)) = line.split_once("//").or_else(|| line.split_once("--")) else {
                continue;
            };
            let notes = ["FIXME", "XXX", "HACK", "TODO"];
            let note = notes.into_iter().find(|note| has_word(comment, note));
            broken.extend(note.map(|note| format!("{path}:{number}: {note}")));
        }
    }
    hold("no note says that something is to be done", "do it, or open an issue", broken);
}

#[test]
fn statements_stand_in_sql_files() {
    const VERBS: [&str; 8] =
        ["select", "insert", "update", "delete", "create", "alter", "copy", "with"];
    let begins = |text: &str| {
        let text = text.trim_start().to_ascii_lowercase();
        let verb = VERBS.into_iter().find(|verb| text.starts_with(verb))?;
        text[verb.len()..].starts_with(|c: char| c.is_whitespace()).then_some(verb)
    };
    let mut broken = Vec::new();
    for code in sources() {
        for (number, line) in code.numbered() {
            for (at, _) in line.match_indices('"') {
                let rest = line[at + 1..].trim();
                // A literal may begin with a line of its own.
                let next = code.lines.get(number).map_or("", String::as_str);
                let text = if rest.is_empty() || rest == "\\" { next } else { &line[at + 1..] };
                if let Some(verb) = begins(text) {
                    broken.push(format!("{}:{number}: a text that begins with {verb}", code.path));
                }
            }
        }
    }
    hold(
        "no Rust file holds a statement",
        "put it into src/store/sql/<what_it_does>.sql and include_str! it",
        broken,
    );
}

#[test]
fn every_statement_says_why_and_is_used() {
    let used: String = sources().iter().flat_map(|code| code.lines.clone()).collect();
    let mut broken = Vec::new();
    for (path, text) in texts_below("src", ".sql") {
        // As `sql/…` from the room itself, as `../sql/…` from one within.
        let name = path.strip_prefix("src/store/").unwrap_or(&path);
        if !path.starts_with("src/store/sql/") {
            broken.push(format!("{path}:1: stands outside of src/store/sql"));
        }
        if !text.starts_with("--") {
            broken.push(format!("{path}:1: begins without a comment that says why"));
        }
        if !["", "../", "../../"].iter().any(|up| used.contains(&format!("\"{up}{name}\""))) {
            broken.push(format!("{path}:1: no Rust file names it"));
        }
    }
    hold("each .sql file says why it is there and is used", "say it, or remove the file", broken);
}

#[test]
fn a_format_knows_no_other_format_no_row_and_no_table() {
    let rooms: HashSet<String> = files_below("src/format")
        .iter()
        .filter_map(|path| path.strip_prefix("src/format/")?.split(['/', '.']).next())
        .filter(|name| *name != "mod")
        .map(str::to_owned)
        .collect();
    let mut broken = Vec::new();
    for code in sources() {
        let module: Vec<String> = code.module().into_iter().map(str::to_owned).collect();
        let ["format", own, ..] = module.iter().map(String::as_str).collect::<Vec<_>>()[..] else {
            continue;
        };
        for (line, path) in code.paths() {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let stranger = match path[..] {
                ["format", other, ..] if rooms.contains(other) && other != own => Some(other),
                ["format", "FORMATS", ..] => Some("the list of formats"),
                [other @ ("row" | "store" | "identity"), ..] => Some(other),
                _ => None,
            };
            let told = |it| format!("{}:{line}: the room {own} knows {it}", code.path);
            broken.extend(stranger.map(told));
        }
    }
    hold(
        "a format is a room of its own: deleting its folder and its line removes it",
        "move what two formats share into normalize or record",
        broken,
    );
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest = read("Cargo.toml");
    let (mut dependencies, mut before, mut broken) = (false, "", Vec::new());
    for (number, line) in (1..).zip(manifest.lines()) {
        if line.starts_with('[') {
            dependencies = line.ends_with("dependencies]");
        } else if dependencies && line.contains('=') && !line.starts_with('#') {
            let reason = before.strip_prefix("# ").unwrap_or_default();
            if reason.len() < 10 {
                let (name, _) = line.split_once(' ').unwrap();
                broken.push(format!("Cargo.toml:{number}: {name} has no reason"));
            }
        }
        before = line;
    }
    hold(
        "each dependency has a line of reason above it",
        "say in a comment what it is used for; where nothing uses it, remove it",
        broken,
    );
}

#[test]
fn migrations_keep_to_plain_tables() {
    let mut broken = Vec::new();
    for (path, text) in texts_below("migrations", ".sql") {
        let of_company = path.starts_with("migrations/company/");
        let mut quoted = false;
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.split("--").next().unwrap().to_ascii_lowercase();
            let words: Vec<&str> = line.split_whitespace().collect();
            let says = |phrase: &str| words.join(" ").contains(phrase);
            let mut tell = |what: &str| broken.push(format!("{path}:{number}: {what}"));
            if has_word(&line, "trigger") {
                tell("a trigger, which a COPY runs for every row");
            }
            let qualified =
                words.windows(2).any(|pair| pair[0] == "references" && pair[1].contains('.'));
            if of_company && (qualified || says("public.")) {
                tell("a company's table that points out of its schema");
            }
            let marks = dollar_quotes(&line);
            if (quoted || marks > 0) && says("create table") {
                tell("a table made inside a block or function, where nobody looks for it");
            }
            quoted ^= marks % 2 == 1;
        }
    }
    hold("a migration is plain tables and indexes", "say it with plain DDL", broken);
}

/// What a cluster does not carry out, or carries out elsewhere than one would look for it.
const NOT_ON_A_CLUSTER: [(&str, &str); 7] = [
    ("create trigger", "a trigger"),
    ("merge into", "MERGE"),
    ("create temp", "a temporary table, which stays on this node"),
    ("create unlogged", "an unlogged table"),
    ("lock_timeout = ", "a time-out for the session"),
    ("pg_advisory_lock(", "a lock of the session"),
    ("set session", "a setting of the session"),
];

#[test]
fn statements_hold_on_a_cluster_and_behind_a_pooler() {
    let mut broken = Vec::new();
    for (path, text) in texts_below("src/store/sql", ".sql") {
        let mut quoted = false;
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.split("--").next().unwrap().to_ascii_lowercase();
            for (phrase, what) in NOT_ON_A_CLUSTER {
                if line.contains(phrase) {
                    broken.push(format!("{path}:{number}: {what}"));
                }
            }
            let marks = dollar_quotes(&line);
            if (quoted || marks > 0) && line.contains("create table") {
                broken.push(format!("{path}:{number}: a table made inside a function"));
            }
            quoted ^= marks % 2 == 1;
        }
    }
    // There a violated key comes as another error, and names carry a suffix. Where the codes are listed,
    // that one is.
    broken.extend(lines_with(|code, line| {
        let listed = code.path == "src/store/error/fault.rs";
        (!listed && line.contains("23505")).then(|| "23505".to_owned())
    }));
    hold("a statement works on a cluster and behind a pooler", "see SCHEMA.md, Citus", broken);
}

/// How often a dollar quote (`$$`, `$body$`) begins or ends in the line.
fn dollar_quotes(line: &str) -> usize {
    let parts: Vec<&str> = line.split('$').collect();
    let is_tag = |part: &&&str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let inner = parts.get(1..parts.len() - 1).unwrap_or_default();
    inner.iter().step_by(2).filter(is_tag).count()
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    let roots = ["home", "root", "work", "tmp"].map(|name| format!("/{name}/"));
    let mut broken = Vec::new();
    for path in files_below("") {
        let Ok(text) = fs::read_to_string(root().join(&path)) else {
            continue;
        };
        for (number, line) in (1..).zip(text.lines()) {
            for folder in &roots {
                let absolute = |(at, _): (usize, &str)| {
                    let before = line[..at].chars().next_back();
                    !before.is_some_and(|c| c.is_alphanumeric() || "._-~}/".contains(c))
                };
                if line.match_indices(folder.as_str()).any(absolute) {
                    broken.push(format!("{path}:{number}: {folder}"));
                }
            }
        }
    }
    hold(
        "no file names a folder of one machine",
        "take it from the environment, or from the package's root",
        broken,
    );
}

#[test]
fn the_rules_see_what_they_look_for() {
    let code = Code::of(
        "src/format/gls/sheet.rs".to_owned(),
        "use crate::row::{self, Row};\n// crate::store\nuse super::super::netopia::Netopia;\n\
         pub(crate) fn f() { super::mine() }\nuse crate::{decide, plan::Plan};\n\
         #[cfg(test)]\nmod tests {\n    use crate::cli;\n}\n",
    );
    let paths: Vec<String> =
        code.paths().iter().map(|(line, path)| format!("{line} {}", path.join("::"))).collect();
    let expected =
        ["1 row::Row", "3 format::netopia::Netopia", "4 format::gls::mine", "5 decide", "5 plan"];
    assert_eq!(paths, expected);
    assert_eq!(dollar_quotes("do $$ begin"), 1);
    assert_eq!(dollar_quotes("as $body$ select 1 $body$"), 2);
    assert_eq!(dollar_quotes("price in $"), 0);
}
