//! What is asked and said where files are dragged in.

use crate::road::words::NOTHING;

/// Asks for files.
pub const PROMPT: &str = "Drop files here, then Enter: ";

/// Says how to go on, once.
pub const HOW: &str = "Drag files or folders into this window. An empty line or Ctrl-D ends.";

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
