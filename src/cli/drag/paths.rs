//! A line as terminals paste dropped files → the paths in it.
//!
//! | terminal | what it pastes |
//! |---|---|
//! | GNOME Terminal, Xfce, kitty, Windows Terminal with WSL | `'/a b/c'`, and `'\''` for a quote |
//! | KDE Konsole, macOS Terminal, iTerm2, Ghostty | `/a\ b/c`, or in quotes |
//! | Windows Terminal | `"C:\a b\c"`, or `C:\a\c` without blanks |
//! | file managers, browsers | `file:///a%20b` |
//! | Alacritty | the path as it is |
//!
//! A line may hold several paths, with blanks or line ends between them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

/// What was dropped.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Dropped {
    /// Files and folders.
    pub(super) paths: Vec<PathBuf>,
    /// Addresses of what is not on this machine.
    pub(super) elsewhere: Vec<String>,
}

/// Returns the paths of what was pasted at once: a line, or several.
///
/// # Errors
///
/// The quote that is not closed.
pub(super) fn dropped(text: &str) -> Result<Dropped, char> {
    dropped_where(text, Path::exists)
}

fn dropped_where(text: &str, exists: impl Fn(&Path) -> bool) -> Result<Dropped, char> {
    let mut dropped = Dropped::default();
    if exists(Path::new(text.trim())) {
        dropped.paths.push(PathBuf::from(text.trim()));
        return Ok(dropped);
    }
    // The words of lines that are no path as they stand are read together, since a name in quotes may
    // have a line end in it.
    let mut in_words = String::new();
    for line in text.split_inclusive('\n') {
        if exists(Path::new(line.trim())) {
            // The terminal quotes nothing: blanks and quotes belong to the name.
            dropped.add(words(&std::mem::take(&mut in_words))?);
            dropped.paths.push(PathBuf::from(line.trim()));
        } else {
            in_words.push_str(line);
        }
    }
    dropped.add(words(&in_words)?);
    Ok(dropped)
}

impl Dropped {
    /// Returns what the words name.
    pub(super) fn of(words: Vec<String>) -> Self {
        let mut dropped = Self::default();
        dropped.add(words);
        dropped
    }

    fn add(&mut self, words: Vec<String>) {
        for word in words {
            match word.split_once("://") {
                Some((scheme, rest)) if scheme.eq_ignore_ascii_case("file") => {
                    match of_address(rest) {
                        Some(path) => self.paths.push(path),
                        None => self.elsewhere.push(word),
                    }
                }
                Some((scheme, _)) if is_scheme(scheme) => self.elsewhere.push(word),
                _ => self.paths.push(of_home(&word)),
            }
        }
    }
}

/// Returns the words of a line, without the quotes and escapes that keep their blanks together.
///
/// # Errors
///
/// The quote that is not closed.
pub(super) fn words(line: &str) -> Result<Vec<String>, char> {
    let (mut words, mut word) = (Vec::new(), None::<String>);
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            c if c.is_whitespace() => words.extend(word.take()),
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next() {
                        None => return Err(c),
                        Some(end) if end == c => break,
                        Some('\\') if c == '"' && !is_windows(word, rest.peek()) => {
                            // Within double quotes a shell takes only these after a backslash.
                            match rest.next_if(|it| "\"\\$`".contains(*it)) {
                                Some(escaped) => word.push(escaped),
                                None => word.push('\\'),
                            }
                        }
                        Some(inner) => word.push(inner),
                    }
                }
            }
            '\\' => {
                let word = word.get_or_insert_default();
                match is_windows(word, rest.peek()) {
                    true => word.push(c),
                    false => word.extend(rest.next()),
                }
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Returns whether a backslash after this beginning of a word separates folders, as on Windows:
/// after a drive (`C:`), or as the start of a share (`\\server`).
fn is_windows(word: &str, next: Option<&char>) -> bool {
    let mut start = word.chars();
    let drive = start.next().is_some_and(|c| c.is_ascii_alphabetic()) && start.next() == Some(':');
    let share = word.starts_with('\\') || (word.is_empty() && next == Some(&'\\'));
    cfg!(windows) || drive || share
}

/// Returns whether the text is the scheme of an address (RFC 3986, 3.1), and no drive.
fn is_scheme(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

/// Returns the path of what stands behind `file://`, if it is on this machine (RFC 8089).
fn of_address(rest: &str) -> Option<PathBuf> {
    let path = match rest.find('/')? {
        0 => rest,
        at if rest.get(..at)?.eq_ignore_ascii_case("localhost") => rest.get(at..)?,
        _ => return None,
    };
    // `/C:/a` means `C:/a`.
    let drive = path.get(1..3).is_some_and(|it| it.ends_with(':')) && cfg!(windows);
    let path = if drive { path.get(1..)? } else { path };
    Some(PathBuf::from(os_string(percent_decode_str(path).collect())))
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> OsString {
    // A name need not be UTF-8.
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// Returns the path with the user's home in the place of a `~`, as people type it.
fn of_home(word: &str) -> PathBuf {
    let home = || directories::BaseDirs::new().map(|it| it.home_dir().to_owned());
    match word.strip_prefix("~/").and_then(|rest| Some(home()?.join(rest))) {
        Some(path) => path,
        None => PathBuf::from(word),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn paths(line: &str) -> Vec<String> {
        let dropped = dropped_where(line, |_| false).unwrap();
        assert!(dropped.elsewhere.is_empty(), "{dropped:?}");
        dropped.paths.into_iter().map(|it| it.into_os_string().into_string().unwrap()).collect()
    }

    #[test]
    fn every_terminal_has_its_own_way_with_blanks() {
        for line in [
            "'/mails/extras martie.sta'",
            "\"/mails/extras martie.sta\"",
            "/mails/extras\\ martie.sta",
            "file:///mails/extras%20martie.sta",
            "FILE://localhost/mails/extras%20martie.sta",
            "  '/mails/extras martie.sta' \n",
        ] {
            assert_eq!(paths(line), ["/mails/extras martie.sta"], "{line}");
        }
    }

    #[test]
    fn a_line_may_hold_several_in_any_form() {
        let line = "'/a b' /c\\ d \"/e f\"\nfile:///g%20h\r\n/i";
        assert_eq!(paths(line), ["/a b", "/c d", "/e f", "/g h", "/i"]);
    }

    #[test]
    fn quotes_and_escapes_within_a_name_are_the_names_own() {
        assert_eq!(paths(r"'/l'\''extras.sta'"), ["/l'extras.sta"]);
        assert_eq!(paths(r"/l\'extras\&\(2\).sta"), ["/l'extras&(2).sta"]);
        assert_eq!(paths(r#""/a\"b\$c\d""#), [r#"/a"b$c\d"#]);
        assert_eq!(paths("#1.sta a#2.sta"), ["#1.sta", "a#2.sta"]);
        assert_eq!(dropped_where("'/a b", |_| false), Err('\''));
        assert_eq!(paths("''"), [""]);
    }

    #[test]
    fn windows_parts_folders_by_backslashes() {
        assert_eq!(paths(r#""C:\Ana Pop\extras.sta""#), [r"C:\Ana Pop\extras.sta"]);
        assert_eq!(paths(r"C:\ana\extras.sta D:\b.sta"), [r"C:\ana\extras.sta", r"D:\b.sta"]);
        assert_eq!(paths(r#""\\server\acte\a b.sta""#), [r"\\server\acte\a b.sta"]);
        assert_eq!(paths(r"\\server\acte\a.sta"), [r"\\server\acte\a.sta"]);
    }

    #[test]
    fn a_path_that_is_not_quoted_is_taken_as_it_is_where_it_exists() {
        let line = "/mails/l'extras martie.sta ";
        let exists = |path: &Path| path == Path::new(line.trim());
        assert_eq!(dropped_where(line, exists).unwrap().paths, [Path::new(line.trim())]);
    }

    #[test]
    fn paths_with_blanks_on_lines_of_their_own_are_a_file_each() {
        let there = ["/mails/extras martie.sta", "/mails/l'extras 2.sta"].map(Path::new);
        let lines = "/mails/extras martie.sta\r\n '/a b' /c\n/mails/l'extras 2.sta\n/d\\ e\n";
        let dropped = dropped_where(lines, |path| there.contains(&path)).unwrap();
        let expected = [there[0], "/a b".as_ref(), "/c".as_ref(), there[1], "/d e".as_ref()];
        assert_eq!(dropped.paths, expected);
        assert_eq!(paths("'/a\nb' /c"), ["/a\nb", "/c"]);
    }

    #[test]
    fn what_is_on_another_machine_is_told_apart() {
        for address in ["file://server/a.sta", "https://bank.example/a.sta", "smb://server/a.sta"] {
            let dropped = dropped_where(address, |_| false).unwrap();
            assert_eq!(dropped.elsewhere, [address]);
            assert!(dropped.paths.is_empty());
        }
    }

    #[test]
    #[cfg(unix)]
    fn an_address_may_name_what_is_no_utf8() {
        use std::os::unix::ffi::OsStrExt;
        let dropped = dropped_where("file:///a%FF%0Ab", |_| false).unwrap();
        assert_eq!(dropped.paths[0].as_os_str().as_bytes(), b"/a\xff\nb");
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in "\\PC*") {
            let _ = dropped_where(&line, |_| false);
        }

        #[test]
        fn what_a_shell_quotes_comes_out_as_it_was(names in proptest::collection::vec("/[^\0]{1,12}", 1..4)) {
            let names: Vec<&String> = names.iter().filter(|it| !it.contains("://")).collect();
            let quoted = names.iter().map(|it| format!("'{}'", it.replace('\'', r"'\''")));
            let line = quoted.collect::<Vec<_>>().join(" ");
            prop_assert_eq!(paths(&line), names.into_iter().cloned().collect::<Vec<_>>());
        }
    }
}
