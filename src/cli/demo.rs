use super::Global;
use crate::report::ExitStatus;

/// Show what vama does: a company, a month of files and a database of its own
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) async fn run(_arguments: &Arguments, _global: &Global) -> anyhow::Result<ExitStatus> {
    Ok(ExitStatus::Done)
}
