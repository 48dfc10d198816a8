//! The `vama` command.
fn main() {}
