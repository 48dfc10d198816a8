//! The words of the command line: files without a command are to be imported.

use std::ffi::{OsStr, OsString};

use clap::CommandFactory;

/// Returns the arguments, with `import` put in where files stand without a command. Also puts it in
/// where nothing stands at all and `somebody` is there, who can be asked for files.
pub(super) fn with_import(mut arguments: Vec<OsString>, somebody: bool) -> Vec<OsString> {
    match first_word(&arguments) {
        Some(at) if arguments.get(at).is_some_and(|word| !is_known(word)) => {
            arguments.insert(at, "import".into());
        }
        None if somebody => arguments.push("import".into()),
        _ => {}
    }
    arguments
}

/// Returns where the first argument stands that is no global option.
fn first_word(arguments: &[OsString]) -> Option<usize> {
    let mut at = 1;
    loop {
        let word = arguments.get(at)?.to_string_lossy();
        at += match word.as_ref() {
            "--database-url" => 2,
            "-q" | "--quiet" | "--verbose" => 1,
            word if word.starts_with("--database-url=") => 1,
            word if word.strip_prefix("-v").is_some_and(|more| more.bytes().all(|b| b == b'v')) => {
                1
            }
            _ => return Some(at),
        }
    }
}

fn is_known(word: &OsStr) -> bool {
    let general = ["-h", "--help", "-V", "--version", "help"];
    let command = super::Cli::command();
    general.iter().any(|known| word == *known)
        || command.get_subcommands().any(|known| word == known.get_name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> String {
        told(line, false)
    }

    fn told(line: &str, somebody: bool) -> String {
        let arguments = line.split(' ').map(OsString::from).collect();
        let words =
            with_import(arguments, somebody).into_iter().map(|it| it.into_string().unwrap());
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn files_without_a_command_are_imported() {
        assert_eq!(words("vama a.sta b.sta"), "vama import a.sta b.sta");
        assert_eq!(words("vama -c firma a.sta"), "vama import -c firma a.sta");
        assert_eq!(
            words("vama -q --database-url x a.sta"),
            "vama -q --database-url x import a.sta"
        );
        assert_eq!(words("vama ./log"), "vama import ./log");
    }

    #[test]
    fn vama_alone_asks_for_files_where_somebody_can_answer() {
        assert_eq!(told("vama", true), "vama import");
        assert_eq!(told("vama -q", true), "vama -q import");
        assert_eq!(told("vama --help", true), "vama --help");
        assert_eq!(told("vama log", true), "vama log");
    }

    #[test]
    fn a_command_stays_what_it_is() {
        for line in ["vama", "vama log", "vama -vv check a", "vama --help", "vama help import"] {
            assert_eq!(words(line), line);
        }
    }
}
