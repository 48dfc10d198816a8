//! The demo, in a home of its own.

use std::fs;

use crate::program::{run, vama};

#[test]
fn the_demo_shows_a_month_and_stays_in_its_folder() {
    let home = tempfile::tempdir().unwrap();
    let vama = || {
        let mut command = vama(home.path());
        // The demo has a database of its own, whatever database the environment names.
        command.env("HOME", home.path()).env("DATABASE_URL", "postgres://127.0.0.1:1/x");
        command
    };
    let told = run(vama().arg("demo")).ends(0);
    for part in [
        "1. A month of files goes in",
        "in as magazin-demo#1\n",
        "45 there already + 0 held (company magazin-demo)",
        "statement, Banca Transilvania RO",
        "2. The same files again",
        "= 0 new + ",
        "3. A statement that somebody typed over",
        "there already and differs in: text",
        "amount \"12,5O\" is not an amount",
        "4. The month: did the money come",
        "GLS      paid            22",
        "Netopia  paid             5",
        "March 2026 is not closed: ",
    ] {
        assert!(told.stdout.contains(part), "{part:?} is not in {}", told.stdout);
    }
    for part in ["days are missing", "Not paid"] {
        assert!(!told.stdout.contains(part), "{part:?} is in {}", told.stdout);
    }

    // What it says at the end works.
    let (_, after) = told.stdout.split_once("DATABASE_URL='").unwrap();
    let (url, _) = after.split_once('\'').unwrap();
    let log = run(vama().args(["--database-url", url, "log", "--json"])).ends(0).json();
    let newest = &log["imports"][0];
    assert_eq!((newest["held"].as_u64(), newest["inserted"].as_u64()), (Some(2), Some(0)));
    let number = newest["number"].to_string();
    assert!(told.stdout.contains(&format!("vama log {number}\n")), "{}", told.stdout);

    let database = url.strip_prefix("embedded:").unwrap();
    let lock = fs::File::open(format!("{database}/vama.lock")).unwrap();
    lock.lock().unwrap();
    run(vama().arg("demo")).ends(5).says("in use by another vama");
    assert!(fs::exists(format!("{database}/data")).unwrap(), "the other's data was taken away");
}
