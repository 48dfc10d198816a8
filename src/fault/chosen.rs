//! How the company of a file was chosen, and what to do where the file is another company's.

/// How the company of a file was chosen, where the file's accounts did not decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChosenBy {
    /// By its name: `-c`, or the argument of a function.
    Name,
    /// By the folder that the file lies in.
    Folder,
    /// By an answer at the terminal.
    Answer,
}

impl ChosenBy {
    /// Returns what to do with a file whose account belongs to another company.
    pub(super) fn advice_on_account(self) -> &'static str {
        match self {
            Self::Name => {
                "import it without -c, and it goes there by itself; where the account was given to \
                 the wrong company: `vama company account move ACCOUNT SLUG`"
            }
            Self::Folder => {
                "move it into the folder of that company; where the account was given to the wrong \
                 company: `vama company account move ACCOUNT SLUG`"
            }
            Self::Answer => {
                "import it again and choose that company; where the account was given to the wrong \
                 company: `vama company account move ACCOUNT SLUG`"
            }
        }
    }

    /// Returns what to do with a file whose client is another company.
    pub(super) fn advice_on_client(self) -> &'static str {
        match self {
            Self::Name => {
                "name that company with -c; where this one is right all the same: --company-anyway"
            }
            Self::Folder => {
                "move it into the folder of that company; where this one is right all the same, give \
                 it the file's account: `vama company account add SLUG ACCOUNT`"
            }
            Self::Answer => "import it again and choose that company",
        }
    }
}
