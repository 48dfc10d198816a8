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
