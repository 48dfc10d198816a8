//! What the program says of itself.

use crate::program::{run, vama};

const COMMANDS: [&[&str]; 40] = [
    &[],
    &["import"],
    &["check"],
    &["log"],
    &["company"],
    &["company", "create"],
    &["company", "list"],
    &["company", "show"],
    &["credentials"],
    &["credentials", "set"],
    &["credentials", "list"],
    &["credentials", "show"],
    &["credentials", "remove"],
    &["credentials", "rotate"],
    &["migrate"],
    &["demo"],
    &["sql"],
    &["company", "edit"],
    &["company", "activate"],
    &["company", "deactivate"],
    &["user"],
    &["user", "add"],
    &["user", "list"],
    &["user", "password"],
    &["user", "remove"],
    &["completions"],
    &["man"],
    &["company", "account"],
    &["company", "account", "add"],
    &["company", "account", "remove"],
    &["company", "grant"],
    &["company", "revoke"],
    &["company", "adopt"],
    &["company", "release"],
    &["company", "drop"],
    &["company", "backup"],
    &["company", "restore"],
    &["desktop"],
    &["desktop", "install"],
    &["desktop", "remove"],
];

#[test]
fn every_command_has_help_that_fits_a_screen() {
    let folder = tempfile::tempdir().unwrap();
    for words in COMMANDS {
        for flag in ["-h", "--help"] {
            let help = run(vama(folder.path()).env("COLUMNS", "100").args(words).arg(flag)).ends(0);
            assert!(help.stderr.is_empty(), "{}", help.stderr);
            assert!(help.stdout.contains("Usage: vama"), "{}", help.stdout);
            assert!(help.stdout.contains("--database-url"), "{}", help.stdout);
            for line in help.stdout.lines() {
                assert!(line.chars().count() <= 100, "{words:?}: {line}");
            }
        }
    }
}

#[test]
fn the_help_names_formats_and_exit_statuses() {
    let folder = tempfile::tempdir().unwrap();
    let help = run(vama(folder.path()).arg("--help")).ends(0).stdout;
    for status in ["0 all in", "1 failed", "2 usage", "3 in, but", "4 refused", "130/143"] {
        assert!(help.contains(status), "{status}: {help}");
    }
    let help = run(vama(folder.path()).args(["import", "--help"])).ends(0).stdout;
    for format in ["mt940", "gls", "netopia"] {
        assert!(help.contains(format), "{format}: {help}");
    }
}

#[test]
fn a_wrong_command_line_is_usage_and_says_what_would_be_right() {
    let folder = tempfile::tempdir().unwrap();
    let vama = |words: &[&str]| run(vama(folder.path()).args(words)).ends(2);
    vama(&[]).says("Usage: vama");
    vama(&["check"]).says("<FILE>");
    vama(&["import", "-c", "firma"]).says("no file is named").says("next: name files");
    vama(&["check", "--format", "pain", "a.sta"]).says("mt940, gls, sameday, netopia, emag");
    vama(&["log", "first"]).says("first");
    vama(&["company"]).says("create");
    vama(&["check", "--fast", "a.sta"]).says("--fast");
    vama(&["company", "edit", "firma"]).says("nothing is given that would change: expected --name");
    vama(&["user", "add", "ana", "-c", "firma", "--role", "sef"]).says("admin, user, viewer");
    vama(&["completions", "tcsh"]).says("bash, elvish, fish, powershell, zsh");
    vama(&["--database-url", "postgres://127.0.0.1:1/x", "demo"]).says("of its own");
    assert!(!folder.path().join("data").exists());
}
