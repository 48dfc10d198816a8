//! Files that no sender sent: those that other programs leave in a folder, and unfinished downloads
//! and copies.

use std::ffi::OsStr;

/// Beginnings of names that are left out: hidden files (among them the `._*` and `.DS_Store` of
/// macOS, and Syncthing's `.stfolder`, `.stversions`, `.syncthing.*`), the locks of Office, and
/// what Syncthing writes on Windows.
const STARTS: [&str; 3] = [".", "~$", "~syncthing~"];

/// Endings of names while a browser or a copying program still writes the file.
const ENDINGS: [&str; 4] = [".part", ".partial", ".crdownload", ".tmp"];

/// Whole names that are left out: what Windows and Synology keep in a folder for themselves.
const NAMES: [&str; 2] = ["thumbs.db", "@eadir"];

/// Returns whether a file or folder of that name is left out wherever files are looked for.
pub fn is_ignored(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_lowercase();
    STARTS.iter().any(|start| name.starts_with(start))
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
        || NAMES.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_programs_keep_beside_files_is_left_out() {
        for name in [
            ".hidden",
            "._extras.sta",
            ".DS_Store",
            "~$borderou.xlsx",
            "extras.sta.part",
            "extras.partial",
            "extras.sta.crdownload",
            "extras.TMP",
            "Thumbs.db",
            "@eaDir",
            ".stfolder",
            ".stversions",
            ".syncthing.extras.sta.tmp",
            "~syncthing~extras.sta.tmp",
        ] {
            assert!(is_ignored(OsStr::new(name)), "{name}");
        }
        for name in ["extras.sta", "part", "a.party", "~extras.sta", "thumbs.db.sta", "tmp"] {
            assert!(!is_ignored(OsStr::new(name)), "{name}");
        }
    }
}
