//! Kinds of files that vama knows by name but does not read: an invoice as a PDF, another courier's
//! list, an archive that is no zip.
//!
//! They are looked for only where no format recognises a file, so none of them takes a file away
//! from a format. The content decides, never the file's name.

mod binary;
mod lists;
mod text;

use super::FORMATS;
use crate::fault::Refusal;
use crate::source::Source;
use crate::value::normalize;

/// A kind of file that vama does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    /// What people call it, with its article.
    name: &'static str,
    /// What the user can do.
    help: Help,
    /// Whether it is understood that the file has nothing that vama could read as it is. Of other
    /// kinds only the outside is known: an XML file may be a statement.
    is_understood: bool,
}

impl Kind {
    /// Makes a kind of which it is understood what it is.
    const fn new(name: &'static str, help: Help) -> Self {
        Self { name, help, is_understood: true }
    }

    /// Makes a kind of which only the outside is known.
    const fn outside(name: &'static str, help: Help) -> Self {
        Self { name, help, is_understood: false }
    }
}

/// What the user can do with a file that is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Help {
    /// Nothing: vama keeps nothing of what is in it.
    LeaveOut,
    /// It may be a statement that was made for people.
    LeaveOutUnlessStatement,
    /// It is a statement in a form that is not read.
    OtherForm,
    /// Other files are packed in it.
    Unpack,
    /// Nobody knows more than what it looks like.
    Export,
    /// What the text says.
    Do(&'static str),
}

impl Help {
    fn advice(self) -> String {
        match self {
            Self::LeaveOut => Refusal::LEAVE_OUT.to_owned(),
            Self::LeaveOutUnlessStatement => {
                let statements = statements();
                let leave_out = Refusal::LEAVE_OUT;
                format!("{leave_out}; if it is a statement, get that as {statements} from the bank")
            }
            Self::OtherForm => format!("get it as {} from the bank", statements()),
            Self::Unpack => "unpack it, and import the files in it".to_owned(),
            Self::Export => format!("export it as {}", listed(exports())),
            Self::Do(what) => what.to_owned(),
        }
    }
}

/// Bytes that are read of a text: what tells its kind stands at the beginning.
const READ_WITHIN: usize = 16 * 1024;

/// Returns the refusal of a file that no format recognises: what it is, and what to do.
pub(super) fn refusal(source: &Source) -> Refusal {
    let bytes = source.bytes();
    let head = normalize::decode(bytes.get(..READ_WITHIN).unwrap_or(bytes));
    // What has a NUL in it is no text.
    let head = Some(&*head).filter(|head| !head.contains('\0'));
    let kind = binary::kind(bytes)
        .or_else(|| text::kind(head?))
        .or_else(|| lists::kind(source, head))
        .or_else(|| binary::outside(bytes))
        .or_else(|| text::outside(head?, bytes));
    Refusal::UnknownFormat {
        looks_like: kind.map(|kind| kind.name),
        advice: kind.map_or(Help::Export, |kind| kind.help).advice(),
        is_understood: kind.is_some_and(|kind| kind.is_understood),
    }
}

fn exports() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().map(|format| format.export())
}

/// Returns in which forms statements are read.
fn statements() -> String {
    let statements = FORMATS.iter().filter(|format| format.word() == "statement");
    listed(statements.filter_map(|format| format.export().split(" (").next()))
}

/// Returns a list as people say it: `a, b or c`.
fn listed(words: impl Iterator<Item = &'static str>) -> String {
    let words: Vec<&str> = words.collect();
    match words.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests;
