//! How fast a watched folder is emptied: the program itself, many small files dropped at once.
//!
//! `cargo bench --bench watch -- 10000` on the server that DATABASE_URL names, without one on an embedded
//! database. As part of `cargo test --benches` it runs once with a few files, so that it does not rot.

// Benches may fail as loudly as tests, and print what they found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

// The tests use the rest of it.
#[allow(dead_code)]
#[path = "../tests/common/mod.rs"]
mod common;
#[allow(dead_code)]
#[path = "../tests/common/statements.rs"]
mod statements;

#[cfg(target_os = "linux")]
fn main() {
    linux::main();
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("memory and processor time of the watcher are read from Linux's /proc");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{BufRead, BufReader};
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};
    use std::{env, fs, thread};

    use super::common::own::Own;
    use super::statements::write_statements;

    /// Files of a bench that is measured.
    const MEASURED: u64 = 10_000;

    /// Files of a bench that is only tried once.
    const TRIED: u64 = 20;

    /// Entries of each file: about 4 KB.
    const ENTRIES: u64 = 20;

    /// How long the watcher is measured while it has nothing to do.
    const IDLE: Duration = Duration::from_secs(20);

    const IBAN: &str = "RO27BTRLRONCRT0144272509";

    pub fn main() {
        let measured = env::args().any(|it| it == "--bench");
        let named = env::args().skip(1).find_map(|it| it.parse().ok());
        let files = named.unwrap_or(if measured { MEASURED } else { TRIED });
        let (own, folder) = (Own::new("bench"), tempfile::tempdir().unwrap());
        let inbox = folder.path().join("inbox");
        let vama = |words: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_vama"));
            command.args(["--database-url", own.url()]).args(words);
            command
        };
        let create = [
            "-q",
            "company",
            "create",
            "--name",
            "Firma",
            "--slug",
            "bench-watch",
            "--cif",
            "RO20587563",
        ];
        assert!(vama(&create).args(["--account", IBAN]).status().unwrap().success());
        write_statements(&folder.path().join("outside"), IBAN, files, ENTRIES);
        fs::create_dir(&inbox).unwrap();
        let mut command = vama(&["watch", "--json"]);
        let command = command.arg(&inbox).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = Killed(command.spawn().unwrap());
        let mut told = BufReader::new(child.0.stdout.take().unwrap()).lines();
        let id = child.0.id();

        let begun = Instant::now();
        for entry in fs::read_dir(folder.path().join("outside")).unwrap() {
            let entry = entry.unwrap();
            fs::rename(entry.path(), inbox.join(entry.file_name())).unwrap();
        }
        let (mut first, mut imported, mut peak) = (None, 0, 0);
        for _ in 0..files {
            let file = told.next().unwrap().unwrap();
            let since = *first.get_or_insert_with(Instant::now);
            imported += u64::from(file.contains("\"status\":\"imported\""));
            if imported == files / 10 {
                peak = resident(id);
                println!(
                    "after a tenth of the files: {peak} MiB, {:.1} s",
                    since.elapsed().as_secs_f64()
                );
            }
        }
        let (all, busy) = (begun.elapsed().as_secs_f64(), first.unwrap().elapsed().as_secs_f64());
        assert_eq!(imported, files, "each file is new, and in");
        #[allow(clippy::cast_precision_loss)]
        let rate = files as f64 / busy.max(0.001);
        println!(
            "{files} files: {all:.1} s from the first drop; {busy:.1} s from the first that is in, {rate:.0} files/s"
        );
        println!(
            "at most {} MiB in all, {} MiB at the end (a tenth: {peak} MiB)",
            most_resident(id),
            resident(id)
        );
        if measured {
            let before = processor_ticks(id);
            thread::sleep(IDLE);
            println!(
                "idle: {} ticks of a 100th second in {} s",
                processor_ticks(id) - before,
                IDLE.as_secs()
            );
        }
        let left = fs::read_dir(&inbox).unwrap().filter(|it| it.as_ref().unwrap().path().is_file());
        assert_eq!(left.count(), 0);
    }

    /// Returns a number of `/proc/<id>/status`, in MiB.
    fn status(id: u32, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }

    fn resident(id: u32) -> u64 {
        status(id, "VmRSS:")
    }

    fn most_resident(id: u32) -> u64 {
        status(id, "VmHWM:")
    }

    /// Returns the processor time that the process has used, of user and system (proc(5)).
    fn processor_ticks(id: u32) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
        let (_, fields) = stat.rsplit_once(')').unwrap();
        fields.split_whitespace().skip(11).take(2).map(|it| it.parse::<u64>().unwrap()).sum()
    }

    /// A process that does not outlive the bench.
    struct Killed(Child);

    impl Drop for Killed {
        fn drop(&mut self) {
            drop(self.0.kill());
            drop(self.0.wait());
        }
    }
}
