//! Which programs a desktop knows for a type of files, so that vama takes no other program's place.
//!
//! Where no default is set for a type, a desktop takes the first program that is listed for it, and
//! launchers in the user's own folder come first. If vama's launcher were the first, a double click
//! on any spreadsheet would import it.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The name of the launcher's file, by which desktops know it.
pub(super) const LAUNCHER: &str = "vama.desktop";

/// What the desktop's lists say.
pub(super) struct Associations {
    /// Files that set defaults (`mimeapps.list`).
    defaults: Vec<PathBuf>,
    /// Folders with launchers, and with the list of their types.
    applications: Vec<PathBuf>,
}

impl Associations {
    /// Finds the lists, in the places that the specification of MIME applications gives.
    pub(super) fn of(base: &directories::BaseDirs) -> Self {
        let config = folders(base.config_dir(), "XDG_CONFIG_DIRS", "/etc/xdg");
        let data = folders(base.data_dir(), "XDG_DATA_DIRS", "/usr/local/share:/usr/share");
        let applications: Vec<_> = data.iter().map(|it| it.join("applications")).collect();
        let desktops = env::var("XDG_CURRENT_DESKTOP").unwrap_or_default().to_ascii_lowercase();
        let own = desktops.split(':').filter(|name| !name.is_empty());
        // `defaults.list` is older than the specification, but Ubuntu still fills it.
        let names: Vec<String> = own
            .map(|name| format!("{name}-mimeapps.list"))
            .chain(["mimeapps.list".to_owned(), "defaults.list".to_owned()])
            .collect();
        let folders = config.iter().chain(&applications);
        let defaults = folders.flat_map(|it| names.iter().map(move |name| it.join(name)));
        Self { defaults: defaults.collect(), applications }
    }

    /// Returns whether a double click on a file of the type would start vama in the place of another
    /// program.
    pub(super) fn would_take(&self, kind: &str) -> bool {
        let set = self.defaults.iter().any(|file| {
            let programs = listed(file, "[Default Applications]", kind);
            programs.iter().any(|program| program == LAUNCHER || self.is_there(program))
        });
        !set && self.applications.iter().any(|folder| {
            let programs = listed(&folder.join("mimeinfo.cache"), "[MIME Cache]", kind);
            programs.iter().any(|program| program != LAUNCHER && self.is_there(program))
        })
    }

    /// Returns whether the launcher of that name exists; a hyphen in the name may stand for a
    /// folder.
    fn is_there(&self, launcher: &str) -> bool {
        let hyphens = launcher.matches('-').count();
        self.applications.iter().any(|folder| {
            (0..=hyphens).any(|count| folder.join(launcher.replacen('-', "/", count)).is_file())
        })
    }
}

/// Returns the user's folder and those of the system, which a variable may name.
fn folders(own: &Path, variable: &str, usual: &str) -> Vec<PathBuf> {
    let named = env::var_os(variable).filter(|value| !value.is_empty());
    let named = named.unwrap_or_else(|| usual.into());
    let system: Vec<PathBuf> = env::split_paths(&named).collect();
    [vec![own.to_owned()], system].concat()
}

/// Returns the launchers that a section of the file lists for the type; none where there is no file.
fn listed(file: &Path, section: &str, kind: &str) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let lines = text.lines().map(str::trim).skip_while(|line| *line != section).skip(1);
    let mut within = lines.take_while(|line| !line.starts_with('['));
    let value = within.find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim_end() == kind).then(|| value.to_owned())
    });
    let value = value.unwrap_or_default();
    value.split(';').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A desktop with an office program that is listed for spreadsheets.
    fn desktop(defaults: &str) -> (tempfile::TempDir, Associations) {
        let folder = tempfile::tempdir().unwrap();
        let (list, applications) = (folder.path().join("mimeapps.list"), folder.path().join("a"));
        fs::create_dir_all(applications.join("office")).unwrap();
        fs::write(applications.join("office/calc.desktop"), "").unwrap();
        let cache = "[MIME Cache]\ntext/csv=office-calc.desktop;vama.desktop;\n\
                     text/plain=vama.desktop;\napplication/zip=gone.desktop;\n";
        fs::write(applications.join("mimeinfo.cache"), cache).unwrap();
        fs::write(&list, defaults).unwrap();
        let associations = Associations { defaults: vec![list], applications: vec![applications] };
        (folder, associations)
    }

    #[test]
    fn where_no_default_is_set_another_program_stays_the_first() {
        let (_folder, desktop) = desktop("[Added Associations]\ntext/csv=vama.desktop\n");
        assert!(desktop.would_take("text/csv"));
    }

    #[test]
    fn a_default_that_is_there_stays_one() {
        let (_folder, desktop) =
            desktop("[Default Applications]\ntext/csv=gone.desktop; office-calc.desktop\n[x]\n");
        assert!(!desktop.would_take("text/csv"));
    }

    #[test]
    fn a_default_that_is_gone_is_none() {
        let (_folder, desktop) = desktop("[Default Applications]\ntext/csv=gone.desktop;\n");
        assert!(desktop.would_take("text/csv"));
    }

    #[test]
    fn whom_the_user_has_made_the_default_is_it() {
        let (_folder, desktop) = desktop("[Default Applications]\ntext/csv=vama.desktop\n");
        assert!(!desktop.would_take("text/csv"));
    }

    #[test]
    fn where_nobody_else_is_nobody_is_displaced() {
        let (_folder, desktop) = desktop("");
        for kind in ["text/plain", "application/zip", "message/rfc822"] {
            assert!(!desktop.would_take(kind), "{kind}");
        }
    }
}
