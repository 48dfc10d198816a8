//! Builds vama anew when a migration is added: the migrations are part of the program. And tells it its
//! version, with the commit where a release is built from a clone.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=migrations/public");
    println!("cargo::rerun-if-changed=migrations/company");
    let version = env!("CARGO_PKG_VERSION");
    let version = match commit() {
        Some(commit) => format!("{version} ({commit})"),
        None => version.to_owned(),
    };
    println!("cargo::rustc-env=VAMA_VERSION={version}");
}

/// Returns the commit and its day, as git tells them of vama's own clone. The source may also come from a
/// tarball, which may lie inside the clone of something else.
fn commit() -> Option<String> {
    // While vama is worked on, each commit would compile all of it anew.
    if std::env::var("PROFILE").ok()? != "release" {
        return None;
    }
    let top = Path::new(&git(&["rev-parse", "--show-toplevel"])?).canonicalize().ok()?;
    if top != Path::new(env!("CARGO_MANIFEST_DIR")).canonicalize().ok()? {
        return None;
    }
    // The first changes with a checkout, the second with each commit.
    for file in ["HEAD", "logs/HEAD"] {
        let path = git(&["rev-parse", "--git-path", file])?;
        if Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    git(&["log", "-1", "--format=%h %cs"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
