//! Imports from the command line to the tables, and the log that tells of them.

use serde_json::{Value, json};

use crate::common::unique;
use crate::program::Books;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn with<'a>(words: &[&'a str], files: &'a [String]) -> Vec<&'a str> {
    words.iter().copied().chain(files.iter().map(String::as_str)).collect()
}

/// The fields that scripts rely on.
fn assert_contract(document: &Value) {
    assert_eq!(document["schema"], 1);
    for total in ["files", "read", "inserted", "duplicates", "held", "refused", "failed"] {
        assert!(document["totals"][total].is_u64(), "{total}");
    }
    assert!(document["timings"]["wall_ms"].is_u64());
    for file in document["files"].as_array().unwrap() {
        let fields = keys(file);
        for field in [
            "file",
            "member",
            "format",
            "company",
            "import",
            "status",
            "read",
            "inserted",
            "duplicates",
            "held",
            "tables",
            "period",
            "sum",
            "warnings",
            "error",
            "timings",
        ] {
            assert!(fields.contains(&field), "{field}: {fields:?}");
        }
        let count = |name: &str| file[name].as_u64().unwrap();
        if file["error"].is_null() && file["status"] != "checked" {
            assert_eq!(count("read"), count("inserted") + count("duplicates") + count("held"));
        }
    }
}

#[test]
fn a_month_goes_in_once() {
    let books = Books::new("month");
    let (files, expected) = (books.put_month(), &books.month.expected);

    let rehearsed = books.run(&with(&["import", "--dry-run", "--json"], &files)).ends(0).json();
    books.assert_untouched();
    let first = books.run(&with(&["import", "--json"], &files)).ends(0).json();
    let again = books.run(&with(&["--json"], &files)).ends(0).json();

    assert_contract(&rehearsed);
    assert_contract(&first);
    assert_contract(&again);
    let statement = &first["files"][0];
    assert_eq!(statement["format"], "mt940");
    assert_eq!(statement["company"], books.slug.as_str());
    assert_eq!(statement["status"], "imported");
    assert_eq!(statement["read"], expected.bank_transactions);
    assert_eq!(statement["period"], json!({ "from": "2026-03-02", "to": "2026-03-31" }));
    assert_eq!(statement["tables"]["bank_transactions"]["inserted"], expected.bank_transactions);
    let earned = books.month.balance_before(books.month.days.len()) - books.month.opening;
    assert_eq!(statement["sum"], json!({ "RON": earned.to_string() }));
    let batch = first["files"].as_array().unwrap().last().unwrap();
    assert_eq!(format!("{}.zip", batch["member"].as_str().unwrap()), batch["file"]);

    let rehearsed = &rehearsed["files"][0];
    assert_eq!((&rehearsed["status"], &rehearsed["import"]), (&json!("dry_run"), &Value::Null));
    assert_eq!(rehearsed["inserted"], statement["inserted"]);
    assert_eq!(again["totals"]["inserted"], 0);
    assert_eq!(again["totals"]["duplicates"], first["totals"]["read"]);
    for (before, now) in
        first["files"].as_array().unwrap().iter().zip(again["files"].as_array().unwrap())
    {
        assert_eq!(
            (&now["status"], &now["import"]),
            (&json!("already_imported"), &before["import"])
        );
        assert!(now["imported_at"].is_string());
    }
    let rows = books.rows();
    assert_eq!(rows["bank_transactions"], expected.bank_transactions);
    assert_eq!(rows["gls_borderouri"], expected.borderouri);
    assert_eq!(rows["gls_borderou_parcels"], expected.parcels);
    assert_eq!(rows["netopia_batches"], expected.batches);
    let operations = expected.operations();
    assert_eq!(rows["netopia_transactions"], operations);
    assert_eq!(rows["held_rows"], 0);
}

#[test]
fn the_log_tells_what_was_imported_and_what_was_held() {
    let books = Books::new("log");
    let statement = books.month.statement_of(0..3).unwrap();
    let good = books.put(&statement);
    let damaged = "\n:61:260302D12,5O,NMSCNONREF\n:86:Plata la POS\n:62F:";
    let text = String::from_utf8(statement.bytes).unwrap().replacen("\n:62F:", damaged, 1);
    let edited = books.write("edited.txt", text.as_bytes());

    let first = books.run(&["import", "--json", &good]).ends(0).json();
    let second = books.run(&["import", &edited]).ends(3);
    assert!(second.stdout.contains("\n   held: line "), "{}", second.stdout);
    assert!(second.stdout.contains("amount \"12,5O\" is not an amount"), "{}", second.stdout);

    let slug = &books.slug;
    let log = books.run(&["log", "-c", slug, "--json"]).ends(0).json();
    let imports = log["imports"].as_array().unwrap();
    assert_eq!(imports.len(), 2, "{log}");
    assert_eq!(imports[0]["file_names"], json!(["edited.txt"]));
    assert_eq!((&imports[0]["held"], &imports[0]["inserted"]), (&json!(1), &json!(0)));
    assert_eq!(imports[1]["number"], first["files"][0]["import"]);
    assert_eq!(imports[1]["read"], first["files"][0]["read"]);

    let number = imports[0]["number"].to_string();
    let one = books.run(&["log", "-c", slug, &number]).ends(0);
    assert!(one.stdout.contains("held (malformed): line "), "{}", one.stdout);
    let newest = books.run(&["log", "-c", slug, "-n", "1"]).ends(0);
    assert_eq!(newest.stdout.lines().count(), 2, "{}", newest.stdout);
    books.run(&["log", "-c", slug, "999999"]).ends(2).says("there is no import #999999");
    books.run(&["log", "-c", "no-such"]).ends(4).says("no company is called no-such");
}

#[test]
fn a_statement_of_another_company_goes_in_nowhere() {
    let books = Books::new("owner");
    let other = unique("other");
    books.create(&other, &[]).ends(0);
    let statement = books.write("month.txt", &books.month.files[0].bytes);
    let stranger = vama::inside::lab::month::Month::invent(crate::common::seed(), 2026, 3).unwrap();
    let strange = books.write("strange.txt", &stranger.files[0].bytes);

    let told = books.run(&["import", "-c", &other, &statement]).ends(4);
    let told = told.says(&format!("belongs to {}, not to {other}", books.slug));
    told.says("next: import it without -c").hides(&books.month.shop.account_iban);
    let told = books.run(&["import", &strange]).ends(4).says("no company has the account RO");
    told.says("; there are ").says("next: name the company: `vama import -c SLUG strange.txt`");
    books.run(&["import", "-c", "no-such", &strange]).ends(4).says("no company is called no-such");
    books.assert_untouched();
}

#[test]
fn the_table_for_people_says_what_became_of_each_file() {
    let books = Books::new("people");
    let statement = books.put(&books.month.files[0]);
    let rehearsed = books.run(&["import", "-n", &statement, "missing.sta"]).ends(1);
    assert!(rehearsed.stdout.contains("would go in"), "{}", rehearsed.stdout);
    assert!(rehearsed.stdout.trim_end().ends_with("; 1 failed (dry run: nothing was written)"));
    let first = books.run(&[&statement]).ends(0);
    assert!(
        first.stdout.contains(&format!(" March 2026 · in as {}#", books.slug)),
        "{}",
        first.stdout
    );
    assert!(first.stdout.trim_end().ends_with(&format!("(company {})", books.slug)));
    let again = books.run(&[&statement]).ends(0);
    assert!(again.stdout.contains(" · in since "), "{}", again.stdout);
}

#[test]
fn what_does_not_add_up_goes_in_only_when_that_is_accepted() {
    let books = Books::new("unbalanced");
    let iban = &books.month.shop.account_iban;
    let text = format!(
        ":20:A\r\n:25:{iban}\r\n:28C:1/1\r\n:60F:C260301RON100,00\r\n\
         :61:2603070307D12,50NTRFNONREF\r\n:86:Parcare\r\n:62F:C260307RON80,00\r\n"
    );
    let file = books.write("a.sta", text.as_bytes());
    let refused = books.run(&["import", "--json", &file]).ends(4).json();
    assert_contract(&refused);
    assert_eq!(refused["files"][0]["error"]["kind"], "unbalanced");
    assert_eq!(refused["files"][0]["error"]["line"], 7);
    let told = books.run(&["import", &file]).ends(4);
    told.says("stated 80.00, computed 87.50, difference -7.50").says("--accept-unbalanced");
    books.assert_untouched();
    let accepted = books.run(&["import", "--accept-unbalanced", &file]).ends(0);
    accepted.says("warning: a.sta: accepted unbalanced: line 7");
}
