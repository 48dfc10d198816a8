//! What somebody dropped or typed → what is to be done.

use super::paths::{self, Dropped};
use crate::cli::words::is_command;

/// What a line at the prompt asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// To bring these files in.
    Files(Dropped),
    /// To run a command of vama, by its words.
    Command(Vec<String>),
    /// To tell what can be done here.
    Help,
    /// To end.
    End,
}

impl Line {
    /// Understands a line. A word that is a command means the command, as on the command line: a
    /// file of that name in this folder is `./log`.
    ///
    /// # Errors
    ///
    /// The quote that is not closed.
    pub(super) fn of(line: &str) -> Result<Self, char> {
        // What no shell can read may still be a path that the terminal did not quote.
        let words = paths::words(line).unwrap_or_default();
        let words = words.iter().map(String::as_str).collect::<Vec<_>>();
        let (is_vama, words) = match words.as_slice() {
            ["vama", rest @ ..] => (true, rest),
            words => (false, words),
        };
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let has_options = words.iter().any(|word| word.starts_with('-'));
        Ok(match words {
            ["exit" | "quit"] => Self::End,
            ["help" | "?"] | ["import"] => Self::Help,
            [] if is_vama => Self::Help,
            // Such files go the way of those that are dropped, so they count in the totals.
            ["import", files @ ..] if !has_options => Self::Files(Dropped::of(owned(files))),
            [word, ..] if is_command(word) => Self::Command(owned(words)),
            files if is_vama && !has_options => Self::Files(Dropped::of(owned(files))),
            _ if is_vama => Self::Command(owned(words)),
            _ => Self::Files(paths::dropped(line)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &str) -> Result<Line, char> {
        Ok(Line::Command(words.split(' ').map(str::to_owned).collect()))
    }

    fn files(names: &[&str]) -> Result<Line, char> {
        Ok(Line::Files(Dropped::of(names.iter().map(|name| (*name).to_owned()).collect())))
    }

    #[test]
    fn help_exit_and_quit_do_what_they_say() {
        for line in ["help", "?", " help ", "vama", "vama help", "import"] {
            assert_eq!(Line::of(line), Ok(Line::Help), "{line}");
        }
        for line in ["exit", "quit", "vama exit"] {
            assert_eq!(Line::of(line), Ok(Line::End), "{line}");
        }
    }

    #[test]
    fn a_command_is_one_with_and_without_vama_before_it() {
        assert_eq!(Line::of("log"), command("log"));
        assert_eq!(Line::of("vama log"), command("log"));
        assert_eq!(Line::of("company list"), command("company list"));
        assert_eq!(Line::of("help log"), command("help log"));
        assert_eq!(Line::of("vama -n a.sta"), command("-n a.sta"));
        assert_eq!(Line::of("import -n a.sta"), command("import -n a.sta"));
        let sql = ["sql", "-c", "firma", "select 1"].map(str::to_owned).to_vec();
        assert_eq!(Line::of("sql -c firma 'select 1'"), Ok(Line::Command(sql)));
    }

    #[test]
    fn anything_else_is_files() {
        assert_eq!(Line::of("./log"), files(&["./log"]));
        assert_eq!(Line::of("/mails/log.sta '/a b'"), files(&["/mails/log.sta", "/a b"]));
        assert_eq!(Line::of("vama a.sta 'b c.sta'"), files(&["a.sta", "b c.sta"]));
        assert_eq!(Line::of("import a.sta"), files(&["a.sta"]));
        assert_eq!(Line::of("compny list"), files(&["compny", "list"]));
        assert_eq!(Line::of("'neterminat"), Err('\''));
    }
}
