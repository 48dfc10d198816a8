//! What is asked and said where files are dragged in.

use crate::road::words::NOTHING;

/// Asks for files.
pub const PROMPT: &str = "Drop files here, then Enter: ";

/// Says how to go on, once.
pub const HOW: &str =
    "Drag files or folders into this window. `help` tells more, an empty line ends.";

/// Tells what can be done at the prompt; `commands` names the commands.
pub fn help(commands: &str) -> String {
    format!(
        "Drag files or folders into this window, or type their paths, and press Enter: they go in.\n\
         Commands work here as well, with or without `vama` before them: {commands}. `help \
         COMMAND` explains one.\n\
         `exit`, `quit`, an empty line or Ctrl-D ends.\n"
    )
}

/// Says that a watcher is not started at the prompt, since it would never come back.
pub const WATCH_ELSEWHERE: &str =
    "`vama watch` works until it is ended: leave with `exit`, then run it";

/// Says that an import without files would ask for files, as the prompt does already.
pub const ALREADY_ASKED: &str =
    "files are asked for here already: drop some, or name them behind `import` and its options";

/// Says what all dropped files came to.
pub fn in_all(totals: &str) -> String {
    format!("in all {totals}")
}

/// Says that nobody can be asked for files.
pub const NO_FILES: &str = "no file is named";

/// What to do where nobody can be asked.
pub const NO_FILES_ADVICE: &str = "name files, as in `vama FILE…`, or run `vama` in a terminal; \
                                   `vama --help` tells all commands";

/// Says that there is nothing to import.
pub const NO_FILE_IN_IT: &str = "there is no file in it; hidden files are left out";

/// Says that a dropped line has a quote without an end.
pub fn open_quote(quote: char) -> String {
    format!("the quote {quote} has no end: drop the file again, or put the path into quotes")
}

/// Says that an address is not that of a file on this machine.
pub fn elsewhere(address: &str) -> String {
    format!(
        "{address} is not a file on this machine: save it to a folder first, then drop it from there"
    )
}

/// Asks whose file it is.
pub fn whose(file: &str, accounts: &[String]) -> String {
    let accounts = match accounts {
        [] => NOTHING.to_owned(),
        all => all.join(", "),
    };
    format!("Which company is {file} of? Its account: {accounts}")
}

/// Says that the answer could not be stored.
pub fn not_remembered(slug: &str, error: &str) -> String {
    format!("its account was not remembered for {slug}: {error}")
}

/// Asks whether such files go there from now on.
pub fn remember(slug: &str) -> String {
    format!("Remember this account for {slug}?")
}
