//! A running watcher, and what it says.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};
use std::{fs, thread};

use serde_json::Value;

use crate::program::Books;

/// Longer than anything that a test waits for; a watcher that says nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// A line that the watcher wrote.
pub enum Said {
    /// A file object on stdout.
    File(Value),
    /// A line of the log on stderr.
    Log(String),
}

/// A watcher in a process of its own; it is killed when the test leaves it.
pub struct Watching {
    child: Child,
    said: Receiver<Said>,
    /// All that was said so far, to be shown when a test fails.
    heard: Vec<String>,
}

impl Watching {
    /// Starts `vama watch DIR --json` with more arguments.
    pub fn start(books: &Books, folder: &Path, more: &[&str]) -> Self {
        let mut command = command(books);
        command.arg("watch").arg(folder).arg("--json").args(more);
        Self::of(&mut command)
    }

    /// Starts a command that becomes a watcher in the end.
    pub fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, said) = mpsc::channel();
        let json = |line: &str| Said::File(serde_json::from_str(line).unwrap());
        pass_on(child.stdout.take().unwrap(), sender.clone(), json);
        pass_on(child.stderr.take().unwrap(), sender, |line| Said::Log(line.to_owned()));
        Self { child, said, heard: Vec::new() }
    }

    /// Returns the next line that is said before the moment; an error where none is.
    fn next(&mut self, until: Instant) -> Result<Said, RecvTimeoutError> {
        let said = self.said.recv_timeout(until.saturating_duration_since(Instant::now()))?;
        self.heard.push(match &said {
            Said::File(file) => file.to_string(),
            Said::Log(line) => line.clone(),
        });
        Ok(said)
    }

    /// Waits until the log says this.
    #[track_caller]
    pub fn until(&mut self, expected: &str) -> String {
        let patience = Instant::now() + PATIENCE;
        loop {
            match self.next(patience) {
                Ok(Said::Log(line)) if line.contains(expected) => return line,
                Ok(_) => {}
                Err(error) => panic!("{expected:?} was not said: {error}\n{:#?}", self.heard),
            }
        }
    }

    /// Waits until it was said of that many files what became of them.
    #[track_caller]
    pub fn files(&mut self, count: usize) -> Vec<Value> {
        let patience = Instant::now() + PATIENCE;
        let mut files = Vec::new();
        while files.len() < count {
            match self.next(patience) {
                Ok(Said::File(file)) => files.push(file),
                Ok(Said::Log(_)) => {}
                Err(error) => {
                    panic!("{} of {count} files: {error}\n{:#?}", files.len(), self.heard)
                }
            }
        }
        files
    }

    /// Listens for so long, and returns whether nothing was said of any file.
    pub fn is_silent_for(&mut self, time: Duration) -> bool {
        let until = Instant::now() + time;
        loop {
            match self.next(until) {
                Ok(Said::File(_)) => return false,
                Ok(Said::Log(_)) => {}
                Err(_) => return true,
            }
        }
    }

    /// Listens for so long, and returns how many files were told of.
    pub fn files_within(&mut self, time: Duration) -> usize {
        let until = Instant::now() + time;
        let mut files = 0;
        while let Ok(said) = self.next(until) {
            files += usize::from(matches!(said, Said::File(_)));
        }
        files
    }

    /// Returns how often this was said so far.
    pub fn heard(&self, expected: &str) -> usize {
        self.heard.iter().filter(|line| line.contains(expected)).count()
    }

    /// Listens for so long, or until the watcher has ended.
    pub fn listen_for(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while self.next(until).is_ok() {}
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for the end, and returns exit status and log.
    pub fn ended(mut self) -> (i32, String) {
        let patience = Instant::now() + PATIENCE;
        while self.next(patience).is_ok() {}
        let status = self.child.wait().unwrap();
        (status.code().unwrap_or(-1), self.heard.join("\n"))
    }

    /// Asks the watcher to end, and asserts that it ends well.
    #[track_caller]
    pub fn end(self) -> String {
        self.signal("-TERM");
        let (exit, heard) = self.ended();
        assert_eq!(exit, 0, "{heard}");
        heard
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn pass_on(
    stream: impl Read + Send + 'static,
    sender: Sender<Said>,
    said: impl Fn(&str) -> Said + Send + 'static,
) {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(said(&line)).is_err() {
                return;
            }
        }
    });
}

/// Returns the program on the books' database, without what the environment says of any other.
pub fn command(books: &Books) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("vama"));
    for variable in ["DATABASE_URL", "PGHOST", "NO_COLOR", "NOTIFY_SOCKET", "WATCHDOG_USEC"] {
        command.env_remove(variable);
    }
    command.current_dir(books.path()).env("XDG_DATA_HOME", books.path().join("data"));
    command.args(["--database-url", &books.url]);
    command
}

/// Makes the folder that is watched.
pub fn inbox(books: &Books) -> PathBuf {
    let folder = books.path().join("inbox");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Returns the paths of all files below, from the folder, in order.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() && !path.is_symlink() {
                true => folders.push(path),
                false => found.push(path.strip_prefix(folder).unwrap().to_owned()),
            }
        }
    }
    found.sort();
    found
}

/// Returns the names in one of vama's own folders in the inbox; for `imported`, without the month.
pub fn names_in(folder: &Path, fate: &str) -> Vec<String> {
    let folder = folder.join(fate);
    if !folder.exists() {
        return Vec::new();
    }
    let name = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    files_below(&folder).into_iter().map(name).collect()
}
