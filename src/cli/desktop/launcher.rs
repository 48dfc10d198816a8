//! The launcher of a free desktop: two files in the user's data folder, and the desktop's lists of them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, str};

use anyhow::Context;

use super::associations::{Associations, LAUNCHER};
use super::entry;
use crate::cli::Global;
use crate::cli::desktop::words as text;
use crate::cli::output::{UsageError, show};

/// Where the two files are.
struct LauncherPaths {
    launcher: PathBuf,
    types: PathBuf,
    /// The folders of which the desktop keeps lists.
    applications: PathBuf,
    mime: PathBuf,
}

impl LauncherPaths {
    fn of(base: &directories::BaseDirs) -> Self {
        let (applications, mime) =
            (base.data_dir().join("applications"), base.data_dir().join("mime"));
        let types = mime.join("packages").join("vama.xml");
        Self { launcher: applications.join(LAUNCHER), types, applications, mime }
    }

    /// Has the desktop look at the folders again.
    fn refresh(&self) {
        refresh("update-mime-database", &self.mime);
        refresh("update-desktop-database", &self.applications);
    }
}

/// Installs the launcher of the program, which is to use the database of the URL.
pub(super) fn install(program: &Path, url: Option<&str>, global: &Global) -> anyhow::Result<()> {
    // The specification allows UTF-8 alone there, and has no way to write an equals sign.
    let Some(name) = program.to_str().filter(|name| !name.contains('=')) else {
        let reason = text::unspeakable(program);
        return Err(UsageError::with_advice(&reason, text::UNSPEAKABLE_ADVICE).into());
    };
    let base = directories::BaseDirs::new().context(text::NO_HOME)?;
    let places = LauncherPaths::of(&base);
    for file in [&places.launcher, &places.types] {
        if found(file)? == Occupant::Strange {
            let reason = text::not_ours(file);
            return Err(UsageError::with_advice(&reason, text::NOT_OURS_ADVICE).into());
        }
    }
    let associations = Associations::of(&base);
    let (listed, left_out): (Vec<_>, Vec<_>) =
        entry::COMMON_TYPES.iter().partition(|(kind, _)| !associations.would_take(kind));
    let listed: Vec<&str> = listed.iter().map(|(kind, _)| *kind).collect();
    write(&places.types, &entry::mime_types())?;
    write(&places.launcher, &entry::launcher(name, url, &listed))?;
    places.refresh();
    show(&text::installed(&[&places.launcher, &places.types]))?;
    if !left_out.is_empty() {
        let endings: Vec<&str> = left_out.iter().map(|(_, ending)| *ending).collect();
        global.note(&text::left_out(&endings));
    }
    Ok(())
}

/// Removes what [`install`] has made, and nothing else.
pub(super) fn remove(global: &Global) -> anyhow::Result<()> {
    let base = directories::BaseDirs::new().context(text::NO_HOME)?;
    let places = LauncherPaths::of(&base);
    let mut removed: Vec<&Path> = Vec::new();
    for file in [&places.launcher, &places.types] {
        match found(file)? {
            Occupant::Ours => {
                fs::remove_file(file).with_context(|| text::cannot_remove(file))?;
                removed.push(file);
            }
            Occupant::Strange => global.note(&text::left_alone(file)),
            Occupant::Nothing => {}
        }
    }
    if removed.is_empty() {
        return Ok(show(text::NOTHING_TO_REMOVE)?);
    }
    places.refresh();
    Ok(show(&text::removed(&removed))?)
}

/// What stands in the place of a file of ours.
#[derive(PartialEq)]
enum Occupant {
    Nothing,
    Ours,
    Strange,
}

fn found(file: &Path) -> anyhow::Result<Occupant> {
    match fs::read(file) {
        Ok(bytes) if str::from_utf8(&bytes).is_ok_and(|text| text.contains(entry::MARK)) => {
            Ok(Occupant::Ours)
        }
        Ok(_) => Ok(Occupant::Strange),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Occupant::Nothing),
        Err(error) => Err(error).with_context(|| text::cannot_read(file)),
    }
}

/// Writes the file as a whole or not at all, since a desktop may read it at any moment.
fn write(file: &Path, content: &str) -> anyhow::Result<()> {
    let folder = file.parent().unwrap_or(file);
    let written = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        new.write_all(content.as_bytes())?;
        new.persist(file)?;
        Ok(())
    };
    written().with_context(|| text::cannot_write(file))
}

/// Runs a program of the desktop on the folder; without that program the desktop sees the change
/// only later.
fn refresh(program: &str, folder: &Path) {
    match Command::new(program).arg(folder).output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            tracing::warn!("{}", text::refresh_failed(program, said.trim()));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            tracing::info!("{}", text::no_refresh(program));
        }
        Err(error) => tracing::warn!("{}", text::refresh_failed(program, &error.to_string())),
    }
}
