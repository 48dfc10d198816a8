//! What systemd is told of a watcher: that it is ready, that its loop is at work, and that it ends.

use std::fs;
use std::io::{PipeReader, Write, pipe};
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::common::server;
use crate::locked::Locked;
use crate::program::Books;
use crate::proxy::Proxy;
use crate::watching::{Watching, command, inbox};

/// Longer than anything that a test waits for.
const PATIENCE: Duration = Duration::from_secs(120);

/// How soon systemd would kill a watcher that says nothing.
const LIMIT: Duration = Duration::from_secs(1);

/// What systemd listens to, and what it was told.
struct Systemd(Receiver<String>);

impl Systemd {
    fn new(books: &Books) -> Self {
        let socket = UnixDatagram::bind(Self::path(books)).unwrap();
        let (pass_on, told) = mpsc::channel();
        // Reads all the time, as systemd does: a socket takes a few messages only.
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length) = socket.recv(&mut buffer) {
                let message = String::from_utf8_lossy(&buffer[..length]).into_owned();
                if pass_on.send(message).is_err() {
                    return;
                }
            }
        });
        Self(told)
    }

    fn path(books: &Books) -> std::path::PathBuf {
        books.path().join("notify")
    }

    /// Returns the command of a watcher that this systemd looks after.
    fn command(books: &Books, folder: &Path) -> std::process::Command {
        let mut command = command(books);
        command.env("NOTIFY_SOCKET", Self::path(books));
        command.env("WATCHDOG_USEC", LIMIT.as_micros().to_string());
        command.arg("watch").arg(folder).args(["--settle", "0", "--json"]);
        command
    }

    /// Waits until systemd is told this.
    #[track_caller]
    fn hear(&self, expected: &str) {
        while !self.0.recv_timeout(PATIENCE).expect(expected).contains(expected) {}
    }

    /// Waits until systemd was told nothing for three times the limit.
    #[track_caller]
    fn hear_nothing(&self) {
        let patience = Instant::now() + PATIENCE;
        while let Ok(told) = self.0.recv_timeout(LIMIT * 3) {
            assert!(Instant::now() < patience, "it is still told {told}");
        }
    }
}

#[test]
fn systemd_is_told_that_it_is_ready_alive_and_ends() {
    let books = Books::new("systemd");
    let folder = inbox(&books);
    let systemd = Systemd::new(&books);
    let watching = Watching::of(&mut Systemd::command(&books, &folder));
    systemd.hear("READY=1");
    systemd.hear("WATCHDOG=1");
    watching.signal("-TERM");
    systemd.hear("STOPPING=1");
    assert_eq!(watching.ended().0, 0);
}

#[test]
fn a_watcher_that_waits_for_another_import_is_alive_and_says_what_it_waits_for() {
    if server().is_none() {
        // The embedded engine has one connection.
        return;
    }
    let books = Books::new("patient");
    let folder = inbox(&books);
    let systemd = Systemd::new(&books);
    let mut watching = Watching::of(&mut Systemd::command(&books, &folder));
    watching.until("watching ");
    let locked = Locked::import(&books);
    fs::write(folder.join("extras.sta"), &books.month.files[0].bytes).unwrap();
    watching.until(&format!("{} is locked by another session", books.slug));
    while systemd.0.try_recv().is_ok() {}
    for _ in 0..12 {
        // Twelve messages, four in each limit: three times as long as systemd would have waited.
        systemd.hear("WATCHDOG=1");
    }
    locked.release();
    assert_eq!(watching.files(1)[0]["status"], "imported");
    watching.end();
}

#[test]
fn a_watcher_whose_connection_is_silent_is_not_alive() {
    if server().is_none() {
        // The embedded engine has one connection.
        return;
    }
    let mut books = Books::new("silent");
    let proxy = Proxy::new(&books.url);
    books.url = proxy.url().to_owned();
    let folder = inbox(&books);
    let systemd = Systemd::new(&books);
    let mut watching = Watching::of(&mut Systemd::command(&books, &folder));
    watching.until("watching ");
    proxy.fall_silent_at("copy bank_transactions (");
    fs::write(folder.join("extras.sta"), &books.month.files[0].bytes).unwrap();
    systemd.hear_nothing();
    proxy.speak_again();
    systemd.hear("WATCHDOG=1");
    assert_eq!(watching.files(1)[0]["status"], "imported");
    watching.end();
}

/// A watcher whose stdout is full, since nobody reads it.
struct Unread {
    child: Child,
    stdout: PipeReader,
}

impl Unread {
    fn start(mut command: std::process::Command) -> Self {
        let (stdout, writer) = pipe().unwrap();
        let mut filling = writer.try_clone().unwrap();
        // Fills the pipe, however much it takes; the thread ends when the other end is gone.
        thread::spawn(move || while filling.write_all(&[b' '; 4096]).is_ok() {});
        let child = command.stdout(writer).stderr(Stdio::null()).spawn().unwrap();
        Self { child, stdout }
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn a_watcher_that_hangs_in_a_call_into_the_system_is_not_alive() {
    let books = Books::new("stuck");
    let folder = inbox(&books);
    let systemd = Systemd::new(&books);
    let unread = Unread::start(Systemd::command(&books, &folder));
    systemd.hear("WATCHDOG=1");
    fs::write(folder.join("extras.sta"), &books.month.files[0].bytes).unwrap();
    systemd.hear_nothing();
    // Somebody reads after all.
    let mut stdout = unread.stdout.try_clone().unwrap();
    thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
    systemd.hear("WATCHDOG=1");
}
