//! The way back by the command line: an import undone, a held record settled.

use crate::common::own::Own;
use crate::program::Books;

#[test]
fn an_import_is_undone_by_its_name_and_its_file_goes_in_again() {
    let own = Own::new("undo");
    let (books, other) = (Books::alone(&own, "undo-a"), Books::alone(&own, "undo-b"));
    for books in [&books, &other] {
        books.create_with_its_accounts();
        let file = books.put(&books.month.files[0]);
        books.run(&["import", &file]).ends(0).says("");
    }
    let name = format!("{}#1", books.slug);
    // Both companies have an import of that number.
    books.run(&["undo", "1", "--yes"]).ends(2).says(&name).says(&format!("{}#1", other.slug));
    // Nobody is here to answer.
    books.run(&["undo", &name]).ends(2).says("--yes");
    let told = books.run(&["undo", &name, "--dry-run"]).ends(0);
    assert!(told.stdout.contains("bank_transactions"), "{}", told.stdout);
    assert!(told.stdout.contains("nothing was changed"), "{}", told.stdout);

    let undone =
        books.run(&["undo", &format!("{}:1", books.slug), "--yes", "--json"]).ends(0).json();
    assert_eq!((&undone["undone"], &undone["import"]["number"]), (&true.into(), &1.into()));
    for rows in books.rows().as_object().unwrap() {
        assert!(*rows.1 == 0 || rows.0 == "sync_logs", "{rows:?}");
    }
    let log = books.run(&["log", &name]).ends(0);
    assert!(log.stdout.starts_with(&format!("{name}: mt940, undone\n")), "{}", log.stdout);
    books.run(&["undo", &name, "--yes"]).ends(1).says("was undone on").says("vama log");
    books.run(&["undo", &format!("{}#99", books.slug), "--yes"]).ends(1).says("has no import #99");
    books.run(&["undo", &name, "-c", &other.slug]).ends(2).says("is an import of");

    let again = books.run(&["import", "--json", &books.month.files[0].name]).ends(0).json();
    assert_eq!(
        (&again["files"][0]["status"], &again["files"][0]["import"]),
        (&"imported".into(), &2.into())
    );
    assert!(other.rows()["bank_transactions"].as_i64().unwrap() > 0);
}

#[test]
fn a_held_record_is_listed_shown_and_discarded() {
    let books = Books::new("held");
    let file = books.month.statement_of(0..3).unwrap();
    let damaged = "\n:61:260302D12,5O,NMSCNONREF\n:86:Plata la POS\n:62F:";
    let text = String::from_utf8(file.bytes).unwrap().replacen("\n:62F:", damaged, 1);
    let edited = books.write("edited.txt", text.as_bytes());
    books.run(&["import", &edited]).ends(3);
    // The same again says the same, and the file's other records are there.
    let again = books.run(&["import", "--json", &edited]).ends(3).json();
    let again = &again["files"][0];
    assert_eq!((&again["status"], &again["held"]), (&"already_imported".into(), &1.into()));
    assert_eq!(again["held_rows"].as_array().unwrap().len(), 1);
    assert_eq!(again["read"], again["duplicates"].as_u64().unwrap() + 1);

    let list = books.run(&["held", "-c", &books.slug, "--json"]).ends(0).json();
    let name = list["held"][0]["record"].as_str().unwrap();
    assert_eq!(list["held"][0]["held"]["kind"], "malformed");
    let shown = books.run(&["held", "show", name]).ends(0);
    assert!(shown.stdout.contains(":61:260302D12,5O,NMSCNONREF\n"), "{}", shown.stdout);
    books.run(&["held", "show", &format!("{}0", name)]).ends(1).says("vama held");
    books.run(&["held", "discard", name]).ends(2).says("--why");
    books.run(&["held", "discard", name, "--why", "a test"]).ends(0);
    let told = books.run(&["held", "-c", &books.slug]).ends(0);
    assert_eq!(told.stdout, "");
    books.run(&["import", &edited]).ends(0);
}

#[test]
fn what_is_held_is_written_as_a_file_put_right_and_comes_in() {
    let books = Books::new("export");
    let file = books.month.statement_of(0..3).unwrap();
    let text = String::from_utf8(file.bytes).unwrap();
    // The second entry of each day's statement loses a digit to a letter.
    let comma =
        text.match_indices("\n:61:").nth(1).map(|(at, _)| at + text[at..].find(',').unwrap());
    let damaged = format!("{}Q{}", &text[..comma.unwrap()], &text[comma.unwrap()..]);
    let edited = books.write("edited.txt", damaged.as_bytes());
    let told = books.run(&["import", "--json", &edited]).ends(3).json();
    assert_eq!(told["files"][0]["held"], 1, "{told}");
    let name = format!("{}#{}", books.slug, told["files"][0]["import"]);

    books.run(&["held", "export", &name]).ends(0).says("");
    // Nothing is written over.
    let held = "edited-held.sta";
    books.run(&["held", "export", &name, "-o", held]).ends(1).says("cannot be written");
    let written = std::fs::read_to_string(books.path().join(held)).unwrap();
    assert!(written.starts_with("line "), "the reason stands above: {written}");
    books.write(held, written.replace("Q,", ",").as_bytes());
    let told = books.run(&["import", "--json", held]).ends(0).json();
    assert_eq!((&told["files"][0]["inserted"], &told["files"][0]["held"]), (&1.into(), &0.into()));
    assert_eq!(books.run(&["held", "-c", &books.slug]).ends(0).stdout, "");
    books.run(&["held", "export", &name]).ends(2).says("holds nothing that could not be read");
}

#[test]
fn a_corrected_borderou_is_accepted_by_any_of_its_records() {
    let books = Books::new("accept");
    let first = books.month.borderouri.iter().find(|it| it.parcels.len() > 2).unwrap().clone();
    let mut corrected = first.clone();
    corrected.parcels[0].amount += rust_decimal::Decimal::ONE;
    let write = |borderou| vama::inside::lab::borderou::write(borderou).unwrap();
    let files = [("a.xlsx", write(&first)), ("b.xlsx", write(&corrected))];
    let [a, b] = files.map(|(name, bytes)| books.write(name, &bytes));
    books.run(&["import", &a]).ends(0);
    let told = books.run(&["import", "--json", &b]).ends(3).json();
    let name = format!("{}#{}/2", books.slug, told["files"][0]["import"]);
    books.run(&["held", "accept", &name]).ends(2).says("--yes");
    books.run(&["held", "accept", &name, "--dry-run"]).ends(0).says("goes out");
    let accepted = books.run(&["held", "accept", &name, "--yes", "--json"]).ends(0).json();
    assert_eq!(accepted["changed"], true, "{accepted}");
    assert_eq!(accepted["accepted"]["replaced"], serde_json::json!([1]), "{accepted}");
    assert_eq!(books.run(&["held", "-c", &books.slug]).ends(0).stdout, "");
    let shown = books.run(&["held", "show", &name]).ends(0).stdout;
    assert!(shown.contains("accepted in the place of #1"), "{shown}");
}
