//! Many files in one run: every one has its result, and none takes another one down.

use std::fs;
use std::io::{Cursor, Write};

use serde_json::{Value, json};
use vama::inside::lab::month::Month;
use zip::write::SimpleFileOptions;

use crate::common::{seed, unique};
use crate::program::Books;

const TOTALS: [&str; 7] = ["files", "read", "inserted", "duplicates", "held", "refused", "failed"];

/// Writes the month into folders below one, its last two files in a zip, and a bad file.
fn put_tree(books: &Books, month: &Month, root: &str) -> usize {
    let (files, packed) = month.files.split_at(month.files.len() - 2);
    for file in files {
        let folder = books.path().join(root).join(file.folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(&file.name), &file.bytes).unwrap();
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // A zip within a zip is not opened, so the csv of each batch is packed, not the batch's own
    // zip.
    for file in packed {
        let mut inner = zip::ZipArchive::new(Cursor::new(&file.bytes)).unwrap();
        let mut member = inner.by_index(0).unwrap();
        zip.start_file(member.name().unwrap().into_owned(), SimpleFileOptions::default()).unwrap();
        let mut bytes = Vec::new();
        std::io::copy(&mut member, &mut bytes).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    fs::write(books.path().join(root).join("mail.zip"), zip).unwrap();
    fs::write(books.path().join(root).join("a-bad.sta"), "nu e extras\n").unwrap();
    fs::write(books.path().join(root).join(".hidden"), "x").unwrap();
    month.files.len() + 1
}

#[test]
fn a_folder_goes_in_as_its_files_would_one_by_one() {
    let books = Books::empty("batch");
    let other = unique("one-by-one");
    books.create(&books.slug, &[]).ends(0);
    books.create(&other, &[]).ends(0);
    let count = put_tree(&books, &books.month, "tree");

    let batch = ["batch", "--json", "--floor", "-c", &books.slug, "tree"];
    let told = books.run(&batch).ends(4).json();
    let files = told["files"].as_array().unwrap();
    assert_eq!(files.len(), count);
    assert_eq!(files[0]["file"], "tree/a-bad.sta");
    assert_eq!(files[0]["error"]["kind"], "unknown_format");
    assert!(files[1..].iter().all(|file| file["status"] == "imported"), "{told}");
    let mut names: Vec<&str> = files.iter().map(|file| file["file"].as_str().unwrap()).collect();
    assert!(names.is_sorted(), "{names:?}");
    names.dedup();
    assert_eq!(names.len(), count - 1, "two are in one zip");

    for stage in ["find", "read", "parse", "check", "identify", "load", "commit"] {
        assert!(told["stages"][stage]["wall_ms"].as_f64().unwrap() > 0.0, "{stage}: {told}");
    }
    assert!(told["files_per_second"].as_f64().unwrap() > 0.0);
    assert!(told["floor"]["seconds"].as_f64().unwrap() > 0.0);
    let rows = books.rows();
    let mut copied = rows.clone();
    // The log's rows and the ties stand in no file, so the floor copies none of them.
    copied["sync_logs"] = 0.into();
    copied["settlement_payments"] = 0.into();
    let stored: u64 = copied.as_object().unwrap().values().map(|rows| rows.as_u64().unwrap()).sum();
    assert_eq!(told["floor"]["rows"], stored);

    let import = ["import", "--json", "-c", &other];
    let arguments: Vec<&str> = import.into_iter().chain(names).collect();
    let one_by_one = books.run(&arguments).ends(4).json();
    for total in TOTALS {
        assert_eq!(told["totals"][total], one_by_one["totals"][total], "{total}");
    }
    for (file, alone) in files.iter().zip(one_by_one["files"].as_array().unwrap()) {
        for field in ["file", "member", "status", "read", "inserted", "duplicates", "tables"] {
            assert_eq!(file[field], alone[field], "{field} of {}", file["file"]);
        }
    }
    let shown = books.run(&["company", "show", &other, "--json"]).ends(0).json();
    assert_eq!(rows, shown["rows"]);
}

#[test]
fn a_second_batch_adds_nothing() {
    let books = Books::new("again");
    put_tree(&books, &books.month, "tree");
    let first = books.run(&["batch", "--json", "--jobs", "1", "tree"]).ends(4).json();
    let rows = books.rows();
    let again = books.run(&["batch", "--json", "tree"]).ends(4).json();
    assert_eq!(again["totals"]["inserted"], 0);
    assert_eq!(again["totals"]["duplicates"], first["totals"]["read"]);
    assert_eq!(again["floor"], Value::Null);
    assert_eq!(books.rows(), rows);
    for (file, before) in
        again["files"].as_array().unwrap().iter().zip(first["files"].as_array().unwrap())
    {
        assert_eq!((&file["file"], &file["import"]), (&before["file"], &before["import"]));
    }
}

#[test]
fn files_of_two_companies_in_one_folder_each_find_theirs() {
    let books = Books::new("first");
    let (other, month) = (unique("second"), Month::invent(seed(), 2026, 3).unwrap());
    let shop = &month.shop;
    let accounts = [shop.account_iban.clone(), format!("netopia:{}", shop.terminal)];
    books.create(&other, &accounts).ends(0);
    let stranger = Month::invent(seed(), 2026, 3).unwrap();
    put_tree(&books, &books.month, "tree/mine");
    put_tree(&books, &month, "tree/theirs");
    fs::write(books.path().join("tree/nobody.txt"), &stranger.files[0].bytes).unwrap();

    let told = books.run(&["batch", "--json", "tree"]).ends(4).json();
    for file in told["files"].as_array().unwrap() {
        let name = file["file"].as_str().unwrap();
        let company = match name {
            "tree/nobody.txt" => {
                assert_eq!(file["error"]["kind"], "unknown_company");
                continue;
            }
            _ if name.contains("a-bad") => continue,
            _ if name.contains("mine") => &books.slug,
            _ => &other,
        };
        assert_eq!((&file["company"], &file["status"]), (&json!(company), &json!("imported")));
    }
    assert_eq!(told["totals"]["refused"], 3);
    let rows = books.run(&["company", "show", &other, "--json"]).ends(0).json();
    assert_eq!(rows["rows"]["bank_transactions"], month.expected.bank_transactions);
    assert_eq!(books.rows()["bank_transactions"], books.month.expected.bank_transactions);
}

#[test]
fn people_see_the_totals_what_is_not_plainly_in_and_the_stages() {
    let books = Books::new("told");
    let count = put_tree(&books, &books.month, "tree");
    for n in 0..30 {
        fs::write(books.path().join(format!("tree/bad-{n}.sta")), "nu e extras\n").unwrap();
    }
    let told =
        books.run(&["batch", "--floor", "tree", "missing"]).ends(1).says("there is no such file");
    let lines: Vec<&str> = told.stdout.lines().collect();
    assert!(lines[0].starts_with(&format!("{} files: ", count + 31)), "{}", told.stdout);
    assert!(lines[0].ends_with("; 31 refused; 1 failed"), "{}", told.stdout);
    assert!(lines.len() < 70, "{}", told.stdout);
    assert!(told.stdout.contains("\nand 12 more; --json lists all\n"), "{}", told.stdout);
    assert!(told.stdout.contains("\ncommit "), "{}", told.stdout);
    assert!(told.stdout.contains("a plain COPY of the same "), "{}", told.stdout);
    assert!(told.stderr.contains("no known format matches"), "{}", told.stderr);
    let none = books.run(&["batch", "--quiet", "nowhere"]).ends(1);
    none.says("there is no such file");
    books.run(&["batch"]).ends(2);
    books.run(&["batch", "--jobs", "0", "tree"]).ends(2);
}

#[test]
#[cfg(unix)]
fn a_folder_that_may_not_be_looked_into_is_told_and_a_link_is_left_out() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let books = Books::new("closed");
    let statement = books.put(&books.month.files[0]);
    fs::create_dir_all(books.path().join("tree/closed")).unwrap();
    fs::rename(books.path().join(statement), books.path().join("tree/a.txt")).unwrap();
    symlink(books.path(), books.path().join("tree/link")).unwrap();
    let closed = books.path().join("tree/closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let readable = fs::read_dir(&closed).is_ok();
    let told = books.run(&["batch", "--json", "tree"]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    // The superuser may look everywhere.
    let told = told.ends(if readable { 0 } else { 1 }).says("link: left out, since it is a link");
    let files = told.json()["files"].clone();
    assert_eq!(files[0]["status"], "imported");
    assert_eq!(files.as_array().unwrap().len(), if readable { 1 } else { 2 });
}
