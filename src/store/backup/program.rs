//! Which `pg_dump` of this machine fits the server.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::BackupError;

/// Where packages put programs that are not on the PATH; a `*` stands for any folder.
const FOLDERS: [&str; 4] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/libpq/bin",
    "/usr/local/opt/libpq/bin",
];

/// Returns the `pg_dump` for a server of that version, out of the PATH and the usual folders.
pub(crate) fn find(server: u32) -> Result<PathBuf, BackupError> {
    let path = env::var_os("PATH").unwrap_or_default();
    let usual = FOLDERS.iter().flat_map(|pattern| folders_like(pattern));
    choose(env::split_paths(&path).chain(usual), server)
}

/// Takes the `pg_dump` of the server's own version, else the nearest newer one: an older `pg_dump`
/// may not know all that the server has, and refuses.
fn choose(folders: impl Iterator<Item = PathBuf>, server: u32) -> Result<PathBuf, BackupError> {
    let mut found = Vec::new();
    for folder in folders {
        let program = folder.join(format!("pg_dump{}", env::consts::EXE_SUFFIX));
        match major_version(&program) {
            Some(version) if version == server => return Ok(program),
            Some(version) => found.push((version, program)),
            None => {}
        }
    }
    found.sort();
    found.dedup_by_key(|(version, _)| *version);
    match found.iter().position(|(version, _)| *version > server) {
        Some(nearest) => Ok(found.swap_remove(nearest).1),
        None => {
            let found = found.into_iter().map(|(version, _)| version).collect();
            Err(BackupError::NoProgram { found, needed: server })
        }
    }
}

/// Returns the folders that the pattern stands for.
fn folders_like(pattern: &str) -> Vec<PathBuf> {
    let Some((start, end)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let (parent, name) = start.rsplit_once('/').unwrap_or_default();
    let entries = fs::read_dir(parent).into_iter().flatten().flatten().map(|entry| entry.path());
    let fits = |path: &PathBuf| {
        path.file_name().and_then(OsStr::to_str).is_some_and(|it| it.starts_with(name))
    };
    entries.filter(fits).map(|path| path.join(end.trim_start_matches('/'))).collect()
}

/// Returns the major version that the program says it has: for `pg_dump (PostgreSQL) 15.18 (Debian
/// …)` 15.
fn major_version(program: &Path) -> Option<u32> {
    if !program.is_file() {
        return None;
    }
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let version =
        text.split_whitespace().find(|it| it.starts_with(|c: char| c.is_ascii_digit()))?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// Makes folders whose `pg_dump` says these things of itself.
    fn folders(sayings: &[&str]) -> (tempfile::TempDir, Vec<PathBuf>) {
        let root = tempfile::tempdir().unwrap();
        let folders: Vec<PathBuf> =
            (0..sayings.len()).map(|it| root.path().join(it.to_string())).collect();
        for (folder, saying) in folders.iter().zip(sayings) {
            fs::create_dir(folder).unwrap();
            let program = folder.join("pg_dump");
            fs::write(&program, format!("#!/bin/sh\necho '{saying}'\n")).unwrap();
            fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
        }
        (root, folders)
    }

    fn chosen(sayings: &[&str], server: u32) -> Result<PathBuf, BackupError> {
        let (root, folders) = folders(sayings);
        let nowhere = root.path().join("nowhere");
        let found = choose(std::iter::once(nowhere).chain(folders), server)?;
        Ok(found.strip_prefix(root.path()).unwrap().to_owned())
    }

    #[test]
    fn the_servers_own_version_goes_before_newer_ones_and_older_ones_do_not_count() {
        let here = [
            "pg_dump (PostgreSQL) 14.3",
            "pg_dump (PostgreSQL) 18beta1",
            "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)",
            "pg_dump (PostgreSQL) 17.5",
        ];
        for (server, folder) in [(15, "2"), (16, "3"), (17, "3"), (18, "1"), (14, "0")] {
            assert_eq!(chosen(&here, server).unwrap(), Path::new(folder).join("pg_dump"));
        }
    }

    #[test]
    fn where_none_fits_the_error_names_what_was_found() {
        let told = |sayings: &[&str]| chosen(sayings, 17).unwrap_err().to_string();
        assert_eq!(
            told(&["pg_dump (PostgreSQL) 15.1", "pg_dump (PostgreSQL) 9.6.24", "no version"]),
            "found pg_dump of version 9, 15, expected pg_dump of version 17 as the server, or newer"
        );
        assert_eq!(
            told(&[]),
            "found no pg_dump, expected pg_dump of version 17 as the server, or newer"
        );
    }

    #[test]
    fn a_star_stands_for_any_folder() {
        let root = tempfile::tempdir().unwrap();
        for name in ["15/bin", "17/bin", "old-16/bin"] {
            fs::create_dir_all(root.path().join(name)).unwrap();
        }
        let like = |pattern: &str| {
            let mut found = folders_like(&format!("{}/{pattern}", root.path().display()));
            found.sort();
            let relative = found.iter().map(|it| it.strip_prefix(root.path()).unwrap());
            relative.map(|it| it.display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(like("1*/bin"), ["15/bin", "17/bin"]);
        assert_eq!(like("old-*/bin"), ["old-16/bin"]);
        assert_eq!(like("15/bin"), ["15/bin"]);
    }
}
