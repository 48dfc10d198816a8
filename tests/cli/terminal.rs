//! A terminal with a person at it: tmux, whose screen can be read.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// Longer than anything that a test waits for.
const PATIENCE: Duration = Duration::from_secs(120);

/// A terminal with a server of its own, which goes with the test.
pub struct Terminal {
    folder: PathBuf,
    /// Is told whenever something was written to the screen.
    stirred: Receiver<()>,
}

impl Terminal {
    /// Runs a shell's command line in a terminal of that many columns; its exit status will be in the
    /// file `exit` of the folder.
    pub fn run(folder: &Path, line: &str, columns: u32) -> Self {
        let (stir, stirred) = mpsc::channel();
        let terminal = Self { folder: folder.to_owned(), stirred };
        let pipe = folder.join("screen");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        // The command line waits until somebody listens to the screen.
        let line = format!("read go; clear; {line}; echo $? > exit; echo; read stay");
        let columns = columns.to_string();
        terminal.tmux(&["new-session", "-d", "-x", &columns, "-y", "200", &line]);
        terminal.tmux(&["pipe-pane", "-O", "cat > screen"]);
        thread::spawn(move || {
            let mut screen = File::open(pipe).unwrap();
            let mut piece = [0; 4096];
            while screen.read(&mut piece).is_ok_and(|length| length > 0) && stir.send(()).is_ok() {}
        });
        terminal.keys("Enter");
        terminal
    }

    /// Gives tmux a command; returns what it says.
    fn tmux(&self, words: &[&str]) -> String {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(self.folder.join("tmux")).args(["-f", "/dev/null"]).args(words);
        let command = command.current_dir(&self.folder).env("LC_ALL", "C.UTF-8");
        let output = command.arg(";").output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Presses a key, by tmux's name for it.
    pub fn keys(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    /// Types a text, a key after the other.
    pub fn types(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
    }

    /// Pastes a text at once, as a terminal does when something is dropped on it: in brackets,
    /// where the program has asked for them.
    pub fn paste(&self, text: &str) {
        fs::write(self.folder.join("dropped"), text).unwrap();
        self.tmux(&["load-buffer", "dropped"]);
        self.tmux(&["paste-buffer", "-p", "-d"]);
    }

    /// Returns the screen, lines that it wraps as one.
    pub fn screen(&self) -> String {
        let screen = self.tmux(&["capture-pane", "-p", "-J"]);
        let lines: Vec<&str> = screen.trim_end().lines().map(str::trim_end).collect();
        lines.join("\n")
    }

    /// Waits until the screen shows a text so many times, and returns it.
    #[track_caller]
    pub fn until(&self, text: &str, times: usize) -> String {
        loop {
            let screen = self.screen();
            if screen.matches(text).count() >= times {
                return screen;
            }
            let stirred = self.stirred.recv_timeout(PATIENCE);
            assert!(stirred.is_ok(), "{text:?} is not shown:\n{screen}");
        }
    }

    /// Waits for the end of the command line, and returns its exit status.
    #[track_caller]
    pub fn exit(&self) -> i32 {
        loop {
            let status = fs::read_to_string(self.folder.join("exit")).unwrap_or_default();
            if let Ok(status) = status.trim().parse() {
                return status;
            }
            let stirred = self.stirred.recv_timeout(PATIENCE);
            assert!(stirred.is_ok(), "the command line does not end:\n{}", self.screen());
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}
