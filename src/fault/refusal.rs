//! A whole file that is not let in, and what to do about it.
//!
//! A damaged record is no refusal: it is held (see [`crate::record::Damaged`]) and the rest of its
//! file goes in. They are two types, so that nobody mixes them up.

use rust_decimal::Decimal;

use crate::fault::{ChosenBy, Fault, Impossible};
use crate::value::Line;

/// Why a file was not let in.
///
/// The text says place, what was found and what was expected. It never holds names, whole
/// accounts or narratives.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The folder has no file, and one was expected.
    #[error("there is no file in the folder; hidden files are left out")]
    NoFile,
    /// More bytes than one file may have.
    #[error("the file has {}, more than the {} that are read", size(*bytes), size(*max))]
    TooLarge {
        /// How many bytes the file has.
        bytes: u64,
        /// How many bytes are read at most.
        max: u64,
    },
    /// Not a regular file.
    #[error("is a {what}, not a file")]
    NotAFile {
        /// `folder`, `pipe`, `device` and so on.
        what: &'static str,
    },
    /// A zip, or a workbook (which is a zip), that breaks a limit or cannot be opened.
    #[error("the archive cannot be opened: {reason}")]
    Archive {
        /// Which limit the zip breaks, or what is wrong with it.
        reason: String,
    },
    /// A mail that breaks a limit, is damaged or has nothing attached.
    #[error("the mail {what}")]
    Mail {
        /// What is wrong with the mail: the rest of the sentence that begins with "the mail".
        what: String,
    },
    /// No format recognises the content.
    #[error("no known format matches{}", looks_like.map(|it| format!(": it looks like {it}")).unwrap_or_default())]
    UnknownFormat {
        /// What kind of file the content shows, where it is known.
        looks_like: Option<&'static str>,
        /// What to do: export the file as one of the kinds that are read, or leave it out.
        advice: String,
        /// Whether it is understood what the file is. Such a file is no failure beside files that a
        /// format knows.
        is_understood: bool,
    },
    /// Two formats recognise the content.
    #[error("two formats claim this file: {first} and {second}")]
    Ambiguous {
        /// One of them.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// The format was recognised but the file as a whole makes no sense.
    #[error("{}{reason}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    Unreadable {
        /// The line, where one is to blame.
        line: Option<Line>,
        /// What was found and what was expected.
        reason: String,
    },
    /// The text is not plain UTF-8, so it cannot be read window by window. `road/contents.rs` decodes
    /// the whole text then, and has it read again; no user sees this refusal.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// The file is no longer what it was when it was first read.
    #[error("the file was changed while it was read")]
    Changed,
    /// A state that vama's own code rules out.
    #[error("{0}")]
    Impossible(Impossible),
    /// The operating system does not give the rest of the file out.
    #[error("the file cannot be read any more: {cause}")]
    Unavailable {
        /// What the system says.
        cause: String,
    },
    /// The file does not add up.
    #[error(
        "line {line}: {what}: stated {stated:.2}, computed {computed:.2}, difference {:.2}",
        stated - computed
    )]
    Unbalanced {
        /// Where the stated sum stands.
        line: Line,
        /// Which sum.
        what: String,
        /// The sum in the file.
        stated: Decimal,
        /// The sum of its records.
        computed: Decimal,
    },
    /// A sum or balance that would prove that the file is whole is missing or unreadable.
    #[error("line {line}: {reason}")]
    Unproven {
        /// The line of the statement, balance or record that proves nothing.
        line: Line,
        /// What is missing.
        reason: String,
    },
    /// An entry of a file that does not add up is stored with another amount.
    #[error(
        "line {line}: an entry of this reference, day and account is stored with {stored}{}, and has \
         {found} here",
        import.map(|number| format!(" (import #{number})")).unwrap_or_default()
    )]
    Contradicted {
        /// Where the entry stands.
        line: Line,
        /// The stored amount.
        stored: String,
        /// The amount in the file.
        found: String,
        /// The number of the import that brought the stored entry, where one did.
        import: Option<i64>,
    },
    /// No company has the account, or the file states none, and no company was named.
    #[error(
        "{}; there {}",
        account.as_ref().map_or_else(
            || "the file does not say whose it is".to_owned(),
            |account| format!("no company has the account {account}")
        ),
        list(known)
    )]
    UnknownCompany {
        /// The account, shortened; `None` for a file that states none, such as a list of orders.
        account: Option<String>,
        /// The slugs that exist, as they are listed.
        known: Vec<String>,
    },
    /// The account belongs to another company than the one that was chosen.
    #[error("the account {account} belongs to {owner}, not to {chosen}")]
    WrongCompany {
        /// The account, shortened.
        account: String,
        /// Slug of the company that has it.
        owner: String,
        /// Slug of the company that was chosen.
        chosen: String,
        /// How it was chosen.
        by: ChosenBy,
    },
    /// The accounts of the file belong to different companies, and none was chosen.
    #[error("the file has accounts of two companies, {first} and {second}, expected one")]
    SeveralCompanies {
        /// Slug of a company that has one of the accounts.
        first: String,
        /// Slug of a company that has another one.
        second: String,
    },
    /// The client that the file names is another company than the one that was chosen.
    #[error("the client that the file names is {client}, not {chosen}")]
    WrongClient {
        /// Slug of the company that has the client's name.
        client: String,
        /// Slug of the company that was chosen.
        chosen: String,
        /// How it was chosen.
        by: ChosenBy,
    },
}

impl From<Impossible> for Refusal {
    fn from(impossible: Impossible) -> Self {
        Self::Impossible(impossible)
    }
}

impl Refusal {
    /// What to do with a file of which vama keeps nothing.
    pub const LEAVE_OUT: &'static str = "leave it out";

    /// Returns the refusal of something packed that opens only with a password.
    pub fn locked(what: &'static str) -> Self {
        Self::UnknownFormat {
            looks_like: Some(what),
            advice: "unpack it with its password, and import the files in it".to_owned(),
            is_understood: true,
        }
    }

    /// Returns a refusal of an unreadable file, with its place.
    pub fn unreadable(line: Line, reason: impl Into<String>) -> Self {
        Self::Unreadable { line: Some(line), reason: reason.into() }
    }

    /// Returns the stable word for the JSON report.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoFile => "no_file",
            Self::TooLarge { .. } => "too_large",
            Self::NotAFile { .. } => "not_a_file",
            Self::Archive { .. } => "archive",
            Self::Mail { .. } => "mail",
            Self::UnknownFormat { .. } => "unknown_format",
            Self::Ambiguous { .. } => "ambiguous_format",
            Self::Unreadable { .. } => "unreadable",
            Self::NotUtf8 => "encoding",
            Self::Changed => "changed",
            Self::Impossible(_) => "bug",
            Self::Unavailable { .. } => "io",
            Self::Unbalanced { .. } => "unbalanced",
            Self::Unproven { .. } => "unproven",
            Self::Contradicted { .. } => "contradicted",
            Self::UnknownCompany { .. } => "unknown_company",
            Self::WrongCompany { .. } | Self::SeveralCompanies { .. } => "wrong_company",
            Self::WrongClient { .. } => "wrong_client",
        }
    }

    /// Returns whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Changed => Fault::Changed,
            Self::Impossible(_) => Fault::Bug,
            Self::Unavailable { .. } => Fault::Unavailable,
            Self::UnknownCompany { .. } => Fault::Unrouted,
            Self::WrongCompany { .. }
            | Self::SeveralCompanies { .. }
            | Self::WrongClient { .. } => Fault::Misrouted,
            Self::Empty
            | Self::NoFile
            | Self::TooLarge { .. }
            | Self::NotAFile { .. }
            | Self::Archive { .. }
            | Self::Mail { .. }
            | Self::UnknownFormat { .. }
            | Self::Ambiguous { .. }
            | Self::Unreadable { .. }
            | Self::NotUtf8
            | Self::Unbalanced { .. }
            | Self::Unproven { .. }
            | Self::Contradicted { .. } => Fault::File,
        }
    }

    /// Returns what the file is, where that is understood although no format reads it.
    pub fn understood_as(&self) -> Option<&'static str> {
        match self {
            Self::UnknownFormat { looks_like, is_understood: true, .. } => *looks_like,
            _ => None,
        }
    }

    /// Returns the line that the refusal is about, where there is one.
    pub fn line(&self) -> Option<Line> {
        match self {
            Self::Unreadable { line, .. } => *line,
            Self::Unbalanced { line, .. }
            | Self::Unproven { line, .. }
            | Self::Contradicted { line, .. } => Some(*line),
            _ => None,
        }
    }

    /// Returns what the user can do next.
    pub fn advice(&self) -> &str {
        match self {
            Self::Empty => "download or save the file again",
            Self::NoFile => "see that its disk or network share is mounted",
            Self::TooLarge { .. } => "download it again in shorter periods",
            Self::NotAFile { what: "folder" } => "name the files themselves, as in FOLDER/*",
            Self::NotAFile { .. } => "put a copy of the file itself in its place",
            Self::Archive { .. } => "download it again, or unpack it and import the files in it",
            Self::Mail { .. } => {
                "save it again as a whole (.eml), or save its attachments and import those"
            }
            Self::UnknownFormat { advice, .. } => advice,
            Self::Ambiguous { .. } => "say which it is with --format",
            Self::Unreadable { .. } | Self::NotUtf8 => {
                "download it again; if it stays so, the sender changed it"
            }
            Self::Changed => "import it again when nothing writes to it any more",
            Self::Impossible(_) => Impossible::ADVICE,
            Self::Unavailable { .. } => {
                "see that its disk or network share is there, then import it again"
            }
            Self::Unbalanced { .. } | Self::Unproven { .. } => {
                "download it again, or ask its sender for a whole one; let in with \
                 --accept-unbalanced, the books have the same gap"
            }
            Self::Contradicted { .. } => {
                "ask the bank which amount is right; where this file is right, take the other import \
                 out (`vama undo`), then import this one"
            }
            Self::UnknownCompany { account: None, .. } => {
                "name the company with -c SLUG: no account tells whose such a file is"
            }
            Self::UnknownCompany { .. } => {
                "name the company with -c SLUG; with `vama company account add SLUG ACCOUNT` it gets \
                 such files by itself"
            }
            Self::WrongCompany { by, .. } => by.advice_on_account(),
            Self::SeveralCompanies { .. } => {
                "ask its sender for a file of each company; where an account was given to the wrong \
                 company: `vama company account move`"
            }
            Self::WrongClient { by, .. } => by.advice_on_client(),
        }
    }
}

/// Slugs that a message lists at most; of the others it says how many.
const LISTED_MAX: usize = 10;

/// Returns the slugs of the companies, as the end of a sentence that begins with `there`.
pub(crate) fn list(known: &[String]) -> String {
    match known {
        [] => "are none yet".to_owned(),
        [one] => format!("is only {one}"),
        many => {
            let shown: Vec<&str> = many.iter().take(LISTED_MAX).map(String::as_str).collect();
            let rest = many.len() - shown.len();
            let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            format!("are {}{more}", shown.join(", "))
        }
    }
}

/// Returns a size as people say it, rounded down.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match UNITS.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => {
            let tenths = bytes / (unit / 10).max(1);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_too_large_is_told_in_units_that_people_use() {
        let told = |bytes, max| Refusal::TooLarge { bytes, max }.to_string();
        assert_eq!(
            told(3 << 30, 2 << 30),
            "the file has 3.0 GiB, more than the 2.0 GiB that are read"
        );
        assert_eq!(told(10, 9), "the file has 10 bytes, more than the 9 bytes that are read");
    }

    #[test]
    fn companies_are_listed_as_far_as_a_line_holds_them() {
        let slugs: Vec<String> = (1..=12).map(|n| format!("firma-{n}")).collect();
        assert_eq!(list(&[]), "are none yet");
        assert_eq!(list(&slugs[..1]), "is only firma-1");
        assert_eq!(list(&slugs[..2]), "are firma-1, firma-2");
        assert!(list(&slugs).ends_with("firma-10 and 2 more"), "{}", list(&slugs));
    }
}
