//! The words of a command line → the command. Files without a command are to be imported.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use super::Cli;
use super::misspelt::Misspelt;
use super::output::explain;
use crate::road::report::ExitStatus;

/// The command that files without a command are brought in by.
const IMPORT: &str = "import";

/// Why a command line is no command that could be carried out.
#[derive(Debug)]
pub(super) enum NoCommand {
    /// It is not understood, or help is asked for: in clap's words.
    Told(clap::Error),
    /// The command is misspelt; `json` tells whether a program is to be told so.
    Misspelt { misspelt: Misspelt, json: bool },
}

impl NoCommand {
    /// Says it; returns the exit status.
    pub(super) fn tell(&self) -> ExitCode {
        match self {
            Self::Told(error) => {
                // Nobody is left to tell when the stream is gone.
                drop(error.print());
                ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(ExitStatus::Usage.code()))
            }
            Self::Misspelt { misspelt, json } => {
                let told = misspelt.tell(*json).unwrap_or_else(|error| explain(&error));
                ExitCode::from(told.code())
            }
        }
    }
}

/// Reads a command line; `somebody` tells whether a person is there, who can be asked for files.
pub(super) fn read(arguments: Vec<OsString>, somebody: bool) -> Result<Cli, NoCommand> {
    Cli::try_parse_from(with_import(arguments, somebody)?).map_err(NoCommand::Told)
}

/// Returns the arguments, with `import` put in where files stand without a command. Also puts it in
/// where nothing stands at all and `somebody` is there, who can be asked for files.
fn with_import(mut arguments: Vec<OsString>, somebody: bool) -> Result<Vec<OsString>, NoCommand> {
    let vama = Cli::command();
    let is_import = match First::of(&arguments, &vama) {
        First::Word(word) if is_command_of(&vama, &word) => false,
        First::Word(word) => match Misspelt::of(&word) {
            None => true,
            Some(misspelt) => {
                let options = arguments.iter().take_while(|word| *word != "--");
                let json = options.into_iter().any(|word| word == "--json");
                return Err(NoCommand::Misspelt { misspelt, json });
            }
        },
        First::File => true,
        First::Nothing => somebody || arguments.len() > 1,
        First::Help => false,
    };
    if is_import {
        arguments.insert(1.min(arguments.len()), IMPORT.into());
    }
    Ok(arguments)
}

/// Returns whether the word is a command.
pub(super) fn is_command(word: &str) -> bool {
    is_command_of(&Cli::command(), word)
}

fn is_command_of(vama: &clap::Command, word: &str) -> bool {
    word == "help" || vama.find_subcommand(word).is_some()
}

/// Returns the commands within a command that its help tells of.
pub(super) fn commands_of(command: &clap::Command) -> impl Iterator<Item = &clap::Command> {
    command.get_subcommands().filter(|it| !it.is_hide_set())
}

/// What stands first in a command line, behind the name of the program and options.
enum First {
    /// A word: a command, or a file.
    Word(String),
    /// What stands behind `--` is a file.
    File,
    /// Help is asked for, or the version.
    Help,
    /// There are options alone.
    Nothing,
}

impl First {
    fn of(arguments: &[OsString], vama: &clap::Command) -> Self {
        let mut rest = arguments.iter().skip(1).map(|it| it.to_string_lossy());
        while let Some(word) = rest.next() {
            match word.as_ref() {
                "-h" | "--help" | "-V" | "--version" => return Self::Help,
                "--" => return Self::File,
                option if option.len() > 1 && option.starts_with('-') => {
                    if has_value_behind_it(option, vama) {
                        rest.next();
                    }
                }
                word => return Self::Word(word.to_owned()),
            }
        }
        Self::Nothing
    }
}

/// Returns whether the next word is the value of this option, which is a global one or one of an
/// import.
fn has_value_behind_it(option: &str, vama: &clap::Command) -> bool {
    let import = vama.find_subcommand(IMPORT);
    let mut options =
        vama.get_arguments().chain(import.into_iter().flat_map(clap::Command::get_arguments));
    match option.strip_prefix("--") {
        Some(long) => {
            options.any(|it| it.get_long() == Some(long) && it.get_action().takes_values())
        }
        // Of short ones that stand together only the last can have its value in the next word.
        None => options.any(|it| {
            it.get_action().takes_values() && it.get_short().is_some_and(|it| option.ends_with(it))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> String {
        told(line, false)
    }

    fn told(line: &str, somebody: bool) -> String {
        let arguments = line.split(' ').map(OsString::from).collect();
        let words = with_import(arguments, somebody).unwrap().into_iter();
        words.map(|it| it.into_string().unwrap()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn files_without_a_command_are_imported() {
        for line in
            ["a.sta b.sta", "-c log a.sta", "-q --database-url x a.sta", "./log", "-nc log x"]
        {
            assert_eq!(words(&format!("vama {line}")), format!("vama import {line}"));
        }
        assert_eq!(words("vama --json -- logg"), "vama import --json -- logg");
        assert_eq!(words("vama -"), "vama import -");
    }

    #[test]
    fn vama_alone_asks_for_files_where_somebody_can_answer() {
        assert_eq!(told("vama", true), "vama import");
        assert_eq!(told("vama -q", true), "vama import -q");
        assert_eq!(told("vama --help", true), "vama --help");
        assert_eq!(told("vama log", true), "vama log");
    }

    #[test]
    fn a_command_stays_what_it_is() {
        for line in ["vama", "vama log", "vama -vv check a", "vama --help", "vama help import"] {
            assert_eq!(words(line), line);
        }
        assert_eq!(words("vama --database-url log log"), "vama --database-url log log");
    }

    #[test]
    fn a_misspelt_command_is_told_wherever_options_stand() {
        for (line, as_json) in [
            ("vama compny list", false),
            ("vama --json compny list", true),
            ("vama compny create --name X --json", true),
            ("vama -c firma chek march.sta", false),
            ("vama chek -- --json", false),
        ] {
            let arguments = line.split(' ').map(OsString::from).collect();
            match with_import(arguments, true) {
                Err(NoCommand::Misspelt { json, .. }) => assert_eq!(json, as_json, "{line}"),
                other => panic!("{line}: {other:?}"),
            }
        }
    }
}
