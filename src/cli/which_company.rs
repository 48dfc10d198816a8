//! `--company`: whose the files are.

/// The company that files go into.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
pub(super) struct WhichCompany {
    /// The company; else the file's own account decides
    #[arg(short, long, value_name = "SLUG")]
    pub(super) company: Option<String>,

    /// Let a file into the company of -c although the client that it names is another company: where a
    /// shop was renamed, or two share a contract with the courier
    #[arg(long, requires = "company")]
    pub(super) company_anyway: bool,
}
