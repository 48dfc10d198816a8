//! A word that is no path and nearly a command: a command that was misspelt, and no file.

use std::path::Path;

use clap::{Command, CommandFactory};

use super::Cli;
use super::output::{UsageError, explain, show_json};
use super::words::commands_of;
use crate::road::report::{ExitStatus, SCHEMA};
use crate::value::near::nearest;

/// A misspelt command.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misspelt {
    /// The word as it was typed.
    word: String,
    /// The command lines that may have been meant.
    meant: Vec<String>,
}

impl Misspelt {
    /// Returns the word as a misspelt command; `None` where it is a command, may be a file's name, or
    /// is near no command.
    pub(super) fn of(word: &str) -> Option<Self> {
        // No command has a dot or a digit in it, but many a file that is not where it was looked for.
        let may_be_meant = word.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
        if !may_be_meant || Path::new(word).symlink_metadata().is_ok() {
            return None;
        }
        let meant = meant(word);
        (!meant.is_empty()).then(|| Self { word: word.to_owned(), meant })
    }

    /// Says it on stderr, or as a JSON document on stdout; returns how the run ends.
    pub(super) fn tell(&self, json: bool) -> anyhow::Result<ExitStatus> {
        let meant: Vec<String> = self.meant.iter().map(|line| format!("`{line}`")).collect();
        let message = format!("there is no file and no command {}", self.word);
        let advice =
            format!("you may have meant {}; `vama --help` tells all commands", meant.join(" or "));
        if !json {
            return Ok(explain(&UsageError::with_advice(&message, &advice).into()));
        }
        let error = serde_json::json!({ "kind": "usage", "message": message, "advice": advice });
        show_json(&serde_json::json!({ "schema": SCHEMA, "error": error }))?;
        Ok(ExitStatus::Usage)
    }
}

/// Returns the nearest command; where none is near, the commands that have a command of this name.
fn meant(word: &str) -> Vec<String> {
    let word = word.to_ascii_lowercase();
    let vama = Cli::command();
    let names = commands_of(&vama).map(Command::get_name).chain(["help"]);
    if let Some(name) = nearest(&word, names) {
        return vec![format!("vama {name}")];
    }
    let within =
        commands_of(&vama).filter(|outer| commands_of(outer).any(|it| it.get_name() == word));
    within.map(|outer| format!("vama {} {word}", outer.get_name())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_near_a_command_may_mean_that_command() {
        for (word, command) in [
            ("compny", "vama company"),
            ("lgo", "vama log"),
            ("logg", "vama log"),
            ("LOG", "vama log"),
            ("chek", "vama check"),
            ("imprt", "vama import"),
            ("imports", "vama import"),
            ("credentails", "vama credentials"),
            ("hlep", "vama help"),
        ] {
            assert_eq!(meant(word), [command], "{word}");
        }
    }

    #[test]
    fn a_command_within_others_is_told_with_them() {
        let lists = ["held", "company", "user", "credentials"].map(|it| format!("vama {it} list"));
        assert_eq!(meant("list"), lists);
        assert_eq!(meant("backup"), ["vama company backup"]);
    }

    #[test]
    fn a_word_far_from_any_command_is_a_file_and_so_is_what_exists_or_looks_like_a_path() {
        for word in ["march", "martie", "extrase", "banca", "gls", "netopia", "mails", "x", "src"] {
            assert_eq!(Misspelt::of(word), None, "{word}");
        }
        for path in ["./logg", "log.", "log2", "logg/a.sta", "chek.sta", "", "-"] {
            assert_eq!(Misspelt::of(path), None, "{path}");
        }
    }
}
