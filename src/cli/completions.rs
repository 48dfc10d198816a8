//! `vama completions`: what a shell needs to complete the words of vama's command lines.

use clap::CommandFactory;
use clap_complete::Shell;

use super::Cli;
use super::output::show_exactly;

/// Write the completions of vama's commands for a shell to stdout
///
/// bash: `vama completions bash > ~/.local/share/bash-completion/completions/vama`. zsh: into a file _vama in a
/// folder of $fpath. fish: `vama completions fish > ~/.config/fish/completions/vama.fish`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "vama", &mut script);
    Ok(show_exactly(String::from_utf8(script)?.trim_end())?)
}
