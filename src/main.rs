//! The `vama` command: reads the arguments, runs, chooses the exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    vama::main()
}
