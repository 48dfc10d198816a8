//! What is asked and said where files are dragged in.

use crate::road::words::plain;

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

/// Says that there is nothing to import in a folder.
pub fn no_file_in(folder: &str) -> String {
    format!(
        "{}: there is no file in it (hidden files are left out); is its disk or network share mounted?",
        plain(folder)
    )
}

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

/// Says which accounts a file has, before it is asked whose it is.
pub fn accounts_of(file: &str, accounts: &[String]) -> String {
    match accounts {
        [] => format!("{file} names no account."),
        [one] => format!("{file} is of the account {one}."),
        all => format!("{file} is of the accounts {}.", all.join(", ")),
    }
}

/// Asks whose file it is.
pub fn whose(file: &str) -> String {
    format!("Which company is {file} of?")
}

/// The first choice where it is asked whose a file is.
pub const LEAVE_OUT: &str = "leave it out";

/// Says that the answer could not be stored.
pub fn not_remembered(slug: &str, error: &str) -> String {
    format!("its account was not remembered for {slug}: {error}")
}

/// Says where files of the accounts go from now on, if that is remembered.
pub fn from_now_on(accounts: &[String], slug: &str) -> String {
    format!("From now on files of {} go to {slug}.", accounts.join(", "))
}

/// Asks whether that is to be remembered.
pub fn remember(accounts: &[String], slug: &str) -> String {
    match accounts {
        [one] => format!("Remember {one} for {slug}?"),
        _ => format!("Remember these accounts for {slug}?"),
    }
}

/// Says that the client of a file is another company than the one that was chosen.
pub fn other_client(file: &str, client: &str, chosen: &str) -> String {
    format!("The client that {file} names is {client}, not {chosen}.")
}

/// Asks whether a file goes into the company that was chosen all the same.
pub fn anyway(chosen: &str) -> String {
    format!("Import it into {chosen} all the same?")
}

/// Says that a company is to be made first, for a file.
pub fn no_company_yet(file: &str) -> String {
    format!("There is no company yet. {file} goes into the one that you make now.")
}

/// Asks for the name of a new company.
pub const ITS_NAME: &str = "Its name?";

/// Asks for the CIF of a new company.
pub const ITS_CIF: &str = "Its CIF?";

/// Asks for the slug of a new company.
pub const ITS_SLUG: &str = "What is it called on the command line?";

/// Says what the company is that is to be made.
pub fn to_be_made(slug: &str, name: &str, cif: &str, accounts: &[String]) -> String {
    let accounts = match accounts {
        [] => String::new(),
        all => format!(". From now on files of {} go there", all.join(", ")),
    };
    format!("{slug}: {name}, CIF {cif}{accounts}.")
}

/// Asks whether the company is to be made.
pub const MAKE_IT: &str = "Make it?";

/// Says that a company cannot be made of what is known.
pub const NOT_ALL_IS_KNOWN: &str =
    "a company has a name, a slug and a CIF, and nobody is here to ask";

/// Says that the company was made.
pub fn made(slug: &str) -> String {
    format!("made the company {slug}")
}

/// Says which command line makes a company; what is not known of it stands there in capitals.
pub fn tell_all(command: &str) -> String {
    format!("`{command}`, with what is so in the place of each word in capitals")
}

/// Says which command line makes the first company, before files can go in.
pub fn make_the_first(command: &str) -> String {
    format!("make the company, then import again: {}", tell_all(command))
}
