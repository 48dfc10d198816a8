//! A whole file that is not let in, and what to do about it.
//!
//! A damaged record is no refusal: it is held (see [`crate::record::Damaged`]) and the rest of its
//! file goes in. Two types, so that the difference cannot be lost on the way up.

use rust_decimal::Decimal;

use crate::record::Line;

/// Why a file was not let in.
///
/// The text says place, what was found and what was expected. It never holds names, whole
/// accounts or narratives.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There are no bytes in it.
    #[error("the file is empty")]
    Empty,
    /// More bytes than one file may have.
    #[error("the file has {bytes} bytes, more than the {max} that are read")]
    TooLarge {
        /// How many it has.
        bytes: u64,
        /// How many are read at most.
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
        /// Which limit, or what is broken.
        reason: String,
    },
    /// No format recognises the content.
    #[error("no known format matches{}", looks_like.map(|it| format!(": it looks like {it}")).unwrap_or_default())]
    UnknownFormat {
        /// What the first bytes say it is, where they do.
        looks_like: Option<&'static str>,
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
        /// Where, if anywhere in particular.
        line: Option<Line>,
        /// What was found and what was expected.
        reason: String,
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
    /// What would prove that the file is whole is missing or unreadable.
    #[error("line {line}: {reason}")]
    Unproven {
        /// Where.
        line: Line,
        /// What is missing.
        reason: String,
    },
    /// No company has the account, and none was named.
    #[error("no company has the account {account}")]
    UnknownCompany {
        /// The account, shortened.
        account: String,
    },
    /// The account belongs to another company than the one named.
    #[error("the account {account} belongs to {owner}, not to {named}")]
    WrongCompany {
        /// The account, shortened.
        account: String,
        /// Slug of the company that has it.
        owner: String,
        /// Slug of the company that was named.
        named: String,
    },
}

impl Refusal {
    /// Returns a refusal of an unreadable file, with its place.
    pub fn unreadable(line: Line, reason: impl Into<String>) -> Self {
        Self::Unreadable { line: Some(line), reason: reason.into() }
    }

    /// Returns the stable word for the JSON report.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too_large",
            Self::NotAFile { .. } => "not_a_file",
            Self::Archive { .. } => "archive",
            Self::UnknownFormat { .. } => "unknown_format",
            Self::Ambiguous { .. } => "ambiguous_format",
            Self::Unreadable { .. } => "unreadable",
            Self::Unbalanced { .. } => "unbalanced",
            Self::Unproven { .. } => "unproven",
            Self::UnknownCompany { .. } => "unknown_company",
            Self::WrongCompany { .. } => "wrong_company",
        }
    }

    /// Returns the line that the refusal is about, where there is one.
    pub fn line(&self) -> Option<Line> {
        match self {
            Self::Unreadable { line, .. } => *line,
            Self::Unbalanced { line, .. } | Self::Unproven { line, .. } => Some(*line),
            _ => None,
        }
    }

    /// Returns what the user can do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Empty => "download or save the file again",
            Self::TooLarge { .. } => "ask the sender for it in shorter periods",
            Self::NotAFile { .. } => "name the files themselves",
            Self::Archive { .. } => "download it again, or unpack it and import the files in it",
            Self::UnknownFormat { .. } => {
                "vama reads MT940 and MT942 statements, GLS borderouri (xlsx) and Netopia batches \
                 (csv); export the file again as one of these"
            }
            Self::Ambiguous { .. } => "say which it is with --format",
            Self::Unreadable { .. } => "download it again; if it stays so, the sender changed it",
            Self::Unbalanced { .. } | Self::Unproven { .. } => {
                "download it again; if it stays so and you know why, import it with \
                 --accept-unbalanced"
            }
            Self::UnknownCompany { .. } => {
                "name the company with -c SLUG, or give it the account when creating it \
                 (vama company create … --account ACCOUNT)"
            }
            Self::WrongCompany { .. } => "import it without -c, or name the right company",
        }
    }
}
