//! Programs from outside that a test looks through: not every machine has them.

use std::io::{self, Write};
use std::{env, thread};

/// Returns whether the program can be called; where it cannot, says on stderr which test leaves its
/// part out.
///
/// With `VAMA_TEST_TOOLS=1`, as in the gate, a program that is not there is a failure.
#[track_caller]
pub fn tool(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let there = env::split_paths(&path).any(|folder| folder.join(name).is_file());
    if !there {
        let required = env::var_os("VAMA_TEST_TOOLS").is_some_and(|value| value == "1");
        let thread = thread::current();
        let test = thread.name().unwrap_or("a test");
        let told = format!("{test}: {name} is not installed; what needs it is left out");
        assert!(!required, "{told}, but VAMA_TEST_TOOLS=1 asks for all of it");
        // Not by a macro, since the output of a macro is hidden where the test passes.
        drop(writeln!(io::stderr(), "{told}"));
    }
    there
}
