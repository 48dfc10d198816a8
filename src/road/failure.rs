//! Why a file is not in, as its report says it, and what a person could answer so that it goes in.

use serde::Serialize;

use crate::fault::{ExitStatus, Fault, Refusal};
use crate::record::Line;
use crate::store::StoreError;

/// What a person can answer about a file that is not in, so that it goes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// There is no company yet: which is to be made?
    FirstCompany,
    /// Whose is the file?
    Company,
    /// The client that the file names is another company: does the file go into the chosen one all
    /// the same?
    WrongClient {
        /// Slug of the company that has the client's name.
        client: String,
        /// Slug of the company that was chosen.
        chosen: String,
    },
}

/// Why a file is not in.
#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    /// A word for the kind of failure; scripts may rely on it.
    pub kind: &'static str,
    /// What was found and what was expected.
    pub message: String,
    /// The line of the file, where the failure has one.
    pub line: Option<Line>,
    /// What to do next.
    pub advice: Option<String>,
    /// Whose fault it is.
    #[serde(skip)]
    pub fault: Fault,
    /// What the file is, where that is understood although no format reads it.
    #[serde(skip)]
    pub understood_as: Option<&'static str>,
    /// Whether no format knows the file.
    #[serde(skip)]
    pub is_unknown_format: bool,
    /// What a person can be asked, so that the file goes in.
    #[serde(skip)]
    pub question: Option<Question>,
}

impl From<&Refusal> for Failure {
    fn from(refusal: &Refusal) -> Self {
        Self {
            kind: refusal.kind(),
            message: refusal.to_string(),
            line: refusal.line(),
            advice: Some(refusal.advice().to_owned()),
            fault: refusal.fault(),
            understood_as: refusal.understood_as(),
            is_unknown_format: matches!(refusal, Refusal::UnknownFormat { .. }),
            question: Question::of_refusal(refusal),
        }
    }
}

impl From<&StoreError> for Failure {
    fn from(error: &StoreError) -> Self {
        if let StoreError::File(refusal) = error {
            return refusal.into();
        }
        let fault = error.fault();
        let kind = match fault.exit() {
            ExitStatus::TryAgain => "connection",
            ExitStatus::Outdated => "schema",
            ExitStatus::Refused => match error {
                StoreError::UnknownCompany { .. } => "unknown_company",
                StoreError::InactiveCompany { .. } => "inactive_company",
                StoreError::InTheWay(_) => "in_the_way",
                _ => "refused",
            },
            _ => "database",
        };
        Self {
            kind,
            message: error.with_cause(),
            line: None,
            advice: error.advice().map(str::to_owned),
            fault,
            understood_as: None,
            is_unknown_format: false,
            question: Question::of_store(error),
        }
    }
}

impl Question {
    fn of_refusal(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::UnknownCompany { known, .. } if known.is_empty() => Some(Self::FirstCompany),
            Refusal::UnknownCompany { .. } => Some(Self::Company),
            Refusal::WrongClient { client, chosen, .. } => {
                Some(Self::WrongClient { client: client.clone(), chosen: chosen.clone() })
            }
            _ => None,
        }
    }

    fn of_store(error: &StoreError) -> Option<Self> {
        match error {
            StoreError::UnknownCompany { known, .. } if known.is_empty() => {
                Some(Self::FirstCompany)
            }
            error if error.is_without_registry() => Some(Self::FirstCompany),
            _ => None,
        }
    }
}

impl Failure {
    /// Makes the failure of a file that is not read, since the system gives no thread to read it
    /// on.
    pub fn no_threads(error: &dyn std::error::Error) -> Self {
        let advice = "end other programs, and try again";
        Self::unreadable(format!("cannot be read: {error}"), advice)
    }

    /// Makes the failure of a file that the operating system does not let vama read.
    pub fn unreadable(message: String, advice: &str) -> Self {
        Self {
            kind: "io",
            message,
            line: None,
            advice: Some(advice.to_owned()),
            fault: Fault::Unreadable,
            understood_as: None,
            is_unknown_format: false,
            question: None,
        }
    }
}
