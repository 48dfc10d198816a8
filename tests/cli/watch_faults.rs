//! What may befall a watched folder: kills, rivals, a database that goes, disks, and odd files.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use vama::inside::lab::random::Random;
use vama::inside::lab::statement::{self, many};

use crate::common::own::Own;
use crate::common::{seed, server};
use crate::program::Books;
use crate::proxy::Proxy;
use crate::tools::tool;
use crate::watching::{Watching, command, files_below, inbox, names_in};

/// Small files of one company: `count` statements of one entry each.
fn small_files(books: &Books, count: u64) -> Vec<(String, Vec<u8>)> {
    let iban = &books.month.shop.account_iban;
    let file = |number: u64| {
        let mut bytes = Vec::new();
        statement::write(iban, "RON", 0.into(), many(number, 1, 1), &mut bytes).unwrap();
        (format!("extras {number:05}.sta"), bytes)
    };
    (1..=count).map(file).collect()
}

/// Returns every entry of the books, without what differs from run to run: identifiers, moments, and
/// which of two files that both have it brought it in.
fn contents(books: &Books) -> Vec<String> {
    let statement = "select to_jsonb(entry) - array['id', 'import_id', 'synced_at', 'file_name', \
                     'source_line', 'statement_id'] from bank_transactions as entry order by \
                     transaction_hash";
    let told = books.run(&["sql", "-c", &books.slug, "--csv", statement]).ends(0);
    told.stdout.lines().map(str::to_owned).collect()
}

/// Asserts that the books hold what they would if the files had gone in undisturbed.
#[track_caller]
fn assert_as_undisturbed(books: &Books, files: &[(String, Vec<u8>)]) {
    let own = Own::new("calm");
    let mut calm = Books::alone(&own, "calm");
    calm.slug.clone_from(&books.slug);
    calm.create(&calm.slug, std::slice::from_ref(&books.month.shop.account_iban)).ends(0);
    fs::create_dir(calm.path().join("calm")).unwrap();
    for (name, bytes) in files {
        calm.write(&format!("calm/{name}"), bytes);
    }
    calm.run(&["batch", "calm"]).ends(0);
    let (found, expected) = (contents(books), contents(&calm));
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    assert!(found.len() > files.len() / 2);
}

#[test]
fn killed_at_any_moment_it_loses_nothing_and_doubles_nothing() {
    // Each start of the embedded database takes a second and more.
    kill_often(if server().is_some() { 12 } else { 4 }, 120);
}

#[test]
#[ignore = "the long form of the test above"]
fn killed_at_many_moments_it_loses_nothing_and_doubles_nothing() {
    kill_often(if server().is_some() { 50 } else { 10 }, 300);
}

/// Kills a watcher that many times at random moments, while that many files come, and asserts that
/// each file is in exactly once.
fn kill_often(kills: usize, files: u64) {
    let books = Books::new("killed");
    let folder = inbox(&books);
    let files = small_files(&books, files);
    let mut random = Random::of(&[seed()]);
    let per_round = files.len().div_ceil(kills);
    let mut rounds = files.chunks(per_round);
    for _ in 0..kills {
        for (name, bytes) in rounds.next().unwrap_or_default() {
            fs::write(folder.join(name), bytes).unwrap();
        }
        let mut watching = Watching::start(&books, &folder, &["--settle", "0", "-vv"]);
        watching.listen_for(Duration::from_micros(random.below(400_000)));
        watching.signal("-KILL");
        watching.ended();
    }
    let watching = Watching::start(&books, &folder, &["--once", "--settle", "0"]);
    let (exit, heard) = watching.ended();
    assert_eq!(exit, 0, "{heard}");

    let places: Vec<PathBuf> = files_below(&folder);
    assert_eq!(places.len(), files.len(), "{places:#?}");
    for (name, bytes) in &files {
        let mut found = places.iter().filter(|path| path.ends_with(name));
        let place = found.next().unwrap_or_else(|| panic!("{name} is lost"));
        assert!(place.starts_with("imported") || place.starts_with("duplicate"), "{place:?}");
        assert_eq!(&fs::read(folder.join(place)).unwrap(), bytes);
    }
    assert_as_undisturbed(&books, &files);
}

#[test]
fn two_watchers_on_one_folder_take_each_file_once() {
    let books = Books::new("rivals");
    let folder = inbox(&books);
    let start = || Watching::start(&books, &folder, &["--settle", "0.1"]);
    let (mut first, mut second) = (start(), start());
    first.until("watching ");
    second.until("watching ");
    let files = small_files(&books, 120);
    for (name, bytes) in &files {
        fs::write(folder.join(name), bytes).unwrap();
    }
    // Only the watcher that moves a file tells of it.
    let mut told = 0;
    while told < files.len() {
        told += first.files_within(Duration::from_millis(50));
        told += second.files_within(Duration::from_millis(50));
    }
    first.end();
    second.end();
    assert_eq!(told, files.len());
    let places = files_below(&folder);
    assert_eq!(places.len(), files.len(), "{places:#?}");
    assert!(names_in(&folder, "failed").is_empty());
    assert_as_undisturbed(&books, &files);
}

#[test]
fn while_the_database_is_away_files_stay_and_it_goes_on_by_itself() {
    let mut books = Books::new("away");
    let folder = inbox(&books);
    let direct = books.url.clone();
    // An embedded database is taken away by a lock on its folder, a server by a proxy that lets
    // nobody through.
    let proxy = server().map(|url| Proxy::new(&url));
    if let Some(proxy) = &proxy {
        books.url = proxy.url().to_owned();
    }
    let mut watching = Watching::start(&books, &folder, &["--settle", "0.1", "-vv"]);
    watching.until("watching ");

    let locked = match &proxy {
        Some(proxy) => {
            proxy.take_away();
            None
        }
        None => {
            let database = direct.strip_prefix("embedded:").unwrap();
            let lock = File::open(Path::new(database).join("vama.lock")).unwrap();
            lock.lock().unwrap();
            Some(lock)
        }
    };
    fs::write(folder.join("extras.sta"), &books.month.files[0].bytes).unwrap();
    watching.until("files stay where they are");
    // The watcher says so once, however often it tries.
    watching.until("still away");
    watching.until("still away");
    assert!(folder.join("extras.sta").exists());
    drop(locked);
    if let Some(proxy) = &proxy {
        proxy.give_back();
    }
    assert_eq!(watching.files(1)[0]["status"], "imported");
    let heard = watching.end();
    assert_eq!(heard.matches("files stay where they are").count(), 1, "{heard}");
    assert!(heard.contains("the database is back"), "{heard}");
    books.url = direct;
    assert_eq!(books.rows()["bank_transactions"], books.month.expected.bank_transactions);
}

#[test]
fn a_file_that_is_still_being_written_is_left_until_it_is_whole() {
    let books = Books::new("slow");
    let folder = inbox(&books);
    let mut watching = Watching::start(&books, &folder, &["--settle", "1.5"]);
    watching.until("watching ");
    let bytes = &books.month.files[0].bytes;
    let mut file = File::create(folder.join("extras.sta")).unwrap();
    // Writing takes more than twice the time that the file must be still, with shorter pauses.
    for piece in bytes.chunks(bytes.len().div_ceil(8)) {
        file.write_all(piece).unwrap();
        assert!(watching.is_silent_for(Duration::from_millis(500)), "taken before it was whole");
    }
    drop(file);
    let told = watching.files(1).remove(0);
    assert_eq!(told["status"], "imported", "{told}");
    assert_eq!(told["read"], books.month.expected.bank_transactions);
    watching.end();
}

#[test]
fn a_file_that_takes_the_place_of_one_being_read_is_read_too() {
    let books = Books::new("replaced");
    let folder = inbox(&books);
    let iban = &books.month.shop.account_iban;
    let mut bytes = Vec::new();
    statement::write(iban, "RON", 0.into(), many(3, 20_000, 500), &mut bytes).unwrap();
    fs::write(folder.join("extras.sta"), &bytes).unwrap();
    let later = books.path().join("later.sta");
    fs::write(&later, &books.month.files[0].bytes).unwrap();

    let mut watching = Watching::start(&books, &folder, &["--settle", "0", "-vv"]);
    watching.until("sending the rows: ");
    fs::rename(&later, folder.join("extras.sta")).unwrap();
    let told = watching.files(2);
    // What was read is in and told of, although no file has that content any more.
    assert_eq!((&told[0]["read"], &told[0]["moved_to"]), (&20_000.into(), &Value::Null));
    assert_eq!(told[1]["read"], books.month.expected.bank_transactions);
    assert!(told.iter().all(|file| file["status"] == "imported"), "{told:?}");
    watching.end();

    assert_eq!(names_in(&folder, "imported"), ["extras.sta"]);
    let rows = 20_000 + books.month.expected.bank_transactions;
    assert_eq!(books.rows()["bank_transactions"], rows);
}

/// Runs a shell script in which folders can be mounted that nobody else sees.
fn in_a_room_of_its_own(books: &Books, script: &str) -> Option<Watching> {
    if !tool("unshare") {
        return None;
    }
    // A user who is not root becomes root in there.
    let flags = if is_root() { "-m" } else { "-rm" };
    let mut probe = Command::new("unshare");
    probe.args([flags, "mount", "-t", "tmpfs", "tmpfs", "inbox"]).current_dir(books.path());
    if !probe.output().unwrap().status.success() {
        // Not by a macro, since the output of a macro is hidden where the test passes.
        drop(writeln!(io::stderr(), "nothing may be mounted here; what needs it is left out"));
        return None;
    }
    let vama = command(books);
    let mut room = Command::new("unshare");
    room.args([flags, "sh", "-ec", script, "sh"]).current_dir(books.path());
    room.arg(vama.get_program()).args(vama.get_args());
    Some(Watching::of(&mut room))
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap().stdout;
    id == b"0\n"
}

#[test]
fn in_a_folder_that_cannot_be_written_to_a_file_goes_in_once_and_stays() {
    let books = Books::new("readonly");
    let folder = inbox(&books);
    fs::write(folder.join("extras.sta"), &books.month.files[0].bytes).unwrap();
    let script = "mount --bind inbox inbox; mount -o remount,ro,bind inbox; \
                  exec \"$@\" watch inbox --json --settle 0.1 --poll 0.1 -vv";
    let Some(mut watching) = in_a_room_of_its_own(&books, script) else { return };
    let told = watching.until("cannot be moved");
    assert!(told.contains("see that vama may write there"), "{told}");
    (0..5).for_each(|_| drop(watching.until("looked")));
    let heard = watching.end();
    // This is said once, and the move is not tried over and over.
    assert_eq!(heard.matches("cannot be moved").count(), 1, "{heard}");
    assert_eq!(files_below(&folder), [Path::new("extras.sta")]);
    assert_eq!(books.rows()["bank_transactions"], books.month.expected.bank_transactions);

    // When the folder can be written to again, the file goes where it should have gone, and its
    // report is that of its import.
    let watch = ["watch", "inbox", "--json", "--once", "--settle", "0"];
    let told = books.run(&watch).ends(0).json();
    assert_eq!((&told["status"], &told["import"]), (&"imported".into(), &1.into()));
    assert_eq!(told["inserted"], books.month.expected.bank_transactions);
    assert_eq!(names_in(&folder, "imported"), ["extras.sta"]);

    // Given once more, it is a duplicate.
    fs::write(folder.join("extras.sta"), &books.month.files[0].bytes).unwrap();
    let told = books.run(&watch).ends(0).json();
    assert_eq!(told["status"], "already_imported");
    assert_eq!(names_in(&folder, "duplicate"), ["extras.sta"]);
}

#[test]
fn on_a_disk_without_room_files_move_and_the_log_tells_what_could_not_be_written() {
    let books = Books::new("full");
    inbox(&books);
    books.write("extras.sta", &books.month.statement_of(0..1).unwrap().bytes);
    // The folders are made first, then one large file takes the rest of the disk.
    let script = "mount -t tmpfs -o size=256k,mode=700 tmpfs inbox; \
                  mkdir -p inbox/failed inbox/imported/$(date +%Y-%m); \
                  cp extras.sta inbox/; echo 'nu e extras' > inbox/nota.txt; \
                  cat /dev/zero > inbox/.umple 2>/dev/null || true; \
                  \"$@\" watch inbox --json --once --settle 0 || echo ends $? >&2; \
                  find inbox -type f ! -name .umple -size +0 >&2";
    let Some(watching) = in_a_room_of_its_own(&books, script) else { return };
    let (_, heard) = watching.ended();
    assert!(heard.contains("the reason beside it could not be written"), "{heard}");
    assert!(heard.contains("ends 4"), "{heard}");
    for place in ["inbox/failed/nota.txt", "extras.sta"] {
        assert!(heard.lines().any(|line| line.ends_with(place)), "{heard}");
    }
    assert_eq!(
        books.run(&["log", "-c", &books.slug, "--json"]).ends(0).json()["imports"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn names_of_any_bytes_are_moved_as_they_are() {
    let books = Books::new("bytes");
    let folder = inbox(&books);
    let long = format!("{}.sta", "x".repeat(246));
    let names: [&[u8]; 5] = [
        b"a\nb.sta",
        b"l'extras.sta",
        long.as_bytes(),
        b"extras\xff.sta",
        "ț\u{1b}[2J.sta".as_bytes(),
    ];
    for (day, name) in names.iter().enumerate() {
        let statement = books.month.statement_of(day..day + 1).unwrap();
        fs::write(folder.join(OsStr::from_bytes(name)), &statement.bytes).unwrap();
    }
    let told = books.run(&["watch", "inbox", "--once", "--settle", "0"]).ends(0);
    assert!(!told.stderr.contains('\u{1b}'), "{:?}", told.stderr);
    let mut found: Vec<Vec<u8>> = files_below(&folder)
        .iter()
        .map(|path| path.file_name().unwrap().as_bytes().to_vec())
        .collect();
    found.sort();
    let mut expected: Vec<Vec<u8>> = names.iter().map(|name| name.to_vec()).collect();
    expected.sort();
    assert_eq!(found, expected);

    // A name that leaves no room for the name of its reason loses its end.
    let bad = format!("{}.sta", "y".repeat(251));
    fs::write(folder.join(&bad), "nu e extras").unwrap();
    books.run(&["watch", "inbox", "--once", "--settle", "0"]).ends(4);
    let failed = names_in(&folder, "failed");
    assert_eq!(failed.len(), 2, "{failed:?}");
    assert_eq!(format!("{}.txt", failed[0]), failed[1]);
}

#[test]
fn what_is_no_file_is_neither_opened_nor_followed() {
    let books = Books::new("nofile");
    let folder = inbox(&books);
    let secret = books.write("secret.sta", &books.month.files[0].bytes);
    assert!(Command::new("mkfifo").arg(folder.join("pipe.sta")).status().unwrap().success());
    let _socket = UnixListener::bind(folder.join("socket")).unwrap();
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, folder.join(name)).unwrap();
    link("/etc/passwd", "passwd");
    link("../secret.sta", "link.sta");
    fs::create_dir(books.path().join("elsewhere")).unwrap();

    let told = books.run(&["watch", "inbox", "--once", "--settle", "0"]).ends(4);

    for (name, what) in [
        ("pipe.sta", "pipe"),
        ("socket", "socket"),
        ("passwd", "symbolic link"),
        ("link.sta", "symbolic link"),
    ] {
        let reason = fs::read_to_string(folder.join(format!("failed/{name}.txt"))).unwrap();
        assert!(reason.contains(&format!("is a {what}, not a file")), "{reason}");
        assert!(fs::symlink_metadata(folder.join("failed").join(name)).is_ok(), "{}", told.stderr);
    }
    assert!(books.path().join(secret).exists());
    books.assert_untouched();

    // Nor is a file moved into a folder that is a link.
    fs::rename(folder.join("failed"), books.path().join("old")).unwrap();
    link("../elsewhere", "imported");
    let own = folder.join(&books.slug);
    fs::remove_dir(&own).unwrap();
    link("../elsewhere", &books.slug);
    fs::write(folder.join("extras.sta"), &books.month.files[0].bytes).unwrap();
    let told = books.run(&["watch", "inbox", "--once", "--settle", "0"]).ends(1);
    let told = told.says("cannot be moved").says("vama needs a folder of that name here");
    assert!(folder.join("extras.sta").exists(), "{}", told.stderr);
    assert_eq!(fs::read_dir(books.path().join("elsewhere")).unwrap().count(), 0);
}

#[test]
fn the_first_signal_lets_the_file_in_hand_go_in_and_a_second_rolls_back() {
    let books = Books::new("signals");
    let folder = inbox(&books);
    let iban = &books.month.shop.account_iban;
    for (second, entries) in [(true, 30_000), (false, 20_000)] {
        let mut bytes = Vec::new();
        statement::write(iban, "RON", 0.into(), many(entries, entries, 500), &mut bytes).unwrap();
        fs::write(folder.join("extras.sta"), &bytes).unwrap();
        let mut watching = Watching::start(&books, &folder, &["--settle", "0", "-vv"]);
        watching.until("sending the rows: ");
        watching.signal("-INT");
        watching.until("ending after the files in hand");
        if second {
            watching.signal("-TERM");
        }
        let (exit, heard) = watching.ended();
        assert_eq!(exit, if second { 143 } else { 0 }, "{heard}");
        assert_eq!(folder.join("extras.sta").exists(), second);
        let rows = books.rows()["bank_transactions"].clone();
        assert_eq!(rows, if second { 0 } else { entries }, "{heard}");
    }
}

#[test]
fn a_database_that_takes_no_writes_leaves_files_where_they_are() {
    let own = Own::new("standby");
    let books = Books::alone(&own, "standby");
    books.create_with_its_accounts();
    let folder = inbox(&books);
    let table = format!(
        "\"{}\".bank_transactions",
        vama::inside::value::slug::schema_of(&books.slug).unwrap()
    );
    // The error of a standby server.
    books.sql(&format!(
        "create function public.standby() returns trigger language plpgsql as $$ begin raise exception \
         'cannot execute COPY FROM in a read-only transaction' using errcode = '25006'; end $$; \
         create trigger standby before insert on {table} execute function public.standby()"
    ));
    fs::write(folder.join("extras.sta"), &books.month.files[0].bytes).unwrap();
    let mut watching = Watching::start(&books, &folder, &["--settle", "0", "-vv"]);
    watching.until("read-only transaction; files stay where they are");
    watching.until("still away");
    watching.until("still away");
    assert!(folder.join("extras.sta").exists());
    // Each time that the watcher tries, it has an embedded database to itself for a moment.
    let drop_it = format!("drop trigger standby on {table}; drop function public.standby()");
    while std::panic::catch_unwind(|| books.sql(&drop_it)).is_err() {}
    assert_eq!(watching.files(1)[0]["status"], "imported");
    let heard = watching.end();
    assert_eq!(heard.matches("files stay where they are").count(), 1, "{heard}");
    assert_eq!(heard.matches("the database is back").count(), 1, "{heard}");
}

#[test]
fn a_watcher_does_not_wake_itself() {
    let books = Books::new("asleep");
    let folder = inbox(&books);
    let mut watching = Watching::start(&books, &folder, &["--settle", "0.1", "-vv"]);
    watching.until("watching ");
    fs::write(folder.join("extras.sta"), &books.month.files[0].bytes).unwrap();
    watching.files(1);
    // The move itself causes notices, so there are one or two further looks.
    watching.listen_for(Duration::from_secs(1));
    let looks = watching.heard("looked");
    watching.listen_for(Duration::from_secs(3));
    assert_eq!(watching.heard("looked"), looks);
    watching.end();
}

#[test]
fn folders_that_are_made_anew_are_heard_of() {
    let books = Books::new("anew");
    let folder = inbox(&books);
    let mut watching = Watching::start(&books, &folder, &["--settle", "0.1"]);
    watching.until("watching ");
    for (day, remade) in [folder.join(&books.slug), folder.clone()].iter().enumerate() {
        // The watcher makes folders for other tests' companies meanwhile.
        while let Err(error) = fs::remove_dir_all(remade) {
            assert_eq!(error.kind(), io::ErrorKind::DirectoryNotEmpty);
        }
        fs::create_dir_all(folder.join(&books.slug)).unwrap();
        let statement = books.month.statement_of(day..day + 1).unwrap();
        fs::write(folder.join(&books.slug).join("extras.sta"), statement.bytes).unwrap();
        assert_eq!(watching.files(1)[0]["status"], "imported");
    }
    watching.end();
}

#[test]
fn a_company_made_meanwhile_has_its_folder_soon() {
    let own = Own::new("meanwhile");
    let books = Books::alone(&own, "meanwhile");
    let folder = inbox(&books);
    let mut watching = Watching::start(&books, &folder, &["--settle", "0.1"]);
    // Nothing is in the database, not even the registry.
    watching.until("has no tables in this database yet");
    // Each time that the watcher tries, it has an embedded database to itself for a moment.
    while books.create(&books.slug, &[]).exit == 5 {}
    watching.until("the database is back");
    watching.until("made the folder of company ");
    let own = folder.join(&books.slug).join("extras.sta");
    fs::write(own, &books.month.files[0].bytes).unwrap();
    assert_eq!(watching.files(1)[0]["company"], books.slug.as_str());
    watching.end();
}

#[test]
fn files_that_a_missing_right_keeps_out_wait_and_go_in_when_it_is_given() {
    let books = Books::new("no-right");
    let folder = inbox(&books);
    let schema = books.slug.replace('-', "_");
    let table = format!("{schema}.bank_transactions");
    books.sql(&format!("revoke insert on {table} from vama_{schema}"));
    fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in small_files(&books, 5) {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let once = |exit| {
        let arguments = ["watch", folder.to_str().unwrap(), "--once", "--settle", "0.1"];
        books.run(&arguments).ends(exit)
    };
    // Of each file is told what to do, and each stays where it is.
    assert_eq!(once(1).says("ask the database's owner").stderr.matches("waits, since").count(), 5);
    assert_eq!(names_in(&folder, "failed"), names_in(&folder, "imported"));
    books.sql(&format!("grant insert on {table} to vama_{schema}"));
    once(0);
    assert_eq!(books.rows()["bank_transactions"], 5);
}
