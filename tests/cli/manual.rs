//! The pages of the manual, and the completions for shells.

use std::fs;

use crate::program::{run, vama};

#[test]
fn the_manual_has_a_page_for_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let told = run(vama(folder.path()).args(["man", "share/man1"])).ends(0);
    let pages: Vec<_> = fs::read_dir(folder.path().join("share/man1")).unwrap().collect();
    assert_eq!(told.stdout, format!("wrote {} pages into share/man1\n", pages.len()));
    for (page, words) in [
        ("vama.1", "FILE…"),
        ("vama-import.1", "company\\-anyway"),
        ("vama-company-edit.1", "<KEY=JSON>"),
        ("vama-company-account-move.1", "with\\-imports"),
        ("vama-user-add.1", "database\\-url"),
    ] {
        let text = fs::read_to_string(folder.path().join("share/man1").join(page)).unwrap();
        assert!(text.contains(words), "{page}: {text}");
        // A page does not tell where or when it was made, so that two builds are the same.
        assert!(!text.contains(folder.path().to_str().unwrap()), "{page}");
    }
    fs::write(folder.path().join("file"), "").unwrap();
    run(vama(folder.path()).args(["man", "file"])).ends(1).says("cannot make file");
}

#[test]
fn completions_name_every_command_and_need_no_database() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(vama(folder.path()).args(["completions", shell])).ends(0).stdout;
        for word in ["import", "deactivate", "password-stdin", "completions"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert!(!folder.path().join("data").exists());
}

#[test]
fn the_version_is_that_of_the_package() {
    let folder = tempfile::tempdir().unwrap();
    let told = run(vama(folder.path()).arg("--version")).ends(0).stdout;
    assert!(told.starts_with(concat!("vama ", env!("CARGO_PKG_VERSION"))), "{told}");
}
