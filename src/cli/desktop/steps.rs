//! What somebody pastes on macOS and Windows, with the path of the program in it.

use std::path::Path;

use crate::cli::output::in_quotes;

/// Returns the AppleScript that opens the chosen files in a window of Terminal.
pub(super) fn apple_script(program: &Path, url: Option<&str>) -> String {
    let database = url.map(|url| format!(" --database-url {}", in_quotes(url))).unwrap_or_default();
    let command = format!("exec {}{database} desktop open", in_quotes(&program.to_string_lossy()));
    let command = command.replace('\\', "\\\\").replace('"', "\\\"");
    // Terminal runs a login shell, whose settings may name the database; `exec` ends the shell
    // together with vama.
    format!(
        "on run {{input, parameters}}\n\
         \x20   set vamaCommand to \"{command}\"\n\
         \x20   repeat with oneFile in input\n\
         \x20       set vamaCommand to vamaCommand & \" \" & quoted form of (POSIX path of oneFile)\n\
         \x20   end repeat\n\
         \x20   tell application \"Terminal\"\n\
         \x20       activate\n\
         \x20       do script vamaCommand\n\
         \x20   end tell\n\
         \x20   return input\n\
         end run"
    )
}

/// Returns what a shortcut of Windows starts; Explorer adds the files behind it.
pub(super) fn shortcut(program: &Path, url: Option<&str>) -> String {
    // No path of Windows has a quotation mark, and no URL has one.
    let database = url.map(|url| format!(" --database-url \"{url}\"")).unwrap_or_default();
    format!("\"{}\"{database} desktop open", program.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::desktop::words as text;

    #[test]
    fn a_quick_action_quotes_for_the_shell_and_for_apple_script() {
        let script = apple_script(Path::new("/Users/ana/My \"Bin\"/it's/vama"), None);
        let line = script.lines().nth(1).unwrap().trim();
        assert_eq!(
            line,
            r#"set vamaCommand to "exec '/Users/ana/My \"Bin\"/it'\\''s/vama' desktop open""#
        );
        let script = apple_script(Path::new("/usr/local/bin/vama"), Some("postgres://db/books"));
        let line = script.lines().nth(1).unwrap().trim();
        assert_eq!(
            line,
            "set vamaCommand to \"exec '/usr/local/bin/vama' --database-url 'postgres://db/books' \
             desktop open\""
        );
    }

    #[test]
    fn the_steps_of_macos_are_three_and_hold_the_script() {
        let steps = text::mac_steps(&apple_script(Path::new("/usr/local/bin/vama"), None));
        insta::assert_snapshot!(steps, @r#"
        Three steps make "Open with vama" a Quick Action of Finder:
          1. Open Automator, choose File > New > Quick Action, and let the workflow receive current
             "files or folders" in "Finder".
          2. Add the action "Run AppleScript", and put this in the place of its text:
               on run {input, parameters}
                   set vamaCommand to "exec '/usr/local/bin/vama' desktop open"
                   repeat with oneFile in input
                       set vamaCommand to vamaCommand & " " & quoted form of (POSIX path of oneFile)
                   end repeat
                   tell application "Terminal"
                       activate
                       do script vamaCommand
                   end tell
                   return input
               end run
          3. Save it as "Open with vama". Finder has it under Quick Actions when you Control-click
             files; the first time, allow it to control Terminal.
        "#);
    }

    #[test]
    fn the_steps_of_windows_are_three_and_name_the_program() {
        let program = Path::new(r"C:\Program Files\vama\vama.exe");
        let steps = text::windows_steps(&shortcut(program, None));
        insta::assert_snapshot!(steps, @r#"
        Three steps put vama into the menu Send to:
          1. Press Win+R, type shell:sendto, and press Enter.
          2. Right-click in the folder that opens, choose New > Shortcut, and type as its location:
               "C:\Program Files\vama\vama.exe" desktop open
          3. Name it vama. Right-click files, choose Send to > vama (on Windows 11 under Show more
             options).
        "#);
        assert_eq!(
            shortcut(program, Some("postgres://db/books")),
            r#""C:\Program Files\vama\vama.exe" --database-url "postgres://db/books" desktop open"#
        );
    }
}
