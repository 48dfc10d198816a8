//! Databases that are not there, not right, or in use.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpListener;

use crate::program::{Books, run, vama};

#[test]
fn a_database_that_is_down_is_told_with_its_place_and_without_its_password() {
    let books = Books::empty("down");
    let file = books.put(&books.month.files[0]);
    let url = "postgres://ana:sesame@127.0.0.1:1/books";
    for command in [&["log"][..], &["import", &file], &["company", "list"], &["migrate", "--json"]]
    {
        let told = run(vama(books.path()).args(["--database-url", url]).args(command)).ends(5);
        let told = told.says("cannot connect to the database at 127.0.0.1:1: ").says("\n  next: ");
        assert_eq!(told.stdout, "");
        told.hides("sesame").hides("error communicating");
    }
    run(vama(books.path()).env("DATABASE_URL", url).arg("log")).ends(5).hides("sesame");
    let mut import = vama(books.path());
    import.args(["--database-url", url, "import", "--json", &file]);
    let told = run(&mut import).ends(5).hides("sesame");
    let document: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(document["files"][0]["error"]["kind"], "connection", "{document}");
    let mut libpq = vama(books.path());
    libpq.env("PGHOST", "127.0.0.1").env("PGPORT", "1").env("PGPASSWORD", "sesame");
    run(libpq.arg("log")).ends(5).says("at 127.0.0.1:1").hides("sesame");
    assert!(!books.path().join("data").exists(), "no embedded database in its place");
}

#[test]
fn a_url_that_is_none_is_usage_and_is_not_repeated() {
    let books = Books::empty("url");
    let urls = [
        "mysql://ana:sesame@localhost/books",
        "ana:sesame@localhost",
        "host=localhost password=sesame",
        "postgres://ana:12/sesame@localhost/books",
        "postgres://ana:sesame@localhost:port/books",
        "postgres://ana:sesame@localhost/books?sslmode=verify",
        "embedded:",
        "books",
    ];
    for url in urls {
        let told = run(vama(books.path()).args(["--database-url", url, "log"])).ends(2);
        told.says("the database URL cannot be understood: ").says("\n  next: ").hides("sesame");
        run(vama(books.path()).env("DATABASE_URL", url).arg("log")).ends(2).hides("sesame");
    }
    assert!(!books.path().join("data").exists(), "no embedded database in its place");
}

#[test]
fn a_mistyped_variable_is_not_taken_for_its_default() {
    let books = Books::empty("variables");
    let with = |name, value| {
        run(vama(books.path()).env("PGHOST", "127.0.0.1").env(name, value).arg("log")).ends(2)
    };
    with("PGPORT", "5432a").says("PGPORT cannot be understood");
    with("PGSSLMODE", "verify-ful").says("PGSSLMODE cannot be understood").says("verify-full");
}

#[test]
fn the_flag_counts_before_the_variable() {
    let books = Books::empty("order");
    let mut command = vama(books.path());
    command.env("DATABASE_URL", "nonsense").args(["--database-url", "postgres://127.0.0.1:1/x"]);
    run(command.arg("log")).ends(5).says("127.0.0.1:1");
}

#[test]
fn what_is_no_postgresql_is_told() {
    let books = Books::empty("http");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 64]);
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    });
    let url = format!("postgres://ana:sesame@127.0.0.1:{port}/books");
    let told = run(vama(books.path()).args(["--database-url", &url, "log"])).ends(1);
    told.says("what answers there is no PostgreSQL server").hides("sesame");
    answer.join().unwrap();
}

#[test]
fn an_embedded_database_in_use_says_by_whom() {
    let books = Books::empty("busy");
    let folder = books.path().join("db");
    fs::create_dir(&folder).unwrap();
    let lock = File::create(folder.join("vama.lock")).unwrap();
    lock.lock().unwrap();
    let url = format!("embedded:{}", folder.display());
    let told = run(vama(books.path()).args(["--database-url", &url, "log"])).ends(5);
    told.says("in use by another vama").says("\n  next: wait for the other vama");
}

#[test]
fn a_folder_that_cannot_hold_an_embedded_database_is_told() {
    let books = Books::empty("folder");
    books.write("file", b"");
    let told = run(vama(books.path()).args(["--database-url", "embedded:file", "log"])).ends(1);
    told.says("does not start").says("\n  next: check that the folder can be written to");
}

#[test]
fn without_any_database_the_embedded_one_in_the_data_folder_is_used_and_named() {
    let books = Books::empty("default");
    let told = run(vama(books.path()).args(["company", "list"])).ends(6);
    let told = told.says("using the embedded database in ").says(books.path().to_str().unwrap());
    assert_eq!(told.stderr.matches("using the embedded database").count(), 1);
    // Where it is named, nobody needs to be told.
    let url = format!("embedded:{}", books.path().join("other").display());
    let named = run(vama(books.path()).args(["--database-url", &url, "migrate"])).ends(0);
    assert_eq!(named.stderr, "");
    let quiet = run(vama(books.path()).args(["-q", "migrate"])).ends(0);
    assert_eq!(quiet.stderr, "");
}
