//! `vama desktop`: what the launcher says of itself, and what the command says.

use std::path::Path;

/// The program in a menu, and behind "Open with".
pub const NAME: &str = "vama";

/// What kind of program it is.
pub const GENERIC_NAME: &str = "Bank Statement Importer";

/// What it is for, as a menu shows it below the name.
pub const COMMENT: &str = "Import bank statements, borderouri, card batches, orders and invoices";

/// Words that somebody may type to find the program.
pub const KEYWORDS: [&str; 8] =
    ["bank", "statement", "import", "accounting", "MT940", "GLS", "Netopia", "borderou"];

/// What a file manager calls an MT940 file.
pub const MT940_FILE: &str = "Bank statement (MT940)";

/// The comment in the launcher's file, and in that of its file types.
pub const WHO_MADE_IT: &str =
    "Made by `vama desktop install`; `vama desktop remove` takes it away.";

/// What a window says before it closes.
pub const PRESS_ENTER: &str = "Press Enter to close this window.";

/// Says that nothing was there to be removed.
pub const NOTHING_TO_REMOVE: &str = "nothing to remove: there is no launcher of vama";

/// Says which files were made.
pub fn installed(files: &[&Path]) -> String {
    format!("installed the launcher, and vama among the programs of \"Open with\":{}", list(files))
}

/// Says which files were removed.
pub fn removed(files: &[&Path]) -> String {
    format!("removed:{}", list(files))
}

fn list(files: &[&Path]) -> String {
    files.iter().map(|file| format!("\n  {}", file.display())).collect()
}

/// Says that another file stands in the place of one of ours.
pub fn not_ours(file: &Path) -> String {
    format!("{} is there already, and not made by vama", file.display())
}

/// What to do about that.
pub const NOT_OURS_ADVICE: &str = "move it away, then run this again";

/// Says that `remove` leaves a file where it is.
pub fn left_alone(file: &Path) -> String {
    format!("note: {} stays: it was not made by vama", file.display())
}

/// Says for which file types vama is not listed, since a double click would then start vama.
pub fn left_out(kinds: &[&str]) -> String {
    format!(
        "note: for {} vama stands under the other applications of \"Open with\": this desktop has no \
         default for them, and a double click would start vama\n  next: set a default, then run this again",
        kinds.join(", ")
    )
}

/// Says that the URL of the database holds a password.
pub const PASSWORD: &str =
    "the database URL holds a password, which the launcher would keep for anybody to read";

/// What to do about that.
pub const PASSWORD_ADVICE: &str = "leave it out of the URL, and write it into ~/.pgpass";

/// The variables of libpq that name a database.
pub const PG_VARIABLES: &str = "PGHOST and its kin";

/// Says that the database is named by variables that only the shell has.
pub fn database_not_seen(variables: &str) -> String {
    format!(
        "note: the launcher does not see {variables} of this shell, so it would use another database\n  \
         next: vama desktop install --database-url URL keeps the URL in the launcher, without a password"
    )
}

/// Says that the password is in a variable that only the shell has.
pub const PASSWORD_NOT_SEEN: &str = "note: the launcher does not see PGPASSWORD of this shell\n  \
     next: write the password into ~/.pgpass";

/// Says that the user has no home folder.
pub const NO_HOME: &str = "this user has no home folder to install the launcher in";

/// Says that the path of the program is not known.
pub const NO_PROGRAM: &str = "cannot tell where this program stands";

/// Says that a launcher cannot name the path of the program.
pub fn unspeakable(program: &Path) -> String {
    format!("a launcher cannot name {}: found = or no UTF-8 in it", program.display())
}

/// What to do about that.
pub const UNSPEAKABLE_ADVICE: &str = "put vama into a folder with a plainer name";

/// Says that a file of the launcher cannot be read.
pub fn cannot_read(file: &Path) -> String {
    format!("cannot read {}", file.display())
}

/// Says that a file of the launcher cannot be written.
pub fn cannot_write(file: &Path) -> String {
    format!("cannot write {}", file.display())
}

/// Says that a file of the launcher cannot be removed.
pub fn cannot_remove(file: &Path) -> String {
    format!("cannot remove {}", file.display())
}

/// Says that the program which refreshes the desktop's lists is not installed.
pub fn no_refresh(program: &str) -> String {
    format!("{program} is not installed; the desktop will see the change when it starts anew")
}

/// Says that the program which refreshes the desktop's lists failed.
pub fn refresh_failed(program: &str, said: &str) -> String {
    format!("{program} failed: {said}")
}

/// How to make a Quick Action on macOS; `script` is its AppleScript.
pub fn mac_steps(script: &str) -> String {
    let script: String = script.lines().map(|line| format!("\n       {line}")).collect();
    format!(
        "Three steps make \"Open with vama\" a Quick Action of Finder:\n\
         \x20 1. Open Automator, choose File > New > Quick Action, and let the workflow receive current\n     \
         \"files or folders\" in \"Finder\".\n\
         \x20 2. Add the action \"Run AppleScript\", and put this in the place of its text:{script}\n\
         \x20 3. Save it as \"Open with vama\". Finder has it under Quick Actions when you Control-click\n     \
         files; the first time, allow it to control Terminal."
    )
}

/// How to take it away again.
pub const MAC_REMOVAL: &str = "Finder's Quick Action is a file: move \
     ~/Library/Services/Open with vama.workflow to the Trash.";

/// How to put vama into the SendTo folder on Windows; `target` is what the shortcut starts.
pub fn windows_steps(target: &str) -> String {
    format!(
        "Three steps put vama into the menu Send to:\n\
         \x20 1. Press Win+R, type shell:sendto, and press Enter.\n\
         \x20 2. Right-click in the folder that opens, choose New > Shortcut, and type as its location:\n       \
         {target}\n\
         \x20 3. Name it vama. Right-click files, choose Send to > vama (on Windows 11 under Show more\n     \
         options)."
    )
}

/// How to take it away again.
pub const WINDOWS_REMOVAL: &str =
    "Send to has a shortcut: press Win+R, type shell:sendto, press Enter, and delete vama there.";
